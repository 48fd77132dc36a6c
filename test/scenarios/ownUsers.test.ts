/** Users that a run has made are told as its own, also where no answer of the org says so. */
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { FieldValue } from '../simulated-org/contracts.ts';
import { faultAnswers } from '../simulated-org/faults.ts';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { expectDone, expectTrue, jobsOf, recordsOf, RunLab, type Run } from './runLab.ts';

describe('users that a create run has made without an answer', () => {
  let lab: RunLab;
  let before: ReadonlySet<string>;
  const start = async (options: SimulatedOrgOptions = {}): Promise<void> => {
    lab = await RunLab.start(options);
    before = new Set(lab.org.store.find('User').map(({ Id }) => Id));
  };
  afterEach(() => lab.stop());

  /** Every new user of the org is the run's, and no other one. @returns how many no answer says to be so */
  const expectAllOwn = (run: Run): number => {
    expectDone(lab, run);
    const made = lab.org.store.find('User').filter(({ Id }) => !before.has(Id));
    const own = recordsOf(run.folder).filter(({ created }) => created !== null);
    expect(made.length).to.be.above(20);
    expect(own.map(({ userId }) => userId).sort()).to.deep.equal(made.map(({ Id }) => Id).sort());
    return own.filter(({ created }) => created === 'unknown').length;
  };

  /** The second pass of a batch, and no other one, meets locks. */
  const lockSecondPass = (rows: number): void => {
    const { executeDml, switches } = lab.org;
    let passes = 0;
    Object.assign(lab.org, {
      executeDml: (work: Parameters<typeof executeDml>[0]) => {
        if (work.sobject === 'User' && ++passes === 2) switches.locks.rowLockStorm = rows;
        return executeDml(work);
      },
    });
  };

  it('are its own where the server repeats a batch, and rows meet a lock the second time', async () => {
    await start({ switches: { bulk: { repeatBatches: 1, rowsPerChunk: 200, msPerRow: 100 } } });
    lockSecondPass(4);
    const run = await lab.create({}, { clock: lab.patientClock() });
    expect(expectAllOwn(run)).to.equal(run.result.counts.planned);
    expect(jobsOf(run.folder).map(({ size }) => size)).to.deep.equal([run.result.counts.planned, 4]);
  });

  describe('because the org did not know their job for a while', () => {
    const permissionSets = ['Portal_Documents'];

    /** The run believes that nothing was done, and is stopped; the org does the job meanwhile. */
    const forgotten = async (cause: 'wait' | 'signal', at: string): Promise<Run> => {
      lab.org.switches.bulk.stuck = true;
      lab.org.faults.add({ method: 'GET', path: /jobs\/ingest\/750\w+($|\/)/, times: 5 }, faultAnswers.gone());
      const run = await lab.create(
        { permissionSets },
        {
          clock: lab.patientClock(),
          onEvent: ({ type, ...event }, stop) => {
            if (type === at && !('job' in event && at === 'jobPlanned' && event.job === 1)) stop.request(cause);
          },
        },
      );
      expect(run.result.counts.succeeded).to.equal(0);
      lab.org.switches.bulk.stuck = false;
      await (await lab.client()).call({ method: 'GET', path: '/jobs/ingest?jobType=V2Ingest' });
      return run;
    };

    const expectFound = (run: Run): void => {
      const { succeeded } = run.result.counts;
      const assigned = recordsOf(run.folder).filter(({ action }) => action === 'assign').length;
      expect(expectAllOwn(run)).to.equal(succeeded - assigned);
      expect(run.result.permissionSets).to.include({ assigned: succeeded, failed: 0 });
    };

    it('are its own when it is resumed', async () => {
      await start();
      const { folder } = await forgotten('wait', 'jobCollected');
      expectFound(await lab.resume(folder));
      expect(jobsOf(folder).filter(({ kind }) => kind === 'createUser')).to.have.length(1);
    });

    it('are its own when another administrator resumes it', async () => {
      await start();
      const { folder } = await forgotten('wait', 'jobCollected');
      const other = lab.org.world?.internalUsers.get('second.admin') ?? '';
      expectFound(await lab.resume(folder, { token: lab.org.session.login(other) }));
    });

    it('are its own where rows were given back that the next job had taken', async () => {
      await start();
      const { folder } = await forgotten('signal', 'jobPlanned');
      expectFound(await lab.resume(folder));
    });

    it('are not those that somebody else has made meanwhile', async () => {
      await start();
      lab.org.switches.bulk.stuck = true;
      lab.org.faults.add({ method: 'GET', path: /jobs\/ingest\/750\w+($|\/)/, times: 5 }, faultAnswers.gone());
      const onEvent: Parameters<RunLab['create']>[1] = {
        onEvent: ({ type }, stop) => type === 'jobCollected' && stop.request('wait'),
      };
      const { folder } = await lab.create({}, { ...onEvent, clock: lab.patientClock() });
      const contactId = String(recordsOf(folder).find(({ action }) => action === 'create')?.['contactId']);
      lab.giveUser(contactId);
      lab.org.switches.bulk.stuck = false;
      const run = await lab.resume(folder);
      expectDone(lab, run);
      const row = recordsOf(folder).find((record) => record['contactId'] === contactId);
      expect(row).to.include({ action: 'unchanged', reason: 'ALREADY_HAS_USER', created: null });
    });
  });

  describe('by a chunk that was committed after the results of an aborted job were read', () => {
    /** The next rows of the first job. */
    const commitLate = (): void => {
      const put = lab.org.ledger.entries.find(({ method }) => method === 'PUT');
      const rows: Array<Record<string, FieldValue>> = parse(String(put?.body), { columns: true });
      const next = rows.filter(({ ContactId }) => lab.usersOf(String(ContactId)).length === 0).slice(0, 3);
      lab.org.clock.advance(3_000);
      const { runningUserId } = lab.org;
      const results = lab.org.executeDml({
        sobject: 'User',
        operation: 'insert',
        rows: next,
        runningUserId,
        lockOwner: 'late',
      });
      expect(results.map(({ success }) => success)).to.deep.equal([true, true, true]);
      lab.org.clock.advance(5_000);
    };

    beforeEach(async () => {
      await start({ switches: { bulk: { abortNextJobAfterRows: 6, rowsPerChunk: 3 } } });
      const match = { method: 'GET', path: /successfulResults$/, times: 1 };
      lab.org.faults.add(match, { kind: 'meanwhile', after: true, run: commitLate });
    });

    it('are its own', async () => {
      expect(expectAllOwn(await lab.create())).to.equal(3);
    });

    it('are its own when it is resumed', async () => {
      const { folder } = await lab.create(
        {},
        { onEvent: ({ type }, stop) => type === 'jobCollected' && stop.request('signal') },
      );
      const run = await lab.resume(folder);
      expectTrue(lab, run);
      expect(expectAllOwn(run)).to.equal(3);
    });
  });
});
