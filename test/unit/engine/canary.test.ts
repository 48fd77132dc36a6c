/** The canary: when it is needed, and what the rows that were tried say. */
import { expect } from 'chai';
import { judgeCanary, needsCanary } from '../../../lib/engine/canary.js';
import { canaryThreshold } from '../../../lib/engine/jobSize.js';
import { decideExisting } from '../../../lib/model/reasons.js';
import type { StepOutcome } from '../../../lib/model/outcomes.js';
import { retractCanaries } from '../../../lib/store/queries/canaries.js';
import { planJob } from '../../../lib/store/sends.js';
import { recordOutcomes, stepsOfSend } from '../../../lib/store/steps.js';
import { RunDb } from '../store/runDb.ts';

const kind = 'paintDoor';
const failed = (code: string): StepOutcome => ({ outcome: 'failed', code, message: `about ${code}` });
const done: StepOutcome = { outcome: 'done' };
const again = (code?: string): StepOutcome => ({
  outcome: 'again',
  delay: 0,
  ...(code === undefined ? {} : { error: { code, message: '' } }),
});

describe('the canary', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  function send(outcome: StepOutcome): void {
    const canary = planJob(run.db, { kind, family: 'highVolume', canary: true, size: 1, most: 1 }, 0);
    const judged = stepsOfSend(run.db, canary?.n ?? 0).map((step) => ({ step, answer: undefined, outcome }));
    recordOutcomes(run.db, canary?.n ?? 0, judged, 0);
  }

  it('is needed above the threshold, until one of its rows has passed, for each kind', async () => {
    run = await RunDb.painting(canaryThreshold);
    expect(needsCanary(run.db, kind)).to.equal(false);
    run.close();
    run = await RunDb.painting(canaryThreshold + 1);
    expect(needsCanary(run.db, kind)).to.equal(true);
    expect(needsCanary(run.db, 'other')).to.equal(false);
    send(done);
    expect(judgeCanary(run.db, kind)).to.deep.equal({ verdict: 'passed' });
    expect(needsCanary(run.db, kind)).to.equal(false);
  });

  it('is one of many rows also when most of them are done', async () => {
    run = await RunDb.painting(canaryThreshold + 1);
    run.db.exec("UPDATE step SET state = 'done' WHERE n > 1");
    expect(needsCanary(run.db, kind)).to.equal(true);
  });

  const dropped: StepOutcome = {
    outcome: 'dropped',
    verdict: decideExisting({ id: '005', username: 'x', isActive: true }),
    continues: false,
  };
  const verdicts: ReadonlyArray<readonly [what: string, outcomes: StepOutcome[], verdict: string]> = [
    ['nothing', [], 'another'],
    ['one failure', [failed('X')], 'another'],
    ['two failures', [failed('X'), failed('X')], 'another'],
    ['three equal failures', [failed('X'), failed('X'), failed('X')], 'stop'],
    ['three failures that differ', [failed('X'), failed('X'), failed('Y')], 'passed'],
    ['a success after failures', [failed('X'), done], 'passed'],
    ['a contact that has got a user', [dropped], 'passed'],
    ['a lock, which passes by itself', [again('UNABLE_TO_LOCK_ROW')], 'passed'],
    ['a made-up nickname that is taken', [again('DUPLICATE_COMM_NICKNAME')], 'passed'],
    ['a row that was not got to', [again()], 'another'],
  ];
  for (const [what, outcomes, verdict] of verdicts) {
    it(`says ${verdict} after ${what}`, async () => {
      run = await RunDb.painting(9);
      for (const outcome of outcomes) send(outcome);
      expect(judgeCanary(run.db, kind)).to.have.property('verdict', verdict);
    });
  }

  it('that stops is taken back as if it had not been sent', async () => {
    run = await RunDb.painting(4);
    for (let times = 0; times < 3; times++) send(failed('X'));
    expect(judgeCanary(run.db, kind)).to.deep.equal({ verdict: 'stop', code: 'X', message: 'about X' });
    retractCanaries(run.db, kind);
    expect(run.steps('state')).to.deep.equal(['planned', 'planned', 'planned', 'planned']);
    expect(run.steps('refusals')).to.deep.equal([0, 0, 0, 0]);
    expect(judgeCanary(run.db, kind)).to.deep.equal({ verdict: 'another' });
  });
});
