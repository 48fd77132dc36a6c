/** Reads the portal roles that accounts have already. */
import type { OrgClient } from '../orgClient.js';
import { unlessHidden } from '../orgErrors.js';
import { allRows, queryIn, type FindRows } from '../query.js';
import { requiredValue } from '../queryRow.js';
import type { AccountId, UserRoleId } from '../../model/ids.js';

export type PortalRole = {
  readonly id: UserRoleId;
  readonly accountId: AccountId;
  /** `CustomerPortal` or `Partner`. */
  readonly portalType: string;
  /** `Executive`, `Manager`, `Worker`, or `PersonAccount`; recorded users read null here, roles do not. */
  readonly level: string | undefined;
};

/** Source: Object Reference, UserRole. */
export const portalRoleQuery = {
  fields: ['Id', 'PortalAccountId', 'PortalType', 'PortalRole'],
  from: 'UserRole',
  field: 'PortalAccountId',
} as const;

/** @param find runs `portalRoleQuery` @returns undefined without the right View Roles and Role Hierarchy @throws OrgError */
export async function readPortalRoles(
  find: FindRows,
  accountIds: readonly AccountId[],
): Promise<PortalRole[] | undefined> {
  const rows = await unlessHidden(allRows(find(accountIds)), undefined);
  return rows?.map((row) => ({
    id: requiredValue(row, 'Id'),
    accountId: requiredValue(row, 'PortalAccountId'),
    portalType: requiredValue(row, 'PortalType'),
    level: row['PortalRole'] ?? undefined,
  }));
}

/** Role Id → level, also of roles that belong to no account; empty if the running user may not see roles. @throws OrgError */
export async function readRoleLevels(
  client: OrgClient,
  roleIds: readonly UserRoleId[],
): Promise<ReadonlyMap<UserRoleId, string | undefined>> {
  const query = { fields: ['Id', 'PortalRole'], from: 'UserRole', field: 'Id', values: roleIds };
  const rows = await unlessHidden(allRows(queryIn(client, query)), []);
  return new Map(rows.map((row) => [requiredValue(row, 'Id'), row['PortalRole'] ?? undefined]));
}
