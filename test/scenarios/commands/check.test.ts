/** `sf portal users check`: every case that lets it pass, warn or fail. */
import { expect } from 'chai';
import { mainProfile, PortalOrg, type CheckResult } from './portalOrg.ts';

const check = ['check', '--profile', mainProfile];

describe('check', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  /** Runs a check and looks at one of its lines; the exit code has to follow from the lines. */
  async function expectCheck(
    args: readonly string[],
    expected: { name: string; status: string; says: RegExp; advises?: RegExp; exit: number },
  ): Promise<void> {
    const answer = await portal.json<CheckResult>(args, expected.exit);
    const line = answer.result.checks.find((each) => each.name === expected.name && each.status === expected.status);
    expect(line, answer.stdout).not.to.equal(undefined);
    expect(line?.message).to.match(expected.says);
    if (expected.status === 'pass') expect(line?.advice).to.equal('');
    else expect(line?.advice).to.match(expected.advises ?? /\w{3}/);
    expect(answer.result.ok).to.equal(expected.exit === 0);
    expect(portal.writes()).to.deep.equal([]);
  }

  /** Changes the org for one test. */
  async function meanwhile(change: () => void, undo: () => void, test: () => Promise<void>): Promise<void> {
    change();
    try {
      await test();
    } finally {
      undo();
    }
  }

  it('passes for an administrator, and changes nothing', async () => {
    const before = portal.digest();
    const { result } = await portal.json<CheckResult>(check);
    expect(result.ok).to.equal(true);
    expect(result.checks.map(({ name, status }) => `${name} ${status}`)).to.include.members([
      'api pass',
      'readOnly pass',
      'digitalExperiences pass',
      'permission pass',
      'profile pass',
      'licenses pass',
      'apiCalls pass',
      'bulkBatches pass',
    ]);
    expect(portal.digest()).to.equal(before);
    expect(portal.writes()).to.deep.equal([]);
  });

  it('has its numbers as numbers', async () => {
    const { result } = await portal.json<CheckResult>(['check']);
    const [community] = result.licenses.filter(({ name }) => name === 'Customer Community');
    expect(community).to.deep.equal({ name: 'Customer Community', total: 500, left: 471, used: 29 });
    expect(result.licenses.find(({ name }) => name === 'External Identity')).to.have.keys('name', 'used');
    const external = portal.org.store.find('User', { IsActive: true }).filter((user) => user['ContactId'] !== null);
    expect(result.profiles.reduce((sum, { activeUsers }) => sum + activeUsers, 0)).to.equal(external.length);
    const never = external.filter((user) => user['LastLoginDate'] === null);
    expect(result.profiles.reduce((sum, { neverLoggedIn = 0 }) => sum + neverLoggedIn, 0)).to.equal(never.length);
    expect(result.profiles.map(({ name, license }) => `${name}: ${license}`)).to.include(
      'Acme Customer Portal: Customer Community',
    );
    expect(result.apiCalls?.max).to.equal(100_000);
    expect(result.apiCalls?.left).to.be.below(100_000);
    expect(result.bulkBatches).to.have.keys('left', 'max');
    const one = await portal.json<CheckResult>(check);
    expect(one.result.profiles.map(({ name }) => name)).to.deep.equal([mainProfile]);
    expect(one.result.licenses).to.deep.equal([community]);
    await meanwhile(
      () => portal.org.switches.hiddenFields.push('User.LastLoginDate'),
      () => portal.org.switches.hiddenFields.pop(),
      async () => {
        const { profiles } = (await portal.json<CheckResult>(check)).result;
        expect(profiles[0]).to.have.keys('name', 'license', 'activeUsers');
      },
    );
  });

  it('shows the same on a screen: in which org, what passed, then what to do', async () => {
    portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Partner_Community' }, { Status: 'Disabled' });
    const failed = await portal.text(['check', '--profile', 'Acme Partner']);
    portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Partner_Community' }, { Status: 'Active' });
    expect(failed.code).to.equal(1);
    expect(failed.stdout).to.match(
      /^Check of portal \(production\), as \S+@\S+$.*^  ✔ .*^  ! .*^  ✖ .*Partner Community is Disabled.*account team/ms,
    );
    const passed = await portal.text(check);
    expect(passed.code).to.equal(0);
    expect(passed.stdout)
      .to.match(/Manage Users/)
      .and.to.match(/Portal users can be created in portal \(production\)\./)
      .and.to.match(/\d+ other checks passed/)
      .and.not.to.match(/writable/);
  });

  it('shows every check with --verbose', async () => {
    const { result } = await portal.json<CheckResult>(check);
    const { stdout } = await portal.text([...check, '--verbose']);
    for (const { message } of result.checks.filter(({ name }) => name !== 'apiCalls'))
      expect(stdout).to.include(message);
    expect(stdout).not.to.match(/other checks? passed/);
  });

  it('without a profile lists all licenses for external users', async () => {
    const { result } = await portal.json<CheckResult>(['check']);
    const licenses = result.checks.filter(({ name }) => name === 'licenses');
    const texts = licenses.map(({ message }) => message).join('\n');
    expect(texts)
      .to.match(/Customer Community: 471 of 500/)
      .and.to.match(/External Identity: no limit/);
    expect(texts)
      .to.match(/Partner Community/)
      .and.not.to.match(/^Salesforce:/m);
  });

  it('knows the license of each profile: unlimited, full, switched off, of a standard profile', async () => {
    await expectCheck(['check', '--profile', 'Acme Identity'], {
      name: 'licenses',
      status: 'pass',
      says: /External Identity: no limit/,
      exit: 0,
    });
    await expectCheck(['check', '--profile', 'Customer Community User'], {
      name: 'standardProfile',
      status: 'fail',
      says: /standard profile, and this org does not allow/,
      advises: /clone.*Allow using standard external profiles/s,
      exit: 1,
    });
    await meanwhile(
      () => portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community' }, { TotalLicenses: 29 }),
      () => portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community' }, { TotalLicenses: 500 }),
      () =>
        expectCheck(check, {
          name: 'licenses',
          status: 'warn',
          says: /0 of 29 licenses available \(UsedLicenses says 29 used; 29 active users have one\)/,
          advises: /Buy licenses/,
          exit: 0,
        }),
    );
    await meanwhile(
      () => portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community' }, { Status: 'Disabled' }),
      () => portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community' }, { Status: 'Active' }),
      () =>
        expectCheck(check, {
          name: 'licenses',
          status: 'fail',
          says: /Customer Community is Disabled/,
          advises: /account team/,
          exit: 1,
        }),
    );
  });

  it('refuses a profile of internal users, and suggests names for an unknown one', async () => {
    await expectCheck(['check', '--profile', 'System Administrator'], {
      name: 'profile',
      status: 'fail',
      says: /"System Administrator" is not for external users: its license is Salesforce/,
      advises: /portal license/,
      exit: 1,
    });
    await expectCheck(['check', '--profile', 'Acme Custmer Portal'], {
      name: 'profile',
      status: 'fail',
      says: /"Acme Custmer Portal".*"Acme Customer Portal"/,
      advises: /Profile Filtering/,
      exit: 1,
    });
    await expectCheck(['check', '--profile', 'Zzz'], {
      name: 'profile',
      status: 'fail',
      says: /Acme Customer Portal.*Acme Partner/,
      exit: 1,
    });
  });

  it('fails for an org that is read-only', async () => {
    await meanwhile(
      () => portal.change('Organization', {}, { IsReadOnly: true }),
      () => portal.change('Organization', {}, { IsReadOnly: false }),
      () => expectCheck(check, { name: 'readOnly', status: 'fail', says: /read-only/, advises: /Wait/, exit: 1 }),
    );
  });

  it('fails for an org without Digital Experiences', async () => {
    await meanwhile(
      () => (portal.org.switches.digitalExperiences = false),
      () => (portal.org.switches.digitalExperiences = true),
      () =>
        expectCheck(check, {
          name: 'digitalExperiences',
          status: 'fail',
          says: /no Digital Experiences/,
          advises: /Setup, Digital Experiences, Settings/,
          exit: 1,
        }),
    );
  });

  it('fails when the Bulk batches of the day are used up, and warns when nobody can see limits', async () => {
    await meanwhile(
      () => (portal.org.switches.dailyBulkApiBatches = 0),
      () => (portal.org.switches.dailyBulkApiBatches = 15_000),
      () => expectCheck(check, { name: 'bulkBatches', status: 'fail', says: /0 of 0/, advises: /24 hours/, exit: 1 }),
    );
    await meanwhile(
      () => (portal.org.switches.missingLimits = ['DailyApiRequests', 'DailyBulkApiBatches']),
      () => (portal.org.switches.missingLimits = []),
      async () => {
        await expectCheck(check, { name: 'apiCalls', status: 'warn', says: /You can't see how many/, exit: 0 });
        await expectCheck(check, { name: 'bulkBatches', status: 'warn', says: /You can't see how many/, exit: 0 });
      },
    );
  });

  it('says so when the API calls of the day are used up', async () => {
    await meanwhile(
      () => (portal.org.switches.dailyApiRequestsUsed = 200_000),
      () => (portal.org.switches.dailyApiRequestsUsed = 0),
      async () => {
        const failed = await portal.failure(check);
        expect(failed.code).to.equal(1);
        expect(failed.message).to.match(/API calls or batches for today are used up/);
        expect(failed.text).to.match(/24 hours/);
      },
    );
  });

  describe('permissions of the running user', () => {
    afterEach(() => portal.login());

    const loginAs = (name: string): Promise<void> =>
      portal.login(portal.org.world?.internalUsers.get(name) ?? expect.fail(`nobody is called ${name}`));

    it('passes with Manage External Users', async () => {
      await loginAs('petra.portal');
      await expectCheck(check, { name: 'permission', status: 'pass', says: /ManagePartners/, exit: 0 });
    });

    it('warns of Manage Customer Users alone, and fails with it for partners', async () => {
      await loginAs('carl.care');
      await expectCheck(check, {
        name: 'permission',
        status: 'warn',
        says: /ManageCssUsers.*Edit Self-Service Users/,
        advises: /ManagePartners/,
        exit: 0,
      });
      await expectCheck(['check', '--profile', 'Acme Partner'], {
        name: 'permission',
        status: 'fail',
        says: /doesn't have the permission to create portal users/,
        advises: /ManagePartners/,
        exit: 1,
      });
    });

    it('fails without any permission, and says which to ask for', async () => {
      await loginAs('sue.support');
      await expectCheck(check, {
        name: 'permission',
        status: 'fail',
        says: /sue\.support@acme\.example doesn't have the permission to create portal users/,
        advises: /Manage External Users \(ManagePartners\), or Manage Users \(ManageUsers\)/,
        exit: 1,
      });
      const before = portal.digest();
      const refused = await portal.failure(['create', '--where', 'Portal_Access__c = true', '--profile', mainProfile]);
      expect(refused.code).to.equal(1);
      expect(refused.text)
        .to.match(/doesn't have the permission to create portal users/)
        .and.to.match(/ManagePartners/);
      expect(portal.digest()).to.equal(before);
      expect(portal.writes()).to.deep.equal([]);
    });

    it('says that the API is disabled for the user', async () => {
      await loginAs('sue.support');
      await meanwhile(
        () => portal.change('Profile', { Name: 'Standard User' }, { PermissionsApiEnabled: false }),
        () => portal.change('Profile', { Name: 'Standard User' }, { PermissionsApiEnabled: true }),
        async () => {
          const failed = await portal.failure(check);
          expect(failed.code).to.equal(1);
          expect(failed.text)
            .to.match(/API/)
            .and.to.match(/administrator/);
        },
      );
    });
  });
});
