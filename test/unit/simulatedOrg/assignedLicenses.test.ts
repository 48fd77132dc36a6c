/** Licenses behind permission sets and of managed packages (docs/salesforce-facts.md#licenses-of-permission-sets-and-packages). */
import { expect } from 'chai';
import type { FieldValue } from '../../simulated-org/contracts.ts';
import { SimulatedOrg } from '../../simulated-org/world/simulatedOrg.ts';
import { ask, call, query } from './orgClient.ts';
import { createRuleOrg } from './ruleOrg.ts';
import type { RuleOrg } from './ruleOrg.ts';
import { makeUser } from './userRow.ts';

type Holder = { readonly rules: RuleOrg; readonly userId: string };

const analytics = (rules: RuleOrg): FieldValue => rules.world.permissionSets.get('Portal_Analytics') ?? null;
const licenseOf = ({ org }: RuleOrg): string => org.store.find('PermissionSetLicense')[0]?.Id ?? '';
const packageOf = ({ org }: RuleOrg): string => org.store.find('PackageLicense')[0]?.Id ?? '';
const usedOf = ({ org }: RuleOrg, object: string): unknown => org.store.find(object)[0]?.['UsedLicenses'];
const assigns = ({ rules, userId }: Holder): number =>
  rules.org.store.find('PermissionSetLicenseAssign', { AssigneeId: userId }).length;

/** A user with the permission set, and so with its license; and with the license of the package. */
function holder(rules = createRuleOrg()): Holder & { setAssign: string; packageAssign: string } {
  const { userId } = makeUser(rules);
  const set = rules.one('PermissionSetAssignment', 'insert', {
    AssigneeId: userId,
    PermissionSetId: analytics(rules),
  });
  const licensed = { UserId: userId, PackageLicenseId: packageOf(rules) };
  const inPackage = rules.one('UserPackageLicense', 'insert', licensed);
  expect([set.success, inPackage.success]).to.deep.equal([true, true]);
  return { rules, userId, setAssign: set.id, packageAssign: inPackage.id };
}

const codeOf = (result: unknown): unknown => (result as { error?: { code: string } }).error?.code;

