/** What a sync needs to know of the org before it reads people: the definition in the org's terms, and who applies it. */
import type { Definition, DefinitionFile } from '../../model/definition/definition.js';
import type { UserId } from '../../model/ids.js';
import { readPermissionSets } from '../../org/facts/permissionSets.js';
import { readHiddenObjects, seesAllData } from '../../org/facts/viewAll.js';
import type { OrgClient } from '../../org/orgClient.js';
import { queryRows } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { quoteSoql } from '../../org/soql.js';
import { readOrgFacts, type OrgFacts } from '../../preflight/orgFacts.js';
import { rejectUnfit } from '../definition/placesInFile.js';
import { objectsReached, type AskedCondition } from './objectsReached.js';
import { governsOf, readSyncSettings, type SyncSettings } from './syncSettings.js';
import { unfitValues } from './unfitValues.js';

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

/** @param facts read before, where they were @throws OrgError, DefinitionRejected, RunFault noProfiles */
export async function surveySync(
  client: OrgClient,
  file: DefinitionFile,
  protect: readonly string[],
  facts?: OrgFacts,
): Promise<SyncSurvey> {
  const known = facts ?? (await readOrgFacts(client, { permissionSets: true }));
  const { definition } = file;
  const permissionSets = await readPermissionSets(client);
  rejectUnfit(unfitValues(definition, known, permissionSets), file);
  const settings = readSyncSettings(definition, known, permissionSets);
  const conditions = [
    ...settings.groups.map(({ contacts }): AskedCondition => ({ from: 'Contact', where: contacts })),
    // A negative one governs more users where records are hidden.
    ...[...protect, governsOf(definition, known)].map((where): AskedCondition => ({ from: 'User', where })),
  ];
  // Nobody needs to know what a condition looks at who sees everything.
  const reached = seesAllData(known.permissions) ? [] : await objectsReached(client, conditions);
  return {
    definition,
    facts: known,
    settings,
    protect,
    syncUserId: await readSyncUser(client, definition.syncUser),
    hiddenObjects: await readHiddenObjects(client, known.permissions, reached),
  };
}

/** @returns undefined where the org has no such user @throws OrgError */
async function readSyncUser(client: OrgClient, username: string | undefined): Promise<UserId | undefined> {
  if (username === undefined) return undefined;
  if (username.toLowerCase() === client.username.toLowerCase()) return client.userId;
  const query = { fields: ['Id'], from: 'User', where: `Username = ${quoteSoql(username)}` };
  const [user] = await queryRows(client, query);
  return user && requiredValue(user, 'Id');
}
