/** Tests the small readers: what they ask for, and what they do where an org has less than others. */
import { expect } from 'chai';
import { describeFields } from '../../../../lib/org/facts/describe.js';
import {
  countActiveUsers,
  hasPartnerAccounts,
  readLicenses,
  readLimits,
  readOrganization,
  readOwnDefaults,
  readPermissions,
  readProfiles,
} from '../../../../lib/org/facts/records.js';
import { failure, StubServer, type Reply, type Seen } from '../stubServer.ts';

const page = (...records: object[]): Reply => ({ body: { totalSize: records.length, done: true, records } });
const field = (name: string, more: object = {}) => ({
  name,
  label: name,
  type: 'boolean',
  length: 0,
  createable: false,
  nillable: true,
  defaultedOnCreate: false,
  unique: false,
  externalId: false,
  restrictedPicklist: false,
  picklistValues: [],
  referenceTo: [],
  relationshipName: null,
  ...more,
});

describe('records', () => {
  let server: StubServer;
  const start = async (handle: (seen: Seen, count: number) => Reply): Promise<void> => {
    server = await StubServer.start(handle);
  };
  afterEach(() => server.stop());

  it('describes an object, fields by lower-case name', async () => {
    const picklist = field('TimeZoneSidKey', {
      restrictedPicklist: true,
      picklistValues: [{ active: true, label: 'Paris', value: 'Europe/Paris', defaultValue: false, validFor: null }],
    });
    const reference = field('ContactId', { referenceTo: ['Contact'], relationshipName: 'Contact', type: 'reference' });
    await start(() => ({ body: { name: 'User', fields: [picklist, reference], urls: {} } }));
    const fields = await describeFields(await server.client(), 'User');
    expect(server.seen[0]?.path).to.match(/\/sobjects\/User\/describe$/u);
    expect(fields.get('timezonesidkey')?.picklistValues).to.deep.equal([{ value: 'Europe/Paris', label: 'Paris' }]);
    const { nillable: _nillable, defaultedOnCreate: _defaulted, ...read } = reference;
    expect(fields.get('contactid')).to.deep.equal({ ...read, isRequired: false, caseSensitive: false });
  });

  it('tells the fields that a new record needs: those that are not empty by themselves and that Salesforce does not fill', async () => {
    const createable = { createable: true, nillable: false, defaultedOnCreate: false };
    await start(() => ({
      body: {
        fields: [
          field('Needed__c', createable),
          field('Empty__c', { ...createable, nillable: true }),
          field('Filled__c', { ...createable, defaultedOnCreate: true }),
          field('Locked__c', { ...createable, createable: false }),
        ],
      },
    }));
    const fields = await describeFields(await server.client(), 'User');
    expect([...fields.values()].filter(({ isRequired }) => isRequired).map(({ name }) => name)).to.deep.equal([
      'Needed__c',
    ]);
  });

  it('asks only for permissions that the org knows, by two calls', async () => {
    await start((seen) =>
      seen.path.endsWith('/describe')
        ? {
            body: {
              name: 'UserPermissionAccess',
              fields: [field('PermissionsManageUsers'), field('PermissionsApiEnabled')],
            },
          }
        : page({ PermissionsManageUsers: true, PermissionsApiEnabled: false }),
    );
    const granted = await readPermissions(await server.client(), ['ManageUsers', 'ApiEnabled', 'ManagePartners']);
    expect([...granted]).to.deep.equal(['ManageUsers']);
    expect(server.seen.map((seen) => seen.query.get('q'))).to.deep.equal([
      null,
      'SELECT PermissionsManageUsers,PermissionsApiEnabled FROM UserPermissionAccess',
    ]);
  });

  it('reads the organization', async () => {
    const record = {
      IsSandbox: true,
      IsReadOnly: false,
      TimeZoneSidKey: 'Europe/Paris',
      DefaultLocaleSidKey: 'fr_FR',
      LanguageLocaleKey: 'fr',
    };
    await start((_, count) => (count === 1 ? page(record) : page()));
    const client = await server.client();
    expect(await readOrganization(client)).to.deep.equal({
      isSandbox: true,
      isReadOnly: false,
      userDefaults: { TimeZoneSidKey: 'Europe/Paris', LocaleSidKey: 'fr_FR', LanguageLocaleKey: 'fr' },
    });
    expect(await failure(readOrganization(client))).to.include({ kind: 'malformed' });
  });

  it('reads what new users take over from the running user', async () => {
    await start(() => page({ EmailEncodingKey: 'UTF-8', CurrencyIsoCode: 'EUR' }));
    const client = await server.client();
    const oneCurrency = { EmailEncodingKey: 'UTF-8' };
    expect(await readOwnDefaults(client, false)).to.deep.equal(oneCurrency);
    expect(server.seen[0]?.query.get('q')).to.match(/FROM User WHERE Id = '005000000000001AAA'$/u);
    expect(await readOwnDefaults(client, true)).to.deep.equal({ ...oneCurrency, CurrencyIsoCode: 'EUR' });
    server.handle = () => page();
    expect(await failure(readOwnDefaults(client, false))).to.include({ kind: 'malformed' });
  });

  it('reads profiles', async () => {
    await start(() =>
      page({
        Id: '00e000000000001',
        Name: 'P',
        UserType: null,
        UserLicenseId: '100000000000000',
        UserLicense: { Name: 'Customer Community' },
      }),
    );
    expect(await readProfiles(await server.client())).to.deep.equal([
      {
        id: '00e000000000001',
        name: 'P',
        userType: null,
        userLicenseId: '100000000000000',
        userLicenseName: 'Customer Community',
      },
    ]);
  });

  const license = { Id: '100000000000000', Name: 'L', Status: 'Active', TotalLicenses: -1, UsedLicenses: 7 };
  const read = { id: '100000000000000', name: 'L', status: 'Active', total: -1, used: 7, counted: undefined };

  it('reads licenses with their monthly logins', async () => {
    await start(() =>
      page(
        { ...license, MonthlyLoginsUsed: 3, MonthlyLoginsEntitlement: null },
        { ...license, MonthlyLoginsUsed: null, MonthlyLoginsEntitlement: 20 },
      ),
    );
    expect(await readLicenses(await server.client())).to.deep.equal([
      { ...read, monthlyLogins: undefined },
      { ...read, monthlyLogins: { used: 0, entitlement: 20 } },
    ]);
  });

  it('reads licenses where an org knows no monthly logins', async () => {
    await start((seen) =>
      (seen.query.get('q') ?? '').includes('Monthly')
        ? { status: 400, body: [{ errorCode: 'INVALID_FIELD', message: 'No such column' }] }
        : page(license),
    );
    expect(await readLicenses(await server.client())).to.deep.equal([{ ...read, monthlyLogins: undefined }]);
  });

  it('counts the active users of a license', async () => {
    await start(() => ({ body: { totalSize: 42, done: true, records: [] } }));
    expect(await countActiveUsers(await server.client(), '100000000000000')).to.equal(42);
    expect(server.seen[0]?.query.get('q')).to.equal(
      "SELECT COUNT() FROM User WHERE IsActive = true AND Profile.UserLicenseId = '100000000000000'",
    );
  });

  it('reads limits, with what connected apps add, and does without', async () => {
    await start((_, count) => {
      if (count === 1)
        return { body: { DailyApiRequests: { Max: 15_000, Remaining: 14_988, Workbench: { Max: 0, Remaining: 0 } } } };
      return { status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }] };
    });
    const client = await server.client();
    const none = { dailyApiRequests: undefined, dailyBulkApiBatches: undefined };
    expect(await readLimits(client)).to.deep.equal({ ...none, dailyApiRequests: { max: 15_000, remaining: 14_988 } });
    expect(await readLimits(client)).to.deep.equal(none);
  });

  it('knows whether there are partner accounts; not where the field is hidden', async () => {
    await start(() => ({ status: 400, body: [{ errorCode: 'INVALID_FIELD', message: 'IsPartner' }] }));
    const client = await server.client();
    expect(await hasPartnerAccounts(client)).to.equal(false);
    server.handle = () => page();
    expect(await hasPartnerAccounts(client)).to.equal(false);
    server.handle = () => page({ Id: '001000000000000' });
    expect(await hasPartnerAccounts(client)).to.equal(true);
  });
});
