/** Which rows go into the next job, and how many: by what the last one was like, and by what is still to be written. */
import { expect } from 'chai';
import { firstJobSize } from '../../../lib/engine/jobSize.js';
import { planNextCall, planNextJob, type Confirm } from '../../../lib/engine/planSend.js';
import type { Dropped, StepOutcome } from '../../../lib/model/outcomes.js';
import { refuse } from '../../../lib/model/reasons.js';
import type { Send, Step } from '../../../lib/model/steps.js';
import { recordComplete } from '../../../lib/store/sends.js';
import { recordOutcomes, stepsOfSend } from '../../../lib/store/steps.js';
import { RunDb } from '../store/runDb.ts';

const kind = 'paintDoor';

const time = '2026-11-22T15:30:12.000Z';

describe('planNextJob', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  const plan = (canary = false, now = 0, confirm?: Confirm): Promise<Send | undefined> =>
    planNextJob({ db: run.db, now: () => now, confirm }, kind, 'roleBased', canary);
  const end = (job: Send | undefined, outcome: StepOutcome, milliseconds = 1000): void => {
    const n = job?.n ?? 0;
    recordComplete(run.db, n, { orgState: 'JobComplete', errorMessage: undefined, milliseconds });
    const judged = stepsOfSend(run.db, n).map((step) => ({ step, answer: undefined, outcome }));
    recordOutcomes(run.db, n, judged, 0);
  };

  it('grows after a quick job, shrinks after one with many rows to be sent again', async () => {
    const count = firstJobSize('roleBased') * 4;
    run = await RunDb.painting(count, () => ({ family: 'roleBased' }));
    const first = await plan();
    expect(first?.size).to.equal(firstJobSize('roleBased'));
    end(first, { outcome: 'done' });
    const second = await plan();
    expect(second?.size).to.be.above(first?.size ?? 0);
    end(second, { outcome: 'again', delay: 0 });
    expect((await plan())?.size).to.be.below(second?.size ?? 0);
  });

  it('shrinks after a slow one', async () => {
    run = await RunDb.painting(6_000, () => ({ family: 'roleBased' }));
    const first = await plan();
    end(first, { outcome: 'done' }, 290_000);
    expect((await plan())?.size).to.equal((first?.size ?? 0) / 2);
  });

  it('has a canary of one row, which says nothing of sizes', async () => {
    run = await RunDb.painting(2_500, () => ({ family: 'roleBased' }));
    const canary = await plan(true);
    expect(canary).to.include({ size: 1, canary: true });
    end(canary, { outcome: 'done' }, 290_000);
    expect(await plan()).to.include({ size: firstJobSize('roleBased'), canary: false });
  });

  it('has no job for what may not be sent now', async () => {
    run = await RunDb.painting(1, () => ({ family: 'roleBased' }));
    run.setStep(1, 'notBefore = 500');
    expect(await plan(false, 499)).to.equal(undefined);
    expect(await plan(false, 500)).to.include({ size: 1 });
  });

  const numbers = (send: Send | undefined): number[] => stepsOfSend(run.db, send?.n ?? 0).map(({ n }) => n);
  const gone: Dropped = {
    outcome: 'dropped',
    verdict: refuse('USER_NOT_FOUND.gone', { userId: '005' }),
    continues: false,
  };
  const dropping = (...which: readonly number[]): Confirm & { readonly asked: number[][] } => {
    const asked: number[][] = [];
    const confirm = (_kind: string, steps: readonly Step[]): Promise<ReadonlyMap<number, Dropped>> => {
      asked.push(steps.map(({ n }) => n));
      return Promise.resolve(new Map(steps.flatMap(({ n }) => (which.includes(n) ? [[n, gone] as const] : []))));
    };
    return Object.assign(confirm, { asked });
  };

  it('leaves out what is decided otherwise right before, and records that before the job', async () => {
    run = await RunDb.painting(4, () => ({ family: 'roleBased' }));
    const job = await plan(false, 0, dropping(2, 4));
    expect(numbers(job)).to.deep.equal([1, 3]);
    expect(run.steps('state')).to.deep.equal(['sending', 'dropped', 'sending', 'dropped']);
    expect(run.subjects('reason')).to.deep.equal([null, 'USER_NOT_FOUND', null, 'USER_NOT_FOUND']);
    expect(run.subjects('state')).to.deep.equal(['open', null, 'open', null]);
  });

  it('looks at the next rows where none of the first is left, and plans nothing where the org does not answer', async () => {
    run = await RunDb.painting(3, () => ({ family: 'roleBased' }));
    const confirm = dropping(1, 2);
    const call = await planNextCall(
      { db: run.db, now: () => 0, confirm },
      { kind, way: 'collection', size: 1, maker: '005', time },
    );
    expect([numbers(call), confirm.asked]).to.deep.equal([[3], [[1], [2], [3]]]);
    run.close();
    run = await RunDb.painting(2, () => ({ family: 'roleBased' }));
    const error = await plan(false, 0, () => Promise.reject(new Error('down'))).catch((reason: unknown) => reason);
    expect(error).to.be.an('error');
    expect([run.table('send'), run.steps('state')]).to.deep.equal([[], ['planned', 'planned']]);
    expect(await plan(false, 0, dropping(1, 2))).to.equal(undefined);
  });
});
