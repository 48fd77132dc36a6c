/** Turns flags, the file's header and the org's facts into the settings of a plan, or says what is wrong with them. */
import { checkCreate } from '../preflight/checks.js';
import type { CheckOutcome } from '../model/checkOutcome.js';
import type { NamedPermissionSet, Profile } from '../model/orgFacts.js';
import type { UserValues } from '../model/reasons.js';
import type { PlanSettings } from './contactPlan.js';
import { ValueRules } from './fieldValues.js';
import { readInputColumns, type InputColumns } from '../selection/inputColumns.js';
import { externalType } from '../model/licenseFamilies.js';
import type { Template } from './templates.js';
import { roleColumns, usersCsvColumns } from '../files/userColumns.js';
import { allowsLicense, findPermissionSet, profileList, requireProfile } from '../preflight/names.js';
import type { OrgFacts } from '../preflight/orgFacts.js';
import { RunFault } from '../model/faults.js';
import { isSameName, readTemplates, spellFields } from './templateSettings.js';

/** What the person asked for, as far as it decides about contacts. */
export type CreateRequest = {
  readonly profile: string | undefined;
  readonly username: string;
  /** `Field=template`, one each. */
  readonly set: readonly string[];
  readonly portalRole: string | undefined;
  readonly inactive: boolean;
  readonly ignoreUnknownColumns: boolean;
  /** Names of permission sets and groups. */
  readonly permissionSets: readonly string[];
};

export type CreateSettings = {
  readonly plan: PlanSettings;
  /** Contact field paths to query. */
  readonly contactFields: readonly string[];
  /** The header of users.csv. */
  readonly columns: readonly string[];
  readonly input: InputColumns | undefined;
  readonly checks: readonly CheckOutcome[];
};

/** @throws RunFault profileNeeded, unknownProfile, badTemplate, unknownTemplateField, noKeyColumn, unknownColumn … */
export function readCreateSettings(
  request: CreateRequest,
  header: readonly string[] | undefined,
  facts: OrgFacts,
  known: readonly NamedPermissionSet[],
): CreateSettings {
  const input = header && readInputColumns(header, facts.contactFields, facts.userFields, request.ignoreUnknownColumns);
  const profile = request.profile === undefined ? undefined : requireProfile(request.profile, facts.profiles);
  const permissionSets = request.permissionSets.map((name) => requirePermissionSet(name, profile, known));
  const checks = checkCreate(
    facts,
    profile === undefined ? [] : [profile],
    permissionSets.map((set) => set.id),
  );
  const columns = input?.overrides.map(({ field }) => field) ?? [];
  if (profile === undefined && input?.profile === undefined && !columns.includes('ProfileId')) {
    throw new RunFault(header === undefined ? 'profileNeeded.condition' : 'profileNeeded.file', {
      profiles: profileList(facts.profiles),
    });
  }
  const templates = readTemplates(request.username, request.set, facts);
  checkRoleUse(request.portalRole, templates, profile);
  const contactFields = contactFieldPaths(facts, [...templates.values()]);
  const defaults = defaultValues(facts, request);
  return {
    plan: {
      profiles: new Map(facts.profiles.map((each) => [each.id, each])),
      orgSettings: facts.settings,
      profileId: profile?.id,
      defaults,
      templates: spellFields(templates, contactFields),
      valueRules: new ValueRules(facts.userFields),
      required: requiredFields(facts),
      permissionSets,
    },
    contactFields,
    columns: usersCsvColumns([...Object.keys(defaults), ...templates.keys(), ...columns]),
    input,
    checks,
  };
}

/** @throws RunFault portalRoleUnused, where users with the profile never have the role that is asked for */
export function checkRoleUse(
  portalRole: string | undefined,
  templates: ReadonlyMap<string, Template>,
  profile: Profile | undefined,
): void {
  const flag = roleFlagOf(portalRole, templates);
  if (flag === undefined || profile === undefined || externalType(profile.userType)?.family !== 'highVolume') return;
  throw new RunFault('portalRoleUnused', { flag, profile: profile.name, license: profile.userLicenseName });
}

/** The flag that asks for a role, as it was written; undefined where none does. */
function roleFlagOf(portalRole: string | undefined, templates: ReadonlyMap<string, Template>): string | undefined {
  if (portalRole !== undefined) return '--portal-role';
  const field = roleColumns.find((column) => templates.has(column));
  return field === undefined ? undefined : `--set ${field}`;
}

/** The custom fields of User that need a value; the standard ones are given by the plan, or have a fault of their own. */
function requiredFields({ userFields }: OrgFacts): string[] {
  return [...userFields.values()]
    .filter(({ name, isRequired }) => isRequired && name.endsWith('__c'))
    .map(({ name }) => name);
}

/** What every user is made with, unless a row says otherwise. */
function defaultValues({ userDefaults }: OrgFacts, { portalRole, inactive }: CreateRequest): UserValues {
  return {
    ...userDefaults,
    ...(portalRole === undefined ? {} : { PortalRole: portalRole }),
    ...(inactive ? { IsActive: 'false' } : {}),
  };
}

/** What decides whether a contact may get a user at all. */
export function eligibilityFields({ contactFields }: Pick<OrgFacts, 'contactFields'>): string[] {
  const fields = ['Id', 'AccountId', 'Account.Name', 'Account.Owner.Name', 'Account.Owner.UserRoleId'];
  return contactFields.has('ispersonaccount') ? [...fields, 'IsPersonAccount'] : fields;
}

function contactFieldPaths(facts: OrgFacts, templates: readonly Template[]): string[] {
  const wanted = [
    ...eligibilityFields(facts),
    'FirstName',
    'LastName',
    'Email',
    ...templates.flatMap((template) => template.fields),
  ];
  return wanted.filter((field, index) => wanted.findIndex((other) => isSameName(other, field)) === index);
}

/**
 * @param profile of the run, if there is one: a permission set may be tied to one license
 * @throws RunFault unknownPermissionSet, ambiguousPermissionSet, permissionSetLicense
 */
export function requirePermissionSet(
  name: string,
  profile: Profile | undefined,
  known: readonly NamedPermissionSet[],
): NamedPermissionSet {
  const found = findPermissionSet(name, known);
  if ('fault' in found) {
    const near = found.near.join('", "');
    if (found.fault === 'ambiguous') throw new RunFault('ambiguousPermissionSet', { permissionSet: name, ids: near });
    throw near === ''
      ? new RunFault('unknownPermissionSet.far', { permissionSet: name })
      : new RunFault('unknownPermissionSet', { permissionSet: name, near });
  }
  if (profile !== undefined && !allowsLicense(found, profile.userLicenseId)) {
    const license = profile.userLicenseName;
    throw new RunFault('permissionSetLicense', { permissionSet: found.name, profile: profile.name, license });
  }
  return found;
}
