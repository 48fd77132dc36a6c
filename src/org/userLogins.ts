/** Reads whether users are frozen. */
import type { OrgClient } from './orgClient.js';
import { queryIn } from './query.js';

export type Login = {
  /** Of the UserLogin: freezing writes to this. */
  readonly id: string;
  readonly isFrozen: boolean;
};

/**
 * One UserLogin per user; needs Manage Users.
 * @returns by user Id
 * @throws OrgError refused where the running user can't see the object
 * Source: Object Reference, UserLogin.
 */
export async function readLogins(client: OrgClient, userIds: readonly string[]): Promise<Map<string, Login>> {
  const fields = ['Id', 'UserId', 'IsFrozen'];
  const logins = new Map<string, Login>();
  for await (const page of queryIn(client, { fields, from: 'UserLogin', field: 'UserId', values: userIds })) {
    for (const login of page) {
      logins.set(login['UserId'] ?? '', { id: login['Id'] ?? '', isFrozen: login['IsFrozen'] === 'true' });
    }
  }
  return logins;
}
