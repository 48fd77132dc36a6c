/** Reads whether users are frozen. */
import { allRows, type FindRows } from '../query.js';
import { requiredValue } from './rowReader.js';

export type Login = {
  /** Of the UserLogin: freezing writes to this. */
  readonly id: string;
  readonly isFrozen: boolean;
};

/** One UserLogin per user; needs Manage Users (Object Reference, UserLogin). */
export const loginQuery = { fields: ['Id', 'UserId', 'IsFrozen'], from: 'UserLogin', field: 'UserId' } as const;

/**
 * @param find runs `loginQuery` for some users
 * @returns by user Id
 * @throws OrgError refused where the running user can't see the object
 */
export async function readLogins(find: FindRows, userIds: readonly string[]): Promise<ReadonlyMap<string, Login>> {
  return new Map(
    (await allRows(find(userIds))).map((row) => [
      requiredValue(row, 'UserId'),
      { id: requiredValue(row, 'Id'), isFrozen: row['IsFrozen'] === 'true' },
    ]),
  );
}
