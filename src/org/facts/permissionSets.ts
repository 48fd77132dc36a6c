/** Reads permission sets and groups, and who has them. */
import type { NamedPermissionSet } from '../../model/orgFacts.js';
import type { OrgClient } from '../orgClient.js';
import { OrgError } from '../../model/orgError.js';
import { queryRows, type FindRows, type QueryRow } from '../query.js';

const setFields = ['Id', 'Name', 'Label', 'LicenseId'];
const groupFields = ['Id', 'DeveloperName', 'MasterLabel'];
const componentFields = ['PermissionSetGroupId', 'PermissionSetId'];

/**
 * All permission sets and groups that can be assigned, without the hidden ones that profiles own.
 * @throws OrgError
 * Source: Object Reference, PermissionSet, PermissionSetGroup, PermissionSetGroupComponent.
 */
export async function readPermissionSets(client: OrgClient): Promise<NamedPermissionSet[]> {
  const soql = `SELECT ${setFields.join(',')} FROM PermissionSet WHERE IsOwnedByProfile = false`;
  const sets = (await queryRows(client, soql, setFields)).map((row) => permissionSet(row));
  return [...sets, ...(await readGroups(client, sets))];
}

/** @param sets the possible members of the groups */
async function readGroups(client: OrgClient, sets: readonly NamedPermissionSet[]): Promise<NamedPermissionSet[]> {
  const licensesOf = new Map(sets.map((set) => [set.id, set.userLicenseIds]));
  try {
    const components = await queryRows(
      client,
      `SELECT ${componentFields.join(',')} FROM PermissionSetGroupComponent`,
      componentFields,
    );
    const members = Map.groupBy(components, (row) => row['PermissionSetGroupId'] ?? '');
    const rows = await queryRows(client, `SELECT ${groupFields.join(',')} FROM PermissionSetGroup`, groupFields);
    return rows.map((row) => ({
      id: row['Id'] ?? '',
      name: row['DeveloperName'] ?? '',
      label: row['MasterLabel'] ?? '',
      isGroup: true,
      userLicenseIds: (members.get(row['Id'] ?? '') ?? []).flatMap(
        (member) => licensesOf.get(member['PermissionSetId'] ?? '') ?? [],
      ),
    }));
  } catch (error) {
    if (error instanceof OrgError && error.kind === 'refused') return [];
    throw error;
  }
}

function permissionSet(row: QueryRow): NamedPermissionSet {
  const licenseId = row['LicenseId'] ?? '';
  return {
    id: row['Id'] ?? '',
    name: row['Name'] ?? '',
    label: row['Label'] ?? '',
    isGroup: false,
    // LicenseId may also name a PermissionSetLicense (0PL…), which does not tie it to one user license.
    userLicenseIds: licenseId.startsWith('100') ? [licenseId] : [],
  };
}

/** Who holds which permission sets, the hidden ones of profiles among them. */
export const assignmentQuery = {
  fields: ['AssigneeId', 'PermissionSetId', 'PermissionSetGroupId'],
  from: 'PermissionSetAssignment',
  field: 'AssigneeId',
} as const;

/**
 * What each of the users holds, as Ids of permission sets and groups.
 * @param find runs `assignmentQuery` for some users
 * @returns by user Id
 * @throws OrgError
 */
export async function readAssignments(
  find: FindRows,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const held = new Map<string, Set<string>>();
  for await (const page of find(userIds)) {
    for (const row of page) {
      const ids = held.get(row['AssigneeId'] ?? '') ?? new Set();
      ids.add(row['PermissionSetGroupId'] ?? row['PermissionSetId'] ?? '');
      held.set(row['AssigneeId'] ?? '', ids);
    }
  }
  return held;
}
