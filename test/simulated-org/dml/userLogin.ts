/** Freezing and unlocking: only with Freeze Users or Manage Users (docs/salesforce-facts.md#permissions). */
import type { FieldValue } from '../contracts.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { refuseAccess } from './user/permissionRules.ts';

export function checkUserLoginUpdate(chunk: Chunk, values: Readonly<Record<string, FieldValue>>): void {
  const may = (permission: string): boolean => chunk.org.hasPermission(chunk.runningUserId, permission);
  if (!may('ManageUsers') && !may('FreezeUsers')) refuseAccess();
  if (values['IsPasswordLocked'] === true) {
    refuse('FIELD_INTEGRITY_EXCEPTION', 'IsPasswordLocked can only be set to false: Password Locked', [
      'IsPasswordLocked',
    ]);
  }
}
