/**
 * Permission sets on users: once each, and only those that the user's license allows
 * (docs/salesforce-facts.md#permission-sets).
 */
import type { FieldValue, StoredRecord } from '../contracts.ts';
import { checkAssignee, checkLicenseOfSet, freeLicenseOfSet, giveLicenseOfSet } from './assignedLicenses.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { joinSites } from './user/memberships.ts';
import { profileFacts } from './user/family.ts';
import { refuseAccess } from './user/permissionRules.ts';

type Values = Record<string, FieldValue>;

function checkMayAssign(chunk: Chunk): void {
  const may = (permission: string): boolean => chunk.org.hasPermission(chunk.runningUserId, permission);
  if (!may('AssignPermissionSets') && !may('ManageUsers')) refuseAccess();
}

export function checkAssignment(chunk: Chunk, values: Values): void {
  checkMayAssign(chunk);
  const setId = values['PermissionSetId'] ?? null;
  const groupId = values['PermissionSetGroupId'] ?? null;
  if ((setId === null) === (groupId === null)) {
    const missing = ['PermissionSetId'];
    refuse('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing);
  }
  const assignee = chunk.org.store.get('User', String(values['AssigneeId']), ['Name', 'ProfileId']);
  if (assignee === undefined) return refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  checkNotOwnedByProfile(chunk, setId);
  checkNotAssigned(chunk, assignee, setId, groupId);
  checkAssignee(chunk, assignee.Id);
  checkExpiration(chunk, values['ExpirationDate'] ?? null);
  const sets = setsOf(chunk, setId, groupId);
  for (const set of sets) {
    checkLicenseMatches(chunk, assignee, set);
    checkLicenseOfSet(chunk, assignee, set);
  }
  values['PermissionSetId'] = setId ?? setOfGroup(chunk, groupId);
}

/** Delete of an assignment. The hidden set of a profile goes with the profile only. */
export function checkUnassign(chunk: Chunk, before: StoredRecord): void {
  checkMayAssign(chunk);
  const setId = String(before['PermissionSetId']);
  if (chunk.org.store.get('PermissionSet', setId, ['IsOwnedByProfile'])?.['IsOwnedByProfile'] !== true) return;
  const what = "You can't remove a permission set that is owned by a profile.: PermissionSet ID";
  refuse('FIELD_INTEGRITY_EXCEPTION', what, ['PermissionSetId']);
}

/** After the delete. */
export function freeLicensesOfAssignment(chunk: Chunk, before: StoredRecord): void {
  const sets = setsOf(chunk, before['PermissionSetId'] ?? null, before['PermissionSetGroupId'] ?? null);
  for (const set of sets) freeLicenseOfSet(chunk, String(before['AssigneeId']), set);
}

/** The text is not known. */
function checkExpiration(chunk: Chunk, date: FieldValue): void {
  if (date === null || !chunk.org.switches.licenses.refusesPastExpirationDate) return;
  if (Date.parse(String(date)) > chunk.org.clock.now()) return;
  refuse('FIELD_INTEGRITY_EXCEPTION', 'The expiration date must be in the future.: Expires On', ['ExpirationDate']);
}

/** A group has a permission set of its own, of type Group, which its assignments name too. */
function setOfGroup(chunk: Chunk, groupId: FieldValue): FieldValue {
  return chunk.org.store.find('PermissionSet', { PermissionSetGroupId: groupId })[0]?.Id ?? null;
}

/** The hidden permission set of a profile is given with the profile, never by an assignment. */
function checkNotOwnedByProfile(chunk: Chunk, setId: FieldValue): void {
  if (
    setId === null ||
    chunk.org.store.get('PermissionSet', String(setId), ['IsOwnedByProfile'])?.['IsOwnedByProfile'] !== true
  )
    return;
  refuse(
    'FIELD_INTEGRITY_EXCEPTION',
    "You can't assign a permission set that is owned by a profile.: PermissionSet ID",
    ['PermissionSetId'],
  );
}

function checkNotAssigned(chunk: Chunk, assignee: StoredRecord, setId: FieldValue, groupId: FieldValue): void {
  const target: Record<string, FieldValue> =
    setId === null ? { PermissionSetGroupId: groupId } : { PermissionSetId: setId };
  if (chunk.org.store.find('PermissionSetAssignment', { AssigneeId: assignee.Id, ...target }).length === 0) return;
  const name = setId === null ? 'PermissionSetGroup' : 'PermissionSet';
  refuse(
    'DUPLICATE_VALUE',
    `Duplicate ${name}Assignment. Assignee: ${assignee.Id.slice(0, 15)}; ${name}: ${String(setId ?? groupId).slice(0, 15)}`,
    ['AssigneeId', `${name}Id`],
  );
}

/** The sets that an assignment gives: those of the group, where it names one. */
function setsOf(chunk: Chunk, setId: FieldValue, groupId: FieldValue): StoredRecord[] {
  const ids =
    groupId === null
      ? [setId]
      : chunk.org.store
          .find('PermissionSetGroupComponent', { PermissionSetGroupId: groupId })
          .map((one) => one['PermissionSetId'] ?? null);
  return ids.flatMap((id) => chunk.org.store.get('PermissionSet', String(id), ['Label', 'LicenseId']) ?? []);
}

/** A permission set made for one user license goes to no other; without a license, it goes to all (text unproven). */
function checkLicenseMatches(chunk: Chunk, assignee: StoredRecord, set: StoredRecord): void {
  // Literal of eight code bases (docs/salesforce-facts.md#permission-sets).
  if (chunk.org.switches.users.permissionSetsBeyondLicense.has(set.Id)) {
    const what = `Can't assign permission set "${String(set['Label'])}" to user "${String(assignee['Name'])}".`;
    refuse('FIELD_INTEGRITY_EXCEPTION', `${what} The user license doesn't allow the permission: Read Accounts`);
  }
  const licenseId = set['LicenseId'] ?? null;
  if (licenseId === null || !String(licenseId).startsWith('100') || assignee['ProfileId'] === null) return;
  if (profileFacts(chunk, assignee['ProfileId']).license.Id === licenseId) return;
  refuse(
    'FIELD_INTEGRITY_EXCEPTION',
    `The user license doesn't allow the permission set: ${String(set['Label'])}: Assignee ID`,
    ['AssigneeId'],
  );
}

/**
 * After the insert: licenses come with the sets, and membership by a permission set assigned later sends the welcome mail too
 * (docs/salesforce-facts.md#sites-emails-and-passwords).
 */
export function followAssignment(chunk: Chunk, values: Values): void {
  const sets = setsOf(chunk, values['PermissionSetId'] ?? null, values['PermissionSetGroupId'] ?? null);
  for (const set of sets) giveLicenseOfSet(chunk, String(values['AssigneeId']), set);
  joinSites(chunk, String(values['AssigneeId']));
}
