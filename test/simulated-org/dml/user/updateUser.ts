/**
 * Update of a User: activation, deactivation, disabling, change of profile or role (docs/salesforce-facts.md#profiles,
 * #licenses-and-user-types, #portal-roles, #taking-access-away).
 */
import type { FieldValue, StoredRecord } from '../../contracts.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import { checkContact } from './contactRules.ts';
import { checkDeactivation, checkDisable, disableUser } from './disableUser.ts';
import { profileFacts } from './family.ts';
import type { ProfileFacts } from './family.ts';
import { checkFederationIdFree, checkNicknameFree } from './identityRules.ts';
import { checkFeatureLicenses, checkLicense, noteActiveUser } from './licenseRules.ts';
import { joinSites, welcomeBack } from './memberships.ts';
import { checkMayChangeUser } from './permissionRules.ts';
import { checkInternalRole, makeRole, planRole, takeLocks } from './portalRoles.ts';
import { checkProfileGate, checkProfileGrant, mayBeContactless } from './profileRules.ts';
import { checkUsernameFree } from './usernameRules.ts';

export function checkUserUpdate(chunk: Chunk, before: StoredRecord, values: Record<string, FieldValue>): void {
  const current = before['ProfileId'] === null ? undefined : profileFacts(chunk, before['ProfileId']);
  const profile = values['ProfileId'] === undefined ? current : profileFacts(chunk, values['ProfileId']);
  if (profile === undefined)
    return refuse('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  checkMayChangeUser(chunk, profile.family, values);
  checkProfileGate(chunk, profile);
  if (current !== undefined && current.id !== profile.id) checkProfileChange(chunk, before, current, profile);
  checkContactStays(before, values);
  checkDeactivation(chunk, before, values);
  checkDisable(chunk, before, values, profile);
  if (becomesActive(before, values)) checkReactivation(chunk, before, profile);
  checkRole(chunk, before, values, profile);
  checkFeatureLicenses(chunk, newlyTrue(before, values));
  if (typeof values['Username'] === 'string') checkUsernameFree(chunk, values['Username'], profile.family, before.Id);
  checkNicknameFree(chunk, values['CommunityNickname'], before.Id);
  checkFederationIdFree(chunk, values['FederationIdentifier'], before.Id);
}

function becomesActive(before: StoredRecord, values: Readonly<Record<string, FieldValue>>): boolean {
  return before['IsActive'] === false && values['IsActive'] === true;
}

/** High-volume to role-based is supported, no other change of family. One of the new license must be free. */
function checkProfileChange(chunk: Chunk, before: StoredRecord, current: ProfileFacts, profile: ProfileFacts): void {
  checkProfileGrant(chunk, current);
  checkProfileGrant(chunk, profile);
  const upgrade = current.family === 'highVolume' && (profile.family === 'customer' || profile.family === 'partner');
  if (current.family !== profile.family && !upgrade)
    refuse('FIELD_INTEGRITY_EXCEPTION', 'role type must match user type');
  if (before['IsActive'] === true && current.license.Id !== profile.license.Id) checkLicense(chunk, profile);
}

/** A user is not moved to another contact (docs/salesforce-facts.md#users-and-contacts); the text is unproven. */
function checkContactStays(before: StoredRecord, values: Readonly<Record<string, FieldValue>>): void {
  const contactId = values['ContactId'];
  if (contactId === undefined || contactId === before['ContactId']) return;
  refuse('FIELD_INTEGRITY_EXCEPTION', 'The contact of a portal user cannot be changed: Contact ID', ['ContactId']);
}

/** License, contact and its account's owner are checked again. A disabled user has no contact to come back to. */
function checkReactivation(chunk: Chunk, before: StoredRecord, profile: ProfileFacts): void {
  if (profile.family !== 'internal') {
    if (before['ContactId'] === null) {
      if (!mayBeContactless(chunk, profile))
        refuse('INVALID_CROSS_REFERENCE_KEY', 'Cannot create a portal user without contact.');
    } else if (chunk.org.switches.users.ownerRoleOnReactivation) {
      checkContact(chunk, String(before['ContactId']), profile);
    }
  }
  checkLicense(chunk, profile);
}

function checkRole(
  chunk: Chunk,
  before: StoredRecord,
  values: Readonly<Record<string, FieldValue>>,
  profile: ProfileFacts,
): void {
  const wish = { userRoleId: values['UserRoleId'] ?? null, portalRole: values['PortalRole'] ?? null };
  if (wish.userRoleId === null && wish.portalRole === null) return;
  if (before['ContactId'] === null) return void checkInternalRole(chunk, wish);
  const contact = checkContact(chunk, String(before['ContactId']), profile);
  planRole(chunk, profile, contact, wish, before['IsActive'] === true);
}

function newlyTrue(before: StoredRecord, values: Readonly<Record<string, FieldValue>>): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value === true && before[name] !== true));
}

