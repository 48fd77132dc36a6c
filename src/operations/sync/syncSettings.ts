/** What a definition means in this org: its names become Ids, its groups the settings of a plan. */
import type { Definition, Group } from '../../model/definition/definition.js';
import type { CheckOutcome } from '../../model/checkOutcome.js';
import type { PermissionSetId, ProfileId } from '../../model/ids.js';
import type { NamedPermissionSet, Profile } from '../../model/orgFacts.js';
import { quoteSoql } from '../../org/soql.js';
import { checkModeRight } from '../../preflight/changeChecks.js';
import { requireProfile } from '../../preflight/names.js';
import type { OrgFacts } from '../../preflight/orgFacts.js';
import type { PlanSettings } from '../contactPlan.js';
import { readCreateSettings, type CreateSettings } from '../planSettings.js';
import type { GroupRules } from './decidePerson.js';

export type SyncSettings = {
  readonly groups: readonly GroupSettings[];
  /** Condition on User: whom the definition governs. */
  readonly governs: string;
  /** Profiles whose governed users may be leavers. */
  readonly leavingProfileIds: readonly ProfileId[];
  /** Every permission set and group that the definition names, by Id. */
  readonly namedSets: ReadonlyMap<PermissionSetId, NamedPermissionSet>;
  /** The header of users.csv. */
  readonly columns: readonly string[];
  /** All of the org. */
  readonly profiles: ReadonlyMap<ProfileId, Profile>;
  readonly checks: readonly CheckOutcome[];
};

export type GroupSettings = GroupRules & {
  readonly name: string;
  readonly contacts: string;
  readonly mayBeEmpty: boolean;
  readonly plan: PlanSettings;
  /** Contact field paths to query. */
  readonly contactFields: readonly string[];
};

/** @param known all permission sets and groups @throws RunFault; none where `unfitValues` finds none */
export function readSyncSettings(
  definition: Definition,
  facts: OrgFacts,
  known: readonly NamedPermissionSet[],
): SyncSettings {
  const read = definition.groups.map((group) => ({ group, settings: settingsOf(group, facts, known) }));
  const groups = read.map(({ group, settings }) => groupSettings(group, settings, facts));
  const namedIds = new Set(groups.flatMap(({ permissionSets }) => permissionSets.map(({ id }) => id)));
  const formerIds = definition.formerProfiles.map((name) => requireProfile(name, facts.profiles).id);
  return {
    groups,
    governs: governsOf(definition, facts),
    leavingProfileIds: [...groups.map(({ profile }) => profile.id), ...formerIds],
    namedSets: new Map(known.filter(({ id }) => namedIds.has(id)).map((set) => [set.id, set])),
    profiles: new Map(facts.profiles.map((profile) => [profile.id, profile])),
    columns: [...new Set(read.flatMap(({ settings }) => settings.columns))],
    checks: eachOnce([...read.flatMap(({ settings }) => settings.checks), ...checkActions(definition, facts)]),
  };
}

/** Condition on User: whom the definition governs. @throws RunFault unknownProfile, ambiguousProfile */
export function governsOf({ governs, groups }: Definition, { profiles }: Pick<OrgFacts, 'profiles'>): string {
  const ids = new Set(groups.map(({ profile }) => requireProfile(profile, profiles).id));
  return governs ?? `ProfileId IN (${[...ids].map(quoteSoql).join(',')})`;
}

function settingsOf(group: Group, facts: OrgFacts, known: readonly NamedPermissionSet[]): CreateSettings {
  const { profile, username, set, portalRole, inactive, permissionSets } = group;
  const request = { profile, username, set, portalRole, inactive, permissionSets, ignoreUnknownColumns: false };
  return readCreateSettings(request, undefined, facts, known);
}

function groupSettings(
  { name, contacts, profile, inactive, mayBeEmpty }: Group,
  { plan, contactFields }: CreateSettings,
  { profiles }: OrgFacts,
): GroupSettings {
  const { permissionSets } = plan;
  return {
    name,
    contacts,
    profile: requireProfile(profile, profiles),
    inactive,
    mayBeEmpty,
    plan,
    contactFields,
    permissionSets,
  };
}

/** What taking access away and giving it back need besides creating users. */
function checkActions({ leavers, returners }: Definition, facts: OrgFacts): CheckOutcome[] {
  const freezes = leavers.action === 'freeze';
  const modes = [
    ...(freezes ? (['freeze'] as const) : []),
    ...(freezes && leavers.deactivateAfterDays !== undefined ? (['deactivate'] as const) : []),
    ...(returners === 'activate' ? (['unfreeze', 'activate'] as const) : []),
  ];
  return modes.map((mode) => checkModeRight(facts, mode));
}

/** Each once, whatever the number of groups. */
function eachOnce(checks: readonly CheckOutcome[]): CheckOutcome[] {
  return [...new Map(checks.map((check) => [JSON.stringify(check), check])).values()];
}
