/** The guards that stop a whole run before anything is written: exit 1, nothing in the org, the plan kept and shown. */
import { expect } from 'chai';
import { contactsCsv, expectSound, mainProfile, mainSelection, PortalOrg, type RunResult } from './portalOrg.ts';

describe('guards', function () {
  let portal: PortalOrg;
  let untouched: string;

  before(async () => {
    portal = await PortalOrg.start();
    untouched = portal.digest();
  });

  after(() => portal.stop());

  /** @returns the result, which is in the JSON although the command failed */
  async function expectStopped(args: readonly string[], says: RegExp, advises: RegExp): Promise<RunResult> {
    const stopped = await portal.json(args, 1);
    expect(stopped.name).to.equal('GuardStoppedError');
    expect(stopped.message).to.match(says);
    expect(stopped.actions?.join('\n')).to.match(advises);
    expectSound(stopped.result);
    if (stopped.result.counts.planned > 0) expect(stopped.result).to.include({ state: 'planned' });
    expect(stopped.result.counts).to.include({ succeeded: 0, failed: 0 });
    expect(portal.digest()).to.equal(untouched);
    expect(portal.writes()).to.deep.equal([]);
    return stopped.result;
  }

  const license = (values: Record<string, number>): void =>
    portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community' }, values);

  it('--max-users', async () => {
    const result = await expectStopped(
      ['create', ...mainSelection, '--max-users', '100'],
      /189 users, more than --max-users allows \(100\)/,
      /resume --run-dir "?[^" ]+"? --max-users 189/,
    );
    expect(result.counts).to.include({ planned: 189, pending: 189 });
    const tooFew = await portal.json(['resume', '--run-dir', result.runDir, '--max-users', '188'], 1);
    expect(tooFew.name).to.equal('GuardStoppedError');
    const kept = await portal.json(['resume', '--run-dir', result.runDir], 1);
    expect(kept.message).to.match(/\(100\)/);
  });

  it('--strict, with refused contacts and with nobody', async () => {
    await expectStopped(
      ['create', ...mainSelection, '--strict'],
      /Of 198 selected records, 6 are refused/,
      /refused\.csv/,
    );
    const { result } = await portal.json(['create', ...mainSelection, '--strict', '--dry-run'], 1);
    // With the flag, it would stop again, unless what was refused is fixed.
    const [strict, lenient, ...others] = result.next;
    expect(strict).to.match(/^sf portal users create .*--strict/);
    expect(lenient)
      .to.match(/^sf portal users create /)
      .and.not.match(/--strict/);
    expect(others).to.deep.equal([]);
    await expectStopped(
      ['create', '--where', "LastName = 'Nobody'", '--profile', mainProfile, '--strict'],
      /Nothing is selected/,
      /Check the selection and what you can see in the org/,
    );
  });

  it('too few licenses; where UsedLicenses lags, the active users are counted', async () => {
    license({ TotalLicenses: 130, UsedLicenses: 29 });
    const short = await expectStopped(
      ['create', ...mainSelection],
      /Customer Community: 189 licenses are needed and 101 are available, so 88 are missing/,
      /Buy licenses.*resume --run-dir/s,
    );
    expect(short.licenses).to.deep.equal([{ name: 'Customer Community', total: 130, used: 29, needed: 189 }]);
    // Freed licenses that the org does not show yet.
    license({ TotalLicenses: 500, UsedLicenses: 490 });
    const lagging = await portal.json(['create', ...mainSelection, '--dry-run']);
    expect(lagging.result.licenses).to.deep.equal([{ name: 'Customer Community', total: 500, used: 29, needed: 189 }]);
    license({ TotalLicenses: 500, UsedLicenses: 29 });
    expect(portal.digest()).to.equal(untouched);
  });

  it('too few Bulk batches or API calls', async () => {
    portal.org.switches.dailyBulkApiBatches = 1;
    await expectStopped(['create', ...mainSelection], /Bulk API batches are needed, and 1 is left/, /24 hours/);
    portal.org.switches.dailyBulkApiBatches = 15_000;
    portal.org.switches.dailyApiRequests = portal.org.limits.used('DailyApiRequests') + 25;
    await expectStopped(['create', ...mainSelection], /API calls are needed, and \d+ are left/, /24 hours/);
    portal.org.switches.dailyApiRequests = 100_000;
  });

  it('welcome mails, unless they are wanted', async () => {
    portal.change('Network', { Name: 'Acme Help Center' }, { OptionsSendWelcomeEmail: true });
    const contacts = portal.plainContacts(2);
    portal.file('two.csv', contactsCsv(contacts));
    const args = ['create', '--file', 'two.csv', '--profile', mainProfile];
    const stopped = await expectStopped(args, /2 welcome emails.*Acme Help Center/, /--allow-welcome-emails/);
    const allowed = await portal.json(['resume', '--run-dir', stopped.runDir, '--allow-welcome-emails']);
    expect(allowed.result.counts).to.include({ planned: 2, succeeded: 2 });
    expect(portal.org.rules.outbox.mails.length).to.be.at.least(2);
    portal.change('Network', { Name: 'Acme Help Center' }, { OptionsSendWelcomeEmail: false });
    untouched = portal.digest();
    portal.org.ledger.clear();
  });

  it('a stopped run is kept: once its cause is gone, resume applies it', async () => {
    license({ TotalLicenses: 40 });
    const { runDir } = await expectStopped(['create', ...mainSelection, '--no-prompt'], /are missing/, /Buy licenses/);
    license({ TotalLicenses: 500 });
    const { result } = await portal.json(['resume', '--run-dir', runDir]);
    expect(result).to.include({ state: 'complete' });
    expect(result.counts).to.include({ planned: 187, succeeded: 187 });
  });

  it('licenses that run out in the middle end with 69, and the rest goes on later', async () => {
    const partners = portal.plainPartners(4);
    portal.file('partners.csv', contactsCsv(partners));
    const seats = (free: number): void => {
      const active = portal.org.store
        .find('User', { ProfileId: portal.profileId('Acme Partner') })
        .filter((user) => user['IsActive'] === true).length;
      const values = { TotalLicenses: active + free, UsedLicenses: active };
      portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Partner_Community' }, values);
    };
    seats(4);
    portal.org.faults.add(
      { method: 'PATCH', path: /^\/jobs\/ingest\/750/ },
      { kind: 'meanwhile', run: () => seats(2) },
    );
    const { result, warnings } = await portal.json(
      ['create', '--file', 'partners.csv', '--profile', 'Acme Partner'],
      69,
    );
    expectSound(result);
    expect(result.counts).to.include({ planned: 4, succeeded: 2, failed: 0, pending: 2 });
    expect(JSON.stringify(warnings)).to.match(/No license is left: 2 users are missing.*License Limit Exceeded/s);
    seats(10);
    const resumed = await portal.json(['resume', '--run-dir', result.runDir]);
    expect(resumed.result.counts).to.include({ planned: 4, succeeded: 4, pending: 0 });
    for (const contact of partners) expect(portal.usersOf(contact.Id)).to.have.length(1);
  });
});
