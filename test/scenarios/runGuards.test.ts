/** The guards with the numbers of a real plan: each stops the run before anything is written, and says how to go on. */
import { expect } from 'chai';
import { reportEnd } from '../../lib/report/runReport.js';
import { csvFile } from './changeLab.ts';
import { csvOf, expectDone, expectTrue, findingsOf, inPipe, mainProfile, RunLab, type Run } from './runLab.ts';

describe('the guards of a create run', () => {
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start();
  });
  afterEach(() => lab.stop());

  const license = (name: string, values: Record<string, number | string>): void => {
    const [found] = lab.org.store.find('UserLicense', { LicenseDefinitionKey: name });
    lab.org.store.update('UserLicense', found?.Id ?? '', values);
  };
  const usersOf = (profile: string, isActive: boolean): number =>
    lab.org.store.find('User', { ProfileId: lab.org.world?.profiles.get(profile) ?? '', IsActive: isActive }).length;
  const people = (count: number): string[] => {
    return lab.plainIds(count);
  };
  const file = (...rows: string[][]): string => csvFile(lab, rows);

  /** What a person is told. Nothing was written. @returns the names of the guards */
  function expectStopped(run: Run, says: RegExp, advises: RegExp): string[] {
    expectTrue(lab, run);
    const screen = {
      log: () => undefined,
      note: () => undefined,
      warn: () => undefined,
      json: true,
      targetOrg: 'lab',
      ...inPipe,
    };
    let told: unknown;
    try {
      reportEnd(screen, run);
    } catch (error) {
      told = error;
    }
    expect(told).to.include({ name: 'GuardStoppedError', exitCode: 1 });
    expect(told).to.have.property('message').that.matches(says);
    expect(String(Reflect.get(Object(told), 'actions'))).to.match(advises);
    expect(lab.count('POST', /^\/jobs\/ingest/)).to.equal(0);
    expect(run.result).to.include({ state: run.result.counts.planned > 0 ? 'planned' : run.result.state });
    return run.end.end === 'guards' ? run.end.failures.map(({ guard }) => guard) : [];
  }

  describe('count licenses', () => {
    const resume = /Buy licenses.*sf portal users resume --run-dir "?[^" ]+"? --target-org lab/;

    it('of active users only: those who exist and are inactive hold none', async () => {
      const active = usersOf(mainProfile, true) + usersOf('Customer Community User', true);
      expect(usersOf(mainProfile, false)).to.be.above(0);
      const { counts } = (await lab.create({ dryRun: true })).result;
      license('PID_Customer_Community', { TotalLicenses: active + counts.planned });
      const enough = await lab.create({ dryRun: true });
      expect(enough.end.end).to.equal('planned');
      license('PID_Customer_Community', { TotalLicenses: active + counts.planned - 1 });
      const run = await lab.create();
      const says = `Customer Community: ${String(counts.planned)} licenses are needed and ${String(counts.planned - 1)} are available, so 1 is missing`;
      expect(expectStopped(run, new RegExp(says), resume)).to.deep.equal(['licenses']);
    });

    it('by UsedLicenses and by count when that says short; the smaller decides, and both are told', async () => {
      const active = usersOf(mainProfile, true) + usersOf('Customer Community User', true);
      license('PID_Customer_Community', { TotalLicenses: active + 3, UsedLicenses: active + 2 });
      const [a = '', b = '', c = '', d = ''] = people(4);
      const create = (...ids: string[]): Promise<Run> =>
        lab.create({ file: file(['ContactId'], ...ids.map((id) => [id])), allowWelcomeEmails: true });
      const numbers = `Salesforce says that ${String(active + 2)} are used, which can lag, and ${String(active)} active users`;
      expectStopped(
        await create(a, b, c, d),
        new RegExp(`4 licenses are needed and 3 are available.*${numbers}`),
        resume,
      );
      // The other way round it lags too: a user who was just made does not make the licenses fewer than they are.
      license('PID_Customer_Community', { UsedLicenses: active - 1 });
      const three = await create(a, b, c);
      expectDone(lab, three);
      expect(three.result.counts.succeeded).to.equal(3);
    });

    it('without end where the total is negative', async () => {
      license('PID_Customer_Community', { TotalLicenses: -1, UsedLicenses: 1_000_000 });
      expectDone(lab, await lab.create());
    });

    it('of each license of a plan by itself, and tell all that are short', async () => {
      const [a = '', b = '', c = ''] = people(3);
      for (const key of ['PID_Customer_Community', 'PID_Partner_Community']) license(key, { TotalLicenses: 0 });
      const rows = [
        [a, mainProfile],
        [b, 'Acme Partner'],
        [c, 'Acme Customer Plus'],
      ];
      const run = await lab.create({ file: file(['ContactId', 'Profile'], ...rows), profile: undefined });
      const guards = expectStopped(run, /Customer Community: 1 .*Partner Community: 1 /s, resume);
      expect(guards).to.deep.equal(['licenses', 'licenses']);
    });

    it('of the right one of two licenses with the same name, and tell them apart', async () => {
      const [overage] = lab.org.store.find('UserLicense', {
        LicenseDefinitionKey: 'PID_Overage_High Volume Customer Portal',
      });
      const [full] = lab.org.store.find('UserLicense', { LicenseDefinitionKey: 'High Volume Customer Portal_User' });
      license('PID_Overage_High Volume Customer Portal', { Status: 'Active', TotalLicenses: 100 });
      license('High Volume Customer Portal_User', { TotalLicenses: 0 });
      const [contact = ''] = people(1);
      const request = { file: file(['ContactId'], [contact]), profile: 'Acme Legacy Portal' };
      const says = new RegExp(
        `High Volume Customer Portal \\(${full?.Id ?? ''}\\): 1 license is needed and 0 are available`,
      );
      const run = await lab.create(request);
      expectStopped(run, says, resume);
      expect(run.result.licenses.map(({ name }) => name)).to.deep.equal([
        `High Volume Customer Portal (${full?.Id ?? ''})`,
      ]);
      expect(overage?.Id).not.to.equal(full?.Id);
    });

    it('of login-based licenses too, while logins that are used up only warn', async () => {
      license('PID_Customer_Community_Login', { MonthlyLoginsUsed: 100 });
      const [a = '', b = ''] = people(2);
      const create = (...ids: string[]): Promise<Run> =>
        lab.create({ file: file(['ContactId'], ...ids.map((id) => [id])), profile: 'Acme Customer Login' });
      const run = await create(a);
      expectDone(lab, run);
      const warned = findingsOf(run.folder).map((finding) => ('check' in finding ? finding.check.key : finding.guard));
      expect(warned).to.deep.equal(['monthlyLogins.usedUp']);
      const { length: posts } = lab.org.ledger.entries;
      license('PID_Customer_Community_Login', { TotalLicenses: usersOf('Acme Customer Login', true) });
      const short = await create(b);
      expect(short.end).to.have.nested.property('failures[0].guard', 'licenses');
      expect(
        lab.org.ledger.entries
          .slice(posts)
          .filter((call) => call.method === 'POST' && call.resource.includes('ingest')),
      ).to.deep.equal([]);
    });
  });

  it('print one command where several may be passed', async () => {
    const run = await lab.create({ maxUsers: 5, allowWelcomeEmails: false });
    const resume = /resume --run-dir "?[^" ]+"? --max-users \d+ --allow-welcome-emails --target-org lab/;
    expect(expectStopped(run, /max-users.*welcome/s, resume)).to.deep.equal(['maxUsers', 'welcomeEmails.seenFrom']);
  });

  it('stop above --max-users, at --strict with refused contacts or none, all at once', async () => {
    const both = await lab.create({ maxUsers: 5, strict: true });
    const says = /Of \d+ selected records, 6 are refused.*To decide: .*--max-users.*5/s;
    expect(expectStopped(both, says, /refused\.csv/)).to.deep.equal(['strictRefused', 'maxUsers']);
    expect(csvOf(both.folder, 'refused')).to.have.length(6);
    const none = await lab.create({ where: "LastName = 'Nobody'", strict: true });
    expect(expectStopped(none, /Nothing is selected/, /Check the selection/)).to.deep.equal(['strictEmpty']);
    expectDone(lab, await lab.create({ where: "LastName = 'Nobody'" }));
  });

  it('stop when API calls or bulk batches of the day do not suffice, and go on when they do again', async () => {
    lab.org.switches.dailyBulkApiBatches = 1;
    const batches = await lab.create();
    expectStopped(batches, /About \d+ Bulk API batches are needed, and 1 is left/, /24 hours.*resume --run-dir/);
    lab.org.switches.dailyBulkApiBatches = 15_000;
    lab.org.switches.dailyApiRequests = lab.org.limits.used('DailyApiRequests') + 25;
    const calls = await lab.create();
    expectStopped(calls, /About \d+ API calls are needed, and \d+ are left/, /24 hours.*resume --run-dir/);
    lab.org.switches.dailyApiRequests = 100_000;
    expectDone(lab, await lab.resume(calls.folder));
  });

  it('tell "at least" of welcome mails when not all sites can be seen, and name the mails they know of', async () => {
    await lab.stop();
    lab = await RunLab.start({ world: { customerContacts: 2, runningUser: 'portalManager' } });
    const [profile] = lab.org.store.find('Profile', { Name: 'Acme Portal Manager' });
    lab.org.store.update('Profile', profile?.Id ?? '', { PermissionsViewAllData: false });
    const unseen = await lab.create({ allowWelcomeEmails: false });
    expect(unseen.result.welcomeEmails).to.deep.equal({ possible: 0, atLeast: true, sites: [], senders: [] });
    const guards = expectStopped(
      unseen,
      /can't see the members of all sites/,
      /--allow-welcome-emails --target-org lab/,
    );
    expect(guards).to.deep.equal(['welcomeEmails.unseen']);
    const [site] = lab.org.store.find('Network', { Name: 'Acme Help Center' });
    lab.org.store.insert('NetworkMember', { NetworkId: site?.Id ?? '', MemberId: lab.org.runningUserId });
    const seen = await lab.create({ allowWelcomeEmails: false });
    expect(seen.end).to.have.nested.property('failures[0].guard', 'welcomeEmails.atLeastFrom');
    expect(seen.result.welcomeEmails).to.include({ possible: seen.result.counts.planned, atLeast: true });
    expectStopped(seen, /would send at least \d+ welcome emails/, /turn off the welcome email of the site/);
  });
});
