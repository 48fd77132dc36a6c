/** The engine drives any kind of step to its outcomes: it knows none by name, so these tests have one of their own. */
import { expect } from 'chai';
import fc from 'fast-check';
import { applyPlan, takeUpSends, type ApplyOptions } from '../../../lib/engine/engine.js';
import { mostByCollections } from '../../../lib/engine/jobSize.js';
import type { Kind } from '../../../lib/engine/kind.js';
import type { Confirm } from '../../../lib/engine/planSend.js';
import { GracefulStop } from '../../../lib/engine/stop.js';
import type { RunEvent } from '../../../lib/model/events.js';
import { RunFault } from '../../../lib/model/faults.js';
import { mostAttempts } from '../../../lib/model/rowErrors.js';
import type { ApplyEnd } from '../../../lib/model/runEnd.js';
import {
  planCall,
  planJob,
  recordClosed,
  recordComplete,
  recordCreated,
  recordUploaded,
  unfinishedSends,
} from '../../../lib/store/sends.js';
import { paintStep, RunDb } from '../store/runDb.ts';
import { FakeOrg, orgError } from './fakeOrg.ts';
import { listening, paintDoor, patientClock } from './paintDoor.ts';

const locked = 'UNABLE_TO_LOCK_ROW:locked:--';

const time = '2026-11-22T15:30:12.000Z';

