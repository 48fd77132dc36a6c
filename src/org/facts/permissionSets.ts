/** Reads permission sets and groups, and who has them. */
import { endField } from '../../model/access/assignments.js';
import type { PermissionSetId, UserId } from '../../model/ids.js';
import type { NamedPermissionSet } from '../../model/orgFacts.js';
import type { OrgClient } from '../orgClient.js';
import { unlessHidden } from '../orgErrors.js';
import { allRows, queryRows, type FindRows, type QueryRow } from '../query.js';
import { requiredValue } from '../queryRow.js';

/**
 * All permission sets and groups that can be assigned, without the hidden ones that profiles own. @throws OrgError
 * Source: Object Reference, PermissionSet, PermissionSetGroup, PermissionSetGroupComponent.
 */
export async function readPermissionSets(client: OrgClient): Promise<NamedPermissionSet[]> {
  const fields = ['Id', 'Name', 'Label', 'LicenseId'];
  const rows = await queryRows(client, { fields, from: 'PermissionSet', where: 'IsOwnedByProfile = false' });
  const sets = rows.map((row) => ({
    id: requiredValue(row, 'Id'),
    name: requiredValue(row, 'Name'),
    label: requiredValue(row, 'Label'),
    isGroup: false,
    // LicenseId names a UserLicense (100…), or a PermissionSetLicense (0PL…), which ties it to no user license.
    userLicenseIds: licenseIdsOf(row, '100'),
    permissionSetLicenseIds: licenseIdsOf(row, '0PL'),
  }));
  return [...sets, ...(await unlessHidden(readGroups(client, sets), []))];
}

function licenseIdsOf({ LicenseId }: QueryRow, prefix: string): string[] {
  return LicenseId?.startsWith(prefix) === true ? [LicenseId] : [];
}

/**
 * @param sets the possible members of the groups. Members only say which licenses a group is tied to: where they are hidden,
 * it is tied to none here, and Salesforce judges the assignment.
 */
async function readGroups(client: OrgClient, sets: readonly NamedPermissionSet[]): Promise<NamedPermissionSet[]> {
  const byId = new Map(sets.map((set) => [set.id, set]));
  const memberFields = ['PermissionSetGroupId', 'PermissionSetId'];
  const reading = queryRows(client, { fields: memberFields, from: 'PermissionSetGroupComponent' });
  const components = await unlessHidden(reading, []);
  const members = Map.groupBy(components, (row) => requiredValue(row, 'PermissionSetGroupId'));
  const fields = ['Id', 'DeveloperName', 'MasterLabel'];
  return (await queryRows(client, { fields, from: 'PermissionSetGroup' })).map((row) => {
    const id = requiredValue(row, 'Id');
    const ofGroup = (members.get(id) ?? []).flatMap(
      (member) => byId.get(requiredValue(member, 'PermissionSetId')) ?? [],
    );
    return {
      id,
      name: requiredValue(row, 'DeveloperName'),
      label: requiredValue(row, 'MasterLabel'),
      isGroup: true,
      userLicenseIds: ofGroup.flatMap(({ userLicenseIds }) => userLicenseIds),
      permissionSetLicenseIds: [...new Set(ofGroup.flatMap(({ permissionSetLicenseIds }) => permissionSetLicenseIds))],
    };
  });
}

/** The permission sets of users, the hidden ones of profiles among them. */
export const assignmentQuery = {
  fields: ['AssigneeId', 'PermissionSetId', 'PermissionSetGroupId'],
  from: 'PermissionSetAssignment',
  field: 'AssigneeId',
} as const;

/**
 * By user Id: the Ids of the permission sets and groups that the user holds, each with its end.
 * @param find runs `assignmentQuery`; the ends are undefined unless its fields have `endField` too @throws OrgError
 */
export async function readAssignments(
  find: FindRows,
  userIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, ReadonlyMap<PermissionSetId, string | undefined>>> {
  const byUser = Map.groupBy(await allRows(find(userIds)), (row) => requiredValue(row, 'AssigneeId'));
  const setOf = (row: QueryRow): PermissionSetId =>
    row['PermissionSetGroupId'] ?? requiredValue(row, 'PermissionSetId');
  const held = (row: QueryRow) => [setOf(row), row[endField] ?? undefined] as const;
  return new Map([...byUser].map(([userId, rows]) => [userId, new Map(rows.map(held))]));
}
