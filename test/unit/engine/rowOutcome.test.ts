/** What a refusal, or no answer, makes of a step: the same for every kind. */
import { expect } from 'chai';
import { confineRefusals, isTriedEnough, judgeRefusal, sendAgain } from '../../../lib/engine/rowOutcome.js';
import type { StepOutcome } from '../../../lib/model/outcomes.js';
import { mostAttempts } from '../../../lib/model/rowErrors.js';
import type { Step } from '../../../lib/model/steps.js';

function step(changes: Partial<Step> = {}): Step {
  return {
    n: 1,
    subject: 1,
    target: '003',
    userId: undefined,
    nickname: undefined,
    nicknameIsGiven: false,
    refusals: 0,
    ...changes,
  };
}
const judge = (code: string, message = '', changes: Partial<Step> = {}): StepOutcome =>
  judgeRefusal(step(changes), { code, message }, 0.5);

describe('judgeRefusal', () => {
  it('sends again later what passes by itself, with the refusal', () => {
    const outcome = judge('UNABLE_TO_LOCK_ROW', 'x');
    expect(outcome).to.have.property('delay').above(0);
    expect(outcome).to.deep.include({ outcome: 'again', error: { code: 'UNABLE_TO_LOCK_ROW', message: 'x' } });
  });

  it('waits longer each time', () => {
    const delays = [0, 1, 2, 3].map((refusals) =>
      Number(Reflect.get(judge('UNABLE_TO_LOCK_ROW', '', { refusals }), 'delay')),
    );
    expect([...delays].sort((a, b) => a - b)).to.deep.equal(delays);
    expect(new Set(delays).size).to.equal(delays.length);
  });

  it('gives a step up after many refusals, with the last', () => {
    expect(judge('UNABLE_TO_LOCK_ROW', 'x', { refusals: mostAttempts - 1 })).to.deep.equal({
      outcome: 'failed',
      code: 'UNABLE_TO_LOCK_ROW',
      message: 'x',
    });
    expect(judge('UNABLE_TO_LOCK_ROW', 'x', { refusals: mostAttempts - 2 })).to.include({ outcome: 'again' });
  });

  it('stops for what concerns every row, and fails what concerns one', () => {
    const message = 'License Limit Exceeded - CC';
    expect(judge('LICENSE_LIMIT_EXCEEDED', message)).to.deep.equal({
      outcome: 'stopped',
      cause: 'licenses',
      code: 'LICENSE_LIMIT_EXCEEDED',
      message,
    });
    expect(judge('STORAGE_LIMIT_EXCEEDED')).to.include({ outcome: 'stopped', cause: 'storage' });
    expect(judge('INSUFFICIENT_ACCESS')).to.include({ outcome: 'stopped', cause: 'org' });
    for (const code of [
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      'DUPLICATE_COMM_NICKNAME',
      'DUPLICATE_USERNAME',
      'UNHEARD_OF',
    ])
      expect(judge(code, 'no')).to.deep.equal({ outcome: 'failed', code, message: 'no' });
  });
});

describe('sendAgain', () => {
  it('sends what Salesforce did not get to at once, however often', () => {
    for (const refusals of [0, mostAttempts, 99])
      expect(sendAgain(step({ refusals }), 0.5)).to.deep.equal({ outcome: 'again', delay: 0 });
  });

  it('counts refusals, and no attempts', () => {
    expect([mostAttempts - 2, mostAttempts - 1].map((refusals) => isTriedEnough(step({ refusals })))).to.deep.equal([
      false,
      true,
    ]);
  });
});

describe('confineRefusals', () => {
  const stopped = (cause: 'org' | 'licenses'): StepOutcome => ({ outcome: 'stopped', cause, code: 'X', message: 'm' });
  const of = (...outcomes: StepOutcome[]): StepOutcome[] =>
    confineRefusals(outcomes.map((outcome, n) => [step({ n }), outcome] as const)).map(([, outcome]) => outcome);

  it('lets the row fail that is refused like all others while one beside it is done', () => {
    expect(of(stopped('org'), { outcome: 'done' })).to.deep.equal([
      { outcome: 'failed', code: 'X', message: 'm' },
      { outcome: 'done' },
    ]);
  });

  it('leaves it where none is done, and what is short for the others, too', () => {
    expect(of(stopped('org'), { outcome: 'again', delay: 0 })[0]).to.deep.equal(stopped('org'));
    expect(of(stopped('licenses'), { outcome: 'done' })[0]).to.deep.equal(stopped('licenses'));
  });
});
