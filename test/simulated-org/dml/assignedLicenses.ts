/**
 * Licenses behind permission sets and of managed packages: their holders, how many are left, and what comes and goes with a
 * permission set (docs/salesforce-facts.md#licenses-of-permission-sets-and-packages).
 */
import type { FieldValue, StoredRecord } from '../contracts.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { statement } from '../statements.ts';
import { refuseAccess } from './user/permissionRules.ts';

type Values = Readonly<Record<string, FieldValue>>;

/** By object: which field names the license, and which the user. */
const fieldsOf = {
  PermissionSetLicenseAssign: { license: 'PermissionSetLicenseId', user: 'AssigneeId' },
  UserPackageLicense: { license: 'PackageLicenseId', user: 'UserId' },
} as const;

type LicenseAssign = keyof typeof fieldsOf;

export function isLicenseAssign(object: string): object is LicenseAssign {
  return object in fieldsOf;
}

/** Insert of an assignment of a license. */
export function checkLicenseAssign(chunk: Chunk, object: LicenseAssign, values: Values): void {
  const { license, user } = fieldsOf[object];
  checkMayAssignLicenses(chunk, object);
  const [licenseId, userId] = [String(values[license]), String(values[user])];
  checkAssignee(chunk, userId);
  if (chunk.org.store.find(object, { [license]: licenseId, [user]: userId }).length > 0) {
    const name = license.slice(0, -2);
    // The form is that of permission sets, by analogy.
    const what = `Duplicate ${object}. Assignee: ${userId.slice(0, 15)}; ${name}: ${licenseId.slice(0, 15)}`;
    refuse('DUPLICATE_VALUE', what, [user, license]);
  }
  checkLicenseLeft(chunk, licenseId);
}

/** Delete of an assignment of a license: permission sets that need it go first. */
export function checkLicenseUnassign(chunk: Chunk, object: LicenseAssign, before: StoredRecord): void {
  checkMayAssignLicenses(chunk, object);
  if (object === 'UserPackageLicense') return;
  if (!needs(chunk, String(before['AssigneeId']), String(before['PermissionSetLicenseId']))) return;
  refuse('FIELD_INTEGRITY_EXCEPTION', 'The user is assigned a permission set that requires this license: Assignee ID', [
    'AssigneeId',
  ]);
}

/** Text of the code as recorded for other objects. */
export function checkAssignee(chunk: Chunk, userId: string): void {
  if (chunk.org.switches.licenses.inactiveUsersAreAssigned) return;
  if (chunk.org.store.get('User', userId, ['IsActive'])?.['IsActive'] === false)
    refuse('INACTIVE_OWNER_OR_USER', 'operation performed with inactive user');
}

/** Before a permission set is assigned: its license must be there, or one left to come with it. */
export function checkLicenseOfSet(chunk: Chunk, assignee: StoredRecord, set: StoredRecord): void {
  const licenseId = permissionSetLicenseOf(set);
  if (licenseId === undefined || holds(chunk, assignee.Id, licenseId)) return;
  if (chunk.org.switches.licenses.missingPermissionSetLicense === 'refused') {
    const what = `Can't assign permission set "${String(set['Label'])}" to user "${String(assignee['Name'])}".`;
    refuse('FIELD_INTEGRITY_EXCEPTION', `${what} The user license doesn't allow the permission: Read Accounts`);
  }
  checkLicenseLeft(chunk, licenseId);
}

/** After a permission set was assigned. */
export function giveLicenseOfSet(chunk: Chunk, assigneeId: string, set: StoredRecord): void {
  const licenseId = permissionSetLicenseOf(set);
  if (licenseId === undefined || holds(chunk, assigneeId, licenseId)) return;
  chunk.org.store.insert('PermissionSetLicenseAssign', { AssigneeId: assigneeId, PermissionSetLicenseId: licenseId });
}

function holds(chunk: Chunk, assigneeId: string, licenseId: string): boolean {
  const assign = { AssigneeId: assigneeId, PermissionSetLicenseId: licenseId };
  return chunk.org.store.find('PermissionSetLicenseAssign', assign).length > 0;
}

