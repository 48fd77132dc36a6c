/** The preflight: each check at each of its outcomes. */
import { expect } from 'chai';
import type { License } from '../../../lib/model/orgFacts.js';
import { checkCreate, licensesOf, licensesLeft, type Preflight } from '../../../lib/preflight/checks.js';
import { customer, fieldRule, fieldRules, internal, partner, plus } from '../operations/planFacts.ts';

function license(changes: Partial<License> = {}): License {
  return {
    id: customer.userLicenseId,
    name: 'Customer Community',
    status: 'Active',
    total: 10,
    used: 4,
    counted: undefined,
    monthlyLogins: undefined,
    ...changes,
  };
}

function preflight(changes: Partial<Preflight> = {}): Preflight {
  return {
    username: 'ann@acme.example',
    permissions: new Set(['ManageUsers', 'ViewAllData']),
    isReadOnly: false,
    isSandbox: false,
    userFields: fieldRules(fieldRule('IsPortalEnabled')),
    profiles: [customer, plus, partner, internal],
    licenses: [license()],
    settings: {},
    siteMembers: [],
    dailyApiRequests: { max: 100, remaining: 50 },
    dailyBulkApiBatches: { max: 100, remaining: 50 },
    ...changes,
  };
}

/** `status key` of the outcomes of one check. */
function outcomes(
  name: string,
  changes: Partial<Preflight> = {},
  profiles = [customer],
  permissionSetIds: readonly string[] = [],
): string[] {
  return checkCreate(preflight(changes), profiles, permissionSetIds)
    .filter((outcome) => outcome.name === name)
    .map((outcome) => `${outcome.status} ${outcome.key}`);
}

