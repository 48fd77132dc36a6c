/** Runs that are stopped in every way, and driven on: no row is done twice, lost or counted wrongly. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, closeSync, writeSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { faultAnswers, type FaultMatch } from '../simulated-org/faults.ts';
import { contactsCsv, expectSound, mainProfile, PortalOrg, readCsv, runFolders } from './portalOrg.ts';
import { finished } from './sfHost.ts';

const perTest = 6;

describe('interruptions', function () {
  let portal: PortalOrg;
  let contactIds: string[];
  /** Each test takes contacts of its own and a run folder of its own. */
  let run: { readonly dir: string; readonly ids: readonly string[]; readonly create: readonly string[] };
  let tests = 0;

  before(async () => {
    portal = await PortalOrg.start();
    contactIds = portal.plainContacts(120).map(({ Id }) => Id);
  });

  after(() => portal.stop());

  beforeEach(() => {
    portal.org.faults.clear();
    portal.org.ledger.clear();
    portal.org.switches.bulk.msInQueue = 0;
    tests += 1;
    const ids = contactIds.splice(0, perTest);
    const file = portal.file(`contacts-${tests}.csv`, contactsCsv(ids.map((Id) => ({ Id }))));
    const dir = `run-${tests}`;
    run = { dir, ids, create: ['create', '--file', file, '--profile', mainProfile, '--output-dir', dir] };
  });

  async function until(what: string, condition: () => boolean): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      if (condition()) return;
      await sleep(50);
    }
    expect.fail(`waited in vain until ${what}`);
  }

  const sent = (method: string, resource: RegExp): boolean => portal.org.ledger.count(method, resource) > 0;
  const jobIsRunning = (): boolean => sent('GET', /^\/jobs\/ingest\/750\w+$/);

  /** One user a contact, all of them in succeeded.csv, and counts that add up. */
  async function expectAllDone(args = ['resume', '--run-dir', run.dir], isChange = false): Promise<void> {
    const { result } = await portal.json(args);
    expectSound(result);
    expect(result.counts).to.include({ planned: perTest, succeeded: perTest, failed: 0, pending: 0 });
    const succeeded = readCsv(result.files['succeeded'] ?? '');
    for (const contactId of run.ids) {
      const users = portal.usersOf(contactId);
      expect(users, contactId).to.have.length(1);
      expect(succeeded.filter((row) => row['ContactId'] === contactId)).to.have.length(1);
      expect(succeeded.find((row) => row['ContactId'] === contactId)).to.include({ UserId: users[0]?.Id });
      const [login] = portal.org.store.find('UserLogin', { UserId: users[0]?.Id ?? '' });
      expect(login).to.include({ IsFrozen: isChange });
    }
  }

  /** Holds a call back until the process is gone. `before`: the org has done it by then. */
  function hold(match: FaultMatch, before: boolean): void {
    portal.org.faults.add(match, { kind: 'stall', milliseconds: Infinity, before });
  }

  async function kill(child: ChildProcess): Promise<void> {
    const ended = finished(child);
    child.kill('SIGKILL');
    expect((await ended).code).to.equal(undefined);
    portal.org.faults.clear();
  }

  it("the day's API calls used up in the middle: says what is pending and what it takes (69), and resume goes on", async () => {
    portal.org.faults.add({ method: 'POST', path: '/jobs/ingest' }, faultAnswers.dailyLimit());
    const { result, warnings } = await portal.json(run.create, 69);
    expect(result.counts).to.include({ planned: perTest, pending: perTest, succeeded: 0 });
    const stopped = JSON.stringify(warnings);
    expect(stopped).to.match(
      /Stopped with 6 rows pending: .*used up.*The rest needs about \d+ API calls and \d+ Bulk API batches/,
    );
    expect(stopped).to.match(/sf org list limits --target-org portal.*sf portal users resume --run-dir/);
    portal.org.faults.clear();
    await expectAllDone();
  });

  it('--wait 0 leaves the job to the org (69) and prints how to go on; resume collects it', async () => {
    portal.org.switches.bulk.msInQueue = 600_000;
    const { result, warnings } = await portal.json([...run.create, '--wait', '0'], 69);
    expect(result).to.include({ state: 'running' });
    expect(result.counts).to.include({ planned: perTest, pending: perTest, succeeded: 0 });
    expect(JSON.stringify(warnings)).to.match(/sf portal users resume --run-dir.*--target-org/);
    const again = await portal.json(['resume', '--use-most-recent', '--wait', '0'], 69);
    expect(again.result.runDir).to.equal(result.runDir);
    portal.org.clock.advance(601_000);
    await expectAllDone();
    expect(portal.org.ledger.count('POST', '/jobs/ingest')).to.equal(1);
  });

  const kills: ReadonlyArray<readonly [when: string, method: string, path: RegExp, before: boolean]> = [
    ['the answer to the new job is under way', 'POST', /^\/jobs\/ingest$/, true],
    ['the rows are being uploaded', 'PUT', /\/batches$/, false],
    ['the rows are uploaded and the job is open', 'PATCH', /^\/jobs\/ingest\/750/, false],
    ['the job is closed and its answer lost', 'PATCH', /^\/jobs\/ingest\/750/, true],
    ['the results are being read', 'GET', /successfulResults/, true],
  ];
  for (const [when, method, path, before] of kills) {
    it(`kill -9 while ${when}, then resume`, async () => {
      hold({ method, path }, before);
      const child = await portal.begin(run.create);
      await until('the call is under way', () => sent(method, path));
      await sleep(100);
      await kill(child);
      expect(readFileSync(join(portal.cwd, run.dir, 'summary.md'), 'utf8')).to.match(/^State: not finished/m);
      await expectAllDone();
      const open = portal.org.ledger.entries.filter((call) => call.method === 'PUT' && call.status === 201);
      expect(open.length).to.be.at.most(2);
    });
  }

  it('a job whose creation got no answer may be left open and empty: a warning says so, in the JSON and in words', async () => {
    const loseAnswer = (): void => {
      portal.org.faults.add({ method: 'POST', path: '/jobs/ingest' }, { kind: 'dropAfter' });
    };
    loseAnswer();
    const { warnings } = await portal.json(run.create);
    const [warning] = (warnings ?? []) as ReadonlyArray<{ name: string; message: string; actions: readonly string[] }>;
    expect(warning).to.include({ name: 'EmptyJobs' });
    expect(warning?.message).to.match(/lost 1 time: .*deletes them after seven days/);
    expect(warning?.actions.join()).to.match(/sf org open --path \S+ --target-org portal/);
    loseAnswer();
    const others = contactsCsv(contactIds.splice(0, 1).map((Id) => ({ Id })));
    const args = ['create', '--file', portal.file('other.csv', others), '--profile', mainProfile];
    const { code, stderr } = await portal.text(args);
    expect(code, stderr).to.equal(0);
    expect(stderr).to.match(/Warning: The answer to the creation of a job was lost 1 time/);
  });

  it('Ctrl-C ends with 130 and the resume command, and says what is pending; resume goes on', async () => {
    if (process.platform === 'win32') return;
    portal.org.switches.bulk.msInQueue = 60_000;
    const child = await portal.begin(run.create);
    const ended = finished(child);
    await until('the job runs', jobIsRunning);
    const second = await portal.failure(['resume', '--run-dir', run.dir]);
    expect(second).to.include({ name: 'RunLockedError', code: 1 });
    expect(second.message).to.match(/is being driven by another process/);
    child.kill('SIGINT');
    const { result, warnings } = portal.readJson(run.create, await ended, 130);
    expect(result.counts).to.include({ planned: perTest, pending: perTest });
    expect(JSON.stringify(warnings)).to.match(/Interrupted.*sf portal users resume --run-dir/s);
    portal.org.clock.advance(61_000);
    await expectAllDone();
  });

  it('two creates at once, for the same contacts: each user belongs to one of them', async () => {
    const { create } = run;
    Object.assign(portal.org.switches.bulk, { stuck: true, rowsPerChunk: 1 });
    // Each has some that the other has not, so that both make some.
    const others = [...run.ids.slice(2), ...contactIds.splice(0, 2)];
    const ids = [...new Set([...run.ids, ...others])];
    const file = portal.file('shifted.csv', contactsCsv(others.map((Id) => ({ Id }))));
    const other = ['create', '--file', file, '--profile', mainProfile, '--output-dir', `${run.dir}-other`];
    const commands = [create, other];
    const answers = commands.map(async (args) => finished(await portal.begin(args)));
    await until('both jobs are closed', () => portal.org.ledger.count('PATCH', /^\/jobs\/ingest\/750/) === 2);
    portal.org.switches.bulk.stuck = false;
    const results = (await Promise.all(answers)).map((answer, n) => portal.readJson(commands[n] ?? [], answer).result);
    portal.org.switches.bulk.rowsPerChunk = 200;
    const made = results.map(({ files }) => readCsv(files['succeeded'] ?? '').map((row) => row['UserId'] ?? ''));
    for (const [n, result] of results.entries()) {
      expectSound(result);
      expect(result.counts).to.include({ failed: 0, pending: 0, created: made[n]?.length });
      expect(made[n], 'made by each').to.not.deep.equal([]);
      expect(result.unchangedByReason).to.deep.equal(
        result.counts.unchanged === 0 ? {} : { ALREADY_HAS_USER: result.counts.unchanged },
      );
    }
    const users = ids.flatMap((id) => portal.usersOf(id).map(({ Id }) => Id));
    expect(users).to.have.length(ids.length);
    expect(made.flat().sort()).to.deep.equal(users.sort());
  });

  type Signals = {
    readonly when: string;
    readonly signals: readonly NodeJS.Signals[];
    readonly call: readonly [method: string, path: RegExp];
    /** Of the org's answer; Infinity: as long as the process lives. */
    readonly delay: number;
    readonly isCollection?: boolean;
    /** Further flags, so that something is left to be done. */
    readonly more?: readonly string[];
  };
  const sets = ['--permission-set', 'Portal_Documents'];
  const upload = ['PUT', /\/batches$/] as const;
  const signalled: readonly Signals[] = [
    { when: 'during the upload', signals: ['SIGTERM'], call: upload, delay: 800 },
    { when: 'during the upload, twice', signals: ['SIGINT', 'SIGINT'], call: upload, delay: Infinity },
    {
      when: 'while the results are read',
      signals: ['SIGINT'],
      call: ['GET', /failedResults$/],
      delay: 800,
      more: sets,
    },
    {
      when: 'while a collection is written, once of each kind',
      signals: ['SIGTERM', 'SIGINT'],
      call: ['PATCH', /^\/composite\/sobjects$/],
      delay: Infinity,
      isCollection: true,
    },
  ];
  for (const { when, signals, call, delay, isCollection = false, more = [] } of signalled) {
    it(`${signals[0] ?? ''} ${when}: ends with 130, and resume goes on`, async () => {
      if (process.platform === 'win32') return;
      const [method, path] = call;
      if (isCollection) await portal.json(run.create);
      const dir = isCollection ? `${run.dir}-off` : run.dir;
      const freeze = ['disable', '--mode', 'freeze', '--from-run', run.dir, '--no-prompt', '--output-dir', dir];
      const args = isCollection ? freeze : [...run.create, ...more];
      portal.org.faults.add({ method, path }, { kind: 'stall', milliseconds: delay, before: true });
      const child = await portal.begin(args);
      const ended = finished(child);
      await until('the call is under way', () => sent(method, path));
      const began = Date.now();
      for (const signal of signals) {
        child.kill(signal);
        // More than what makes one key press of two, on a machine that has much to do.
        await sleep(200);
      }
      const answer = await ended;
      expect(answer.code, answer.stderr).to.equal(130);
      if (signals.length === 1) {
        // What was under way is finished: the answer is there, and recorded.
        expect(Date.now() - began).to.be.above(delay / 2);
        const { result, warnings } = portal.readJson(args, answer, 130);
        expectSound(result);
        expect(result.counts.planned).to.equal(perTest);
        expect(JSON.stringify(warnings)).to.match(/Interrupted.*sf portal users resume --run-dir/s);
      } else {
        const left = portal.readJson(args, answer, 130);
        expect(left).to.include({ name: 'InterruptedError' });
        expectSound(left.result);
        expect(left.result).to.include({ state: 'running', runDir: join(portal.cwd, dir) });
        const [action = ''] = left.actions ?? [];
        expect(action).to.include(`sf portal users resume --run-dir "${left.result.runDir}" --target-org portal`);
      }
      portal.org.faults.clear();
      await expectAllDone(['resume', '--run-dir', dir, ...(isCollection ? ['--no-prompt'] : [])], isCollection);
    });
  }

  it('Ctrl-C while the plan is being made leaves nothing behind', async () => {
    if (process.platform === 'win32') return;
    portal.org.faults.add(
      { path: '/query', when: (call) => call.soql?.includes('FROM User WHERE ContactId IN') === true },
      { kind: 'stall', milliseconds: 1_000 },
    );
    Object.assign(portal.org.switches, { queryPageSize: 2, honorsBatchSizeWish: false });
    const where = `Id IN (${run.ids.map((id) => `'${id}'`).join()})`;
    const child = await portal.begin(['create', '--where', where, '--profile', mainProfile, '--output-dir', run.dir]);
    const ended = finished(child);
    await until('contacts are read', () => portal.calls().some((call) => call.soql?.includes('FROM Contact') === true));
    child.kill('SIGINT');
    const answer = await ended;
    Object.assign(portal.org.switches, { queryPageSize: 2000, honorsBatchSizeWish: true });
    expect(answer.code, answer.stdout + answer.stderr).to.equal(130);
    expect(JSON.parse(answer.stdout)).to.include({ status: 130, name: 'InterruptedError' });
    expect(existsSync(join(portal.cwd, run.dir))).to.equal(false);
    expect(portal.writes()).to.deep.equal([]);
  });

  it('a session that ends meanwhile stops the run (69); after a new login resume finishes it', async () => {
    portal.org.faults.add(
      { method: 'PATCH', path: /^\/jobs\/ingest\/750/ },
      { kind: 'meanwhile', after: true, run: () => portal.org.session.expire() },
    );
    const { result, warnings } = await portal.json(run.create, 69);
    expectSound(result);
    expect(result.counts).to.include({ planned: perTest, pending: perTest });
    expect(JSON.stringify(warnings)).to.match(
      /login to the org is not valid any more.*sf org login web --alias portal.*sf portal users resume/s,
    );
    // Rows are in the org: the result is in the JSON on every path, and the run is still resumable.
    const tooEarly = await portal.json(['resume', '--run-dir', run.dir], 69);
    expect(tooEarly.result.counts).to.include({ planned: perTest, pending: perTest });
    expect(JSON.stringify(tooEarly.warnings)).to.match(/Log in again/);
    await portal.loginAgain();
    await expectAllDone();
  });

  it('a login that can be refreshed goes on by itself', async () => {
    const refreshable = await PortalOrg.start();
    try {
      await refreshable.loginWithRefreshToken();
      const [first, second] = refreshable.plainContacts(2);
      refreshable.file('two.csv', contactsCsv([first, second].flatMap((contact) => contact ?? [])));
      for (const path of [/\/batches$/, /successfulResults/]) {
        refreshable.org.faults.add({ path }, { kind: 'meanwhile', run: () => refreshable.org.session.expire() });
      }
      const { result } = await refreshable.json(['create', '--file', 'two.csv', '--profile', mainProfile]);
      expect(result.counts).to.include({ planned: 2, succeeded: 2 });
      expect(refreshable.org.ledger.count('POST', '/services/oauth2/token')).to.be.at.least(2);
      expect(refreshable.org.ledger.count('POST', '/jobs/ingest')).to.equal(1);
    } finally {
      await refreshable.stop();
    }
  });

  it('an expired login stops create before a plan: exit 1, no folder', async () => {
    portal.org.session.expire();
    const folders = runFolders(portal.cwd).length;
    const failed = await portal.failure(run.create);
    expect(failed).to.include({ code: 1, name: 'OrgSessionError' });
    expect(failed.message).to.match(/login to the org is not valid any more/);
    expect(existsSync(join(portal.cwd, run.dir))).to.equal(false);
    expect(runFolders(portal.cwd)).to.have.length(folders);
    await portal.loginAgain();
  });

  it('another user of the org may resume, with a warning; another org is refused', async () => {
    await portal.json([...run.create, '--dry-run']);
    const file = join(portal.cwd, run.dir, 'run.db');
    await portal.login(portal.org.world?.internalUsers.get('second.admin'));
    const { warnings } = await portal.json(['resume', '--run-dir', run.dir, '--max-users', '100']);
    expect(JSON.stringify(warnings)).to.match(
      /begun by admin@sim\.example and is now driven by second\.admin@acme\.example/,
    );
    await portal.loginAgain();
    const db = new DatabaseSync(file);
    db.exec("UPDATE meta SET value = '00D5x0000000009EAA' WHERE key = 'orgId'");
    db.close();
    const foreign = await portal.failure(['resume', '--run-dir', run.dir]);
    expect(foreign).to.include({ code: 1, name: 'OtherOrgError' });
    expect(foreign.message).to.include('00D5x0000000009EAA').and.to.include(portal.org.orgId);
  });

  it('refuses folders that are no runs, and runs that are damaged', async () => {
    mkdirSync(join(portal.cwd, 'empty'));
    const noRun = await portal.failure(['resume', '--run-dir', 'empty']);
    expect(noRun).to.include({ code: 1, name: 'NotARunFolderError' });
    expect(noRun.message).to.include(join(portal.cwd, 'empty'));
    const missing = await portal.failure(['resume', '--run-dir', 'nowhere']);
    expect(missing.code).to.equal(1);
    expect(missing.text).to.match(/nowhere/);

    await portal.json([...run.create, '--dry-run']);
    const file = join(portal.cwd, run.dir, 'run.db');
    const handle = openSync(file, 'r+');
    for (let position = 4096; position < statSync(file).size; position += 4096)
      writeSync(handle, 'broken!', position + 8);
    closeSync(handle);
    const damaged = await portal.failure(['resume', '--run-dir', run.dir]);
    expect(damaged).to.include({ code: 1, name: 'RunDamagedError' });
    expect(damaged.text)
      .to.match(/damaged/)
      .and.to.match(/same create command again/);
    portal.file(
      join(run.dir, 'run.db'),
      'this is no database, and much longer than a header of SQLite would have to be',
    );
    expect(await portal.failure(['resume', '--run-dir', run.dir])).to.include({ code: 1, name: 'RunDamagedError' });
  });
});
