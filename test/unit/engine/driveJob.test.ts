/** One job from its intent to its end: each call announced before, and its answer kept after it. */
import { expect } from 'chai';
import { resumeJob, startJob, type JobContext } from '../../../lib/engine/driveJob.js';
import { oneAtATime } from '../../../lib/engine/oneAtATime.js';
import type { Send } from '../../../lib/model/steps.js';
import { SeenPace } from '../../../lib/org/bulk/pollPause.js';
import { planJob, readSend, recordClosed, recordCreated } from '../../../lib/store/sends.js';
import { paintStep, RunDb } from '../store/runDb.ts';
import { FakeOrg, orgError, type Disturb } from './fakeOrg.ts';
import { askContext, listening, paintDoor } from './paintDoor.ts';

const id = '750000000000001AAA';

describe('driving a job', () => {
  let org: FakeOrg;
  let run: RunDb;
  beforeEach(async () => {
    org = new FakeOrg();
    run = await RunDb.painting(2);
  });
  afterEach(() => {
    run.close();
  });

  const heard = listening();
  const context = (changes: Partial<JobContext> = {}): JobContext => ({
    ...askContext(run, org),
    emit: heard.emit,
    oneUpload: oneAtATime(),
    pace: new SeenPace(),
    isInterrupted: () => false,
    seeAtWork: () => undefined,
    ...changes,
  });
  const plan = (): Send => {
    heard.events.length = 0;
    const job = planJob(run.db, { kind: 'paintDoor', family: 'highVolume', canary: false, size: 9, most: 9 }, 0);
    return job!;
  };
  const start = (changes: Partial<JobContext> = {}): Promise<Send | 'paused'> =>
    startJob(context(changes), paintDoor(org), plan());
  const once = (call: RegExp, trouble: ReturnType<Disturb>): Disturb => {
    let times = 1;
    return (name) => (call.test(name) && times-- > 0 ? trouble : undefined);
  };

  it('records each answer before the next call', async () => {
    const states: Array<[string, string]> = [];
    org.disturb = (call) => void states.push([call.replace(id, 'Id'), readSend(run.db, 1).state]);
    expect(await start()).to.include({ state: 'complete', orgId: id, maker: org.client.userId });
    expect(states).to.deep.equal([
      ['POST /jobs/ingest', 'planned'],
      ['PUT /jobs/ingest/Id/batches', 'created'],
      ['PATCH /jobs/ingest/Id', 'uploaded'],
      ['GET /jobs/ingest/Id', 'closed'],
    ]);
    expect(org.jobs.get(id)?.rows).to.deep.equal(
      [1, 2].map((n) => ({ Id: paintStep(n).target, Color__c: `color ${String(n)}` })),
    );
  });

  it('repeats a creation whose answer is lost, and says that an empty job may be left', async () => {
    org.disturb = once(/^POST/, 'lost');
    expect(await start()).to.include({ state: 'complete', orgId: '750000000000002AAA' });
    expect([...org.jobs.values()].map(({ state, rows }) => [state, rows.length])).to.deep.equal([
      ['Open', 0],
      ['JobComplete', 2],
    ]);
    expect(heard.events.filter(({ type }) => type === 'jobMaybeLeft')).to.have.length(1);
  });

  it('aborts a job whose upload is in doubt, and sends no row of it again by itself', async () => {
    for (const trouble of ['lost', orgError('refused', 'InvalidBatch')] as const) {
      org.disturb = once(/^PUT/, trouble);
      const job = await start();
      expect(job).to.include({ state: 'complete' });
      expect([...org.jobs.values()].at(-1)?.state).to.equal('Aborted');
      expect(org.written).to.deep.equal([]);
      run.close();
      run = await RunDb.painting(2);
      org = new FakeOrg();
    }
  });

  it('waits for a job whose closing is in doubt and has happened', async () => {
    org.disturb = once(/^PATCH/, 'lost');
    expect(await start()).to.include({ state: 'complete' });
    expect(org.jobs.get(id)?.state).to.equal('JobComplete');
    expect(org.count(/^PATCH/)).to.equal(1);
  });

  it('leaves a call that failed for good to the caller, with the state that was reached', async () => {
    org.disturb = once(/^PUT/, orgError('session'));
    const failed: unknown = await start().catch((error: unknown) => error);
    expect(failed).to.have.property('kind', 'session');
    expect(readSend(run.db, 1).state).to.equal('created');
  });

  it('that the org does not know any more is asked for twice, then it is gone', async () => {
    org.disturb = (call) => (call.startsWith('GET') ? orgError('gone') : undefined);
    await start();
    expect(run.table('send')[0]).to.include({ state: 'complete', orgState: 'gone' });
    expect(org.count(/^GET/)).to.equal(2);
  });

  it('gives the rows back after a signal before its first call', async () => {
    expect(await start({ isInterrupted: () => true })).to.equal('paused');
    expect([org.calls, run.table('send'), run.steps('state')]).to.deep.equal([[], [], ['planned', 'planned']]);
  });

  it('waits by pauses, tells how far it is, and leaves the job when the run is to stop', async () => {
    org.looks = 3;
    expect(await start()).to.include({ state: 'complete' });
    expect(heard.events.filter(({ type }) => type === 'jobProgress')).to.have.length(3);
    run.close();
    run = await RunDb.painting(2);
    org = new FakeOrg();
    org.looks = 3;
    expect(await start({ isStopping: () => true })).to.equal('paused');
    expect(readSend(run.db, 1).state).to.equal('closed');
    expect(org.count(/^GET/)).to.equal(1);
  });

  it('is taken up in any state, and asked for before anything else', async () => {
    const job = plan();
    const created = recordCreated(run.db, job.n, { id, createdDate: '2026-01-01', maker: '005' });
    const results = { done: [], failed: [], unprocessed: [] };
    org.jobs.set(id, { id, object: 'Door__c', state: 'Open', rows: [], looks: 0, results });
    expect(await resumeJob(context(), created)).to.include({ state: 'complete' });
    expect(org.calls).to.deep.equal([`GET /jobs/ingest/${id}`, `PATCH /jobs/ingest/${id}`, `GET /jobs/ingest/${id}`]);
    expect(heard.events[0]).to.deep.equal({ type: 'jobTakenUp', job: 1, id, state: 'created' });
    const calls = org.calls.length;
    expect(await resumeJob(context(), readSend(run.db, 1))).to.include({ state: 'complete' });
    expect(org.calls).to.have.length(calls);
  });

  it('that stays open although it was aborted is no job to wait for', async () => {
    const job = recordCreated(run.db, plan().n, { id, createdDate: '2026-01-01', maker: '005' });
    const results = { done: [], failed: [], unprocessed: [] };
    org.jobs.set(id, { id, object: 'Door__c', state: 'Open', rows: [], looks: 0, results });
    org.disturb = (call) => {
      const stuck = org.jobs.get(id);
      if (call.startsWith('GET') && stuck !== undefined) stuck.state = 'Open';
      return undefined;
    };
    const failed: unknown = await resumeJob(context(), job).catch((error: unknown) => error);
    expect(failed).to.have.property('kind', 'malformed');
    expect(readSend(run.db, 1).state).to.equal('created');
  });

  it('whose abort somebody else has done is waited for', async () => {
    const job = recordClosed(
      run.db,
      recordCreated(run.db, plan().n, { id, createdDate: '2026-01-01', maker: '005' }).n,
    );
    const results = { done: [], failed: [], unprocessed: [] };
    org.jobs.set(id, { id, object: 'Door__c', state: 'Aborted', rows: [], looks: 0, results });
    expect(await resumeJob(context(), job)).to.include({ state: 'complete' });
    expect(org.count(/^PATCH/)).to.equal(0);
  });

  it('without an Id is a fault of ours, not a call', async () => {
    const failed: unknown = await resumeJob(context(), { ...plan(), state: 'closed' }).catch((error: unknown) => error);
    expect(failed).to.have.property('message').that.includes('no Id');
    expect(org.calls).to.deep.equal([]);
  });
});
