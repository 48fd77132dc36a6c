/** Processes that are stopped in every way, and runs that are driven on: no row is done twice, lost or counted wrongly. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { FaultMatch } from '../simulated-org/faults.ts';
import { judge } from '../scenarios/commands/jsonPath.ts';
import { contactsCsv, expectSound, mainProfile, readCsv, type PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { RunSeries, type SmallRun } from '../scenarios/commands/runSeries.ts';
import { finished } from '../scenarios/commands/sfCall.ts';
import { begin } from './sfHost.ts';

describe('interruptions', function () {
  let series: RunSeries;
  let portal: PortalOrg;
  let run: SmallRun;

  before(async () => {
    series = await RunSeries.start();
    ({ portal } = series);
  });

  after(() => portal.stop());

  beforeEach(() => {
    run = series.next();
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

  // At other moments, without a process: test/scenarios/commands/stoppedRuns.test.ts.
  const kills: ReadonlyArray<readonly [when: string, method: string, path: RegExp, before: boolean]> = [
    ['the answer to the new job is under way', 'POST', /^\/jobs\/ingest$/, true],
    ['the rows are being uploaded', 'PUT', /\/batches$/, false],
    ['the results are being read', 'GET', /successfulResults/, true],
  ];
  for (const [when, method, path, before] of kills) {
    it(`kill -9 while ${when}, then resume`, async () => {
      hold({ method, path }, before);
      const child = await begin(portal, run.create);
      await until('the call is under way', () => sent(method, path));
      await sleep(100);
      await kill(child);
      expect(readFileSync(join(portal.cwd, run.dir, 'summary.md'), 'utf8')).to.match(
        /^> The run is under way, or its process was killed/m,
      );
      await series.expectAllDone(run);
      const open = portal.org.ledger.entries.filter((call) => call.method === 'PUT' && call.status === 201);
      expect(open.length).to.be.at.most(2);
    });
  }

  it('Ctrl-C ends with 130 and the resume command, and says what is pending; resume goes on', async () => {
    if (process.platform === 'win32') return;
    portal.org.switches.bulk.msInQueue = 60_000;
    const child = await begin(portal, run.create);
    const ended = finished(child);
    await until('the job runs', jobIsRunning);
    const second = await portal.failure(['resume', '--run-dir', run.dir]);
    expect(second).to.include({ name: 'RunLockedError', code: 1 });
    expect(second.message).to.match(/Another process is working on the run in/);
    child.kill('SIGINT');
    const left = portal.readJson(run.create, await ended, 130);
    expect(left.result.counts).to.include({ planned: series.size, pending: series.size });
    expect(JSON.stringify(left.warnings)).to.match(/Interrupted.*sf portal users resume --run-dir/s);
    portal.org.clock.advance(61_000);
    await series.expectGoesOn(run, left);
  });

  it('two creates at once, for the same contacts: each user belongs to one of them', async () => {
    const { create } = run;
    Object.assign(portal.org.switches.bulk, { stuck: true, rowsPerChunk: 1 });
    // Each has some that the other has not, so that both make some.
    const others = [...run.ids.slice(2), ...series.contacts(2)];
    const ids = [...new Set([...run.ids, ...others])];
    const file = portal.file('shifted.csv', contactsCsv(others.map((Id) => ({ Id }))));
    const other = ['create', '--file', file, '--profile', mainProfile, '--output-dir', `${run.dir}-other`];
    const commands = [create, other];
    const answers = commands.map(async (args) => finished(await begin(portal, args)));
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
  };
  const upload = ['PUT', /\/batches$/] as const;
  const signalled: readonly Signals[] = [
    { when: 'during the upload', signals: ['SIGTERM'], call: upload, delay: 800 },
    { when: 'during the upload, twice', signals: ['SIGINT', 'SIGINT'], call: upload, delay: Infinity },
    {
      when: 'while a collection is written, once of each kind',
      signals: ['SIGTERM', 'SIGINT'],
      call: ['PATCH', /^\/composite\/sobjects$/],
      delay: Infinity,
      isCollection: true,
    },
  ];
  for (const { when, signals, call, delay, isCollection = false } of signalled) {
    it(`${signals[0] ?? ''} ${when}: ends with 130, and resume goes on`, async () => {
      if (process.platform === 'win32') return;
      const [method, path] = call;
      if (isCollection) await portal.json(run.create);
      const dir = isCollection ? `${run.dir}-off` : run.dir;
      const freeze = ['disable', '--mode', 'freeze', '--from-run', run.dir, '--no-prompt', '--output-dir', dir];
      const args = isCollection ? freeze : run.create;
      portal.org.faults.add({ method, path }, { kind: 'stall', milliseconds: delay, before: true });
      const child = await begin(portal, args);
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
        // What was under way is finished: the answer has come, and is recorded.
        expect(Date.now() - began).to.be.above(delay / 2);
        const { result, warnings } = portal.readJson(args, answer, 130);
        expectSound(result);
        expect(result.counts.planned).to.equal(series.size);
        expect(JSON.stringify(warnings)).to.match(/Interrupted.*sf portal users resume --run-dir/s);
      } else {
        const left = portal.readJson(args, answer, 130);
        expect(left).to.include({ name: 'InterruptedError' });
        expectSound(left.result);
        expect(left.result).to.include({ state: 'running', runDir: join(portal.cwd, dir) });
        const [action = ''] = left.actions ?? [];
        expect(action).to.include(`sf portal users resume --run-dir ${left.result.runDir} --target-org portal`);
      }
      portal.org.faults.clear();
      await series.expectAllDone(
        run,
        ['resume', '--run-dir', dir, ...(isCollection ? ['--no-prompt'] : [])],
        isCollection,
      );
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
    const args = ['create', '--where', where, '--profile', mainProfile, '--output-dir', run.dir];
    const child = await begin(portal, args);
    const ended = finished(child);
    await until('contacts are read', () => portal.calls().some((call) => call.soql?.includes('FROM Contact') === true));
    child.kill('SIGINT');
    const answer = await ended;
    Object.assign(portal.org.switches, { queryPageSize: 2000, honorsBatchSizeWish: true });
    judge({ what: 'SIGINT while the plan is made', args, code: 130, error: /^InterruptedError$/ }, answer);
    expect(existsSync(join(portal.cwd, run.dir))).to.equal(false);
    expect(portal.writes()).to.deep.equal([]);
  });
});
