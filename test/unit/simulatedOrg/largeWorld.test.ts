/** The large world: as the rules would have left it, however many people it has. */
import { expect } from 'chai';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import { toId18 } from '../../simulated-org/ids.ts';
import type { LargeWorldOptions } from '../../simulated-org/world/largeOptions.ts';
import { mainProfile } from '../../simulated-org/world/mainSegment.ts';
import { createRuleOrg } from './ruleOrg.ts';
import type { RuleOrg } from './ruleOrg.ts';
import { userRow } from './userRow.ts';

const contacts = 2000;

function largeOrg(options: Partial<LargeWorldOptions> = {}): RuleOrg {
  return createRuleOrg({ large: { contacts, ...options } });
}

const all = (rules: RuleOrg, sobject: string): StoredRecord[] => rules.org.store.find(sobject);
const distinct = (records: readonly StoredRecord[], field: string): number =>
  new Set(records.map((record) => String(record[field]).toLowerCase())).size;
const portalUsers = (rules: RuleOrg): StoredRecord[] =>
  all(rules, 'User').filter(({ ContactId }) => ContactId !== null);

/** Contacts of the segment by account, the largest first. */
function accountSizes(rules: RuleOrg): number[] {
  const sizes = new Map<unknown, number>();
  for (const { AccountId } of rules.org.store.find('Contact', { Portal_Access__c: true }))
    sizes.set(AccountId, (sizes.get(AccountId) ?? 0) + 1);
  return [...sizes.values()].sort((left, right) => right - left);
}

describe('simulated org: the large world', () => {
  it('has as many people as asked for, with valid Ids and addresses of their own', () => {
    const rules = largeOrg();
    const people = all(rules, 'Contact');
    expect(people).to.have.length(2800);
    expect(all(rules, 'Account')).to.have.length(600);
    expect(portalUsers(rules)).to.have.length(800);
    for (const sobject of ['Account', 'Contact', 'User', 'UserLogin', 'NetworkMember'])
      for (const { Id } of all(rules, sobject)) expect(toId18(Id)).to.equal(Id);
    expect(distinct(people, 'Email')).to.equal(people.length);
    expect(distinct(people, 'External_Key__c')).to.equal(people.length);
    expect(distinct(all(rules, 'User'), 'Username')).to.equal(all(rules, 'User').length);
  });

  it('is in the state that the rules would have left behind', () => {
    const rules = largeOrg();
    const { store } = rules.org;
    const users = portalUsers(rules);
    expect(distinct(users, 'ContactId')).to.equal(users.length);
    const site = store.find('Network', { Name: 'Acme Help Center' })[0]?.Id;
    for (const user of users) {
      const contact = store.get('Contact', String(user['ContactId']));
      expect(contact).to.include({ AccountId: user['AccountId'], Portal_Access__c: false });
      const account = store.get('Account', String(user['AccountId']));
      expect(account).to.include({ OwnerId: contact?.['OwnerId'], IsCustomerPortal: true });
      expect(store.find('UserLogin', { UserId: user.Id })).to.have.length(1);
      const sites = store.find('NetworkMember', { MemberId: user.Id }).map(({ NetworkId }) => NetworkId);
      expect(sites).to.deep.equal(user['IsActive'] === true ? [site] : []);
    }
    for (const { Id, UsedLicenses } of all(rules, 'UserLicense')) {
      const profiles = new Set(store.find('Profile', { UserLicenseId: Id }).map((profile) => profile.Id));
      const active = store.find('User', { IsActive: true }).filter(({ ProfileId }) => profiles.has(String(ProfileId)));
      expect(UsedLicenses).to.equal(active.length);
    }
  });

  it('rows look like those that the rules write', () => {
    const rules = largeOrg({ userProfile: 'Acme Customer Plus' });
    const { row } = userRow(rules, 'Acme Customer Plus');
    const made = rules.one('User', 'insert', row);
    const inserted = rules.org.store.get('User', made.id);
    const seeded = portalUsers(rules)[0];
    const kinds = (record: StoredRecord | undefined): string[] =>
      Object.entries(record ?? {}).map(([name, value]) => `${name} ${value === null ? 'empty' : typeof value}`);
    expect(kinds(seeded).filter((kind) => !/^(Last|Email)/.test(kind))).to.deep.equal(
      kinds(inserted).filter((kind) => !/^(Last|Email)/.test(kind)),
    );
    const role = rules.org.store.get('UserRole', String(seeded?.['UserRoleId']));
    expect(role).to.include({
      PortalAccountId: seeded?.['AccountId'],
      PortalType: 'CustomerPortal',
      PortalRole: 'Worker',
    });
  });

  it('contacts of the segment can get a user, those with a user from before cannot', () => {
    const rules = largeOrg({ usersInSegment: 500 });
    const { row } = userRow(rules, mainProfile);
    const segment = rules.org.store.find('Contact', { Portal_Access__c: true });
    expect(segment).to.have.length(contacts);
    const results = rules.dml(
      'User',
      'insert',
      segment.map(({ Id, Email }) => ({
        ...row,
        ContactId: Id,
        Username: Email ?? null,
        Email: Email ?? null,
        CommunityNickname: Id,
      })),
    );
    const refused = results.flatMap((result) => (result.success ? [] : [result.error.code]));
    expect(refused).to.have.length(500);
    expect(new Set(refused)).to.deep.equal(new Set(['PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT']));
  });

  it('spreads contacts over accounts as asked for', () => {
    const uniform = accountSizes(largeOrg());
    expect([uniform[0], uniform.at(-1)]).to.deep.equal([4, 3]);
    const zipf = accountSizes(largeOrg({ accountSizes: 'zipf' }));
    expect(zipf[0]).to.be.within(200, 240);
    expect(zipf[1]).to.be.within(100, 140);
    const one = accountSizes(largeOrg({ accountSizes: { oneWith: 700 } }));
    expect(one.slice(0, 2)).to.deep.equal([700, 3]);
  });
});