describe('simulated org: licenses given one by one', () => {
  it('a permission set brings its license, and the figures follow', () => {
    const { rules, userId } = holder();
    expect(assigns({ rules, userId })).to.equal(1);
    expect([usedOf(rules, 'PermissionSetLicense'), usedOf(rules, 'PackageLicense')]).to.deep.equal([1, 1]);
    const lagging = createRuleOrg();
    lagging.org.switches.users.usedLicensesLag = true;
    expect(usedOf(holder(lagging).rules, 'PermissionSetLicense')).to.equal(0);
  });

  it('where Salesforce gives no license by itself, a permission set without it is refused', () => {
    const rules = createRuleOrg();
    rules.org.switches.licenses.missingPermissionSetLicense = 'refused';
    const { userId } = makeUser(rules);
    const assign = { AssigneeId: userId, PermissionSetId: analytics(rules) };
    expect(rules.one('PermissionSetAssignment', 'insert', assign)).to.have.nested.property(
      'error.message',
      'Can\'t assign permission set "Portal Analytics" to user "Test Person". The user license doesn\'t allow the permission: Read Accounts',
    );
    const given = { AssigneeId: userId, PermissionSetLicenseId: licenseOf(rules) };
    expect(rules.one('PermissionSetLicenseAssign', 'insert', given).success).to.equal(true);
    expect(rules.one('PermissionSetAssignment', 'insert', assign).success).to.equal(true);
  });

  it('no license is given beyond the total, nor twice', () => {
    const { rules, userId } = holder();
    rules.org.store.update('PermissionSetLicense', licenseOf(rules), { TotalLicenses: 1 });
    rules.org.store.update('PackageLicense', packageOf(rules), { AllowedLicenses: 1 });
    const twice = { AssigneeId: userId, PermissionSetLicenseId: licenseOf(rules) };
    expect(codeOf(rules.one('PermissionSetLicenseAssign', 'insert', twice))).to.equal('DUPLICATE_VALUE');
    const second = makeUser(rules, 'Acme Customer Plus').userId;
    const rows = [
      rules.one('PermissionSetAssignment', 'insert', { AssigneeId: second, PermissionSetId: analytics(rules) }),
      rules.one('PermissionSetLicenseAssign', 'insert', { ...twice, AssigneeId: second }),
      rules.one('UserPackageLicense', 'insert', { UserId: second, PackageLicenseId: packageOf(rules) }),
    ];
    expect(rows.map((row) => (row.success ? '' : row.error.message))).to.deep.equal([
      'License Limit Exceeded - Portal Analytics',
      'License Limit Exceeded - Portal Analytics',
      'License Limit Exceeded - acmedocs',
    ]);
    expect(rows.map(codeOf)).to.deep.equal(Array<string>(3).fill('LICENSE_LIMIT_EXCEEDED'));
    expect(rules.org.store.find('PermissionSetAssignment', { AssigneeId: second })).to.have.length(0);
    rules.org.store.update('PackageLicense', packageOf(rules), { AllowedLicenses: -1 });
    const unlimited = { UserId: second, PackageLicenseId: packageOf(rules) };
    expect(rules.one('UserPackageLicense', 'insert', unlimited).success).to.equal(true);
    rules.org.store.update('PermissionSetLicense', licenseOf(rules), { TotalLicenses: -1, Status: 'Disabled' });
    expect(codeOf(rules.one('PermissionSetLicenseAssign', 'insert', { ...twice, AssigneeId: second }))).to.equal(
      'LICENSE_LIMIT_EXCEEDED',
    );
  });

  it('a deactivated user keeps what it holds; some permission set licenses are freed', () => {
    const { rules, userId } = holder();
    rules.one('User', 'update', { Id: userId, IsActive: false });
    expect([usedOf(rules, 'PermissionSetLicense'), usedOf(rules, 'PackageLicense')]).to.deep.equal([1, 1]);
    rules.org.switches.licenses.freedByDeactivation.add(licenseOf(rules));
    rules.one('User', 'update', { Id: userId, IsActive: true });
    rules.one('User', 'update', { Id: userId, IsActive: false });
    expect([usedOf(rules, 'PermissionSetLicense'), usedOf(rules, 'PackageLicense')]).to.deep.equal([0, 1]);
    expect(assigns({ rules, userId })).to.equal(1);
  });

  it('with the permission set its license goes, unless another one needs it', () => {
    const { rules, userId, setAssign } = holder();
    const group = rules.world.permissionSets.get('Portal_Bundle') ?? null;
    rules.org.store.insert('PermissionSetGroupComponent', {
      PermissionSetGroupId: group,
      PermissionSetId: analytics(rules),
    });
    const own = { Name: 'X00eGroup', Label: 'Portal Bundle', Type: 'Group', PermissionSetGroupId: group };
    const setOfGroup = rules.org.store.insert('PermissionSet', own);
    const inGroup = rules.one('PermissionSetAssignment', 'insert', { AssigneeId: userId, PermissionSetGroupId: group });
    expect(rules.org.store.get('PermissionSetAssignment', inGroup.id)).to.include({
      PermissionSetGroupId: group,
      PermissionSetId: setOfGroup,
    });
    rules.one('PermissionSetAssignment', 'delete', { Id: setAssign });
    expect(assigns({ rules, userId })).to.equal(1);
    rules.one('PermissionSetAssignment', 'delete', { Id: inGroup.id });
    expect([assigns({ rules, userId }), usedOf(rules, 'PermissionSetLicense')]).to.deep.equal([0, 0]);
  });

  for (const [atOnce, left] of [
    [49, 0],
    [50, 50],
  ] as const) {
    it(`${atOnce} permission sets unassigned at once leave ${left} licenses`, () => {
      const rules = createRuleOrg();
      rules.org.store.update('PermissionSetLicense', licenseOf(rules), { TotalLicenses: -1 });
      const users = rules.org.store.find('User').filter(({ ContactId }) => ContactId !== null);
      expect(users.length).to.be.at.least(atOnce);
      const rows = users.slice(0, atOnce).map(({ Id }) => ({ AssigneeId: Id, PermissionSetId: analytics(rules) }));
      const made = rules.dml('PermissionSetAssignment', 'insert', rows).map(({ id }) => ({ Id: id }));
      rules.dml('PermissionSetAssignment', 'delete', made);
      expect(rules.org.store.find('PermissionSetAssignment', { PermissionSetId: analytics(rules) })).to.have.length(0);
      expect(usedOf(rules, 'PermissionSetLicense')).to.equal(left);
    });
  }

  it('a license stays as long as a permission set needs it', () => {
    const { rules, userId, setAssign } = holder();
    const assign = rules.org.store.find('PermissionSetLicenseAssign', { AssigneeId: userId })[0]?.Id ?? '';
    expect(codeOf(rules.one('PermissionSetLicenseAssign', 'delete', { Id: assign }))).to.equal(
      'FIELD_INTEGRITY_EXCEPTION',
    );
    rules.org.switches.licenses.assignmentsAtOnceThatKeepLicenses = 1;
    rules.one('PermissionSetAssignment', 'delete', { Id: setAssign });
    expect(assigns({ rules, userId })).to.equal(1);
    expect(rules.one('PermissionSetLicenseAssign', 'delete', { Id: assign }).success).to.equal(true);
    expect(usedOf(rules, 'PermissionSetLicense')).to.equal(0);
  });

  it('what is gone is said as the org says it; what never was an Id, as always', () => {
    const { rules, packageAssign } = holder();
    const take = (Id: string): unknown => rules.one('UserPackageLicense', 'delete', { Id });
    expect(take(packageAssign)).to.have.property('success', true);
    expect(take(packageAssign)).to.deep.include({
      error: { code: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] },
    });
    rules.org.switches.licenses.goneAssignment = 'INVALID_CROSS_REFERENCE_KEY';
    expect(take(packageAssign)).to.deep.include({
      error: { code: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] },
    });
    expect(codeOf(take('003'))).to.equal('MALFORMED_ID');
  });

  it('the hidden permission set of a profile stays', () => {
    const { rules, userId } = holder();
    const PermissionSetId = rules.org.store.find('PermissionSet', { IsOwnedByProfile: true })[0]?.Id ?? '';
    const Id = rules.org.store.insert('PermissionSetAssignment', { AssigneeId: userId, PermissionSetId });
    expect(codeOf(rules.one('PermissionSetAssignment', 'delete', { Id }))).to.equal('FIELD_INTEGRITY_EXCEPTION');
  });

  it('inactive users are given permission sets and licenses, or none', () => {
    const { rules, userId, setAssign, packageAssign } = holder();
    rules.one('User', 'update', { Id: userId, IsActive: false });
    rules.one('PermissionSetAssignment', 'delete', { Id: setAssign });
    rules.one('UserPackageLicense', 'delete', { Id: packageAssign });
    const give = (): unknown[] => [
      rules.one('PermissionSetAssignment', 'insert', { AssigneeId: userId, PermissionSetId: analytics(rules) }),
      rules.one('UserPackageLicense', 'insert', { UserId: userId, PackageLicenseId: packageOf(rules) }),
    ];
    rules.org.switches.licenses.inactiveUsersAreAssigned = false;
    expect(give().map(codeOf)).to.deep.equal(['INACTIVE_OWNER_OR_USER', 'INACTIVE_OWNER_OR_USER']);
    rules.org.switches.licenses.inactiveUsersAreAssigned = true;
    expect(give().map(codeOf)).to.deep.equal([undefined, undefined]);
  });

  it('an assignment ends in the future', () => {
    const { rules, userId } = holder();
    const give = (ExpirationDate: string): unknown =>
      rules.one('PermissionSetAssignment', 'insert', {
        AssigneeId: userId,
        PermissionSetId: rules.world.permissionSets.get('Portal_Orders') ?? null,
        ExpirationDate,
      });
    expect(codeOf(give('2026-01-01T00:00:00.000Z'))).to.equal('FIELD_INTEGRITY_EXCEPTION');
    rules.org.switches.licenses.refusesPastExpirationDate = false;
    expect(codeOf(give('2026-01-01T00:00:00.000Z'))).to.equal(undefined);
    expect(codeOf(give('2027-01-01T00:00:00.000Z'))).to.equal('DUPLICATE_VALUE');
  });

  it('are for users with Manage Users, or Assign Permission Sets; and Manage Package Licenses', () => {
    const rules = createRuleOrg({ runningUser: 'portalManager' });
    const give = (): unknown[] => [
      rules.one('PermissionSetLicenseAssign', 'insert', {
        AssigneeId: rules.org.runningUserId,
        PermissionSetLicenseId: licenseOf(rules),
      }),
      rules.one('UserPackageLicense', 'insert', {
        UserId: rules.org.runningUserId,
        PackageLicenseId: packageOf(rules),
      }),
    ];
    const refused = 'INSUFFICIENT_ACCESS_OR_READONLY';
    expect(give().map(codeOf)).to.deep.equal([refused, refused]);
    rules.org.switches.licenses.manageUsersForPermissionSetLicenses = false;
    expect(give().map(codeOf)).to.deep.equal([undefined, refused]);
  });

  for (const [object, taken] of [
    ['PermissionSetLicenseAssign', 'permissionSetLicenseAssign'],
    ['UserPackageLicense', 'userPackageLicense'],
  ] as const) {
    it(`Bulk takes a job that deletes ${object}, or does not`, async () => {
      const { rules, userId, setAssign, packageAssign } = holder();
      rules.org.switches.licenses.assignmentsAtOnceThatKeepLicenses = 1;
      rules.one('PermissionSetAssignment', 'delete', { Id: setAssign });
      const [assign] = rules.org.store.find('PermissionSetLicenseAssign', { AssigneeId: userId });
      const id = object === 'UserPackageLicense' ? packageAssign : (assign?.Id ?? '');
      const job = { object, operation: 'delete', lineEnding: 'LF' };
      const made = await rules.call('POST', '/jobs/ingest', job);
      const path = `/jobs/ingest/${String((made.body as Record<string, unknown>)['id'])}`;
      await rules.call('PUT', `${path}/batches`, `Id\n${id}\n`);
      await rules.call('PATCH', path, { state: 'UploadComplete' });
      expect((await rules.call('GET', path)).body).to.include({ state: 'JobComplete', numberRecordsFailed: 0 });
      expect(rules.org.store.get(object, id)).to.equal(undefined);
      rules.org.switches.bulk[taken] = false;
      expect((await rules.call('POST', '/jobs/ingest', job)).body).to.deep.equal([
        { errorCode: 'INVALIDENTITY', message: `Entity '${object}' is not supported by the Bulk API.` },
      ]);
    });
  }
});

