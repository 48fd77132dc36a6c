/** The values that new users get: from org and running user, flags, and the row; their roles by account, type and level. */
import { expect } from 'chai';
import type { StoredRecord } from '../simulated-org/contracts.ts';
import { csvFile } from './changeLab.ts';
import { csvOf, expectDone, mainProfile, recordsOf, RunLab, type Run } from './runLab.ts';

describe('the values of a create run', () => {
  let lab: RunLab;
  afterEach(() => lab.stop());

  const file = (...rows: string[][]): string => csvFile(lab, rows);
  /** Contacts that are fit for a user, each of another account. */
  const people = (count: number): StoredRecord[] => {
    const accounts = new Set<unknown>();
    return lab
      .plainContacts()
      .filter(({ AccountId }) => !accounts.has(AccountId) && accounts.add(AccountId))
      .slice(0, count);
  };
  const ids = (contacts: readonly StoredRecord[]): string[] => contacts.map(({ Id }) => Id);
  const userOf = (contactId: string): StoredRecord | undefined => lab.usersOf(contactId)[0];
  const roleOf = (contactId: string): Record<string, unknown> | undefined => {
    const id = userOf(contactId)?.['UserRoleId'];
    return typeof id === 'string' ? lab.org.store.get('UserRole', id) : undefined;
  };
  /** Another contact of the same account. */
  const colleagueOf = (contact: StoredRecord): string =>
    lab.org.store.insert('Contact', {
      LastName: 'Colleague',
      AccountId: contact['AccountId'] ?? null,
      Email: `colleague.${contact.Id}@customers.example`.toLowerCase(),
      Portal_Access__c: true,
    });
  const createFor = (contactIds: readonly string[], changes: Parameters<RunLab['create']>[0] = {}): Promise<Run> =>
    lab.create({ where: `Id IN (${contactIds.map((id) => `'${id}'`).join(',')}) ORDER BY Id`, ...changes });

  it('come from the organization and the running user where nothing is said', async () => {
    lab = await RunLab.start();
    const [contact] = ids(people(1));
    const { store, orgId, runningUserId } = lab.org;
    store.update('Organization', orgId, {
      TimeZoneSidKey: 'Asia/Tokyo',
      DefaultLocaleSidKey: 'fr_CA',
      LanguageLocaleKey: 'ja',
    });
    store.update('User', runningUserId, { EmailEncodingKey: 'ISO-8859-1', LocaleSidKey: 'de_DE' });
    const run = await createFor([contact ?? '']);
    expectDone(lab, run);
    expect(userOf(contact ?? '')).to.include({
      TimeZoneSidKey: 'Asia/Tokyo',
      LocaleSidKey: 'fr_CA',
      LanguageLocaleKey: 'ja',
      EmailEncodingKey: 'ISO-8859-1',
      CommunityNickname: `user-${(contact ?? '').toLowerCase()}`,
      IsActive: true,
    });
    expect(Object.keys(csvOf(run.folder, 'users')[0] ?? {})).not.to.include('CurrencyIsoCode');
  });

  it('hold the running user’s currency in an org of many', async () => {
    lab = await RunLab.start({ switches: { multiCurrency: true } });
    const [contact] = ids(people(1));
    lab.org.store.update('User', lab.org.runningUserId, { CurrencyIsoCode: 'EUR' });
    const run = await createFor([contact ?? '']);
    expectDone(lab, run);
    expect(run.result.counts.succeeded).to.equal(1);
    expect(userOf(contact ?? '')).to.include({ CurrencyIsoCode: 'EUR' });
  });

  it('fill custom fields by templates with relationships and filters, unless the row gives its own', async () => {
    lab = await RunLab.start();
    const [a, b] = people(2);
    lab.org.store.update('Account', String(a?.['AccountId']), { Name: 'Müller & Söhne', Tier__c: 'Gold' });
    const path = file(
      ['Id', 'Badge_Number__c', 'Profile', 'PermissionSets'],
      [a?.Id ?? '', '', '', ''],
      [b?.Id ?? '', 'B-7', 'Acme Customer Login', 'Portal_Orders;Portal_Documents'],
    );
    const set = [
      'Badge_Number__c={Account.Tier__c}-{FirstName|initial}',
      'Employee_Ref__c={External_Key__c}',
      'Department={{{Account.Name|slug}}}',
      'TimeZoneSidKey=Europe/Paris',
    ];
    const run = await lab.create({ file: path, set, permissionSets: ['Portal_Documents'] });
    expectDone(lab, run);
    expect(run.result.counts.succeeded).to.equal(2);
    const initial = String(a?.['FirstName']).charAt(0).toLowerCase();
    expect(userOf(a?.Id ?? '')).to.include({
      Badge_Number__c: `Gold-${initial}`,
      Employee_Ref__c: a?.['External_Key__c'],
      Department: '{muller-sohne}',
      TimeZoneSidKey: 'Europe/Paris',
      ProfileId: lab.org.world?.profiles.get(mainProfile),
    });
    expect(userOf(b?.Id ?? '')).to.include({
      Badge_Number__c: 'B-7',
      ProfileId: lab.org.world?.profiles.get('Acme Customer Login'),
    });
    expect(run.result.permissionSets).to.deep.include({ assigned: 3, failed: 0 });
  });

  it('leave a row active by its own cell although --inactive is given', async () => {
    lab = await RunLab.start();
    const [a, b] = ids(people(2));
    const path = file(['ContactId', 'IsActive'], [a ?? '', 'TRUE'], [b ?? '', '']);
    const run = await lab.create({ file: path, inactive: true });
    expectDone(lab, run);
    expect([a, b].map((id) => userOf(id ?? '')?.['IsActive'])).to.deep.equal([true, false]);
    expect(run.result.licenses.map(({ needed }) => needed)).to.deep.equal([1]);
    expect(run.result.newUsers).to.deep.equal({ active: 1, inactive: 1 });
  });

  it('keep four license families of one file apart: licenses, roles, emails', async () => {
    lab = await RunLab.start();
    const contacts = ids(people(4));
    const profiles = [mainProfile, 'Acme Customer Plus', 'Acme Partner', 'Acme Identity'];
    const rows = contacts.map((id, at) => [id, profiles[at] ?? '']);
    const run = await lab.create({ file: file(['ContactId', 'Profile'], ...rows), profile: undefined });
    expectDone(lab, run);
    expect(contacts.map((id) => userOf(id)?.['UserType'])).to.deep.equal([
      'CspLitePortal',
      'PowerCustomerSuccess',
      'PowerPartner',
      'CspLitePortal',
    ]);
    expect(contacts.map((id) => roleOf(id)?.['PortalType'])).to.deep.equal([
      undefined,
      'CustomerPortal',
      'Partner',
      undefined,
    ]);
    expect(run.result.licenses.map(({ name, needed }) => `${name} ${String(needed)}`)).to.have.members([
      'Customer Community 1',
      'Customer Community Plus 1',
      'Partner Community 1',
      'External Identity 1',
    ]);
    // Two profiles are members of the one live site.
    expect(run.result.welcomeEmails).to.deep.equal({
      possible: 2,
      done: 2,
      atLeast: false,
      sites: ['Acme Help Center'],
      senders: [
        { site: 'Acme Help Center', address: 'portal@acme.example', template: 'Communities: New Member Welcome Email' },
      ],
    });
    expect(lab.org.rules.outbox.mails).to.have.length(2);
  });

  describe('for role-based licenses', () => {
    const plus = { profile: 'Acme Customer Plus' };

    it('put each user on the level asked for, in new accounts and in those with roles, whatever their names', async () => {
      lab = await RunLab.start({ switches: { users: { customerRoles: 2 } } });
      const [a, b] = people(2);
      await createFor([a?.Id ?? ''], plus);
      for (const role of lab.org.store.find('UserRole', { PortalAccountId: a?.['AccountId'] ?? null }))
        lab.org.store.update('UserRole', role.Id, { Name: `Renamed ${role.Id}` });
      const second = colleagueOf(a ?? { Id: '' });
      const run = await createFor([second, b?.Id ?? ''], { ...plus, portalRole: 'Manager' });
      expectDone(lab, run);
      expect(run.result.counts.succeeded).to.equal(2);
      expect(roleOf(a?.Id ?? '')).to.include({ PortalRole: 'Worker' });
      for (const [id, account] of [
        [second, a],
        [b?.Id ?? '', b],
      ] as const) {
        expect(roleOf(id)).to.include({ PortalRole: 'Manager', PortalAccountId: account?.['AccountId'] });
      }
    });

    it('take the role of a row by its Id, and refuse a level that only the other portal type of the account has', async () => {
      lab = await RunLab.start({ switches: { users: { customerRoles: 1, partnerRoles: 3 } } });
      const [a] = people(1);
      const [first, second, third] = [a?.Id ?? '', colleagueOf(a ?? { Id: '' }), colleagueOf({ ...a, Id: 'third' })];
      await createFor([first], { profile: 'Acme Partner' });
      await createFor([second], plus);
      const executive = await createFor([third], { ...plus, portalRole: 'Executive', dryRun: true });
      expect(executive.result.refusedByReason).to.deep.equal({ ROLE_NOT_ALLOWED: 1 });
      expect(csvOf(executive.folder, 'refused')[0]?.['Detail']).to.match(/which has: Worker\./);
      const roles = lab.org.store.find('UserRole', {
        PortalAccountId: a?.['AccountId'] ?? null,
        PortalType: 'Partner',
        PortalRole: 'Manager',
      });
      const path = file(
        ['ContactId', 'Profile', 'UserRoleId'],
        [third, 'Acme Partner', roles[0]?.Id.slice(0, 15) ?? ''],
      );
      const run = await lab.create({ file: path, profile: undefined });
      expectDone(lab, run);
      expect(userOf(third)).to.include({ UserRoleId: roles[0]?.Id });
    });

    it('are right under Account Role Optimization, for one user of an account and for several', async () => {
      lab = await RunLab.start({ switches: { users: { accountRoleOptimization: true } } });
      const [a, b] = people(2);
      const [first, second] = [a?.Id ?? '', colleagueOf(a ?? { Id: '' })];
      const alone = await createFor([first, b?.Id ?? ''], plus);
      expectDone(lab, alone);
      expect(alone.result.counts.succeeded).to.equal(2);
      expect(roleOf(first)).to.include({ PortalRole: 'PersonAccount' });
      const run = await createFor([second], { ...plus, portalRole: 'Worker' });
      expectDone(lab, run);
      expect(run.result.counts.succeeded).to.equal(1);
      // Salesforce moves the first one too.
      for (const id of [first, second])
        expect(roleOf(id)).to.include({ PortalRole: 'Worker', PortalAccountId: a?.['AccountId'] });
      expect(recordsOf(run.folder)[0]?.['wave']).to.equal(0);
    });

    it('are right under Account Role Optimization when several users of an account come in one run', async () => {
      lab = await RunLab.start({ switches: { users: { accountRoleOptimization: true } } });
      const [a] = people(1);
      const contactIds = [a?.Id ?? '', colleagueOf(a ?? { Id: '' }), colleagueOf({ ...a, Id: 'third' })];
      const run = await createFor(contactIds, plus);
      expectDone(lab, run);
      expect(run.result.counts).to.include({ succeeded: 3, failed: 0 });
      for (const id of contactIds) expect(roleOf(id)).to.include({ PortalRole: 'Worker' });
      // The second user makes the roles: both go first.
      expect(recordsOf(run.folder).map(({ wave }) => wave)).to.deep.equal([0, 0, 1]);
    });

    it('need no role of an account whose shared role is its only one', async () => {
      lab = await RunLab.start();
      const [a] = people(1);
      // An org whose shared role names an account: unproven, and no reason to refuse a level.
      lab.org.store.insert('UserRole', {
        Name: 'Shared',
        PortalType: 'CustomerPortal',
        PortalRole: 'PersonAccount',
        PortalAccountId: a?.['AccountId'] ?? null,
      });
      const run = await createFor([a?.Id ?? ''], { ...plus, portalRole: 'Worker', dryRun: true });
      expect(run.result.counts).to.include({ planned: 1, refused: 0 });
    });

    it('are planned without a look at roles by who may not see them', async () => {
      lab = await RunLab.start({ switches: { hiddenObjects: ['UserRole'] } });
      const [a] = people(1);
      const run = await createFor([a?.Id ?? ''], { ...plus, portalRole: 'Executive', dryRun: true });
      expect(run.result.counts).to.include({ planned: 1, refused: 0 });
    });
  });

  it('make a customer of a person account', async () => {
    lab = await RunLab.start({ switches: { personAccounts: true } });
    const id = lab.org.world?.awkwardCases.find((it) => it.code === 'PERSON_ACCOUNT_PARTNER')?.contactId ?? '';
    const run = await createFor([id], { profile: 'Acme Customer Plus' });
    expectDone(lab, run);
    expect(userOf(id)).to.include({ AccountId: lab.org.store.get('Contact', id)?.['AccountId'] });
  });
});
