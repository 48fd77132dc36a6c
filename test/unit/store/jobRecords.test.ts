/** Which rows go into which job, what is recorded of it, and what the canaries say. */
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { canaryThreshold, firstJobSize } from '../../../lib/engine/jobSize.js';
import { judgeCanary, needsCanary, retractCanaries } from '../../../lib/engine/canary.js';
import { jobBody } from '../../../lib/engine/jobBody.js';
import {
  readJob,
  recordClosed,
  recordComplete,
  recordCreated,
  recordUploaded,
  unfinishedJobs,
  type Job,
} from '../../../lib/store/jobRecords.js';
import { writeMeta } from '../../../lib/store/meta.js';
import { recordJobOutcomes, waitingRecords } from '../../../lib/store/recordRows.js';
import { sentUsers, userWork } from '../../../lib/kinds/userWork.js';
import type { SentUser } from '../../../lib/kinds/userReconcile.js';
import type { RowOutcome } from '../../../lib/engine/rowOutcome.js';
import { RunDb, type Wanted } from './runDb.ts';

const failed = (code: string): RowOutcome => ({ outcome: 'failed', code, message: `about ${code}` });
const succeeded: RowOutcome = { outcome: 'succeeded', userId: '005', created: 'yes' };

describe('jobs in run.db', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  const plan = (family: 'highVolume' | 'roleBased' = 'highVolume', canary = false, now = 0): Job | undefined =>
    userWork.planJob(run.db, family, canary, now);
  const end = (
    job: Job | undefined,
    outcome: RowOutcome | ((row: SentUser) => RowOutcome),
    milliseconds = 1000,
  ): void => {
    const n = job?.n ?? 0;
    recordComplete(run.db, n, { orgState: 'JobComplete', errorMessage: undefined, milliseconds });
    recordJobOutcomes(
      run.db,
      n,
      sentUsers(run.db, n).map((row) => [row, typeof outcome === 'function' ? outcome(row) : outcome]),
      1000,
    );
  };

  it('take the rows of one family in the order of their accounts', async () => {
    const of = (accountId: string, family: Wanted['family'] = 'highVolume'): Wanted => ({ accountId, family });
    run = await RunDb.with(of('B'), of('A'), of('C', 'roleBased'), of('B'), of('A'));
    const job = plan();
    expect(job).to.include({ n: 1, state: 'planned', size: 4, canary: false });
    expect(sentUsers(run.db, 1).map((row) => row.n)).to.deep.equal([2, 5, 1, 4]);
    expect(run.column('state')).to.deep.equal(['sent', 'sent', 'planned', 'sent', 'sent']);
    expect(run.column('attempts')).to.deep.equal([1, 1, 0, 1, 1]);
    expect(plan('roleBased')).to.include({ n: 2, size: 1 });
    expect(plan('roleBased')).to.equal(undefined);
  });

  it('never hold an account that is in a running job', async () => {
    const size = firstJobSize('roleBased');
    const account = (index: number): string => (index < size + 5 ? 'A' : 'B');
    run = await RunDb.with(
      ...Array.from({ length: size + 10 }, (_, index) => ({ accountId: account(index), family: 'roleBased' as const })),
    );
    const first = plan('roleBased');
    expect(first?.size).to.equal(size);
    const second = plan('roleBased');
    expect(second?.size).to.equal(5);
    expect(sentUsers(run.db, 2).every((row) => row.n > size + 5)).to.equal(true);
    expect(plan('roleBased')).to.equal(undefined);
    end(first, succeeded);
    expect(plan('roleBased')?.size).to.equal(5);
  });

  it('wait for rows that may not be sent yet, and know when', async () => {
    run = await RunDb.with({}, {});
    run.set(1, 'notBefore = 500');
    run.set(2, 'notBefore = 300');
    expect(waitingRecords(run.db)).to.deep.equal({ rows: 2, time: 300 });
    expect(plan('highVolume', false, 299)).to.equal(undefined);
    expect(plan('highVolume', false, 300)?.size).to.equal(1);
    expect(waitingRecords(run.db)).to.deep.equal({ rows: 1, time: 500 });
    expect(plan('highVolume', false, 500)?.size).to.equal(1);
    expect(waitingRecords(run.db)).to.equal(undefined);
  });

  it('are found again in the state that was recorded last', async () => {
    run = await RunDb.with({}, {});
    plan();
    const transitions = [
      () => recordCreated(run.db, 1, { id: '750a', createdDate: '2026-11-22T15:30:12.000Z', createdById: '005' }),
      () => recordUploaded(run.db, 1),
      () => recordClosed(run.db, 1),
      () => recordComplete(run.db, 1, { orgState: 'Failed', errorMessage: 'InvalidBatch', milliseconds: 7 }),
    ];
    const states = transitions.map((transition) => {
      const job = transition();
      expect(unfinishedJobs(run.db)).to.deep.equal([job]);
      expect(readJob(run.db, 1)).to.deep.equal(job);
      return job.state;
    });
    expect(states).to.deep.equal(['created', 'uploaded', 'closed', 'complete']);
    expect(readJob(run.db, 1)).to.include({
      id: '750a',
      createdDate: '2026-11-22T15:30:12.000Z',
      errorMessage: 'InvalidBatch',
    });
    end(readJob(run.db, 1), succeeded);
    expect(unfinishedJobs(run.db)).to.deep.equal([]);
  });

  it('give each row its outcome', async () => {
    run = await RunDb.with({}, {}, {}, {}, {}, {}, {});
    plan();
    const outcomes: Record<number, RowOutcome> = {
      1: succeeded,
      2: failed('X'),
      3: { outcome: 'again', delay: 500, error: { code: 'LOCK', message: 'm' } },
      4: { outcome: 'again', delay: 0, nickname: 'user-4-2' },
      5: { outcome: 'stopped', cause: 'licenses', code: 'LICENSE', message: 'm' },
      6: {
        outcome: 'unchanged',
        user: { id: '005b', username: 'b@acme.example', isActive: true, profileId: '00e' },
      },
      7: {
        outcome: 'unchanged',
        user: { id: '005c', username: 'c@acme.example', isActive: false, profileId: '00e' },
      },
    };
    end(readJob(run.db, 1), (row) => outcomes[row.n] ?? succeeded);
    expect(run.column('action')).to.deep.equal([
      'create',
      'create',
      'create',
      'create',
      'create',
      'unchanged',
      'refused',
    ]);
    expect(run.column('state')).to.deep.equal(['succeeded', 'failed', 'planned', 'planned', 'planned', null, null]);
    expect(run.column('userId')).to.deep.equal(['005', null, null, null, null, '005b', '005c']);
    expect(run.column('created')).to.deep.equal(['yes', null, null, null, null, null, null]);
    expect(run.column('errorCode')).to.deep.equal([null, 'X', 'LOCK', null, 'LICENSE', null, null]);
    expect(run.column('notBefore')).to.deep.equal([0, 0, 1500, 0, 0, 0, 0]);
    expect(run.column('nickname')[3]).to.equal('user-4-2');
    expect(run.column('reason').slice(5)).to.deep.equal(['ALREADY_HAS_USER', 'HAS_INACTIVE_USER']);
    plan();
    writeMeta(run.db, { columns: '["CommunityNickname"]' });
    expect(userWork.jobBody(run.db, 2)).to.include('user-4-2');
    plan('highVolume', false, 1500);
    expect(run.column('attempts')).to.deep.equal([1, 1, 2, 1, 2, 1, 1]);
  });

  it('grow after a quick job and shrink after one with many rows to be sent again', async () => {
    const count = firstJobSize('roleBased') * 4;
    run = await RunDb.with(...Array.from({ length: count }, () => ({ family: 'roleBased' as const })));
    const first = plan('roleBased');
    end(first, succeeded);
    const second = plan('roleBased');
    expect(second?.size).to.be.above(first?.size ?? 0);
    end(second, { outcome: 'again', delay: 0 });
    expect(plan('roleBased')?.size).to.be.below(second?.size ?? 0);
  });

  describe('canaries', () => {
    const many = (count: number, accountId?: string): Wanted[] =>
      Array.from({ length: count }, () => (accountId === undefined ? {} : { accountId }));

    it('are needed above the threshold, until one of them passed', async () => {
      run = await RunDb.with(...many(canaryThreshold));
      expect(needsCanary(run.db)).to.equal(false);
      run.close();
      run = await RunDb.with(...many(canaryThreshold + 1));
      expect(needsCanary(run.db)).to.equal(true);
      const canary = plan('highVolume', true);
      expect(canary).to.include({ size: 1, canary: true });
      end(canary, succeeded);
      expect(judgeCanary(run.db)).to.deep.equal({ verdict: 'passed' });
      expect(needsCanary(run.db)).to.equal(false);
    });

    it('are of another account each', async () => {
      run = await RunDb.with(...many(5, 'A'), ...many(5, 'B'));
      end(plan('highVolume', true), failed('X'));
      const second = plan('highVolume', true);
      expect(sentUsers(run.db, second?.n ?? 0).map((row) => row.n)).to.deep.equal([6]);
      end(second, failed('X'));
      expect(plan('highVolume', true)).to.equal(undefined);
    });

    const verdicts: ReadonlyArray<readonly [what: string, outcomes: RowOutcome[], verdict: string]> = [
      ['one failure', [failed('X')], 'another'],
      ['two failures', [failed('X'), failed('X')], 'another'],
      ['three equal failures', [failed('X'), failed('X'), failed('X')], 'stop'],
      ['three failures that differ', [failed('X'), failed('X'), failed('Y')], 'passed'],
      ['a success after failures', [failed('X'), succeeded], 'passed'],
      [
        'a contact that has got a user',
        [
          {
            outcome: 'unchanged',
            user: { id: '005', username: 'x', isActive: true, profileId: '00e' },
          },
        ],
        'passed',
      ],
    ];
    for (const [what, outcomes, verdict] of verdicts) {
      it(`say ${verdict} after ${what}`, async () => {
        run = await RunDb.with(...many(9));
        for (const outcome of outcomes) end(plan('highVolume', true), outcome);
        expect(judgeCanary(run.db)).to.have.property('verdict', verdict);
      });
    }

    it('are taken back into the plan as if they had not been sent', async () => {
      run = await RunDb.with(...many(4));
      for (let times = 0; times < 3; times++) end(plan('highVolume', true), failed('X'));
      expect(judgeCanary(run.db)).to.deep.equal({ verdict: 'stop', code: 'X', message: 'about X' });
      retractCanaries(run.db);
      expect(run.column('state')).to.deep.equal(['planned', 'planned', 'planned', 'planned']);
      expect(run.column('attempts')).to.deep.equal([0, 0, 0, 0]);
      expect(plan('highVolume', true)?.size).to.equal(1);
    });
  });
});

describe('jobBody', () => {
  it('gives back any values when it is read as CSV', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => !/[\r\0]/.test(text)),
      fc.string({ unit: fc.constantFrom('"', ',', '\n', ' ', '=', '\uFEFF', 'a') }),
    );
    const record = fc.record({ A: cell.filter((text) => text !== ''), B: cell, 'C c': cell });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (records) => {
        const body = jobBody(['A', 'B', 'C c'], () => records);
        expect(parse(body, { columns: true, record_delimiter: '\n' })).to.deep.equal(records);
      }),
    );
  });

  it('leaves out columns that no row has, keeps the order of the others, and ends lines with LF', () => {
    const rows = [{ A: '1' }, { B: '2', Z: '3' }];
    expect(jobBody(['X', 'B', 'A', 'Y'], () => rows)).to.equal('B,A\n,1\n2,\n');
  });
});
