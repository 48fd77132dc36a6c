/**
 * With --json, stdout is one JSON document and stderr is empty on every path, the exit code is that of the table in
 * README.md, and whatever was planned or written is told in `result`.
 */
import { closeSync, cpSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { validationRule } from '../../simulated-org/dml/automation.ts';
import { judge, type JsonPath } from './jsonPath.ts';
import { contactsCsv, mainProfile, mainSelection, PortalOrg, type RunResult } from './portalOrg.ts';
import { newFolder, sideBySide, type Envelope } from './sfCall.ts';
import { warmSf } from './warmSf.ts';

const profile = ['--profile', mainProfile];
const nobody = ['create', '--where', "LastName = 'Nobody'", ...profile];
const org = ['--target-org', 'portal'];

describe('one JSON document on stdout', function () {
  let portal: PortalOrg;
  let free: string[];
  let files = 0;

  before(async () => {
    portal = await PortalOrg.start({ world: { welcomeEmails: false, customerContacts: 400 } });
    free = portal.plainContacts(60).map(({ Id }) => Id);
  });

  after(() => portal.stop());

  afterEach(() => {
    portal.org.faults.clear();
  });

  /** `create` for contacts that no other test takes. */
  function createFor(contacts: number): string[] {
    files += 1;
    const name = `contacts-${String(files)}.csv`;
    portal.file(name, contactsCsv(free.splice(0, contacts).map((Id) => ({ Id }))));
    return ['create', '--file', name, ...profile, ...org];
  }

  async function call(path: JsonPath): Promise<Envelope> {
    const { args, env = {}, home = portal.home } = path;
    const answer = await warmSf(['portal', 'users', ...args, '--json'], { home, cwd: portal.cwd, env });
    return judge(path, answer);
  }

  it('paths that write nothing', async () => {
    const home = await newFolder('home');
    const stopped = await portal.json(['create', ...mainSelection, '--dry-run']);
    const copy = (name: string): string => {
      cpSync(stopped.result.runDir, join(portal.cwd, name), { recursive: true });
      return join(portal.cwd, name);
    };
    const foreign = new DatabaseSync(join(copy('foreign'), 'run.db'));
    foreign.exec("UPDATE meta SET value = '00D5x0000000009EAA' WHERE key = 'orgId'");
    foreign.close();
    const damaged = openSync(join(copy('damaged'), 'run.db'), 'r+');
    writeSync(damaged, 'no database at all'.repeat(20), 0);
    closeSync(damaged);
    mkdirSync(join(portal.cwd, 'empty-folder'));
    portal.file('broken.csv', 'ContactId\n"003');

    const selection = [...mainSelection, ...org];
    const flags = (...args: string[]): JsonPath => ({ what: args.join(' '), args, code: 2, error: /Error$/ });
    const paths: readonly JsonPath[] = [
      { what: 'check', args: ['check', ...profile, ...org], code: 0, result: 'check' },
      {
        what: 'a check that fails',
        args: ['check', '--profile', 'System Administrator', ...org],
        code: 1,
        result: 'check',
      },
      {
        what: 'a check of a profile that is not there',
        args: ['check', '--profile', 'Nonesuch', ...org],
        code: 1,
        result: 'check',
      },
      { what: 'a dry run', args: ['create', ...selection, '--dry-run'], code: 0, result: 'run' },
      { what: 'nothing selected', args: [...nobody, ...org], code: 0, result: 'run' },
      {
        what: 'JSON by the environment',
        args: [...nobody, ...org],
        code: 0,
        result: 'run',
        env: { SF_CONTENT_TYPE: 'JSON' },
      },
      {
        what: 'nothing selected, strictly',
        args: [...nobody, ...org, '--strict'],
        code: 1,
        error: /^GuardStoppedError$/,
        result: 'run',
      },
      {
        what: 'refusals, strictly',
        args: ['create', ...selection, '--strict'],
        code: 1,
        error: /^GuardStoppedError$/,
        result: 'run',
      },
      {
        what: 'too many users',
        args: ['create', ...selection, '--max-users', '5'],
        code: 1,
        error: /^GuardStoppedError$/,
        result: 'run',
      },
      flags('create', ...profile, ...org),
      flags('create', '--where', 'x', '--file', 'y', ...org),
      flags('create', '--where', 'x', '--nope', ...org),
      flags('create', '--where', 'x', 'more', ...org),
      flags('create', '--where', 'x', '--wait', 'soon', ...org),
      flags('create', '--where', 'x', '--wait', '-1', ...org),
      flags('create', '--where', 'x', '--max-users', '0', ...org),
      flags('create', '--where', 'x', '--portal-role', 'Boss', ...org),
      flags('create', '--where', 'x', '--where', 'y', ...org),
      flags('create', ...org, '--where'),
      flags('create', '--where', 'x', '--api-version', 'new', ...org),
      flags('create', '--where', 'x'),
      flags('create', '--where', 'x', '--target-org', 'nobody'),
      flags('check', '--target-org', 'nobody'),
      flags('resume', '--run-dir', 'x', '--use-most-recent', ...org),
      flags('resume', ...org),
      {
        what: 'a missing file',
        args: ['create', '--file', 'gone.csv', ...profile, ...org],
        code: 1,
        error: /^InputFileError$/,
      },
      {
        what: 'a broken file',
        args: ['create', '--file', 'broken.csv', ...profile, ...org],
        code: 1,
        error: /^InputFileError$/,
      },
      {
        what: 'a condition that Salesforce refuses',
        args: ['create', '--where', 'Nope__c = 1', ...profile, ...org],
        code: 1,
        error: /^ConditionRejectedError$/,
      },
      {
        what: 'a bad template',
        args: ['create', '--where', 'x', '--username', '{Email', ...profile, ...org],
        code: 1,
        error: /^BadTemplateError$/,
      },
      {
        what: 'an unknown permission set',
        args: ['create', '--where', 'x', '--permission-set', 'Nope', ...profile, ...org],
        code: 1,
        error: /^UnknownPermissionSetError$/,
      },
      {
        what: 'resume without a run',
        args: ['resume', '--run-dir', 'nowhere', ...org],
        code: 1,
        error: /^NotARunFolderError$/,
      },
      {
        what: 'resume of any folder',
        args: ['resume', '--run-dir', 'empty-folder', ...org],
        code: 1,
        error: /^NotARunFolderError$/,
      },
      {
        what: 'resume of a damaged run',
        args: ['resume', '--run-dir', 'damaged', ...org],
        code: 1,
        error: /^RunDamagedError$/,
      },
      {
        what: 'resume in another org',
        args: ['resume', '--run-dir', 'foreign', ...org],
        code: 1,
        error: /^OtherOrgError$/,
      },
      {
        what: 'no most recent run',
        args: ['resume', '--use-most-recent', ...org],
        code: 1,
        error: /^NoRecentRunError$/,
        home,
      },
    ];
    cpSync(join(portal.home, '.sfdx'), join(home, '.sfdx'), { recursive: true });
    const before = portal.digest();
    portal.org.ledger.clear();
    await sideBySide(paths, async (path) => {
      await call(path);
    });
    expect(portal.digest()).to.equal(before);
    expect(portal.writes()).to.deep.equal([]);
  });

  it('guards that depend on the org', async () => {
    const guarded = async (what: string, change: () => void, undo: () => void): Promise<void> => {
      change();
      const args = ['create', ...mainSelection, ...org];
      await call({ what, args, code: 1, error: /^GuardStoppedError$/, result: 'run' }).finally(undo);
    };
    const { limits, switches } = portal.org;
    const license = (TotalLicenses: number): void =>
      portal.change('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community' }, { TotalLicenses });
    const welcome = (OptionsSendWelcomeEmail: boolean): void =>
      portal.change('Network', { Name: 'Acme Help Center' }, { OptionsSendWelcomeEmail });
    const before = portal.digest();
    await guarded(
      'licenses',
      () => license(40),
      () => license(500),
    );
    await guarded(
      'welcome mails',
      () => welcome(true),
      () => welcome(false),
    );
    await guarded(
      'API calls',
      () => (switches.dailyApiRequests = limits.used('DailyApiRequests') + 40),
      () => (switches.dailyApiRequests = 100_000),
    );
    await guarded(
      'Bulk batches',
      () => (switches.dailyBulkApiBatches = 1),
      () => (switches.dailyBulkApiBatches = 15_000),
    );
    await portal.login(portal.org.world?.internalUsers.get('anton.account'));
    await call({
      what: 'a missing permission',
      args: ['create', ...mainSelection, ...org],
      code: 1,
      error: /^ChecksFailedError$/,
    });
    await portal.loginAgain();
    expect(portal.digest()).to.equal(before);
  });

  it('guards of a user who can’t see all sites', async () => {
    const other = await PortalOrg.start({
      world: { welcomeEmails: false, runningUser: 'customerService' },
      switches: { users: { manageCustomerUsersSuffices: true } },
    });
    const path: JsonPath = { what: 'unseen sites', args: [], code: 1, error: /^GuardStoppedError$/, result: 'run' };
    const args = ['portal', 'users', 'create', ...mainSelection, ...org, '--json'];
    try {
      judge(path, await warmSf(args, { home: other.home, cwd: other.cwd }));
    } finally {
      await other.stop();
    }
  });

  it('success, and what resume says of a finished run', async () => {
    const create: JsonPath = { what: 'success', args: createFor(2), code: 0, result: 'run' };
    const { result } = await call(create);
    expect(result).to.include({ state: 'complete' });
    const { runDir } = result as RunResult;
    const finishedRun = await call({
      what: 'a finished run',
      args: ['resume', '--run-dir', runDir, ...org],
      code: 0,
      result: 'run',
    });
    expect((finishedRun.result as RunResult).counts).to.deep.equal((result as RunResult).counts);
  });

  it('rows that fail (68), a canary that stops the run (1)', async () => {
    const [unlucky] = free;
    const remove = portal.org.rules.automation.add(
      validationRule('User', ({ record }) => record['ContactId'] === unlucky, 'Not this one.'),
    );
    const { result } = await call({ what: 'partial', args: createFor(2), code: 68, result: 'run' });
    expect((result as RunResult).counts).to.include({ succeeded: 1, failed: 1 });
    remove();
    const closed = portal.org.rules.automation.add(validationRule('User', () => true, 'No users today.'));
    const canary = await call({
      what: 'canary',
      args: ['create', ...mainSelection, ...org],
      code: 1,
      result: 'run',
    });
    closed();
    expect((canary.result as RunResult).counts).to.include({ succeeded: 0 });
    expect(JSON.stringify(canary.warnings)).to.match(/No users today.*sf portal users resume --run-dir/s);
    expect((canary.result as RunResult).next.join()).to.match(
      /^sf portal users resume --run-dir \S+ --target-org portal$/,
    );
  });

  it('ends that a resume overcomes (69), at the start of a session too (1)', async () => {
    portal.org.switches.bulk.msInQueue = 60_000;
    const { result } = await call({
      what: '--wait 0',
      args: [...createFor(2), '--wait', '0'],
      code: 69,
      result: 'run',
    });
    const { runDir } = result as RunResult;
    const resume = ['resume', '--run-dir', runDir, ...org];
    await call({ what: 'still waiting', args: [...resume, '--wait', '0'], code: 69, result: 'run' });

    portal.org.session.expire();
    await call({ what: 'session gone before resume', args: resume, code: 69, result: 'run' });
    await call({ what: 'session gone before create', args: createFor(1), code: 1, error: /^OrgSessionError$/ });
    await portal.loginAgain();

    portal.org.faults.add(
      { method: 'PATCH', path: /^\/jobs\/ingest\/750/ },
      { kind: 'meanwhile', after: true, run: () => portal.org.session.expire() },
    );
    const midway = await call({ what: 'session gone midway', args: createFor(2), code: 69, result: 'run' });
    expect(JSON.stringify(midway.warnings)).to.match(/sf portal users resume --run-dir/);
    expect((midway.result as RunResult).next.join()).to.match(
      /^sf portal users resume --run-dir \S+ --target-org portal$/,
    );
    await portal.loginAgain();

    portal.org.clock.advance(61_000);
    const { result: done } = await call({ what: 'resumed', args: resume, code: 0, result: 'run' });
    expect((done as RunResult).counts).to.include({ planned: 2, succeeded: 2, pending: 0 });
  });
});
