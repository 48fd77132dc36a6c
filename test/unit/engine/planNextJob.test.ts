/** Which rows go into the next job, and how many: by what the last one was like. */
import { expect } from 'chai';
import { firstJobSize } from '../../../lib/engine/jobSize.js';
import { planNextJob } from '../../../lib/engine/planNextJob.js';
import type { StepOutcome } from '../../../lib/model/outcomes.js';
import type { Send } from '../../../lib/model/steps.js';
import { recordComplete } from '../../../lib/store/sends.js';
import { recordOutcomes, stepsOfSend } from '../../../lib/store/steps.js';
import { RunDb } from '../store/runDb.ts';

const kind = 'paintDoor';

describe('planNextJob', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  const plan = (canary = false, now = 0): Send | undefined => planNextJob(run.db, kind, 'roleBased', canary, now);
  const end = (job: Send | undefined, outcome: StepOutcome, milliseconds = 1000): void => {
    const n = job?.n ?? 0;
    recordComplete(run.db, n, { orgState: 'JobComplete', errorMessage: undefined, milliseconds });
    const judged = stepsOfSend(run.db, n).map((step) => ({ step, answer: undefined, outcome }));
    recordOutcomes(run.db, n, judged, 0);
  };

  it('grows after a quick job, shrinks after one with many rows to be sent again', async () => {
    const count = firstJobSize('roleBased') * 4;
    run = await RunDb.painting(count, () => ({ family: 'roleBased' }));
    const first = plan();
    expect(first?.size).to.equal(firstJobSize('roleBased'));
    end(first, { outcome: 'done' });
    const second = plan();
    expect(second?.size).to.be.above(first?.size ?? 0);
    end(second, { outcome: 'again', delay: 0 });
    expect(plan()?.size).to.be.below(second?.size ?? 0);
  });

  it('shrinks after a slow one', async () => {
    run = await RunDb.painting(6_000, () => ({ family: 'roleBased' }));
    const first = plan();
    end(first, { outcome: 'done' }, 290_000);
    expect(plan()?.size).to.equal((first?.size ?? 0) / 2);
  });

  it('has a canary of one row, which says nothing of sizes', async () => {
    run = await RunDb.painting(2_500, () => ({ family: 'roleBased' }));
    const canary = plan(true);
    expect(canary).to.include({ size: 1, canary: true });
    end(canary, { outcome: 'done' }, 290_000);
    expect(plan()).to.include({ size: firstJobSize('roleBased'), canary: false });
  });

  it('has no job for what may not be sent now', async () => {
    run = await RunDb.painting(1, () => ({ family: 'roleBased' }));
    run.setStep(1, 'notBefore = 500');
    expect(plan(false, 499)).to.equal(undefined);
    expect(plan(false, 500)).to.include({ size: 1 });
  });
});
