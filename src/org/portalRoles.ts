/** Reads the portal roles that accounts have already. */
import type { OrgClient } from './orgClient.js';
import { OrgError } from './orgErrors.js';
import { queryIn, queryPages } from './query.js';

export type PortalRole = {
  readonly id: string;
  readonly accountId: string;
  /** `CustomerPortal` or `Partner`. */
  readonly portalType: string;
  /** `Executive`, `Manager`, `Worker`; recorded users read null here, roles do not. */
  readonly level: string;
};

const fields = ['Id', 'PortalAccountId', 'PortalType', 'PortalRole'];

/** From here on, reading all portal roles at once takes fewer calls. */
const wholeTableAbove = 10_000;

/**
 * @returns undefined if the running user may not see roles (needs View Roles and Role Hierarchy)
 * @throws OrgError
 * Source: Object Reference, UserRole.
 */
export async function readPortalRoles(
  client: OrgClient,
  accountIds: readonly string[],
): Promise<PortalRole[] | undefined> {
  const pages =
    accountIds.length > wholeTableAbove
      ? queryPages(client, `SELECT ${fields.join(',')} FROM UserRole WHERE PortalAccountId != null`, { fields })
      : queryIn(client, { fields, from: 'UserRole', field: 'PortalAccountId', values: accountIds });
  try {
    const roles: PortalRole[] = [];
    for await (const page of pages) {
      for (const row of page) {
        roles.push({
          id: row['Id'] ?? '',
          accountId: row['PortalAccountId'] ?? '',
          portalType: row['PortalType'] ?? '',
          level: row['PortalRole'] ?? '',
        });
      }
    }
    return roles;
  } catch (error) {
    if (error instanceof OrgError && error.kind === 'refused') return undefined;
    throw error;
  }
}
