/**
 * What the contact, its account and the account's owner must be like (docs/salesforce-facts.md#users-and-contacts,
 * #accounts-and-owners).
 */
import type { StoredRecord } from '../../contracts.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import { statement } from '../../statements.ts';
import type { ProfileFacts } from './family.ts';

/** Only the fields that the rules look at. */
export type ContactFacts = {
  readonly contact: StoredRecord;
  readonly account: StoredRecord;
  readonly owner: StoredRecord | undefined;
};

export const accountFields = ['Name', 'OwnerId', 'IsPersonAccount', 'IsCustomerPortal', 'IsPartner'] as const;

/** A private contact fails with the very message of an owner without a role. */
function refuseAccountOrOwner(): never {
  return refuse('UNKNOWN_EXCEPTION', 'portal account owner must have a role');
}

export function checkContact(chunk: Chunk, contactId: string, profile: ProfileFacts): ContactFacts {
  const { store } = chunk.org;
  const contact =
    store.get('Contact', contactId, ['AccountId']) ??
    refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  const account =
    contact['AccountId'] === null ? undefined : store.get('Account', String(contact['AccountId']), accountFields);
  if (account === undefined) return refuseAccountOrOwner();
  const owner = findOwner(chunk, String(account['OwnerId']));
  if (needsOwnerRole(chunk, profile) && (owner?.['UserRoleId'] ?? null) === null) refuseAccountOrOwner();
  if (profile.family === 'partner' && account['IsPersonAccount'] === true) {
    // The text is unproven: the help only says that partner users need a business account.
    refuse('FIELD_INTEGRITY_EXCEPTION', 'Partner users cannot be created for person accounts: Contact ID', [
      'ContactId',
    ]);
  }
  return { contact, account, owner };
}

export function findOwner(chunk: Chunk, ownerId: string): StoredRecord | undefined {
  const { owners } = chunk.kept;
  if (!owners.has(ownerId)) owners.set(ownerId, chunk.org.store.get('User', ownerId, ['UserRoleId', 'Alias']));
  return owners.get(ownerId);
}

function needsOwnerRole(chunk: Chunk, profile: ProfileFacts): boolean {
  return profile.family !== 'highVolume' || chunk.org.switches.users.ownerRoleForHighVolume;
}

/** An inactive user counts, a disabled one has lost its contact. */
export function checkOneUserPerContact(chunk: Chunk, contactId: string): void {
  const found = statement(chunk.org.store.db, 'SELECT "Id" FROM "User" WHERE "ContactId" = ? LIMIT 1').get(contactId);
  if (found !== undefined) refuse('PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT', 'portal user already exists for contact');
}
