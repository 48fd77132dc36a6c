/** Reads of which objects the running user sees every record, whatever sharing says. */
import type { OrgClient } from '../orgClient.js';
import { unlessHidden } from '../orgErrors.js';
import { queryRows } from '../query.js';
import { requiredValue } from '../queryRow.js';
import { quoteSoql } from '../soql.js';

/**
 * Those of the objects whose "View All" the running user has, by the profile or by a permission set; none where the org does
 * not tell. @throws OrgError
 * Source: Object Reference, ObjectPermissions (PermissionsViewAllRecords); a profile's are those of the set that it owns.
 */
export async function readFullyVisible(client: OrgClient, objects: readonly string[]): Promise<string[]> {
  const assigned = `SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = ${quoteSoql(client.userId)}`;
  const where = `PermissionsViewAllRecords = true AND SobjectType IN (${objects.map(quoteSoql).join(',')}) AND ParentId IN (${assigned})`;
  const rows = await unlessHidden(queryRows(client, { fields: ['SobjectType'], from: 'ObjectPermissions', where }), []);
  return rows.map((row) => requiredValue(row, 'SobjectType'));
}
