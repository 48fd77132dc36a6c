/** Reads whether users are frozen. */
import type { FindRows } from '../query.js';

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
export async function readLogins(find: FindRows, userIds: readonly string[]): Promise<Map<string, Login>> {
  const logins = new Map<string, Login>();
  for await (const page of find(userIds)) {
    for (const login of page) {
      logins.set(login['UserId'] ?? '', { id: login['Id'] ?? '', isFrozen: login['IsFrozen'] === 'true' });
    }
  }
  return logins;
}
