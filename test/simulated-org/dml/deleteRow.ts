/** Delete of one row; what hangs on a portal user stays (docs/salesforce-facts.md#users-and-contacts). */
import type { FieldValue } from '../contracts.ts';
import { checkLicenseUnassign, isLicenseAssign } from './assignedLicenses.ts';
import { checkAccountDelete, checkContactDelete } from './accountContact.ts';
import { checkNoneRequires, emptyLookups } from './customLookups.ts';
import type { Chunk } from './orgForDml.ts';
import { checkUnassign, freeLicensesOfAssignment } from './permissionSetAssignment.ts';
import { refuse } from './rowRefusal.ts';
import { findTarget } from './updateRow.ts';
import { checkRoleDelete } from './userRole.ts';

export function deleteRow(chunk: Chunk, row: Readonly<Record<string, FieldValue>>): string {
  const id = Object.entries(row).find(([column]) => column.toLowerCase() === 'id')?.[1] ?? null;
  const before = findTargetOfDelete(chunk, id);
  checkNoneRequires(chunk, chunk.object.name, before.Id);
  if (chunk.object.name === 'Contact') checkContactDelete(chunk, before);
  if (chunk.object.name === 'Account') checkAccountDelete(chunk, before);
  if (chunk.object.name === 'UserRole') checkRoleDelete(chunk, before);
  if (chunk.object.name === 'PermissionSetAssignment') checkUnassign(chunk, before);
  if (isLicenseAssign(chunk.object.name)) checkLicenseUnassign(chunk, chunk.object.name, before);
  chunk.org.rules.automation.run({
    sobject: chunk.object.name,
    operation: 'delete',
    record: before,
    before,
    changed: [],
  });
  emptyLookups(chunk, chunk.object.name, before.Id);
  chunk.org.store.remove(chunk.object.name, before.Id);
  if (chunk.object.name === 'PermissionSetAssignment') freeLicensesOfAssignment(chunk, before);
  return before.Id;
}

/** A record that is gone answers ENTITY_IS_DELETED (docs/salesforce-facts.md#calls-and-their-errors). */
function findTargetOfDelete(chunk: Chunk, id: FieldValue): ReturnType<typeof findTarget> {
  try {
    return findTarget(chunk, id);
  } catch (error) {
    if (!(error instanceof Error && error.message === 'invalid cross reference id')) throw error;
    if (isAssignment(chunk) && chunk.org.switches.licenses.goneAssignment === 'INVALID_CROSS_REFERENCE_KEY')
      throw error;
    return refuse('ENTITY_IS_DELETED', 'entity is deleted');
  }
}

/** Assignments have no recycle bin: which code one that is gone gets is unproven. */
function isAssignment(chunk: Chunk): boolean {
  return chunk.object.name === 'PermissionSetAssignment' || isLicenseAssign(chunk.object.name);
}
