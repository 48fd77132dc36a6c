/**
 * Accounts and contacts: simple writes, and what portal users forbid (docs/salesforce-facts.md#accounts-and-owners,
 * #users-and-contacts).
 */
import type { FieldValue, StoredRecord } from '../contracts.ts';
import { checkNoneRequires, emptyLookups } from './customLookups.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { disableUser } from './user/disableUser.ts';

type Values = Record<string, FieldValue>;

export function checkAccountInsert(chunk: Chunk, values: Values): void {
  values['OwnerId'] ??= chunk.runningUserId;
  checkOwner(chunk, values);
}

export function checkContactInsert(chunk: Chunk, values: Values): void {
  values['OwnerId'] ??= chunk.runningUserId;
  checkOwner(chunk, values);
}

/** An owner is an active internal user. */
export function checkOwner(chunk: Chunk, values: Readonly<Values>): void {
  if (values['OwnerId'] === undefined || values['OwnerId'] === null) return;
  const owner = chunk.org.store.get('User', String(values['OwnerId']), ['IsActive']);
  if (owner?.['IsActive'] !== true) {
    refuse(
      'INACTIVE_OWNER_OR_USER',
      `operation performed with inactive user [${String(values['OwnerId']).slice(0, 15)}] as owner of ${chunk.object.name.toLowerCase()}`,
    );
  }
}

export function checkAccountUpdate(chunk: Chunk, before: StoredRecord, values: Values): void {
  checkOwner(chunk, values);
  if (values['OwnerId'] !== undefined && values['OwnerId'] !== before['OwnerId'])
    checkNewOwnerHasRole(chunk, before, values);
  if (before['IsPartner'] === true && values['IsPartner'] === false) switchOffPortal(chunk, before, 'Partner');
  if (before['IsCustomerPortal'] === true && values['IsCustomerPortal'] === false)
    switchOffPortal(chunk, before, 'CustomerPortal');
}

/**
 * A portal account's owner must have a role, and the top portal role moves below the new owner's
 * (docs/salesforce-facts.md#portal-roles).
 */
function checkNewOwnerHasRole(chunk: Chunk, account: StoredRecord, values: Readonly<Values>): void {
  const roles = chunk.org.store.find('UserRole', { PortalAccountId: account.Id });
  if (roles.length === 0) return;
  const owner = chunk.org.store.get('User', String(values['OwnerId']));
  const roleId = owner?.['UserRoleId'] ?? null;
  if (owner === undefined || roleId === null)
    return refuse('UNKNOWN_EXCEPTION', 'portal account owner must have a role');
  const own = new Set(roles.map((role) => role.Id));
  for (const role of roles) {
    const isTop = !own.has(String(role['ParentRoleId']));
    chunk.org.store.update('UserRole', role.Id, {
      PortalAccountOwnerId: owner.Id,
      ...(isTop ? { ParentRoleId: roleId } : {}),
    });
  }
}

/** Clearing the flag disables up to 15 partner or 100 customer users and deletes the account's roles, for good. */
function switchOffPortal(chunk: Chunk, account: StoredRecord, portalType: 'Partner' | 'CustomerPortal'): void {
  const types =
    portalType === 'Partner' ? ['PowerPartner'] : ['CspLitePortal', 'PowerCustomerSuccess', 'CustomerSuccess'];
  const users = chunk.org.store
    .find('User', { AccountId: account.Id })
    .filter((user) => types.includes(String(user['UserType'])));
  const most = portalType === 'Partner' ? 15 : 100;
  if (users.filter((user) => user['IsActive'] === true).length > most) {
    refuse('FIELD_INTEGRITY_EXCEPTION', `Too many portal users to disable the account: ${most}`);
  }
  for (const user of users) disableUser(chunk, user, {});
  for (const role of chunk.org.store.find('UserRole', { PortalAccountId: account.Id, PortalType: portalType })) {
    chunk.org.store.remove('UserRole', role.Id);
  }
}

const accountText =
  "A portal user's contact record must include an account. Furthermore, the owner of the account must be associated with a role.";

export function checkContactUpdate(chunk: Chunk, before: StoredRecord, values: Values): void {
  checkOwner(chunk, values);
  const accountId = values['AccountId'];
  if (accountId === undefined || accountId === before['AccountId']) return;
  const users = chunk.org.store.find('User', { ContactId: before.Id });
  if (users.length === 0) return;
  const account = accountId === null ? undefined : chunk.org.store.get('Account', String(accountId));
  const owner = account === undefined ? undefined : chunk.org.store.get('User', String(account['OwnerId']));
  const role = owner === undefined ? null : owner['UserRoleId'];
  if (role === null) refuse('FIELD_INTEGRITY_EXCEPTION', accountText, ['AccountId']);
  for (const user of users) chunk.org.store.update('User', user.Id, { AccountId: accountId });
}

/** The contact can't go while a user hangs on it: disable first. */
export function checkContactDelete(chunk: Chunk, contact: StoredRecord): void {
  if (chunk.org.store.find('User', { ContactId: contact.Id }).length === 0) return;
  refuse(
    'DELETE_FAILED',
    'Your attempt to delete this contact could not be completed because it is associated with a portal user.',
  );
}

export function checkAccountDelete(chunk: Chunk, account: StoredRecord): void {
  if (chunk.org.store.find('User', { AccountId: account.Id }).length > 0) {
    refuse(
      'DELETE_FAILED',
      'Your attempt to delete this account could not be completed because it is associated with portal users.',
    );
  }
  const contacts = chunk.org.store.find('Contact', { AccountId: account.Id });
  for (const { Id } of contacts) checkNoneRequires(chunk, 'Contact', Id);
  for (const { Id } of contacts) {
    emptyLookups(chunk, 'Contact', Id);
    chunk.org.store.remove('Contact', Id);
  }
}
