/** The seeded world: big enough, the same each time, right in its counts, and awkward where it says so. */
import { expect } from 'chai';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import type { SwitchChanges } from '../../simulated-org/switches.ts';
import { mainProfile } from '../../simulated-org/world/seed.ts';
import { SimulatedOrg } from '../../simulated-org/world/simulatedOrg.ts';
import { createRuleOrg } from './ruleOrg.ts';
import type { RuleOrg } from './ruleOrg.ts';
import { userRow } from './userRow.ts';

function segment(rules: RuleOrg): StoredRecord[] {
  const customers = new Set(rules.org.store.find('Account', { Type: 'Customer' }).map((account) => account.Id));
  return rules.org.store
    .find('Contact', { Portal_Access__c: true })
    .filter((contact) => customers.has(String(contact['AccountId'])));
}

/** The rows that the product would send for the segment. */
function insertAll(rules: RuleOrg, contacts: readonly StoredRecord[]): Map<string, string> {
  const base = userRow(rules, mainProfile).row;
  const rows = contacts.map((contact) => ({
    ...base,
    ContactId: contact.Id,
    FirstName: contact['FirstName'] ?? null,
    LastName: contact['LastName'] ?? null,
    Username: contact['Email'] ?? null,
    Email: contact['Email'] ?? null,
    CommunityNickname: `user-${contact.Id.toLowerCase()}`,
  }));
  return new Map(
    rules
      .dml('User', 'insert', rows)
      .map((result, index) => [contacts[index]?.Id ?? '', result.success ? 'ok' : result.error.code]),
  );
}

describe('simulated org: the seeded world', () => {
  it('is the same each time', () => {
    // 7 is what nobody asks for too, and these two are not copies of each other.
    const [one, two] = [createRuleOrg(), createRuleOrg({ seed: 7 })];
    expect(one.org.store.find('Contact')).to.deep.equal(two.org.store.find('Contact'));
    expect(one.world.awkwardCases).to.deep.equal(two.world.awkwardCases);
  });

  it('has the size that its description says', () => {
    const { store } = createRuleOrg().org;
    expect(store.find('Account').length).to.be.within(250, 320);
    expect(store.find('Contact').length).to.be.within(380, 430);
    expect(store.find('User').filter((user) => user['ContactId'] !== null).length).to.be.within(50, 65);
  });

  it('is in a state that the rules would accept', () => {
    const { store, rules } = createRuleOrg().org;
    expect(rules.outbox.mails).to.have.length(0);
    for (const user of store.find('User')) {
      if (user['ProfileId'] !== null)
        expect(store.find('UserLogin', { UserId: user.Id }), String(user['Username'])).to.have.length(1);
      const type = String(user['UserType']);
      if (type.startsWith('Power'))
        expect(store.get('UserRole', String(user['UserRoleId']))?.['PortalAccountId']).to.equal(user['AccountId']);
      if (type === 'CspLitePortal') expect(user['UserRoleId']).to.equal(null);
    }
    for (const license of store.find('UserLicense')) {
      const profiles = new Set(store.find('Profile', { UserLicenseId: license.Id }).map((profile) => profile.Id));
      const active = store
        .find('User', { IsActive: true })
        .filter((user) => profiles.has(String(user['ProfileId']))).length;
      expect(license['UsedLicenses'], String(license['Name'])).to.equal(active);
    }
    expect(store.find('UserLicense', { Name: 'High Volume Customer Portal' })).to.have.length(2);
  });

  it('main segment: about 200 contacts, at least 180 get a user, the others are refused for the reason of the table', () => {
    const rules = createRuleOrg();
    const contacts = segment(rules);
    expect(contacts.length).to.be.within(190, 210);
    const outcomes = insertAll(rules, contacts);
    expect([...outcomes.values()].filter((code) => code === 'ok').length).to.be.at.least(180);
    const expected: Readonly<Record<string, string>> = {
      OWNER_WITHOUT_ROLE: 'UNKNOWN_EXCEPTION',
      NO_EMAIL: 'REQUIRED_FIELD_MISSING',
      INVALID_EMAIL: 'INVALID_EMAIL_ADDRESS',
      USERNAME_TAKEN: 'DUPLICATE_USERNAME',
      ALREADY_HAS_USER: 'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT',
      OTHER_PROFILE: 'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT',
      HAS_INACTIVE_USER: 'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT',
    };
    for (const { code, contactId, inMainSegment } of rules.world.awkwardCases) {
      if (inMainSegment && code !== 'DUPLICATE_USERNAME_IN_PLAN')
        expect(outcomes.get(contactId), code).to.equal(expected[code] ?? 'ok');
    }
    const twins = rules.world.awkwardCases
      .filter(({ code }) => code === 'DUPLICATE_USERNAME_IN_PLAN')
      .map(({ contactId }) => outcomes.get(contactId));
    expect(twins).to.have.members(['ok', 'DUPLICATE_USERNAME']);
    const awkward = new Set(rules.world.awkwardCases.map(({ contactId }) => contactId));
    expect([...outcomes].filter(([id, code]) => code !== 'ok' && !awkward.has(id))).to.deep.equal([]);
  });

  it('grows on demand', () => {
    expect(segment(createRuleOrg({ customerContacts: 1000 })).length).to.be.above(1000);
  });

  it('a contact without account and person accounts exist when asked for', () => {
    const rules = createRuleOrg({ personAccounts: true });
    const codes = new Set(rules.world.awkwardCases.map(({ code }) => code));
    expect(codes).to.include.members([
      'NO_ACCOUNT',
      'PERSON_ACCOUNT_PARTNER',
      'ROLE_NOT_ALLOWED',
      'NICKNAME_TAKEN',
      'FEDERATION_ID_TAKEN',
    ]);
  });

  it('is that of the switches of the org, also when another org with other switches was there before', async () => {
    const contactsOf = async (switches: SwitchChanges): Promise<string[]> => {
      const org = await SimulatedOrg.start({ world: { customerContacts: 4 }, switches });
      const names = org.store.find('Contact').map((contact) => String(contact['Name']));
      expect(org.world?.awkwardCases.every(({ contactName }) => names.includes(contactName))).to.equal(true);
      // What is done to one org is not done to the next.
      for (const { Id } of org.store.find('Contact')) org.store.remove('Contact', Id);
      await org.stop();
      return names;
    };
    const plain = await contactsOf({});
    const withPersons = await contactsOf({ personAccounts: true });
    expect(withPersons.length).to.be.above(plain.length);
    expect(await contactsOf({ queryPageSize: 2 })).to.deep.equal(plain);
    expect(await contactsOf({ personAccounts: true, queryPageSize: 2 })).to.deep.equal(withPersons);
  });
});
