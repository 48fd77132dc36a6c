/** A run from its complete plan to its end: guards, consent, the time limit as it is wired, the files, the faults. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { GracefulStop } from '../../../lib/engine/stop.js';
import type { RunEvent } from '../../../lib/model/events.js';
import type { RunResult } from '../../../lib/model/result.js';
import type { DriveOptions } from '../../../lib/run/drive.js';
import type { BegunRun } from '../../../lib/run/openRun.js';
import { fillDisk } from '../store/fullDisk.ts';
import { csvOf, expectDone, metaOf, recordsOf, RunLab, createRequest, type Run } from '../../scenarios/runLab.ts';

const { beginCreate } = await import('../../../lib/operations/beginCreate.js');
const { beginRun } = await import('../../../lib/run/begin.js');
const { driveRun } = await import('../../../lib/run/drive.js');
const { resumeRun } = await import('../../../lib/run/resume.js');
const { exportTexts } = await import('../../../lib/report/fileTexts.js');

/** Writes down when the time begins to count. */
class WatchedStop extends GracefulStop {
  readonly log: string[];

  constructor(log: string[]) {
    super();
    this.log = log;
  }

  override limit(minutes: number | undefined): void {
    this.log.push(`limit ${String(minutes)}`);
    super.limit(minutes);
  }
}