describe('the engine', () => {
  let org: FakeOrg;
  let run: RunDb;
  let stop: GracefulStop;
  let events: RunEvent[];
  beforeEach(() => {
    org = new FakeOrg();
    stop = new GracefulStop();
  });
  afterEach(() => {
    run.close();
  });

  function options(kinds: readonly Kind[]): ApplyOptions {
    const heard = listening();
    events = heard.events;
    return {
      client: org.client,
      db: run.db,
      kinds,
      userFields: new Set<string>(),
      emit: (event) => {
        heard.emit(event);
        onEvent(event);
      },
      stop,
      clock: patientClock(),
    };
  }
  let onEvent: (event: RunEvent) => void = () => undefined;
  beforeEach(() => {
    onEvent = () => undefined;
  });
  const apply = (...kinds: readonly Kind[]): Promise<ApplyEnd> => applyPlan(options(kinds));
  const takeUp = (...kinds: readonly Kind[]): Promise<ApplyEnd | undefined> => takeUpSends(options(kinds));
  const told = (type: RunEvent['type']): RunEvent[] => events.filter((event) => event.type === type);
  const colors = (): Array<string | undefined> => org.written.map((row) => row['Color__c']);
  const states = (): Record<string, number> =>
    Object.fromEntries(
      [...Map.groupBy(run.steps('state').map(String), (state) => state)].map(([state, all]) => [state, all.length]),
    );

  it('writes every row once, by a job, and tells of it', async () => {
    run = await RunDb.painting(5);
    expect(await apply(paintDoor(org))).to.deep.equal({ end: 'done' });
    expect(colors().sort()).to.deep.equal([1, 2, 3, 4, 5].map((n) => `color ${String(n)}`));
    expect(states()).to.deep.equal({ done: 5 });
    expect(run.subjects('state')).to.deep.equal(Array(5).fill('succeeded'));
    expect(org.count(/^POST/)).to.equal(1);
    const types = events.map(({ type }) => type).filter((type) => type !== 'jobProgress');
    expect(types).to.deep.equal(['begun', 'jobPlanned', 'jobClosed', 'jobCollected', 'progress']);
    expect(told('begun')).to.deep.equal([{ type: 'begun', kind: 'paintDoor', steps: 5, settled: 0, kinds: 1 }]);
    expect(told('progress')[0]).to.include({ planned: 5, succeeded: 5, failed: 0, pending: 0 });
  });

  it('does nothing for a kind that has no steps', async () => {
    run = await RunDb.painting(0);
    expect(await apply(paintDoor(org))).to.deep.equal({ end: 'done' });
    expect([org.calls, events]).to.deep.equal([[], []]);
  });

  it('takes one kind after the other, as they are given', async () => {
    const hang = { kind: 'hangDoor', stage: 2 };
    run = await RunDb.with(
      { steps: [paintStep(1), paintStep(2, hang)] },
      { steps: [paintStep(3), paintStep(4, hang)] },
    );
    const kinds = [
      paintDoor(org),
      paintDoor(org, { name: 'hangDoor', request: { object: 'Hinge__c', operation: 'update' } }),
    ];
    expect(await apply(...kinds)).to.deep.equal({ end: 'done' });
    expect([...org.jobs.values()].map(({ object }) => object)).to.deep.equal(['Door__c', 'Hinge__c']);
    expect(colors().slice(0, 2).sort()).to.deep.equal(['color 1', 'color 3']);
    expect(told('begun').map((event) => 'kind' in event && event.kind)).to.deep.equal(['paintDoor', 'hangDoor']);
  });

  it('sends nothing that rests on rows that still wait, however short the time is', async () => {
    run = await RunDb.with({ steps: [paintStep(1), paintStep(2, { kind: 'hangDoor', stage: 2 })] });
    run.setStep(1, 'notBefore = 9000000000000');
    stop.request('wait');
    expect(await apply(paintDoor(org), paintDoor(org, { name: 'hangDoor' }))).to.deep.equal({ end: 'wait' });
    expect(org.calls).to.deep.equal([]);
    expect(states()).to.deep.equal({ planned: 2 });
  });

  it('does not go on with what rests on a step that has failed', async () => {
    const hang = { kind: 'hangDoor', stage: 2 };
    run = await RunDb.with(
      { steps: [paintStep(1), paintStep(2, hang)] },
      { steps: [paintStep(3), paintStep(4, hang)] },
    );
    org.answer = ({ Color__c }) => (Color__c === 'color 1' ? 'FIELD_CUSTOM_VALIDATION_EXCEPTION:no:--' : undefined);
    await apply(paintDoor(org), paintDoor(org, { name: 'hangDoor' }));
    expect(run.steps('state')).to.deep.equal(['failed', 'dropped', 'done', 'done']);
    expect(run.subjects('state')).to.deep.equal(['failed', 'succeeded']);
  });

  it('takes one stage after the other, also of one kind, and asks again right before each', async () => {
    run = await RunDb.with(
      { steps: [paintStep(1, { stage: 3 })] },
      { steps: [paintStep(2, { kind: 'hangDoor', stage: 2 })] },
      { steps: [paintStep(3)] },
    );
    const asked: string[] = [];
    const confirm: Confirm = (kind, steps) => {
      asked.push(`${kind} ${String(steps.map(({ n }) => n))} after ${String(org.written.length)}`);
      return Promise.resolve(new Map());
    };
    const kinds = [paintDoor(org), paintDoor(org, { name: 'hangDoor' })];
    expect(await applyPlan({ ...options(kinds), confirm })).to.deep.equal({ end: 'done' });
    expect(colors()).to.deep.equal(['color 3', 'color 2', 'color 1']);
    expect(asked).to.deep.equal(['paintDoor 3 after 0', 'hangDoor 2 after 1', 'paintDoor 1 after 2']);
  });

  it('sends nothing where asking again is interrupted or fails', async () => {
    run = await RunDb.painting(2);
    const failing = { ...options([paintDoor(org)]), confirm: () => Promise.reject(orgError('network')) };
    expect(await applyPlan(failing)).to.include({ end: 'call' });
    const confirm: Confirm = () => {
      stop.request('signal');
      return Promise.reject(new RunFault('interrupted'));
    };
    expect(await applyPlan({ ...options([paintDoor(org, { takesCollections: true })]), confirm })).to.deep.equal({
      end: 'signal',
    });
    expect([org.calls, states()]).to.deep.equal([[], { planned: 2 }]);
  });

  describe('by collections', () => {
    it('writes few, 200 at a time', async () => {
      run = await RunDb.painting(450);
      expect(await apply(paintDoor(org, { takesCollections: true }))).to.deep.equal({ end: 'done' });
      expect(org.calls).to.deep.equal(Array(3).fill('PATCH /composite/sobjects'));
      expect(new Set(colors()).size).to.equal(450);
      expect(told('collection').map((event) => 'pending' in event && event.pending)).to.deep.equal([250, 50, 0]);
      expect(run.table('send').map(({ way, state, maker }) => [way, state, maker])).to.deep.equal(
        Array(3).fill(['collection', 'collected', org.client.userId]),
      );
    });

    it('writes nothing that is many, and what is left once it is few', async () => {
      run = await RunDb.painting(mostByCollections + 1);
      let refused = 0;
      org.answer = (_row, job) => (job !== undefined && refused++ < 3 ? 'unprocessed' : undefined);
      expect(await apply(paintDoor(org, { takesCollections: true }))).to.deep.equal({ end: 'done' });
      expect([org.count(/^POST \/jobs/), org.count(/composite/)]).to.deep.equal([1, 1]);
      expect(org.written).to.have.length(mostByCollections + 1);
    });

    it('writes all where the org takes no such job, and remembers that', async () => {
      run = await RunDb.painting(mostByCollections + 1);
      org.disturb = (call) => (call === 'POST /jobs/ingest' ? orgError('refused', 'INVALIDENTITY') : undefined);
      expect(await apply(paintDoor(org, { takesCollections: true }))).to.deep.equal({ end: 'done' });
      expect(org.count(/^POST \/jobs/)).to.equal(1);
      expect(org.written).to.have.length(mostByCollections + 1);
      // The job that never was leaves no trace: none of its steps was sent by it.
      expect(new Set(run.table('send').map(({ way }) => way))).to.deep.equal(new Set(['collection']));
    });

    it('writes all where the job fails for that', async () => {
      run = await RunDb.painting(mostByCollections + 1);
      org.fail = () => 'InvalidEntity : Entity Door__c is not supported';
      expect(await apply(paintDoor(org, { takesCollections: true }))).to.deep.equal({ end: 'done' });
      expect(org.count(/^POST \/jobs/)).to.equal(1);
      expect(new Set(colors()).size).to.equal(mostByCollections + 1);
    });

    it('does not send again blindly what an earlier process has sent: it asks', async () => {
      for (const arrived of [true, false]) {
        run = await RunDb.painting(3);
        org = new FakeOrg();
        planCall(run.db, { kind: 'paintDoor', way: 'collection', size: 200, maker: org.client.userId, time }, 0);
        if (arrived)
          org.written.push(...[1, 2, 3].map((n) => ({ Id: paintStep(n).target, Color__c: `color ${String(n)}` })));
        const kind = paintDoor(org, { takesCollections: true });
        expect(await takeUp(kind)).to.equal(undefined);
        expect(kind.asked).to.deep.equal([[1, 2, 3]]);
        expect(org.count(/^(POST|PATCH|PUT)/)).to.equal(0);
        expect(states()).to.deep.equal(arrived ? { done: 3 } : { planned: 3 });
        expect(run.table('send').map(({ state }) => state)).to.deep.equal(['collected']);
        // What is not known to be answered stays so.
        expect(run.table('sending').map(({ answer }) => answer)).to.deep.equal([null, null, null]);
        expect(await apply(kind)).to.deep.equal({ end: 'done' });
        expect(org.written).to.have.length(3);
        if (arrived) run.close();
      }
    });

    it('leaves the send of a call whose answer is lost, for the next one to ask', async () => {
      run = await RunDb.painting(2);
      org.disturb = () => 'lost';
      const end = await apply(paintDoor(org, { takesCollections: true }));
      expect(end).to.have.property('end', 'call');
      expect(run.steps('state')).to.deep.equal(['sending', 'sending']);
      expect(unfinishedSends(run.db)).to.have.length(1);
      org.disturb = () => undefined;
      expect(await takeUp(paintDoor(org, { takesCollections: true }))).to.equal(undefined);
      expect(states()).to.deep.equal({ done: 2 });
      expect(org.written).to.have.length(2);
    });
  });

  describe('with rows that are refused', () => {
    it('for now, waits and sends them again; each is counted', async () => {
      run = await RunDb.painting(3);
      const tries = new Map<unknown, number>();
      org.answer = ({ Id, Color__c }) => {
        tries.set(Id, (tries.get(Id) ?? 0) + 1);
        return Color__c === 'color 2' && (tries.get(Id) ?? 0) <= 2 ? locked : undefined;
      };
      expect(await apply(paintDoor(org))).to.deep.equal({ end: 'done' });
      expect([...tries.values()]).to.deep.equal([1, 3, 1]);
      expect(run.steps('refusals')).to.deep.equal([0, 2, 0]);
      expect(told('waiting')).to.have.length(2);
      expect(
        run
          .table('sending')
          .filter(({ step }) => step === 2)
          .map(({ answer }) => answer),
      ).to.deep.equal(['UNABLE_TO_LOCK_ROW', 'UNABLE_TO_LOCK_ROW', 'done']);
    });

    it('again and again, gives them up', async () => {
      run = await RunDb.painting(2);
      org.answer = ({ Color__c }) => (Color__c === 'color 2' ? locked : undefined);
      expect(await apply(paintDoor(org))).to.deep.equal({ end: 'done' });
      expect(org.jobs.size).to.equal(mostAttempts);
      expect(run.steps('state')).to.deep.equal(['done', 'failed']);
      expect(run.steps('errorCode')).to.deep.equal([null, 'UNABLE_TO_LOCK_ROW']);
    });

    it('as every other would be, stops, with nothing failed', async () => {
      run = await RunDb.painting(3);
      org.answer = () => 'INSUFFICIENT_ACCESS:ask ada@acme.example:--';
      const end = await apply(paintDoor(org));
      expect(end).to.deep.equal({ end: 'org', code: 'INSUFFICIENT_ACCESS', message: 'ask <address>' });
      expect(states()).to.deep.equal({ planned: 3 });
      expect(org.jobs.size).to.equal(1);
    });

    it('like all others, while some beside them are written, lets those fail', async () => {
      run = await RunDb.painting(3);
      org.answer = ({ Color__c }) => (Color__c === 'color 1' ? 'INSUFFICIENT_ACCESS:no:--' : undefined);
      expect(await apply(paintDoor(org))).to.deep.equal({ end: 'done' });
      expect(states()).to.deep.equal({ failed: 1, done: 2 });
    });

    it('for want of licenses, says how many are missing; for want of storage, that', async () => {
      for (const [error, end] of [
        ['LICENSE_LIMIT_EXCEEDED:License Limit Exceeded - X:--', { end: 'licenses', missing: 3 }],
        ['STORAGE_LIMIT_EXCEEDED:full:--', { end: 'call' }],
      ] as const) {
        run = await RunDb.painting(4);
        let seats = 1;
        org.answer = () => (seats-- > 0 ? undefined : error);
        expect(await apply(paintDoor(org))).to.deep.include(end);
        expect(states()).to.deep.equal({ done: 1, planned: 3 });
        if (end.end === 'licenses') run.close();
      }
    });
  });

  describe('with jobs that fail', () => {
    it('tries a few times, then no more', async () => {
      run = await RunDb.painting(2);
      org.fail = () => 'InternalServerError : Batch failed';
      expect(await apply(paintDoor(org))).to.deep.include({ end: 'org', code: 'JOB_FAILED' });
      expect(org.jobs.size).to.equal(5);
      expect(states()).to.deep.equal({ planned: 2 });
      expect(run.steps('refusals')).to.deep.equal([0, 0]);
    });

    it('goes on after one that failed by chance', async () => {
      run = await RunDb.painting(2);
      org.fail = ({ id }) => (id === '750000000000001AAA' ? 'InternalServerError : x' : undefined);
      expect(await apply(paintDoor(org))).to.deep.equal({ end: 'done' });
      expect(org.written).to.have.length(2);
    });

    it('stops at once where the next one would fail, too, or the day’s batches are used up', async () => {
      for (const [message, end] of [
        ['InvalidBatch : Field name not found : Color__c', { end: 'org', code: 'JOB_FAILED' }],
        ['ExceededQuota : x', { end: 'call' }],
      ] as const) {
        run = await RunDb.painting(2);
        org = new FakeOrg();
        org.fail = () => message;
        expect(await apply(paintDoor(org))).to.deep.include(end);
        expect(org.jobs.size).to.equal(1);
        if (end.end === 'org') run.close();
      }
    });
  });

  describe('with a canary', () => {
    const fragile = (): Kind => paintDoor(org, { hasCanary: true });
    const sizes = (): number[] => [...org.jobs.values()].map(({ rows }) => rows.length);

    it('begins a large plan with one row, and a small one with all', async () => {
      run = await RunDb.painting(201);
      expect(await apply(fragile())).to.deep.equal({ end: 'done' });
      expect(sizes()).to.deep.equal([1, 200]);
      expect(told('jobPlanned').map((event) => 'canary' in event && event.canary)).to.deep.equal([true, false]);
      run.close();
      org = new FakeOrg();
      run = await RunDb.painting(200);
      await apply(fragile());
      expect(sizes()).to.deep.equal([200]);
    });

    it('stops after one row that every other would follow', async () => {
      run = await RunDb.painting(300);
      org.answer = () => 'INSUFFICIENT_ACCESS:no:--';
      expect(await apply(fragile())).to.deep.include({ end: 'org', code: 'INSUFFICIENT_ACCESS' });
      expect(sizes()).to.deep.equal([1]);
      expect(states()).to.deep.equal({ planned: 300 });
    });

    it('stops after three equal failures, of three accounts, and takes them back', async () => {
      run = await RunDb.painting(300, (n) => ({ lock: `A${String(Math.ceil(n / 100))}` }));
      org.answer = () => 'FIELD_CUSTOM_VALIDATION_EXCEPTION:never:--';
      const end = await apply(fragile());
      expect(end).to.deep.equal({ end: 'org', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'never' });
      expect(sizes()).to.deep.equal([1, 1, 1]);
      expect([...org.jobs.values()].map(({ rows }) => rows[0]?.['Color__c'])).to.deep.equal([
        'color 1',
        'color 101',
        'color 201',
      ]);
      expect(states()).to.deep.equal({ planned: 300 });
      expect(run.subjects('state')).to.deep.equal(Array(300).fill('open'));
    });

    it('goes on when one of them shows that the org does it', async () => {
      run = await RunDb.painting(300);
      let failures = 2;
      org.answer = () => (failures-- > 0 ? 'FIELD_CUSTOM_VALIDATION_EXCEPTION:no:--' : undefined);
      expect(await apply(fragile())).to.deep.equal({ end: 'done' });
      expect(sizes()).to.deep.equal([1, 1, 1, 297]);
      expect(states()).to.deep.equal({ failed: 2, done: 298 });
    });
  });

  describe('that is asked to stop', () => {
    it('sends one job with a wait of nothing, so that something ever begins, and no second', async () => {
      run = await RunDb.painting(4, (n) => ({ family: n > 2 ? 'roleBased' : 'highVolume' }));
      stop.limit(0);
      org.looks = 3;
      expect(await apply(paintDoor(org))).to.deep.equal({ end: 'wait' });
      expect(org.jobs.size).to.equal(1);
      expect(states()).to.deep.equal({ sending: 2, planned: 2 });
      // The job goes on in the org, and is taken up by the next.
      stop = new GracefulStop();
      expect(await takeUp(paintDoor(org))).to.equal(undefined);
      expect(await apply(paintDoor(org))).to.deep.equal({ end: 'done' });
      expect(org.written).to.have.length(4);
    });

    it('finishes the call that is under way at a signal, and no more', async () => {
      for (const [type, left] of [
        ['jobPlanned', { calls: 0, states: { planned: 2 } }],
        ['jobClosed', { calls: 3, states: { sending: 2 } }],
      ] as const) {
        run = await RunDb.painting(2);
        org = new FakeOrg();
        stop = new GracefulStop();
        onEvent = (event) => {
          if (event.type === type) stop.request('signal');
        };
        expect(await apply(paintDoor(org)), type).to.deep.equal({ end: 'signal' });
        expect([org.calls.length, states()], type).to.deep.equal([left.calls, left.states]);
        onEvent = () => undefined;
        stop = new GracefulStop();
        expect(await takeUp(paintDoor(org))).to.equal(undefined);
        expect(await apply(paintDoor(org))).to.deep.equal({ end: 'done' });
        expect(org.written).to.have.length(2);
        if (type === 'jobPlanned') run.close();
      }
    });

    it('begins nothing after a signal', async () => {
      run = await RunDb.painting(2);
      stop.request('signal');
      expect(await apply(paintDoor(org))).to.deep.equal({ end: 'signal' });
      expect(org.calls).to.deep.equal([]);
    });
  });

  describe('taking up what an earlier process left', () => {
    const leave = async (...record: ReadonlyArray<(n: number) => unknown>): Promise<void> => {
      run = await RunDb.painting(2);
      planJob(run.db, { kind: 'paintDoor', family: 'highVolume', canary: false, size: 2, most: 2 }, 0);
      for (const each of record) each(1);
    };
    const id = '750000000000001AAA';
    const created = (n: number): unknown =>
      recordCreated(run.db, n, { id, createdDate: '2026-01-01T00:00:00Z', maker: org.client.userId });
    const rows = [1, 2].map((n) => ({ Id: paintStep(n).target, Color__c: `color ${String(n)}` }));
    const inOrg = (state: string, uploaded = true): void => {
      const results = { done: [], failed: [], unprocessed: [] };
      org.jobs.set(id, { id, object: 'Door__c', state, rows: uploaded ? rows : [], looks: 1, results });
    };

    it('gives the rows of a planned job back, and says that an empty one may be left', async () => {
      await leave();
      expect(await takeUp(paintDoor(org))).to.equal(undefined);
      expect(org.calls).to.deep.equal([]);
      expect([states(), run.table('send'), run.table('sending')]).to.deep.equal([{ planned: 2 }, [], []]);
      expect(told('jobMaybeLeft')).to.have.length(1);
    });

    it('aborts one that is open, and sends nothing again before its results are read', async () => {
      for (const uploaded of [false, true]) {
        org = new FakeOrg();
        await leave(created, ...(uploaded ? [(n: number): unknown => recordUploaded(run.db, n)] : []));
        inOrg('Open', uploaded);
        expect(await takeUp(paintDoor(org))).to.equal(undefined);
        expect(org.jobs.get(id)?.state).to.equal('Aborted');
        expect(org.count(/^(POST|PUT)/)).to.equal(0);
        expect(states()).to.deep.equal({ planned: 2 });
        expect(run.table('send').map(({ state, orgState }) => [state, orgState])).to.deep.equal([
          ['collected', 'Aborted'],
        ]);
        if (!uploaded) run.close();
      }
    });

    it('waits for one that was closed, also where only the org knows it', async () => {
      for (const isKnown of [false, true]) {
        org = new FakeOrg();
        await leave(
          created,
          (n) => recordUploaded(run.db, n),
          ...(isKnown ? [(n: number): unknown => recordClosed(run.db, n)] : []),
        );
        inOrg('InProgress');
        expect(await takeUp(paintDoor(org))).to.equal(undefined);
        expect(org.count(/^(POST|PUT|PATCH)/)).to.equal(0);
        expect(states()).to.deep.equal({ done: 2 });
        if (!isKnown) run.close();
      }
    });

    it('asks for the truth of each row of a job that is gone', async () => {
      await leave(
        created,
        (n) => recordClosed(run.db, n),
        (n) => recordComplete(run.db, n, { orgState: 'JobComplete', errorMessage: undefined, milliseconds: 1 }),
      );
      org.written.push(rows[0]!);
      const kind = paintDoor(org);
      expect(await takeUp(kind)).to.equal(undefined);
      expect(kind.asked).to.deep.equal([[1, 2]]);
      expect(run.steps('state')).to.deep.equal(['done', 'planned']);
    });

    it('says why where the org can’t be asked, and leaves all as it was', async () => {
      await leave(created, (n) => recordClosed(run.db, n));
      inOrg('InProgress');
      org.disturb = () => orgError('session');
      expect(await takeUp(paintDoor(org))).to.have.property('end', 'call');
      expect(states()).to.deep.equal({ sending: 2 });
    });

    it('is damage where it is of a kind that is none of the plan’s', async () => {
      await leave();
      const failed: unknown = await takeUp(paintDoor(org, { name: 'other' })).catch((error: unknown) => error);
      expect(failed).to.have.property('message').that.includes('no kind of this plan');
      expect(states()).to.deep.equal({ sending: 2 });
    });
  });

  it('throws what is no matter of the org, once every lane has come to rest', async () => {
    run = await RunDb.painting(2);
    const row = (): never => {
      throw new Error('a bug');
    };
    const failed: unknown = await apply(paintDoor(org, { row })).catch((error: unknown) => error);
    expect(failed).to.have.property('message', 'a bug');
  });

  it('writes every row once and loses none, whatever answers are lost or refused on the way', async () => {
    const trouble = fc.constantFrom(undefined, undefined, 'lost' as const, 'busy' as const);
    const refusals = fc
      .array(fc.constantFrom(undefined, undefined, locked, 'unprocessed', 'X_FINAL:no:--'), { minLength: 1 })
      // An org that never gets to a row never ends.
      .filter((answers) => answers.some((answer) => answer !== 'unprocessed'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(trouble, { maxLength: 30 }),
        refusals,
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        async (troubles, answers, count, takesCollections) => {
          run = await RunDb.painting(count, (n) => ({
            family: n % 3 === 0 ? 'roleBased' : 'highVolume',
            lock: n % 2 === 0 ? 'A' : undefined,
          }));
          try {
            org = new FakeOrg();
            let calls = 0;
            let row = 0;
            org.disturb = () => {
              const next = troubles[calls++];
              return next === 'busy' ? orgError('busy') : next;
            };
            org.answer = () => answers[row++ % answers.length];
            // Each call that fails for good ends a process; the next one takes up what it left.
            for (let process = 0; process < 60; process++) {
              const kind = paintDoor(org, { takesCollections });
              if ((await takeUp(kind)) === undefined) await apply(kind);
              if (!run.subjects('state').includes('open')) break;
            }
            expect(run.subjects('state')).not.to.include('open');
            const written = new Map(run.table('step').map(({ target, state }) => [target, state]));
            const doors = org.written.map(({ Id }) => Id);
            expect(new Set(doors).size).to.equal(doors.length);
            for (const [target, state] of written) expect(doors.includes(String(target))).to.equal(state === 'done');
          } finally {
            run.close();
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
