/**
 * Finds out which usernames, nicknames and federation ids of a plan are taken (USERNAME_TAKEN and its kin): when it is made, and
 * again when it is resumed. What is taken only later Salesforce refuses itself (src/kinds/createUser.ts).
 */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { requiredValue } from '../org/queryRow.js';
import { mostByLists, queryIn, queryPages } from '../org/query.js';
import { countWantedValues, TakenValues, wantedValues, type IdentityColumn } from '../store/queries/planRules.js';

const identities: ReadonlyArray<readonly [column: IdentityColumn, field: string]> = [
  ['username', 'Username'],
  ['givenNickname', 'CommunityNickname'],
  ['givenFederationId', 'FederationIdentifier'],
];

/**
 * Refuses the rows to be sent whose username, given nickname or given federation id a user has, active or not
 * (docs/salesforce-facts.md#identities).
 * @param users a table with all users of the org, where they were read already
 * @throws OrgError
 */
export async function refuseTakenIdentities(client: OrgClient, db: DatabaseSync, users?: string): Promise<void> {
  const wanted = countWantedValues(db);
  for (const [column, field] of identities) {
    if (wanted[column] === 0) continue;
    const taken = new TakenValues(db, field);
    if (users !== undefined && field === 'Username') taken.addUsernamesOf(users);
    else await readOwners(client, field, taken, wanted[column] > mostByLists ? undefined : wantedValues(db, column));
    taken.refuse(column);
  }
}

/** @param values the wanted ones, where they are few enough to be asked for one by one */
async function readOwners(
  client: OrgClient,
  field: string,
  taken: TakenValues,
  values: readonly string[] | undefined,
): Promise<void> {
  const query = { fields: ['Id', field], from: 'User' };
  const pages =
    values === undefined
      ? queryPages(client, { ...query, where: `${field} != null` })
      : queryIn(client, { ...query, field, values });
  for await (const page of pages)
    taken.add(page.map((user) => [requiredValue(user, field), requiredValue(user, 'Id')]));
}
