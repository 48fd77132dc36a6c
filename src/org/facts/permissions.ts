/** Reads which user permissions the running user has, over profile and permission sets. */
import { describeObject } from './describe.js';
import type { OrgClient } from '../orgClient.js';
import { queryRows } from '../query.js';

const prefix = 'Permissions';

/**
 * Those of the permissions that the running user has. A permission whose feature is off in the org is no column of
 * UserPermissionAccess and would fail the whole query, so the object is described first. Two calls.
 *
 * @param names without prefix, for example `ManageUsers`
 * @throws OrgError
 * Source: object reference "UserPermissionAccess".
 */
export async function readPermissions(client: OrgClient, names: readonly string[]): Promise<ReadonlySet<string>> {
  const { fields } = await describeObject(client, 'UserPermissionAccess');
  const known = [...new Set(names)].filter((name) => fields.has(`${prefix}${name}`.toLowerCase()));
  if (known.length === 0) return new Set();
  const columns = known.map((name) => `${prefix}${name}`);
  const [row] = await queryRows(client, `SELECT ${columns.join(',')} FROM UserPermissionAccess`, columns);
  return new Set(known.filter((name) => row?.[`${prefix}${name}`] === 'true'));
}
