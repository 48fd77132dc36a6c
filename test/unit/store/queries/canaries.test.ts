/** Canaries in run.db: what was tried, and what is taken back. */
import { expect } from 'chai';
import type { StepOutcome } from '../../../../lib/model/outcomes.js';
import {
  countSteps,
  forgetUndecidedCanaries,
  hasCanaryPassed,
  passCanary,
  retractCanaries,
  triedRows,
} from '../../../../lib/store/queries/canaries.js';
import { planJob } from '../../../../lib/store/sends.js';
import { recordOutcomes, stepsOfSend } from '../../../../lib/store/steps.js';
import { RunDb } from '../runDb.ts';

const kind = 'createUser';
const failed: StepOutcome = { outcome: 'failed', code: 'X', message: 'about X' };

describe('canaries in run.db', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  /** @returns the steps that the canary took */
  function send(outcome?: StepOutcome): number[] {
    const canary = planJob(run.db, { kind, family: 'highVolume', canary: true, size: 1, most: 1 }, 0);
    if (canary === undefined) return [];
    const steps = stepsOfSend(run.db, canary.n);
    if (outcome !== undefined) {
      const judged = steps.map((step) => ({ step, answer: undefined, outcome }));
      recordOutcomes(run.db, canary.n, judged, 0);
    }
    return steps.map(({ n }) => n);
  }

  it('are of another account each', async () => {
    run = await RunDb.with(...['A', 'A', 'A', 'B', 'B'].map((accountId) => ({ accountId })));
    expect(send(failed)).to.deep.equal([1]);
    expect(send(failed)).to.deep.equal([4]);
    expect(send()).to.deep.equal([]);
  });

  it('say what became of their rows, once they are collected', async () => {
    run = await RunDb.with({}, {}, {}, {});
    send(failed);
    send({ outcome: 'again', delay: 0, error: { code: 'LOCK', message: 'm' } });
    send();
    expect(triedRows(run.db, kind)).to.deep.equal([
      { state: 'failed', code: 'X', message: 'about X' },
      { state: 'planned', code: 'LOCK', message: 'm' },
    ]);
    expect(triedRows(run.db, 'other')).to.deep.equal([]);
  });

  it('pass for their own kind', async () => {
    run = await RunDb.with({});
    passCanary(run.db, 'a');
    passCanary(run.db, 'b');
    expect(['a', 'b', 'c'].map((each) => hasCanaryPassed(run.db, each))).to.deep.equal([true, true, false]);
  });

  it('are for plans of many steps, whatever became of those that were not dropped', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1'] }, {}, {});
    run.setStep(3, "state = 'dropped'");
    run.setStep(4, "state = 'done'");
    expect(countSteps(run.db, kind)).to.equal(2);
  });

  it('that say nothing are forgotten, so that their accounts can be tried again', async () => {
    run = await RunDb.with({ accountId: 'A' });
    send({ outcome: 'again', delay: 0 });
    expect(send()).to.deep.equal([]);
    forgetUndecidedCanaries(run.db, 'createUser');
    expect(triedRows(run.db, kind)).to.deep.equal([]);
    expect(send()).to.deep.equal([1]);
    // One that is under way is not forgotten.
    forgetUndecidedCanaries(run.db, 'createUser');
    expect(run.table('send').map((row) => row['canary'])).to.deep.equal([0, 1]);
  });

  it('are taken back into the plan as if they had not been sent, with what rests on them', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1'] }, {}, {});
    send(failed);
    send(failed);
    expect(run.steps('state')).to.deep.equal(['failed', 'dropped', 'failed', 'planned']);
    retractCanaries(run.db, 'createUser');
    expect(run.steps('state')).to.deep.equal(['planned', 'planned', 'planned', 'planned']);
    expect(run.steps('refusals')).to.deep.equal([0, 0, 0, 0]);
    expect(run.subjects('state')).to.deep.equal(['open', 'open', 'open']);
    expect(triedRows(run.db, kind)).to.deep.equal([]);
    expect(send()).to.deep.equal([1]);
  });

  it('that have failed are taken back alone: other failures stay', async () => {
    run = await RunDb.with({}, {});
    send(failed);
    run.answer(kind, () => failed);
    retractCanaries(run.db, 'createUser');
    expect(run.steps('state')).to.deep.equal(['planned', 'failed']);
    expect(run.subjects('state')).to.deep.equal(['open', 'failed']);
  });
});
