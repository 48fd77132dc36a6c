/** Reads whether users are frozen. */
import { idKey, type IdKey, type UserId, type UserLoginId } from '../../model/ids.js';
import type { OrgClient } from '../orgClient.js';
import { allRows, queryPages, type FindRows, type QueryRow } from '../query.js';
import { requiredValue } from '../queryRow.js';

export type Login = {
  /** Of the UserLogin: freezing writes to this. */
  readonly id: UserLoginId;
  readonly isFrozen: boolean;
};

/** One UserLogin per user; needs Manage Users, or is refused (Object Reference, UserLogin). */
export const loginQuery = { fields: ['Id', 'UserId', 'IsFrozen'], from: 'UserLogin', field: 'UserId' } as const;

/** By user Id. @param find runs `loginQuery` @throws OrgError */
export async function readLogins(find: FindRows, userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, Login>> {
  const rows = await allRows(find(userIds));
  const loginOf = (row: QueryRow): Login => ({ id: requiredValue(row, 'Id'), isFrozen: row['IsFrozen'] === 'true' });
  return new Map(rows.map((row) => [requiredValue(row, 'UserId'), loginOf(row)]));
}

/** All users that are frozen: far fewer than there are. @throws OrgError */
export async function readFrozenUsers(client: OrgClient): Promise<ReadonlySet<IdKey<'User'>>> {
  const frozen = new Set<IdKey<'User'>>();
  const query = { fields: ['UserId'], from: loginQuery.from, where: 'IsFrozen = true' };
  for await (const page of queryPages(client, query))
    for (const row of page) frozen.add(idKey(requiredValue(row, 'UserId')));
  return frozen;
}
