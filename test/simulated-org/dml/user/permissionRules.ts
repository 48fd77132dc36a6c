/** Which users the running user may change, and how (docs/salesforce-facts.md#permissions). */
import type { FieldValue } from '../../contracts.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import type { Family } from './family.ts';

export function refuseAccess(): never {
  return refuse('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
}

export function checkMayWriteUser(chunk: Chunk, family: Family): void {
  const may = (permission: string): boolean => chunk.org.hasPermission(chunk.runningUserId, permission);
  if (may('ManageUsers')) return;
  const allowed =
    family === 'internal' ? may('ManageInternalUsers') : may('ManagePartners') || mayWriteCustomer(chunk, family, may);
  if (!allowed) refuseAccess();
}

/** With digital experiences on, Manage External Users is needed besides Manage Customer Users. */
function mayWriteCustomer(chunk: Chunk, family: Family, may: (permission: string) => boolean): boolean {
  return family !== 'partner' && may('ManageCssUsers') && chunk.org.switches.users.manageCustomerUsersSuffices;
}

/** A field report: Manage External Users is not enough for these fields of an external user. */
const manageUsersFields = ['Username', 'CommunityNickname', 'Email', 'IsActive', 'IsPortalEnabled'];

export function checkMayChangeUser(chunk: Chunk, family: Family, values: Readonly<Record<string, FieldValue>>): void {
  checkMayWriteUser(chunk, family);
  const needsManageUsers = family !== 'internal' && manageUsersFields.some((name) => name in values);
  const reactivates = values['IsActive'] === true;
  if (!needsManageUsers || chunk.org.hasPermission(chunk.runningUserId, 'ManageUsers')) return;
  if (reactivates || chunk.org.switches.users.manageUsersForActivation) refuseAccess();
}
