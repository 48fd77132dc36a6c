/** Reads of which objects the running user sees every record, whatever sharing says. */
import type { OrgClient } from '../orgClient.js';
import { unlessHidden } from '../orgErrors.js';
import { queryRows } from '../query.js';
import { requiredValue } from '../queryRow.js';
import { quoteSoql } from '../soql.js';

/**
 * Of contacts and what a condition looks at besides, the objects of which the running user may not see all records: a contact
 * whose account is hidden can be hidden, too.
 * @param permissions of the running user @param reached objects @throws OrgError
 */
export async function readHiddenObjects(
  client: OrgClient,
  permissions: ReadonlySet<string>,
  reached: readonly string[],
): Promise<string[]> {
  if (seesAllData(permissions)) return [];
  const needed = new Map(['Contact', 'Account', ...reached].map((name) => [name.toLowerCase(), name]));
  for (const name of await readFullyVisible(client, [...needed.values()])) needed.delete(name.toLowerCase());
  return [...needed.values()];
}

export function seesAllData(permissions: ReadonlySet<string>): boolean {
  return permissions.has('ViewAllData') || permissions.has('ModifyAllData');
}

/**
 * Those of the objects whose "View All" the running user has, by the profile or by a permission set; none where the org does
 * not tell. @throws OrgError
 * Source: Object Reference, ObjectPermissions (PermissionsViewAllRecords); a profile's are those of the set that it owns.
 */
async function readFullyVisible(client: OrgClient, objects: readonly string[]): Promise<string[]> {
  const assigned = `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = ${quoteSoql(client.userId)}`;
  const where = `PermissionsViewAllRecords = true AND SobjectType IN (${objects.map(quoteSoql).join(',')}) AND ParentId IN (${assigned})`;
  const rows = await unlessHidden(queryRows(client, { fields: ['SobjectType'], from: 'ObjectPermissions', where }), []);
  return rows.map((row) => requiredValue(row, 'SobjectType'));
}
