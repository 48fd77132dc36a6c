/**
 * Finds out which usernames, nicknames and federation ids of a plan are taken (USERNAME_TAKEN and its kin): when it is made, and
 * again when it is resumed. Nicknames that were made up are replaced then. What is taken only later Salesforce refuses itself (src/kinds/createUser.ts).
 */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { madeUpStart, nextNickname } from '../kinds/nicknames.js';
import { requiredValue } from '../org/queryRow.js';
import { mostByLists, queryIn, queryPages, type QueryRow } from '../org/query.js';
import {
  countWantedValues,
  TakenValues,
  wantedValues,
  wantMadeUpNicknames,
  type IdentityColumn,
  type Owner,
} from '../store/queries/planRules.js';

const identities: ReadonlyArray<readonly [column: IdentityColumn, field: string]> = [
  ['username', 'Username'],
  ['givenNickname', 'CommunityNickname'],
  ['givenFederationId', 'FederationIdentifier'],
];

/** Users of the org that were read already: a table with Id and Username, and a condition on User for those whom it lacks. */
export type KnownUsers = { readonly table: string | undefined; readonly others?: string };

/**
 * Refuses the rows to be sent whose username, given nickname or given federation id a user has, active or not
 * (docs/salesforce-facts.md#identities). Made-up nicknames that are taken become others.
 * @throws OrgError
 */
export async function refuseTakenIdentities(client: OrgClient, db: DatabaseSync, users: KnownUsers): Promise<void> {
  const wanted = countWantedValues(db);
  for (const [column, field] of identities) {
    if (wanted[column] === 0) continue;
    const taken = new TakenValues(db, field);
    const isMany = wanted[column] > mostByLists;
    if (field === 'Username' && users.table !== undefined && (isMany || users.others === undefined)) {
      taken.addUsernamesOf(users.table);
      if (users.others !== undefined) await addOwners(client, field, taken, { where: users.others });
    } else if (isMany) await addOwners(client, field, taken, { where: `${field} != null` });
    else await addOwners(client, field, taken, { values: wantedValues(db, column) });
    if (field === 'FederationIdentifier') taken.refuseOfFormerUsers();
    taken.refuse(column);
  }
  if (wantMadeUpNicknames(db)) await replaceTakenNicknames(client, db);
}

/** @param asked values that are few enough to be asked for one by one, or a condition on User */
async function addOwners(
  client: OrgClient,
  field: string,
  taken: TakenValues,
  asked: { readonly values: readonly string[] } | { readonly where: string },
): Promise<void> {
  const ofFormer = field === 'FederationIdentifier' ? ['IsActive', 'ContactId', 'CommunityNickname', 'Email'] : [];
  const query = { fields: ['Id', field, ...ofFormer], from: 'User' };
  const pages =
    'values' in asked ? queryIn(client, { ...query, ...asked, field }) : queryPages(client, { ...query, ...asked });
  for await (const page of pages) taken.add(page.map((user) => [requiredValue(user, field), ownerOf(user)]));
}

function ownerOf(user: QueryRow): Owner {
  const isFormer = user['IsActive'] === 'false' && user['ContactId'] === null;
  const former = isFormer ? { nickname: user['CommunityNickname'] ?? '', email: user['Email'] ?? '' } : undefined;
  return { userId: requiredValue(user, 'Id'), former };
}

/**
 * A contact has had a user with its made-up nickname if that user was cut off from it, and may have kept it. All of them are asked
 * for together, as they are few. What somebody else may have Salesforce tells (src/kinds/createUser.ts).
 */
async function replaceTakenNicknames(client: OrgClient, db: DatabaseSync): Promise<void> {
  const taken = new TakenValues(db, 'MadeUpNickname');
  const where = `ContactId = null AND CommunityNickname LIKE '${madeUpStart}%'`;
  for await (const page of queryPages(client, { fields: ['Id', 'CommunityNickname'], from: 'User', where }))
    taken.add(page.map((user) => [requiredValue(user, 'CommunityNickname'), ownerOf(user)]));
  taken.replaceNicknames(nextNickname);
}
