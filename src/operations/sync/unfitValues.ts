/** What of a definition this org does not have or does not take, in all groups: names of profiles, permission sets and fields. */
import type { Definition, Group } from '../../model/definition/definition.js';
import { RunFault } from '../../model/faults.js';
import type { NamedPermissionSet } from '../../model/orgFacts.js';
import type { OrgClient } from '../../org/orgClient.js';
import { requireExternalProfile } from '../../preflight/names.js';
import type { OrgFacts } from '../../preflight/orgFacts.js';
import type { FilePath } from '../definition/definitionYaml.js';
import type { UnfitValue } from '../definition/placesInFile.js';
import { checkRoleUse, requirePermissionSet } from '../planSettings.js';
import { checkTemplateFields, isSameName, readTemplates } from '../templateSettings.js';
import type { SyncSettings } from './syncSettings.js';

/** @param known all permission sets and groups @throws RunFault noProfiles */
export function unfitValues(
  { groups, formerProfiles }: Pick<Definition, 'groups' | 'formerProfiles'>,
  facts: Pick<OrgFacts, 'profiles' | 'userFields'>,
  known: readonly NamedPermissionSet[],
): UnfitValue[] {
  const tried = new Tried();
  for (const [place, group] of groups.entries()) tryGroup(tried, place, group, facts, known);
  for (const [index, name] of formerProfiles.entries()) {
    tried.value(['formerProfiles', index], () => requireExternalProfile(name, facts.profiles));
  }
  return tried.unfit;
}

/** The same values as a plan is made of, one by one: a plan ends at the first that is wrong. */
class Tried {
  public readonly unfit: UnfitValue[] = [];

  public value<Value>(path: FilePath, find: () => Value): Value | undefined {
    try {
      return find();
    } catch (error) {
      // Without any profile, no other name would do.
      if (!(error instanceof RunFault) || error.key === 'noProfiles') throw error;
      this.unfit.push({ path, ofFlag: error });
      return undefined;
    }
  }
}

function tryGroup(
  tried: Tried,
  place: number,
  group: Group,
  facts: Pick<OrgFacts, 'profiles' | 'userFields'>,
  known: readonly NamedPermissionSet[],
): void {
  const profile = tried.value(['groups', place, 'profile'], () =>
    requireExternalProfile(group.profile, facts.profiles),
  );
  for (const [index, name] of group.permissionSets.entries()) {
    tried.value(['groups', place, 'permissionSets', index], () => requirePermissionSet(name, profile, known));
  }
  for (const setting of group.set) {
    tried.value(['groups', place, 'set', fieldOf(setting)], () => {
      checkRoleUse(undefined, readTemplates('{Email}', [setting], facts), profile);
    });
  }
  tried.value(['groups', place, 'portalRole'], () => {
    checkRoleUse(group.portalRole, new Map(), profile);
  });
  const username = templatePath('Username', place, group.set);
  if (!username.includes('set')) tried.value(username, () => readTemplates(group.username, [], facts));
}

/** Of the template that a field of User is filled by. */
function templatePath(field: string, place: number, set: readonly string[] = []): FilePath {
  const setting = set.find((each) => isSameName(fieldOf(each), field));
  return ['groups', place, ...(setting === undefined ? ['username'] : ['set', fieldOf(setting)])];
}

function fieldOf(setting: string): string {
  return setting.slice(0, setting.indexOf('='));
}

/** What templates name of Contact, and of what it leads to. @throws OrgError */
export async function unfitTemplates(
  client: OrgClient,
  { groups }: Pick<Definition, 'groups'>,
  settings: Pick<SyncSettings, 'groups'>,
  { contactFields }: Pick<OrgFacts, 'contactFields'>,
): Promise<UnfitValue[]> {
  const unfit: UnfitValue[] = [];
  for (const [place, { plan }] of settings.groups.entries()) {
    await checkTemplateFields(client, plan.templates, contactFields, (field, fault) => {
      unfit.push({ path: templatePath(field, place, groups[place]?.set), ofFlag: fault });
    });
  }
  return unfit;
}