describe('simulated org: licenses given one by one, over HTTP', () => {
  const root = '/services/data/v67.0';
  let org: SimulatedOrg;
  before(async () => {
    org = await SimulatedOrg.start({ world: { customerContacts: 4 } });
  });
  after(() => org.stop());

  it('collections give and take, each row for itself', async () => {
    const [user] = org.store.find('User', { UserType: 'CspLitePortal', IsActive: true });
    const [license] = org.store.find('PackageLicense');
    const record = { UserId: user?.Id, PackageLicenseId: license?.Id };
    const records = [{ attributes: { type: 'UserPackageLicense' }, ...record }];
    const made = await call(org, 'POST', `${root}/composite/sobjects`, { body: { allOrNone: false, records } });
    const [{ id } = { id: '' }] = made.body as Array<{ id: string }>;
    expect(id).to.match(/^051/);
    const path = `${root}/composite/sobjects?ids=${id},${id}&allOrNone=false`;
    expect((await call(org, 'DELETE', path)).body).to.deep.equal([
      { id, success: true, errors: [] },
      { success: false, errors: [{ statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }] },
    ]);
    const again = await call(org, 'DELETE', `${root}/sobjects/UserPackageLicense/${id}`);
    expect([again.status, again.body]).to.deep.equal([
      404,
      [{ message: 'entity is deleted', errorCode: 'ENTITY_IS_DELETED', fields: [] }],
    ]);
  });

  it('a query leads to the names of the licenses; a user without access is told that there are none', async () => {
    const [user] = org.store.find('User', { UserType: 'CspLitePortal', IsActive: true });
    const PermissionSetLicenseId = org.store.find('PermissionSetLicense')[0]?.Id ?? '';
    org.store.insert('PermissionSetLicenseAssign', { AssigneeId: user?.Id ?? '', PermissionSetLicenseId });
    const soql = `SELECT PermissionSetLicense.MasterLabel FROM PermissionSetLicenseAssign WHERE AssigneeId = '${user?.Id}'`;
    const { records } = await query(org, soql);
    expect(records.map((row) => row['PermissionSetLicense'])).to.have.nested.property(
      '0.MasterLabel',
      'Portal Analytics',
    );
    const token = org.session.login(org.world?.internalUsers.get('carl.care') ?? '');
    for (const object of ['PermissionSetLicenseAssign', 'PermissionSetAssignment'])
      expect((await ask(org, `SELECT Id FROM ${object}`, { token })).body).to.have.nested.property(
        '0.errorCode',
        'INVALID_TYPE',
      );
  });
});
