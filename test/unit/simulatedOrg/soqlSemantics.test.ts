/** What SOQL means: each row a query and the contacts it must find. */
import { expect } from 'chai';
import { SimulatedOrg } from '../../simulated-org/world/simulatedOrg.ts';
import { ask, query } from './orgClient.ts';

describe('simulated org: SOQL', () => {
  let org: SimulatedOrg;
  const ids = new Map<string, string>();

  before(async () => {
    org = await SimulatedOrg.start({ world: 'none' });
    org.clock.freeze(new Date('2026-11-22T15:00:00Z'));
    const owner = org.runningUserId;
    const acme = org.store.insert('Account', {
      Name: 'Acme',
      Type: 'Customer',
      OwnerId: owner,
      AnnualRevenue: 10,
      IsPartner: true,
    });
    const other = org.store.insert('Account', { Name: 'Öl & Gas', OwnerId: owner });
    const add = (name: string, values: Parameters<typeof org.store.insert>[1]): void => {
      ids.set(name, org.store.insert('Contact', { LastName: name, OwnerId: owner, ...values }));
    };
    add('ann', {
      AccountId: acme,
      Email: 'Ann@Example.com',
      Portal_Access__c: true,
      Birthdate: '2026-11-20',
      CreatedDate: '2026-11-22T09:00:00.000Z',
    });
    add('bob', { AccountId: acme, FirstName: "O'Neil", Title: '100% sure', CreatedDate: '2026-11-21T07:59:59.000Z' });
    add('cid', { AccountId: other, Title: 'a_b', Birthdate: '2025-01-01', CreatedDate: '2026-10-01T12:00:00.000Z' });
    add('dee', {
      Email: 'dee@example.com',
      FirstName: 'ÉMILE',
      Title: 'back\\slash',
      CreatedDate: '2025-11-22T12:00:00.000Z',
    });
    const profileId = org.store.get('User', owner)?.['ProfileId'] ?? null;
    org.store.insert('User', {
      Username: 'ann@portal.example',
      LastName: 'Ann',
      ContactId: ids.get('ann') ?? '',
      AccountId: acme,
      ProfileId: profileId,
      IsActive: true,
    });
  });

  after(async () => {
    await org.stop();
  });

  const cases: ReadonlyArray<readonly [where: string, found: string]> = [
    ["Email = 'ANN@example.com'", 'ann'],
    ["Email != 'ann@example.com'", 'bob cid dee'],
    ["Email <> 'ann@example.com'", 'bob cid dee'],
    ["NOT Email = 'ann@example.com'", 'bob cid dee'],
    ['Email = null', 'bob cid'],
    ["Email = ''", 'bob cid'],
    ['Email != null', 'ann dee'],
    ["Email IN ('ann@example.com', 'nobody@example.com')", 'ann'],
    ["Email NOT IN ('ann@example.com')", 'bob cid dee'],
    ["Email IN ('ann@example.com', null)", 'ann bob cid'],
    ["Email LIKE '%EXAMPLE.com'", 'ann dee'],
    ["(NOT Email LIKE 'ann%')", 'bob cid dee'],
    ["Title LIKE '%\\%%'", 'bob'],
    ["Title LIKE 'a\\_b'", 'cid'],
    ["Title LIKE '___'", 'cid'],
    ["Title = 'back\\\\slash'", 'dee'],
    ["Title LIKE 'back\\\\%'", 'dee'],
    ["FirstName = 'O\\'NEIL'", 'bob'],
    ["FirstName = 'émile'", 'dee'],
    ["FirstName IN ('émile', 'o\\'neil')", 'bob dee'],
    ["FirstName LIKE 'Émi%'", 'dee'],
    ["Name = 'o\\'neil bob'", 'bob'],
    ["Account.Name = 'öl & gas'", 'cid'],
    ["Account.Type != 'Customer'", 'cid dee'],
    ['Account.Name = null', 'dee'],
    ['Account.IsPartner = true', 'ann bob'],
    ['Account.IsPartner = false', 'cid dee'],
    ['Account.IsPartner != true', 'cid dee'],
    ["Account.Owner.Username = 'admin@sim.example' AND Portal_Access__c = FALSE", 'bob cid'],
    ['Portal_Access__c = true OR Birthdate < 2026-01-01', 'ann cid'],
    ["(Portal_Access__c = true OR Title = 'a_b') AND (NOT (LastName = 'cid'))", 'ann'],
    ['NOT (Portal_Access__c = true OR Email = null)', 'dee'],
    ['Birthdate = 2026-11-20', 'ann'],
    ['Birthdate = LAST_N_DAYS:3', 'ann'],
    ['Birthdate = LAST_YEAR', 'cid'],
    ['Birthdate != LAST_YEAR', 'ann bob dee'],
    // The administrator lives in Los Angeles: 09:00Z is one o'clock there, 07:59:59Z is the day before yesterday.
    ['CreatedDate = TODAY', 'ann'],
    ['CreatedDate = YESTERDAY', ''],
    ['CreatedDate = N_DAYS_AGO:2', 'bob'],
    ['CreatedDate = THIS_MONTH', 'ann bob'],
    ['CreatedDate = LAST_MONTH', 'cid'],
    ['CreatedDate < THIS_YEAR', 'dee'],
    ['CreatedDate >= LAST_N_DAYS:2', 'ann bob'],
    ['CreatedDate > 2026-11-21T08:00:00Z', 'ann'],
    ['CreatedDate > 2026-11-21T08:00:00+01:00', 'ann bob'],
    ['Account.AnnualRevenue > 9.5', 'ann bob'],
    ['Id IN (SELECT ContactId FROM User WHERE IsActive = true)', 'ann'],
    ["Id NOT IN (SELECT ContactId FROM User) AND Account.Type = 'Customer'", 'bob'],
    ["AccountId IN (SELECT Id FROM Account WHERE Name = 'acme')", 'ann bob'],
  ];

  for (const [where, found] of cases) {
    it(`finds ${found === '' ? 'nobody' : found} where ${where}`, async () => {
      const answer = await query(org, `SELECT LastName FROM Contact WHERE ${where} ORDER BY LastName`);
      expect(answer.records.map((record) => record['LastName']).join(' ')).to.equal(found);
    });
  }

  it('takes Ids of 15 and of 18 characters', async () => {
    const id = ids.get('ann') ?? '';
    const answer = await query(org, `SELECT Id FROM Contact WHERE Id IN ('${id.slice(0, 15)}', '${id}')`);
    expect(answer.records.map((record) => record['Id'])).to.deep.equal([id]);
  });

  it('puts nulls first in both directions, unless told otherwise', async () => {
    const order = async (clause: string): Promise<string> => {
      const answer = await query(org, `SELECT LastName FROM Contact ORDER BY ${clause}, LastName`);
      return answer.records.map((record) => record['LastName']).join(' ');
    };
    expect(await order('Birthdate')).to.equal('bob dee cid ann');
    expect(await order('Birthdate DESC')).to.equal('bob dee ann cid');
    expect(await order('Birthdate DESC NULLS LAST')).to.equal('ann cid bob dee');
  });

  it('nests parents, and gives null for a missing one', async () => {
    const answer = await query(
      org,
      "SELECT Account.Name, Account.Owner.UserRole.Name, Account.Owner.Id FROM Contact WHERE LastName IN ('ann', 'dee') ORDER BY LastName",
    );
    const [ann, dee] = answer.records;
    const account = ann?.['Account'] as Record<string, unknown>;
    expect(Object.keys(account)).to.deep.equal(['attributes', 'Name', 'Owner']);
    expect(account['Name']).to.equal('Acme');
    expect((account['Owner'] as Record<string, unknown>)['Id']).to.equal(org.runningUserId);
    expect(dee?.['Account']).to.equal(null);
  });

  it('names what a reference to several objects leads to', async () => {
    const licenseId = org.store.find('UserLicense')[0]?.Id ?? '';
    org.store.insert('PermissionSet', { Name: 'Portal', Label: 'Portal', LicenseId: licenseId });
    const answer = await query(org, "SELECT License.Name FROM PermissionSet WHERE Name = 'Portal'");
    expect(answer.records[0]?.['License']).to.deep.include({ Name: 'Salesforce' });
    expect(answer.records[0]?.['License']).to.have.nested.property('attributes.type', 'UserLicense');
  });

  it('counts and groups', async () => {
    expect(await query(org, "SELECT COUNT() FROM Contact WHERE Account.Type = 'Customer'")).to.deep.equal({
      totalSize: 2,
      done: true,
      records: [],
    });
    const grouped = await query(
      org,
      'SELECT Account.Name, COUNT(Id), COUNT(Email) mails, MAX(CreatedDate) FROM Contact GROUP BY Account.Name ORDER BY COUNT(Id) DESC LIMIT 1',
    );
    expect(grouped.records).to.deep.equal([
      {
        attributes: { type: 'AggregateResult' },
        Name: 'Acme',
        expr0: 2,
        mails: 1,
        expr1: '2026-11-22T09:00:00.000+0000',
      },
    ]);
  });

  it('limits and skips', async () => {
    const answer = await query(org, 'SELECT LastName FROM Contact ORDER BY LastName LIMIT 2 OFFSET 1');
    expect(answer.records.map((record) => record['LastName'])).to.deep.equal(['bob', 'cid']);
  });

  it('keeps the order of the select list and the spelling of the describe, in any case and with an alias', async () => {
    const answer = await query(org, "SELECT c.lastname, C.id, c.account.NAME FROM contact c WHERE c.LASTNAME = 'ann'");
    expect(Object.keys(answer.records[0] ?? {})).to.deep.equal(['attributes', 'LastName', 'Id', 'Account']);
  });

  it('expands FIELDS()', async () => {
    const custom = await query(org, "SELECT FIELDS(CUSTOM) FROM Contact WHERE LastName = 'ann' LIMIT 200");
    expect(Object.keys(custom.records[0] ?? {})).to.deep.equal([
      'attributes',
      'External_Key__c',
      'Legacy_Id__c',
      'Member_Number__c',
      'Portal_Access__c',
      'Portal_Language__c',
      'Second_Email__c',
    ]);
    expect((await ask(org, 'SELECT FIELDS(ALL) FROM Contact')).status).to.equal(400);
  });

  it("gives the running user's rights as the one row of UserPermissionAccess", async () => {
    const licenseId = org.store.find('UserLicense')[0]?.Id ?? '';
    const plain = org.store.insert('Profile', {
      Name: 'Plain',
      UserLicenseId: licenseId,
      UserType: 'Standard',
      PermissionsApiEnabled: true,
    });
    const userId = org.store.insert('User', {
      Username: 'plain@sim.example',
      LastName: 'Plain',
      ProfileId: plain,
      IsActive: true,
    });
    const token = org.session.login(userId);
    const rights = 'SELECT PermissionsApiEnabled, PermissionsFreezeUsers FROM UserPermissionAccess';
    expect((await query(org, rights, { token })).records).to.have.length(1);
    expect((await query(org, rights, { token })).records[0]).to.include({
      PermissionsApiEnabled: true,
      PermissionsFreezeUsers: false,
    });
    const set = org.store.insert('PermissionSet', { Name: 'Freezer', Label: 'Freezer', PermissionsFreezeUsers: true });
    const group = org.store.insert('PermissionSetGroup', { DeveloperName: 'Group', MasterLabel: 'Group' });
    org.store.insert('PermissionSetGroupComponent', { PermissionSetGroupId: group, PermissionSetId: set });
    org.store.insert('PermissionSetAssignment', { AssigneeId: userId, PermissionSetGroupId: group });
    expect((await query(org, rights, { token })).records[0]).to.include({ PermissionsFreezeUsers: true });
  });
});
