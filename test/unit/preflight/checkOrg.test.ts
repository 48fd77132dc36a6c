/** `check` against the org: everything on its list passes, warns or fails as the org is, and it changes nothing. */
import { expect } from 'chai';
import { describeChecks, type DescribedCheck } from '../../../lib/report/checkReport.js';
import { checkOrg } from '../../../lib/preflight/checkOrg.js';
import type { SimulatedOrgOptions } from '../../simulated-org/world/simulatedOrg.ts';
import { mainProfile, RunLab } from '../../scenarios/runLab.ts';

describe('check', () => {
  let lab: RunLab;
  const start = async (options: SimulatedOrgOptions = {}): Promise<void> => {
    lab = await RunLab.start({ world: { customerContacts: 2 }, ...options });
  };
  afterEach(() => lab.stop());

  async function check(profile?: string, ...permissionSets: string[]): Promise<DescribedCheck[]> {
    const { checks: outcomes, orgKind } = await checkOrg(await lab.client(), profile, permissionSets);
    expect(orgKind).to.equal(
      lab.org.store.find('Organization', { IsSandbox: true }).length > 0 ? 'sandbox' : 'production',
    );
    const checks = describeChecks(outcomes, 'lab');
    expect(lab.org.ledger.writes()).to.deep.equal([]);
    for (const { message, advice, status } of checks) {
      expect(`${message} ${advice}`).not.to.match(/%s|%\{|<org>|undefined/);
      if (status !== 'pass') expect(advice, message).not.to.equal('');
    }
    return checks;
  }
  /** `status message` and what to do, of one check. */
  const only = (checks: readonly DescribedCheck[], name: string): string[] =>
    checks.filter((it) => it.name === name).map(({ status, message, advice }) => `${status} ${message} ${advice}`);
  const change = (
    sobject: string,
    having: Record<string, string>,
    values: Record<string, string | number | boolean>,
  ) => {
    for (const { Id } of lab.org.store.find(sobject, having)) lab.org.store.update(sobject, Id, values);
  };

  it('holds its whole list, all passing but for what mails and partners are told', async () => {
    await start();
    const checks = await check('Acme Partner', 'Portal_Documents');
    expect(checks.map(({ name, status }) => `${name} ${status}`)).to.deep.equal([
      'api pass',
      'readOnly pass',
      'digitalExperiences pass',
      'permission pass',
      'assignPermission pass',
      'profile pass',
      'usernames pass',
      'accountRoles pass',
      'sharing pass',
      'licenses pass',
      'sites warn',
      'welcomeEmails pass',
      'apiCalls pass',
      'bulkBatches pass',
      'permissionSet pass',
      'disabling pass',
      'freezing pass',
      'viewAll pass',
      'partnerAccounts pass',
    ]);
  });

  it('tells all settings of the org where no profile is given, and no roles where the profile has none', async () => {
    await start();
    lab.org.switches.deferGroupMembership = true;
    const settings = (checks: readonly DescribedCheck[]): string[] =>
      checks.flatMap(({ name, status }) =>
        ['usernames', 'accountRoles', 'sharing'].includes(name) ? `${name} ${status}` : [],
      );
    expect(settings(await check())).to.deep.equal(['usernames pass', 'accountRoles pass', 'sharing warn']);
    expect(settings(await check(mainProfile))).to.deep.equal(['usernames pass']);
  });

  it("names the sender of the profile's sites and the email template, and says what the sender's domain lacks", async () => {
    await start({ world: { customerContacts: 2, dkim: false } });
    const checks = await check(mainProfile);
    expect(only(checks, 'emailSender')[0]).to.match(/^warn .*Acme Help Center/);
    expect(only(checks, 'emailTemplate')[0]).to.match(/^pass .*"/);
    expect(only(await check('Acme Partner'), 'emailSender')).to.deep.equal([]);
  });

  it('fails for names that are not there, with the nearest, among all other checks', async () => {
    await start();
    const wrong = await check('Acme Custmer Portal', 'Portal_Ordres', 'Zzz');
    expect(only(wrong, 'profile')[0]).to.match(/^fail .*"Acme Custmer Portal".*"Acme Customer Portal"/);
    const [near, far] = only(wrong, 'permissionSet');
    expect(near).to.match(/^fail .*"Portal_Ordres".*"Portal_Orders"/);
    expect(far).to.match(/^fail .*"Zzz".*"Portal_Documents".*\nsf data query .* --target-org lab/);
    expect(only(wrong, 'licenses').length).to.be.above(3);
    expect(only(await check('Zzz'), 'profile')[0]).to.match(/^fail .*"Acme Customer Portal".*Profile Filtering/);
    expect(only(await check('Standard User'), 'profile')[0]).to.match(/^fail .*not for external users/);
  });

  it('fails for names that several have, with their Ids', async () => {
    await start();
    const license = lab.org.store.find('Profile', { Name: mainProfile })[0]?.['UserLicenseId'] ?? null;
    const profiles = ['Twin', 'TWIN'].map((Name) =>
      lab.org.store.insert('Profile', { Name, UserLicenseId: license, UserType: 'CspLitePortal' }),
    );
    const sets = ['A', 'B'].map((Name) => lab.org.store.insert('PermissionSet', { Name, Label: 'Same' }));
    const checks = await check('twin', 'same');
    for (const id of profiles) expect(only(checks, 'profile')[0]).to.match(new RegExp(`^fail .*${id}`));
    for (const id of sets) expect(only(checks, 'permissionSet')[0]).to.match(new RegExp(`^fail .*${id}`));
  });

  it('fails for a permission set of another license, and passes for users of that license', async () => {
    await start();
    const wrong = await check(mainProfile, 'Portal_Partner_Deals', 'Portal_Bundle');
    expect(only(wrong, 'permissionSet')[0]).to.match(
      /^fail .*a different license than .*Customer Community\).*no license/,
    );
    expect(only(wrong, 'permissionSet')[1]).to.match(/^pass/);
    expect(only(await check('Acme Partner', 'Portal_Partner_Deals'), 'permissionSet')[0]).to.match(/^pass/);
  });

  it('warns who may not assign permission sets', async () => {
    await start({ world: { customerContacts: 2, runningUser: 'portalManager' } });
    change('Profile', { Name: 'Acme Portal Manager' }, { PermissionsAssignPermissionSets: false });
    expect(only(await check(mainProfile, 'Portal_Orders'), 'assignPermission')[0]).to.match(
      /^warn .*Assign Permission/,
    );
    expect(only(await check(mainProfile), 'assignPermission')).to.deep.equal([]);
  });

  it('counts active users where UsedLicenses says that none is left, and shows both figures', async () => {
    await start();
    const active = lab.org.store.find('User', {
      ProfileId: lab.org.world?.profiles.get(mainProfile) ?? '',
      IsActive: true,
    }).length;
    const key = { LicenseDefinitionKey: 'PID_Customer_Community' };
    change('UserLicense', key, { TotalLicenses: active + 7, UsedLicenses: active + 7 });
    const numbers = `UsedLicenses says ${String(active + 7)} used, which lags; ${String(active)} active users`;
    expect(only(await check(mainProfile), 'licenses')[0]).to.match(new RegExp(`^pass .*: 7 of .*${numbers}`));
    change('UserLicense', key, { TotalLicenses: active });
    expect(only(await check(mainProfile), 'licenses')[0]).to.match(/^warn .*: 0 of .*Buy licenses/);
  });

  it('tells licenses of one name apart, only warns of a disabled one that nobody asked for, and of logins used up', async () => {
    await start();
    const [overage] = lab.org.store.find('UserLicense', {
      LicenseDefinitionKey: 'PID_Overage_High Volume Customer Portal',
    });
    change('Profile', { Name: 'Acme Legacy Portal' }, { UserLicenseId: overage?.Id ?? '' });
    change('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community_Login' }, { MonthlyLoginsUsed: 101 });
    const all = await check();
    const portal = only(all, 'licenses').filter((line) => line.includes('High Volume Customer Portal ('));
    expect(portal).to.have.length(2);
    expect(portal.find((line) => line.includes(overage?.Id ?? ''))).to.match(/^warn .*is Disabled/);
    expect(all.filter(({ status }) => status === 'fail')).to.deep.equal([]);
    expect(only(await check('Acme Legacy Portal'), 'licenses')[0]).to.match(/^fail .*is Disabled.*account team/);
    expect(only(all, 'monthlyLogins').map((line) => line.match(/^\w+ [\w ]+ is billed|\d+ of \d+/g))).to.deep.equal([
      ['warn Customer Community Login is billed', '101 of 100'],
      ['pass Customer Community Plus Login is billed', '12 of 50'],
    ]);
  });

  describe('says how people will get in', () => {
    it('by a welcome mail, with the flag that allows it', async () => {
      await start();
      const checks = await check(mainProfile);
      expect(only(checks, 'sites')[0]).to.match(/^pass .*Acme Help Center/);
      expect(only(checks, 'welcomeEmails')[0]).to.match(
        /^warn .*link to set their password, from: Acme Help Center.*--allow-welcome-emails.*Deliverability/,
      );
    });

    it('by single sign-on, or with a password that has yet to be reset', async () => {
      await start({ world: { customerContacts: 2, welcomeEmails: false } });
      expect(only(await check(mainProfile), 'welcomeEmails')[0]).to.match(
        /^pass .*so they won't have a password.*single sign-on, there is nothing to do.*invite them after the run/,
      );
    });

    it('by no site yet, unless a permission set or a group that holds it takes them in', async () => {
      await start();
      expect(only(await check('Acme Identity'), 'sites')[0]).to.match(/^warn No live site has the profile.*Members/);
      change('Network', { Name: 'Acme Partner Central' }, { Status: 'Live' });
      const set = lab.org.world?.permissionSets.get('Portal_Partner_Site') ?? '';
      const group = lab.org.store.insert('PermissionSetGroup', { DeveloperName: 'Site', MasterLabel: 'Site' });
      lab.org.store.insert('PermissionSetGroupComponent', { PermissionSetGroupId: group, PermissionSetId: set });
      for (const name of ['Portal_Partner_Site', 'Site']) {
        const checks = await check('Acme Identity', name);
        expect(only(checks, 'sites')[0], name).to.match(/^pass .*Acme Partner Central/);
        expect(only(checks, 'welcomeEmails')[0], name).to.match(/^warn .*from: Acme Partner Central/);
      }
    });

    it('as far as one sees who does not see all sites', async () => {
      await start({ world: { customerContacts: 2, runningUser: 'customerService' } });
      const checks = await check(mainProfile);
      expect(only(checks, 'sites')[0]).to.match(/^warn No live site that you can see.*Ask an administrator/);
      expect(only(checks, 'welcomeEmails')[0]).to.match(/^warn .*may get a welcome email.*--allow-welcome-emails/);
    });
  });

  it('warns of real addresses in a sandbox, with the flags that avoid them', async () => {
    await start({ world: { customerContacts: 2, sandbox: true } });
    expect(only(await check(mainProfile), 'sandbox')[0]).to.match(
      /^warn .*real people.*--set "Email=\{Email\}\.invalid" --username "\{Email\}\.uat"/,
    );
  });

  it('warns where no account is a partner account, for partner profiles only', async () => {
    await start();
    change('Account', {}, { IsPartner: false });
    expect(only(await check('Acme Partner'), 'partnerAccounts')[0]).to.match(/^warn .*can create partner users anyway/);
    expect(only(await check(mainProfile), 'partnerAccounts')).to.deep.equal([]);
  });
});