describe('checkCreate', () => {
  const permissions: ReadonlyArray<readonly [granted: string[], customer: string, partner: string]> = [
    [['ManageUsers'], 'pass permission.manageUsers', 'pass permission.manageUsers'],
    [['ManagePartners'], 'pass permission.managePartners', 'pass permission.managePartners'],
    [['ManageCssUsers'], 'warn permission.customerOnly', 'fail permission.missing'],
    [['ManageMyExternalUsers'], 'warn permission.delegated', 'warn permission.delegated'],
    [['ManageCssUsers', 'ManageMyExternalUsers'], 'warn permission.customerOnly', 'warn permission.delegated'],
    [['ManageUsers', 'ManagePartners', 'ManageCssUsers'], 'pass permission.manageUsers', 'pass permission.manageUsers'],
    [['ManagePartners', 'ManageCssUsers'], 'pass permission.managePartners', 'pass permission.managePartners'],
    [['ApiEnabled', 'ViewAllData'], 'fail permission.missing', 'fail permission.missing'],
    [[], 'fail permission.missing', 'fail permission.missing'],
  ];
  for (const [granted, forCustomers, forPartners] of permissions) {
    it(`judges ${granted.join(' and ') || 'no permission'}`, () => {
      const given = { permissions: new Set(granted) };
      expect(outcomes('permission', given)).to.deep.equal([forCustomers]);
      expect(outcomes('permission', given, [partner])).to.deep.equal([forPartners]);
      expect(outcomes('permission', given, [customer, partner])).to.deep.equal([forPartners]);
      expect(outcomes('permission', given, [])).to.deep.equal([forCustomers]);
    });
  }

  it('fails in an org that is read-only', () => {
    expect(outcomes('readOnly')).to.deep.equal(['pass readOnly.pass']);
    expect(outcomes('readOnly', { isReadOnly: true })).to.deep.equal(['fail readOnly.maintenance']);
  });

  it('fails without digital experiences, and without a profile to see', () => {
    expect(outcomes('digitalExperiences')).to.deep.equal(['pass digitalExperiences.pass']);
    expect(outcomes('digitalExperiences', { userFields: new Map() })).to.deep.equal(['fail digitalExperiences.off']);
    expect(outcomes('digitalExperiences', { profiles: [internal] })).to.deep.equal([
      'fail digitalExperiences.noProfile',
    ]);
  });

  it('fails for a profile that is not external', () => {
    expect(outcomes('profile')).to.deep.equal(['pass profile.pass']);
    expect(outcomes('profile', {}, [internal])).to.deep.equal(['fail profile.internal']);
    expect(outcomes('profile', {}, [{ ...internal, userType: null }])).to.deep.equal(['fail profile.internal']);
    expect(outcomes('profile', {}, [])).to.deep.equal([]);
  });

  it('warns of standard profiles, in any case of their names, and of no other', () => {
    for (const name of ['Customer Community User', 'PARTNER COMMUNITY USER', 'External Identity User'])
      expect(outcomes('standardProfile', {}, [{ ...customer, name }]), name).to.deep.equal([
        'warn standardProfile.standard',
      ]);
    expect(outcomes('standardProfile', {}, [{ ...customer, name: 'Customer Community User 2' }])).to.deep.equal([]);
  });

  it('tells how many of the profile’s license there are: free, none, unlimited, over the limit, disabled', () => {
    const told = (changes: Partial<License>): string[] => outcomes('licenses', { licenses: [license(changes)] });
    expect(told({})).to.deep.equal(['pass licenses.pass']);
    expect(told({ used: 9 })).to.deep.equal(['pass licenses.pass']);
    expect(told({ used: 10 })).to.deep.equal(['warn licenses.none']);
    expect(told({ used: 12 })).to.deep.equal(['warn licenses.none']);
    expect(told({ total: -1 })).to.deep.equal(['pass licenses.unlimited']);
    expect(told({ status: 'Disabled', total: -1 })).to.deep.equal(['fail licenses.disabled']);
    expect(told({ used: 10, counted: 9 })).to.deep.equal(['pass licenses.lag']);
    expect(told({ used: 10, counted: 10 })).to.deep.equal(['warn licenses.noneCounted']);
    expect([license(), license({ used: 12 }), license({ total: -1 })].map(licensesLeft)).to.deep.equal([
      6,
      0,
      undefined,
    ]);
    expect([license({ used: 9, counted: 7 }), license({ used: 7, counted: 9 })].map(licensesLeft)).to.deep.equal([
      3, 3,
    ]);
  });

  it('only warns of a disabled license that no profile given has', () => {
    const licenses = [license({ status: 'Disabled' })];
    expect(outcomes('licenses', { licenses }, [])).to.deep.equal(['warn licenses.disabled']);
    expect(outcomes('licenses', { licenses }, [customer])).to.deep.equal(['fail licenses.disabled']);
  });

  it('warns when the logins of the month are used up, of login-based licenses only', () => {
    const told = (monthlyLogins: License['monthlyLogins']): string[] =>
      outcomes('monthlyLogins', { licenses: [license({ monthlyLogins })] });
    expect(told(undefined)).to.deep.equal([]);
    expect(told({ used: 9, entitlement: 10 })).to.deep.equal(['pass monthlyLogins.pass']);
    expect(told({ used: 10, entitlement: 10 })).to.deep.equal(['warn monthlyLogins.usedUp']);
  });

  it('looks at the licenses of the profiles given, or of all external ones', () => {
    const other = license({ id: '100000000000009AAA', name: 'Salesforce' });
    const facts = preflight({
      licenses: [license(), other],
      profiles: [customer, { ...internal, userLicenseId: other.id }],
    });
    expect(licensesOf(facts, [])).to.deep.equal([license()]);
    expect(licensesOf(facts, [customer])).to.deep.equal([license()]);
    expect(licensesOf(facts, [{ ...internal, userLicenseId: other.id }])).to.deep.equal([]);
  });

  it('fails when calls or batches are used up, and only warns when they can’t be seen', () => {
    for (const [name, key] of [
      ['apiCalls', 'dailyApiRequests'],
      ['bulkBatches', 'dailyBulkApiBatches'],
    ] as const) {
      expect(outcomes(name, { [key]: { max: 10, remaining: 1 } })).to.deep.equal([`pass ${name}.pass`]);
      expect(outcomes(name, { [key]: { max: 10, remaining: 0 } })).to.deep.equal([`fail ${name}.none`]);
      expect(outcomes(name, { [key]: undefined })).to.deep.equal([`warn ${name}.unknown`]);
    }
  });

  it('tells whether users can enter a site and get a welcome mail, as far as one can see', () => {
    const member = {
      siteName: 'Help',
      siteStatus: 'Live',
      sendsWelcomeEmail: true,
      parentId: customer.id,
      assignmentStatus: 'Added',
    };
    const told = (changes: Partial<typeof member>, permission: string): string[] => {
      const facts = { siteMembers: [{ ...member, ...changes }], permissions: new Set(['ManageUsers', permission]) };
      return [...outcomes('sites', facts), ...outcomes('welcomeEmails', facts)];
    };
    expect(told({}, 'ViewAllData')).to.deep.equal(['pass sites.pass', 'warn welcomeEmails.sent']);
    expect(told({}, '')).to.deep.equal(['pass sites.pass', 'warn welcomeEmails.sent']);
    expect(told({ sendsWelcomeEmail: false }, 'ManageNetworks')).to.deep.equal([
      'pass sites.pass',
      'pass welcomeEmails.none',
    ]);
    expect(told({ sendsWelcomeEmail: false }, '')).to.deep.equal(['pass sites.pass', 'warn welcomeEmails.unseen']);
    for (const out of [
      { siteStatus: 'UnderConstruction' },
      { assignmentStatus: 'WaitingForRemove' },
      { parentId: plus.id },
    ]) {
      expect(told(out, 'ModifyAllData')).to.deep.equal(['warn sites.none', 'pass welcomeEmails.none']);
      expect(told(out, '')).to.deep.equal(['warn sites.unseen', 'warn welcomeEmails.unseen']);
    }
  });

  it('counts a permission set that is a member as a way into the site, and asks who may assign it', () => {
    const set = '0PS000000000001AAA';
    const siteMembers = [
      { siteName: 'Help', siteStatus: 'Live', sendsWelcomeEmail: false, parentId: set, assignmentStatus: 'Added' },
    ];
    expect(outcomes('sites', { siteMembers })).to.deep.equal(['warn sites.none']);
    expect(outcomes('sites', { siteMembers }, [customer], [set])).to.deep.equal(['pass sites.pass']);
    const assign = (...permissions: string[]): string[] =>
      outcomes('assignPermission', { permissions: new Set(permissions) }, [customer], [set]);
    expect(outcomes('assignPermission')).to.deep.equal([]);
    expect(assign('ManageUsers')).to.deep.equal(['pass assignPermission.pass']);
    expect(assign('AssignPermissionSets')).to.deep.equal(['pass assignPermission.pass']);
    expect(assign('ManagePartners')).to.deep.equal(['warn assignPermission.missing']);
  });

  it('warns of real addresses in a sandbox', () => {
    expect(outcomes('sandbox')).to.deep.equal([]);
    expect(outcomes('sandbox', { isSandbox: true })).to.deep.equal(['warn sandbox.realAddresses']);
  });
});
