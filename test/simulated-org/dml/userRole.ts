/** Roles: portal roles are Salesforce's own and can't be written (docs/salesforce-facts.md#portal-roles, #permissions). */
import type { FieldValue, StoredRecord } from '../contracts.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { refuseAccess } from './user/permissionRules.ts';

function checkMayManageRoles(chunk: Chunk): void {
  const may = (permission: string): boolean => chunk.org.hasPermission(chunk.runningUserId, permission);
  if (!may('ManageRoles') && !may('ManageUsers')) refuseAccess();
}

export function checkRoleInsert(chunk: Chunk, values: Record<string, FieldValue>): void {
  checkMayManageRoles(chunk);
  if ((values['PortalAccountId'] ?? null) !== null || (values['PortalRole'] ?? null) !== null) {
    refuse('FIELD_INTEGRITY_EXCEPTION', 'Cannot specify system-maintained portal role field: [Name]');
  }
  values['PortalType'] ??= 'None';
}

export function checkRoleUpdate(chunk: Chunk, before: StoredRecord): void {
  checkMayManageRoles(chunk);
  if ((before['PortalType'] ?? 'None') !== 'None') {
    refuse('FIELD_INTEGRITY_EXCEPTION', 'Cannot specify system-maintained portal role field: [Name]');
  }
}

export function checkRoleDelete(chunk: Chunk, role: StoredRecord): void {
  checkMayManageRoles(chunk);
  const used =
    chunk.org.store.find('User', { UserRoleId: role.Id }).length > 0 ||
    chunk.org.store.find('UserRole', { ParentRoleId: role.Id }).length > 0;
  if (used) refuse('DELETE_FAILED', 'Your attempt to delete this role could not be completed because it is in use.');
}