/** Writes the row and does what follows from it. */
export function writeUserUpdate(chunk: Chunk, before: StoredRecord, values: Record<string, FieldValue>): void {
  if (values['IsPortalEnabled'] === false && before['IsPortalEnabled'] === true)
    return disableUser(chunk, before, values);
  const { PortalRole: _level, ...plain } = values;
  chunk.org.store.update('User', before.Id, { ...plain, ...profileAndRole(chunk, before, values) });
  if (values['IsActive'] !== undefined || values['ProfileId'] !== undefined) noteChange(chunk, before, values);
  writeMailsAboutChange(chunk, before, values);
  if (becomesActive(before, values)) welcomeBack(chunk, before.Id);
  joinSites(chunk, before.Id);
}

function noteChange(chunk: Chunk, before: StoredRecord, values: Readonly<Record<string, FieldValue>>): void {
  if (values['ProfileId'] !== undefined) return chunk.kept.activeUsers.clear();
  if (before['ProfileId'] === null || values['IsActive'] === before['IsActive']) return;
  noteActiveUser(chunk, profileFacts(chunk, before['ProfileId']).license.Id, values['IsActive'] === true ? 1 : -1);
}

/**
 * UserType follows the profile; a role-based user gets a portal role when the profile or the level changes, and when it
 * becomes active without a role of its account: under Account Role Optimization the second active user makes them.
 */
function profileAndRole(
  chunk: Chunk,
  before: StoredRecord,
  values: Readonly<Record<string, FieldValue>>,
): Record<string, FieldValue> {
  const profileChanges = values['ProfileId'] !== undefined && values['ProfileId'] !== before['ProfileId'];
  const joins = becomesActive(before, values) && !hasRoleOfAccount(chunk, before);
  if (!profileChanges && !joins && (values['PortalRole'] ?? null) === null) return {};
  const profile = profileFacts(chunk, values['ProfileId'] ?? before['ProfileId']);
  const userType = { UserType: profile.userType };
  if (before['ContactId'] === null || profile.family === 'highVolume') return userType;
  const contact = checkContact(chunk, String(before['ContactId']), profile);
  const wish = { userRoleId: values['UserRoleId'] ?? null, portalRole: values['PortalRole'] ?? null };
  const plan = planRole(chunk, profile, contact, wish, values['IsActive'] === true || before['IsActive'] === true);
  takeLocks(chunk, plan, profile, contact);
  return { ...userType, UserRoleId: makeRole(chunk, plan, profile, contact) };
}

function hasRoleOfAccount(chunk: Chunk, user: StoredRecord): boolean {
  const role = user['UserRoleId'] === null ? undefined : chunk.org.store.get('UserRole', String(user['UserRoleId']));
  return role !== undefined && role['PortalRole'] !== 'PersonAccount';
}

/**
 * Changing the username or address of an active user makes Salesforce write to that person
 * (docs/salesforce-facts.md#identities).
 */
function writeMailsAboutChange(chunk: Chunk, before: StoredRecord, values: Readonly<Record<string, FieldValue>>): void {
  if (before['IsActive'] !== true || chunk.org.switches.mail.deliverability === 'none') return;
  const to = String(before['Email']);
  const sentAt = chunk.org.clock.timestamp();
  const { mails } = chunk.org.rules.outbox;
  const changes = (name: string): boolean => values[name] !== undefined && values[name] !== before[name];
  if (changes('Username')) mails.push({ kind: 'usernameChanged', to, userId: before.Id, networkId: null, sentAt });
  if (changes('Email')) mails.push({ kind: 'emailChanged', to, userId: before.Id, networkId: null, sentAt });
}
