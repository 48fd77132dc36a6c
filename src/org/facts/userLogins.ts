/** Reads whether users are frozen. */
import { allRows, type FindRows, type QueryRow } from '../query.js';
import { requiredValue } from '../queryRow.js';

export type Login = {
  /** Of the UserLogin: freezing writes to this. */
  readonly id: string;
  readonly isFrozen: boolean;
};

/** One UserLogin per user; needs Manage Users, or is refused (Object Reference, UserLogin). */
export const loginQuery = { fields: ['Id', 'UserId', 'IsFrozen'], from: 'UserLogin', field: 'UserId' } as const;

/** By user Id. @param find runs `loginQuery` @throws OrgError */
export async function readLogins(find: FindRows, userIds: readonly string[]): Promise<ReadonlyMap<string, Login>> {
  const rows = await allRows(find(userIds));
  const loginOf = (row: QueryRow): Login => ({ id: requiredValue(row, 'Id'), isFrozen: row['IsFrozen'] === 'true' });
  return new Map(rows.map((row) => [requiredValue(row, 'UserId'), loginOf(row)]));
}
