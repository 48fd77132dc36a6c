/** Runs that stop for a reason of the org or of the login, and are driven on: no row is done twice, lost or counted wrongly. */
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { faultAnswers } from '../../simulated-org/faults.ts';
import { judge } from './jsonPath.ts';
import { contactsCsv, expectSound, mainProfile, PortalOrg, runFolders } from './portalOrg.ts';
import { RunSeries, type SmallRun } from './runSeries.ts';

/** The command that runs has set all other listeners aside. */
function interrupt(): void {
  process.emit('SIGINT', 'SIGINT');
}

describe('runs that stop', function () {
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

  it("the day's API calls used up in the middle: says what is pending and what it takes (69), and resume goes on", async () => {
    portal.org.faults.add({ method: 'POST', path: '/jobs/ingest' }, faultAnswers.dailyLimit());
    const stopped = await portal.json(run.create, 69);
    expect(stopped.result.counts).to.include({ planned: series.size, pending: series.size, succeeded: 0 });
    const warned = JSON.stringify(stopped.warnings);
    expect(warned).to.match(
      /Stopped with 6 rows pending: .*used up.*The rest needs about \d+ API calls and \d+ Bulk API batches/,
    );
    expect(warned).to.match(/sf org list limits --target-org portal.*sf portal users resume --run-dir/);
    portal.org.faults.clear();
    await series.expectGoesOn(run, stopped);
  });

  it('--wait 0 leaves the job to the org (69) and prints how to go on; resume collects it', async () => {
    portal.org.switches.bulk.msInQueue = 600_000;
    const left = await portal.json([...run.create, '--wait', '0'], 69);
    const { result } = left;
    expect(result).to.include({ state: 'running' });
    expect(result.counts).to.include({ planned: series.size, pending: series.size, succeeded: 0 });
    const again = await portal.json(['resume', '--use-most-recent', '--wait', '0'], 69);
    expect(again.result.runDir).to.equal(result.runDir);
    portal.org.clock.advance(601_000);
    await series.expectGoesOn(run, left);
    expect(portal.org.ledger.count('POST', '/jobs/ingest')).to.equal(1);
  });

  it('a job whose creation got no answer may be left open and empty: a warning says so, in the JSON and in words', async () => {
    const loseAnswer = (): void => {
      portal.org.faults.add({ method: 'POST', path: '/jobs/ingest' }, { kind: 'dropAfter' });
    };
    loseAnswer();
    const { warnings } = await portal.json(run.create);
    const all = (warnings ?? []) as ReadonlyArray<{ name: string; message: string; actions: readonly string[] }>;
    // The clock of the org has been moved by then, which is told, too.
    const warning = all.find(({ name }) => name === 'EmptyJobs');
    expect(warning?.message).to.match(/lost 1 time.*deletes them after seven days/);
    expect(warning?.actions.join()).to.match(/sf org open --path \S+ --target-org portal/);
    loseAnswer();
    const others = contactsCsv(series.contacts(1).map((Id) => ({ Id })));
    const args = ['create', '--file', portal.file('other.csv', others), '--profile', mainProfile];
    const { code, stderr } = await portal.text(args);
    expect(code, stderr).to.equal(0);
    expect(stderr).to.match(/Warning: The answer to creating a job was lost 1 time/);
  });

  // Signals that a process gets, and its end by force: test/host/interruptions.test.ts.
  it('Ctrl-C while the results are read: what is under way is finished (130), and resume goes on', async () => {
    portal.org.faults.add({ path: /successfulResults$/ }, { kind: 'meanwhile', run: interrupt });
    // So that something is left to be done.
    const left = await portal.json([...run.create, '--permission-set', 'Portal_Documents'], 130);
    expectSound(left.result);
    expect(left.result.counts).to.include({ planned: series.size, created: series.size });
    expect(JSON.stringify(left.warnings)).to.match(/Interrupted.*sf portal users resume --run-dir/s);
    await series.expectAllDone(run);
  });

  it('Ctrl-C before anything was written (130): nothing is', async () => {
    for (const args of [run.create, ['check', '--profile', mainProfile]]) {
      portal.org.faults.add({ path: '/query' }, { kind: 'meanwhile', run: interrupt });
      portal.org.faults.add({ path: '/query' }, { kind: 'stall', milliseconds: 300 });
      const answer = await portal.text([...args, '--json']);
      judge({ what: args[0] ?? '', args, code: 130, error: /^InterruptedError$/ }, answer);
      portal.org.faults.clear();
      expect(portal.writes()).to.deep.equal([]);
    }
  });

  const deaths = [
    ['the rows are uploaded and the job is open', false],
    ['the job is closed and its answer lost', true],
  ] as const;
  for (const [when, after] of deaths) {
    it(`what a process leaves that dies when ${when} is resumed`, async () => {
      const left = `${run.dir}-left`;
      const match = { method: 'PATCH', path: /^\/jobs\/ingest\/750/ };
      // The process of this test lives on, and can do no more.
      const die = (): void => {
        cpSync(join(portal.cwd, run.dir), join(portal.cwd, left), { recursive: true });
        portal.org.session.expire();
      };
      portal.org.faults.add(match, { kind: 'meanwhile', after, run: die });
      await portal.json(run.create, 69);
      const uploads = (): number =>
        portal.org.ledger.entries.filter(({ method, status }) => method === 'PUT' && status === 201).length;
      const before = uploads();
      await portal.loginAgain();
      expect(readFileSync(join(portal.cwd, left, 'summary.md'), 'utf8')).to.match(
        /^> The run is under way, or its process was killed/m,
      );
      await series.expectAllDone(run, ['resume', '--run-dir', left]);
      expect(before + uploads()).to.be.within(1, 2);
    });
  }

  it('a session that ends meanwhile stops the run (69); after a new login resume finishes it', async () => {
    portal.org.faults.add(
      { method: 'PATCH', path: /^\/jobs\/ingest\/750/ },
      { kind: 'meanwhile', after: true, run: () => portal.org.session.expire() },
    );
    const stopped = await portal.json(run.create, 69);
    expectSound(stopped.result);
    expect(stopped.result.counts).to.include({ planned: series.size, pending: series.size });
    expect(JSON.stringify(stopped.warnings)).to.match(
      /login to the org is no longer valid.*sf org login web --alias portal.*sf portal users resume/s,
    );
    // Rows are in the org: the result is in the JSON on every path, and the run is still resumable.
    const tooEarly = await portal.json(['resume', '--run-dir', run.dir], 69);
    expect(tooEarly.result.counts).to.include({ planned: series.size, pending: series.size });
    expect(JSON.stringify(tooEarly.warnings)).to.match(/Log in again/);
    await portal.loginAgain();
    await series.expectGoesOn(run, stopped);
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
    expect(failed.message).to.match(/login to the org is no longer valid/);
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
      /admin@sim\.example started the run, and second\.admin@acme\.example continues it/,
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
      .and.to.match(/started the run again, with another --output-dir/);
    portal.file(
      join(run.dir, 'run.db'),
      'this is no database, and much longer than a header of SQLite would have to be',
    );
    expect(await portal.failure(['resume', '--run-dir', run.dir])).to.include({ code: 1, name: 'RunDamagedError' });
  });
});