/** After a permission set was taken away: the license goes too, unless many go at once or another set needs it. */
export function freeLicenseOfSet(chunk: Chunk, assigneeId: string, set: StoredRecord): void {
  const licenseId = permissionSetLicenseOf(set);
  if (licenseId === undefined || chunk.rowCount >= chunk.org.switches.licenses.assignmentsAtOnceThatKeepLicenses)
    return;
  if (needs(chunk, assigneeId, licenseId)) return;
  const assigns = { AssigneeId: assigneeId, PermissionSetLicenseId: licenseId };
  for (const { Id } of chunk.org.store.find('PermissionSetLicenseAssign', assigns))
    chunk.org.store.remove('PermissionSetLicenseAssign', Id);
}

/** The figures of the licenses follow who holds one; inactive users hold theirs. */
export function countAssignedLicenses(chunk: Chunk): void {
  if (chunk.org.switches.users.usedLicensesLag) return;
  const { store, switches } = chunk.org;
  for (const license of store.find('PermissionSetLicense')) {
    const freed = switches.licenses.freedByDeactivation.has(license.Id);
    setUsed(chunk, 'PermissionSetLicense', license, usedOf(chunk, license.Id, freed));
  }
  for (const license of store.find('PackageLicense'))
    setUsed(chunk, 'PackageLicense', license, usedOf(chunk, license.Id, false));
}

function setUsed(chunk: Chunk, object: string, license: StoredRecord, used: number): void {
  if (license['UsedLicenses'] !== used) chunk.org.store.update(object, license.Id, { UsedLicenses: used });
}

/** Each object with the permissions that let somebody write it. */
function checkMayAssignLicenses(chunk: Chunk, object: LicenseAssign): void {
  const { manageUsersForPermissionSetLicenses: strict } = chunk.org.switches.licenses;
  const needed = {
    PermissionSetLicenseAssign: strict ? ['ManageUsers'] : ['ManageUsers', 'AssignPermissionSets'],
    UserPackageLicense: ['ManagePackageLicenses'],
  }[object];
  if (!needed.some((permission) => chunk.org.hasPermission(chunk.runningUserId, permission))) refuseAccess();
}

function permissionSetLicenseOf(set: StoredRecord): string | undefined {
  const id = set['LicenseId'];
  return typeof id === 'string' && id.startsWith('0PL') ? id : undefined;
}

const setsOfUser =
  'SELECT "PermissionSetId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = ?1 UNION SELECT "c"."PermissionSetId" ' +
  'FROM "PermissionSetAssignment" "a" JOIN "PermissionSetGroupComponent" "c" ON "c"."PermissionSetGroupId" = "a"."PermissionSetGroupId" ' +
  'WHERE "a"."AssigneeId" = ?1';

/** Whether a permission set of this user needs the license. */
function needs(chunk: Chunk, userId: string, licenseId: string): boolean {
  const sql = `SELECT 1 FROM "PermissionSet" WHERE "LicenseId" = ?2 AND "Id" IN (${setsOfUser})`;
  return statement(chunk.org.store.db, sql).get(userId, licenseId) !== undefined;
}

function checkLicenseLeft(chunk: Chunk, licenseId: string): void {
  const { store, switches } = chunk.org;
  const behindSet = store.get('PermissionSetLicense', licenseId);
  const license = behindSet ?? store.get('PackageLicense', licenseId);
  const total = Number(license?.['TotalLicenses'] ?? license?.['AllowedLicenses'] ?? 0);
  const gone = license === undefined || ['Disabled', 'Expired'].includes(String(license['Status']));
  const used = usedOf(chunk, licenseId, switches.licenses.freedByDeactivation.has(licenseId));
  if (!gone && (total < 0 || used < total)) return;
  const name = String(license?.['MasterLabel'] ?? license?.['NamespacePrefix']);
  refuse('LICENSE_LIMIT_EXCEEDED', `License Limit Exceeded - ${name}`);
}

function usedOf(chunk: Chunk, licenseId: string, activeOnly: boolean): number {
  const object = licenseId.startsWith('0PL') ? 'PermissionSetLicenseAssign' : 'UserPackageLicense';
  const { license, user } = fieldsOf[object];
  const active = activeOnly ? ` AND "${user}" IN (SELECT "Id" FROM "User" WHERE "IsActive" = 1)` : '';
  const sql = `SELECT COUNT(*) AS "n" FROM "${object}" WHERE "${license}" = ?${active}`;
  return Number(statement(chunk.org.store.db, sql).get(licenseId)?.['n'] ?? 0);
}
