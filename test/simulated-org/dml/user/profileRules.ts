/** Which profiles may be given to whom (docs/salesforce-facts.md#profiles, #row-errors). */
import type { FieldValue } from '../../contracts.ts';
import { labelOf } from '../orgForDml.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import type { ProfileFacts } from './family.ts';

/** A clone can't bear the name of a standard profile, so the name tells them apart. */
const standardExternalProfiles = new Set([
  'Customer Community User',
  'Customer Community Login User',
  'Customer Community Plus User',
  'Customer Community Plus Login User',
  'Partner Community User',
  'Partner Community Login User',
  'External Identity User',
  'High Volume Customer Portal',
  'High Volume Customer Portal User',
  'Authenticated Website',
  'Customer Portal User',
  'Customer Portal Manager',
  'Customer Portal Manager Standard',
  'Customer Portal Manager Custom',
  'Gold Partner User',
  'Silver Partner User',
  'Bronze Partner User',
  'Partner User',
  'External Apps User',
  'External Apps Plus User',
]);

const gateText =
  'To create or update users for this profile, go to Setup > Digital Experiences > Settings and select Allow using standard external profiles for self-registration, user creation, and login.';

/** Closed by default, and it hits updates of users who have such a profile too. */
export function checkProfileGate(chunk: Chunk, profile: ProfileFacts): void {
  if (chunk.org.switches.users.allowStandardExternalProfiles || !standardExternalProfiles.has(profile.name)) return;
  refuse('FIELD_INTEGRITY_EXCEPTION', `${gateText}: ${labelOf(chunk.object, 'ProfileId')}`, ['ProfileId']);
}

/**
 * Users who don't manage all users need the profile among the assignable ones of their group in Delegated Administration (article
 * 000389800, of the page that offers no other profile; what the API says is unproven).
 */
export function checkProfileAssignable(chunk: Chunk, profile: ProfileFacts): void {
  const { assignableProfiles } = chunk.org.switches.users;
  if (assignableProfiles === undefined || chunk.org.hasPermission(chunk.runningUserId, 'ManageUsers')) return;
  if (assignableProfiles.has(profile.name)) return;
  refuse('INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', 'insufficient access rights on cross-reference id');
}

/** A profile with Modify All Data is given only by those who have it. */
export function checkProfileGrant(chunk: Chunk, profile: ProfileFacts): void {
  if (!profile.modifiesAllData || chunk.org.hasPermission(chunk.runningUserId, 'ModifyAllData')) return;
  refuse(
    'FIELD_INTEGRITY_EXCEPTION',
    'Cannot grant or remove a profile with modify all data, without having the modify all data permission yourself.',
  );
}

/** An external profile needs a contact, an internal one must not have one. */
export function checkProfileAndContact(chunk: Chunk, profile: ProfileFacts, contactId: FieldValue): void {
  if (profile.family === 'internal') {
    if (contactId !== null) refuse('FIELD_INTEGRITY_EXCEPTION', 'role type must match user type');
    return;
  }
  checkPortalsAvailable(chunk);
  if (contactId === null && !mayBeContactless(chunk, profile)) {
    refuse('INVALID_CROSS_REFERENCE_KEY', 'Cannot create a portal user without contact.');
  }
}

/**
 * Contactless users: only External Identity, only when the org setting is on
 * (docs/salesforce-facts.md#users-and-contacts).
 */
export function mayBeContactless(chunk: Chunk, profile: ProfileFacts): boolean {
  return (
    chunk.org.switches.users.contactlessExternalIdentity &&
    profile.license['LicenseDefinitionKey'] === 'PID_External_Identity'
  );
}

function checkPortalsAvailable(chunk: Chunk): void {
  if (!chunk.org.switches.users.portalsAvailable || !chunk.org.switches.digitalExperiences) {
    refuse('PORTAL_NO_ACCESS', 'portals are not available in this organization');
  }
  if (chunk.org.switches.users.encryptionForbidsPortalUsers) {
    refuse(
      'PORTAL_USER_CREATION_RESTRICTED_WITH_ENCRYPTION',
      'portal users cannot be created while Platform Encryption is on',
    );
  }
}