describe('driveRun', () => {
  let lab: RunLab;
  let log: string[];
  let stop: WatchedStop;
  beforeEach(async () => {
    lab = await RunLab.start();
    log = [];
    stop = new WatchedStop(log);
  });
  afterEach(async () => {
    stop.release();
    await lab.stop();
  });

  const emit = (event: RunEvent): void => void log.push('stage' in event ? `stage ${event.stage}` : event.type);
  const begin = async (changes: Parameters<RunLab['create']>[0] = {}): Promise<BegunRun> =>
    beginRun(
      await beginCreate(createRequest({ outputDir: lab.newFolder(), ...changes })),
      () => lab.client(),
      emit,
      stop,
    );
  const resume = (folder: string): Promise<BegunRun> =>
    resumeRun({ folder, maxUsers: undefined, strict: false, allowWelcomeEmails: false, sendUnknownAgain: false }, () =>
      lab.client(),
    );
  const drive = async (begun: BegunRun, changes: Partial<DriveOptions> = {}): Promise<Run> => {
    const summaries: RunResult[] = [];
    const { end, result, next, detail } = await driveRun({
      ...begun,
      asks: false,
      isTerminal: changes.asks ?? false,
      consent: () => {
        log.push('consent');
        return Promise.resolve(true);
      },
      stop,
      clock: lab.patientClock(),
      emit,
      texts: {
        ...exportTexts('lab'),
        summary: (summary) => {
          summaries.push(summary);
          return `summary ${String(summaries.length)}`;
        },
      },
      ...changes,
    });
    if (changes.texts === undefined) {
      expect(summaries.at(-1)).to.deep.equal(result);
      expect(readFileSync(join(begun.run.folder, 'summary.md'), 'utf8')).to.equal(
        `summary ${String(summaries.length)}`,
      );
    }
    expect(begun.run.db.isOpen).to.equal(false);
    return { end, result, next, detail, folder: begun.run.folder, events: [] };
  };
  const jobs = (): number => lab.count('POST', /^\/jobs\/ingest$/);
  const writes = (): number => lab.org.ledger.writes().length;

  describe('with a time to wait', () => {
    it('of nothing stops after the first send, however patient the clock', async () => {
      lab.org.switches.bulk.stuck = true;
      const begun = await begin({ permissionSets: ['Portal_Documents'] });
      const run = await drive(begun, { wait: 0 });
      expect(run.end).to.deep.equal({ end: 'wait' });
      expect(jobs()).to.equal(1);
      expect(recordsOf(run.folder).filter((record) => record['state'] === 'sent')).not.to.deep.equal([]);
      expect(run.result).to.include({ state: 'running' });
      // What it has left is taken up, and nothing is sent twice.
      lab.org.switches.bulk.stuck = false;
      stop = new WatchedStop(log);
      expectDone(lab, await drive(await resume(run.folder)));
      expect(jobs()).to.equal(1);
    });

    it('begins to count with the first write: neither planning nor the answer of a person is waiting', async () => {
      const begun = await begin();
      expect(log.filter((entry) => entry.startsWith('limit'))).to.deep.equal([]);
      // A tenth of a second: the answer takes longer.
      const wait = 1 / 600;
      let cause: unknown;
      await drive(begun, {
        wait,
        consent: async () => {
          log.push('consent');
          await sleep(200);
          cause = stop.cause();
          return true;
        },
      });
      expect(cause).to.equal(undefined);
      const from = log.indexOf('consent');
      expect(log.slice(from, from + 4)).to.deep.equal(['consent', 'stage apply', `limit ${String(wait)}`, 'begun']);
      expect(log.filter((entry) => entry.startsWith('limit'))).to.have.length(1);
    });

    it('counts nothing of a plan that is not applied', async () => {
      await drive(await begin({ dryRun: true }), { wait: 0 });
      await drive(await begin(), { wait: 0, consent: () => Promise.resolve(false) });
      await drive(await begin({ maxUsers: 1 }), { wait: 0 });
      expect(log.filter((entry) => entry.startsWith('limit'))).to.deep.equal([]);
      expect(stop.cause()).to.equal(undefined);
    });

    it('counts from the moment at which what is left is waited for', async () => {
      lab.org.switches.bulk.stuck = true;
      const left = await drive(await begin(), { wait: 0 });
      stop = new WatchedStop(log);
      log.length = 0;
      const again = await drive(await resume(left.folder), { wait: 0 });
      expect(again.end).to.deep.equal({ end: 'wait' });
      expect(log.slice(0, 4)).to.deep.equal(['stage check', 'stage apply', 'limit 0', 'begun']);
      expect(jobs()).to.equal(1);
    });

    it('of no end ends when all is done', async () => {
      expectDone(lab, await drive(await begin(), { wait: undefined }));
      expect(log).to.include('limit undefined');
    });
  });

  it('asks once, before anything is written, and remembers the answer', async () => {
    const begun = await begin();
    let asked = 0;
    const run = await drive(begun, {
      consent: (planned) => {
        asked += 1;
        expect([jobs(), planned.state, planned.counts.pending]).to.deep.equal([0, 'planned', planned.counts.planned]);
        expect(csvOf(begun.run.folder, 'users')).to.have.length(planned.counts.planned);
        return Promise.resolve(true);
      },
    });
    expectDone(lab, run);
    expect(asked).to.equal(1);
    expect(metaOf(run.folder).map(({ key }) => key)).to.include.members(['consentAt', 'startedAt']);
  });

  it('writes nothing without consent, and says what to say again', async () => {
    const dry = await drive(await begin({ dryRun: true, maxUsers: 100, allowWelcomeEmails: false }));
    const begun = await resume(dry.folder);
    const guards = { ...begun.guards, maxUsers: 9_000, allowWelcomeEmails: true };
    const before = writes();
    const run = await drive({ ...begun, guards }, { consent: () => Promise.resolve(false) });
    expect(run.end).to.deep.equal({ end: 'declined' });
    expect(run.result.next.join()).to.match(
      /resume .* --max-users 9000 --allow-welcome-emails --no-prompt --target-org/,
    );
    expect(writes()).to.equal(before);
    expect(run.result.state).to.equal('planned');
    const allowed = await drive(await begin({ dryRun: true }));
    const same = await drive(await resume(allowed.folder), { consent: () => Promise.resolve(false) });
    expect(same.result.next.join()).to.match(/resume --run-dir \S+ --no-prompt --target-org lab$/);
  });

  it('tells a question that was interrupted from one that was answered', async () => {
    const run = await drive(await begin(), {
      consent: () => {
        stop.request('signal');
        return Promise.resolve(false);
      },
    });
    expect(run.end).to.deep.equal({ end: 'signal' });
    expect(jobs()).to.equal(0);
  });

  it('stops at its guards before anybody is asked', async () => {
    const run = await drive(await begin({ maxUsers: 1 }));
    expect(run.end).to.have.property('end', 'guards');
    expect(log).not.to.include('consent');
    expect(jobs()).to.equal(0);
  });

  it('leaves the plan of a dry run for resume', async () => {
    const run = await drive(await begin({ dryRun: true }));
    expect(run.end).to.deep.equal({ end: 'planned' });
    expect([run.result.dryRun, existsSync(join(run.folder, 'succeeded.csv'))]).to.deep.equal([true, false]);
    expectDone(lab, await drive(await resume(run.folder)));
  });

  it('ends with the call that failed for good, and its files say how far it came', async () => {
    const begun = await begin();
    lab.org.faults.add({ method: 'POST', path: '/jobs/ingest', times: 99 }, { kind: 'dropAfter' });
    const run = await drive(begun);
    expect(run.end).to.have.property('end', 'call');
    expect(readdirSync(run.folder)).to.include.members(['succeeded.csv', 'failed.csv', 'users.csv']);
    expect(run.result.counts).to.include({ succeeded: 0, pending: run.result.counts.planned });
    expect(run.result.apiCalls).to.be.above(0);
  });

  it('writes every event down', async () => {
    const begun = await begin();
    const told = log.length;
    let events = 0;
    await drive(begun, {
      texts: {
        ...exportTexts('lab'),
        summary: () => {
          events = Number(begun.run.db.prepare('SELECT count(*) AS n FROM event').get()?.['n']);
          return '';
        },
      },
    });
    const kept = log
      .slice(told)
      .filter((type) => !['read', 'jobProgress', 'consent'].includes(type) && !type.startsWith('limit'));
    expect(events).to.equal(kept.length);
  });

  it('is damaged where a value that nobody writes comes to light', async () => {
    const begun = await begin();
    begun.run.db.exec(
      "UPDATE subject SET verdict = 'refused', state = NULL, reason = 'NO_EMAIL', detailText = 'other'",
    );
    const failed: unknown = await drive(begun).catch((reason: unknown) => reason);
    expect(failed).to.have.property('code', 'runDamaged');
    expect(jobs()).to.equal(0);
  });

  it('is a fault of the folder when it is gone, or full', async function () {
    if (process.platform === 'win32') this.skip();
    const begun = await begin();
    const failed: unknown = await drive(begun, {
      consent: () => {
        rmSync(begun.run.folder, { recursive: true });
        return Promise.resolve(true);
      },
    }).catch((reason: unknown) => reason);
    expect(failed).to.have.property('code', 'folderGone');
    expect(jobs()).to.equal(0);
    let mend: () => void = () => undefined;
    const full = await drive(await begin(), {
      consent: async () => {
        mend = await fillDisk();
        return true;
      },
      // Nothing is looked at that could not be written.
      texts: exportTexts('lab'),
    }).finally(() => mend());
    // With a plan that was begun there is always a result, and a way to go on.
    expect(full.end).to.have.property('fault').that.has.property('code', 'diskFull');
    expect(jobs()).to.equal(0);
  });
});
