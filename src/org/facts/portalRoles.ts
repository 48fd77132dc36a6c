/** Reads the portal roles that accounts have already. */
import type { OrgClient } from '../orgClient.js';
import { OrgError } from '../../model/orgError.js';
import { queryIn, type FindRows } from '../query.js';

export type PortalRole = {
  readonly id: string;
  readonly accountId: string;
  /** `CustomerPortal` or `Partner`. */
  readonly portalType: string;
  /** `Executive`, `Manager`, `Worker`, or `PersonAccount`; recorded users read null here, roles do not. */
  readonly level: string;
};

/** Source: Object Reference, UserRole. */
export const portalRoleQuery = {
  fields: ['Id', 'PortalAccountId', 'PortalType', 'PortalRole'],
  from: 'UserRole',
  field: 'PortalAccountId',
} as const;

/**
 * @param find runs `portalRoleQuery` for some accounts
 * @returns undefined if the running user may not see roles (needs View Roles and Role Hierarchy)
 * @throws OrgError
 */
export async function readPortalRoles(
  find: FindRows,
  accountIds: readonly string[],
): Promise<PortalRole[] | undefined> {
  try {
    const roles: PortalRole[] = [];
    for await (const page of find(accountIds)) {
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
    throwUnlessHidden(error);
    return undefined;
  }
}

/**
 * The levels of roles, also of those that belong to no account.
 * @returns role Id → level; empty if the running user may not see roles
 * @throws OrgError
 */
export async function readRoleLevels(client: OrgClient, roleIds: readonly string[]): Promise<Map<string, string>> {
  const levels = new Map<string, string>();
  const query = { fields: ['Id', 'PortalRole'], from: 'UserRole', field: 'Id', values: roleIds };
  try {
    for await (const page of queryIn(client, query)) {
      for (const { Id, PortalRole: level } of page) levels.set(Id ?? '', level ?? '');
    }
  } catch (error) {
    throwUnlessHidden(error);
  }
  return levels;
}

function throwUnlessHidden(error: unknown): void {
  if (!(error instanceof OrgError) || error.kind !== 'refused') throw error;
}
