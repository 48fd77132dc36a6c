/** Accounts and contacts of the world, and portal users for some of them. */
import type { FieldValue } from '../contracts.ts';
import { startChunk } from '../dml/orgForDml.ts';
import type { Chunk } from '../dml/orgForDml.ts';
import { accountFields, findOwner } from '../dml/user/contactRules.ts';
import { profileFacts } from '../dml/user/family.ts';
import { writeUser } from '../dml/user/insertUser.ts';
import { planRole } from '../dml/user/portalRoles.ts';
import type { InternalUsers } from './internalUsers.ts';
import { accountOwners } from './internalUsers.ts';
import type { Profiles } from './licenses.ts';
import { companyForms, companyKinds, companyWords, firstNames, lastNames, slug } from './names.ts';
import type { Random } from '../random.ts';
import type { WorldOrg } from './worldOrg.ts';

export type Builder = {
  account(values?: Record<string, FieldValue>): string;
  contact(accountId: string | null, values?: Record<string, FieldValue>): string;
  /** An existing portal user of this contact, with all that hangs on it. */
  portalUser(contactId: string, profile: string, values?: Record<string, FieldValue>): string;
};

export function createBuilder(org: WorldOrg, random: Random, users: InternalUsers, profiles: Profiles): Builder {
  let accounts = 0;
  let contacts = 0;
  const chunk = startChunk(org, userObject(org), org.runningUserId, 'seed');

  return {
    account(values = {}) {
      accounts += 1;
      const name = `${random.pick(companyWords)} ${random.pick(companyKinds)} ${random.pick(companyForms)}`;
      const owner = users.get(accountOwners[accounts % accountOwners.length] ?? '') ?? org.runningUserId;
      return org.store.insert('Account', {
        Name: name,
        Type: 'Customer',
        OwnerId: owner,
        AccountNumber: `A-${1000 + accounts}`,
        ...values,
      });
    },
    contact(accountId, values = {}) {
      contacts += 1;
      const { FirstName = random.pick(firstNames), LastName = random.pick(lastNames), ...rest } = values;
      const account = accountId === null ? undefined : org.store.get('Account', accountId, ['OwnerId']);
      return org.store.insert('Contact', {
        FirstName,
        LastName,
        AccountId: accountId,
        OwnerId: account?.['OwnerId'] ?? org.runningUserId,
        Email: `${slug(String(FirstName))}.${slug(String(LastName))}.${contacts}@customers.example`,
        External_Key__c: `K-${String(contacts).padStart(6, '0')}`,
        Portal_Language__c: contacts % 3 === 0 ? 'de' : 'en_US',
        ...rest,
      });
    },
    portalUser: (contactId, profile, values = {}) =>
      insertPortalUser(chunk, contactId, profiles.get(profile) ?? '', values),
  };
}

function userObject(org: WorldOrg): Chunk['object'] {
  const object = org.schema.object('User');
  if (object === undefined) throw new Error('This org hides User: seed it first, hide afterwards');
  return object;
}

/** By the rules' own hand (roles, UserLogin, memberships), but unchecked. */
function insertPortalUser(chunk: Chunk, contactId: string, profileId: string, own: Record<string, FieldValue>): string {
  const { store } = chunk.org;
  const contact = store.get('Contact', contactId, ['AccountId', 'FirstName', 'LastName', 'Email']);
  const account = contact === undefined ? undefined : store.get('Account', String(contact['AccountId']), accountFields);
  if (contact === undefined || account === undefined)
    throw new Error(`A portal user needs a contact with an account: ${contactId}`);
  const profile = profileFacts(chunk, profileId);
  const facts = { contact, account, owner: findOwner(chunk, String(account['OwnerId'])) };
  const values: Record<string, FieldValue> = {
    ContactId: contactId,
    ProfileId: profileId,
    FirstName: contact['FirstName'] ?? null,
    LastName: contact['LastName'] ?? null,
    Email: contact['Email'] ?? null,
    Username: String(contact['Email']).toLowerCase(),
    Alias: slug(`${String(contact['FirstName']).charAt(0)}${String(contact['LastName'])}`).slice(0, 8) || 'user',
    CommunityNickname: `user-${contactId.toLowerCase()}`,
    IsActive: true,
    TimeZoneSidKey: 'Europe/Berlin',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    DigestFrequency: 'D',
    DefaultGroupNotificationFrequency: 'N',
    ...own,
  };
  const role = planRole(chunk, profile, facts, { userRoleId: null, portalRole: null }, values['IsActive'] === true);
  return writeUser(chunk, { profile, contact: facts, role, values });
}
