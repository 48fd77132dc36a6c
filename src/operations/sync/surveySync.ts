/** What a sync needs to know of the org before it reads people: the definition in the org's terms, and who applies it. */
import type { Definition } from '../../model/definition/definition.js';
import { recordsReached } from '../../model/definition/bareCondition.js';
import type { UserId } from '../../model/ids.js';
import { readPermissionSets } from '../../org/facts/permissionSets.js';
import { readFullyVisible } from '../../org/facts/viewAll.js';
import type { OrgClient } from '../../org/orgClient.js';
import { queryRows } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { quoteSoql } from '../../org/soql.js';
import { readOrgFacts, type OrgFacts } from '../../preflight/orgFacts.js';
import { readSyncSettings, type SyncSettings } from './syncSettings.js';

export type SyncSurvey = {
  readonly definition: Definition;
  readonly facts: OrgFacts;
  readonly settings: SyncSettings;
  /** Conditions on User, those of the command too. */
  readonly protect: readonly string[];
  /** Undefined where the definition names none, or the org has no such user. */
  readonly syncUserId: UserId | undefined;
  /** Objects of which the running user may not see all records. */
  readonly hiddenObjects: readonly string[];
};

/** @param facts read before, where they were @throws OrgError, RunFault unknownProfile, unknownPermissionSet … */
export async function surveySync(
  client: OrgClient,
  definition: Definition,
  protect: readonly string[],
  facts?: OrgFacts,
): Promise<SyncSurvey> {
  const known = facts ?? (await readOrgFacts(client, { permissionSets: true }));
  const settings = readSyncSettings(definition, known, await readPermissionSets(client));
  const needed = ['Contact', 'Account', ...settings.groups.flatMap(({ contacts }) => objectsOf(contacts))];
  return {
    definition,
    facts: known,
    settings,
    protect,
    syncUserId: await readSyncUser(client, definition.syncUser),
    hiddenObjects: await readHiddenObjects(client, known, needed),
  };
}

/** @returns undefined where the org has no such user @throws OrgError */
export async function readSyncUser(client: OrgClient, username: string | undefined): Promise<UserId | undefined> {
  if (username === undefined) return undefined;
  const query = { fields: ['Id'], from: 'User', where: `Username = ${quoteSoql(username)}` };
  const [user] = await queryRows(client, query);
  return user && requiredValue(user, 'Id');
}

async function readHiddenObjects(
  client: OrgClient,
  { permissions }: OrgFacts,
  needed: readonly string[],
): Promise<string[]> {
  if (permissions.has('ViewAllData') || permissions.has('ModifyAllData')) return [];
  const visible = await readFullyVisible(client, needed);
  const seen = new Set(visible.map((name) => name.toLowerCase()));
  return [...new Map(needed.map((name) => [name.toLowerCase(), name])).values()].filter(
    (name) => !seen.has(name.toLowerCase()),
  );
}

/** The object of a condition, and those that its sub-selects name. */
function objectsOf(contacts: string): string[] {
  return recordsReached(contacts, 'Contact').map(({ object }) => object);
}
