/** How the rules of a kind become its judging: the org is asked about what is in doubt, and about nothing else. */
import { expect } from 'chai';
import { judgingBy, type AskContext, type Judging, type Rules } from '../../../lib/engine/kind.js';
import type { Send, Step } from '../../../lib/model/steps.js';

const step = (n: number): Step => ({
  n,
  subject: n,
  target: String(n),
  userId: undefined,
  nickname: undefined,
  nicknameIsGiven: false,
  refusals: 0,
});
const steps = [1, 2, 3].map(step);
const send = { n: 1 } as Send;
const context = { random: () => 0.25 } as AskContext;

describe('judgingBy', () => {
  let asked: number[][];
  let spreads: number[];
  const judging = (rules: Partial<Rules<string>> = {}): Judging => {
    asked = [];
    spreads = [];
    return judgingBy<string>({
      mustAsk: (answer) => answer === undefined,
      look: (_context, doubtful) => {
        asked.push(doubtful.map(({ n }) => n));
        return Promise.resolve(new Map(doubtful.filter(({ n }) => n !== 3).map(({ n }) => [n, `truth ${String(n)}`])));
      },
      judge: (_step, answer, truth, random) => {
        spreads.push(random);
        return { outcome: 'failed', code: answer === undefined ? 'none' : 'some', message: truth ?? '' };
      },
      isDoneBy: (_send, truth) => truth !== undefined,
      ...rules,
    });
  };

  it('looks at the steps in doubt, and judges all, with one spread for all', async () => {
    const judged = await judging().judge(context, send, steps, new Map([[1, { id: 'x' }]]));
    expect(asked).to.deep.equal([[2, 3]]);
    expect(
      judged?.map(([{ n }, outcome]) => [
        n,
        'code' in outcome && outcome.code,
        'message' in outcome && outcome.message,
      ]),
    ).to.deep.equal([
      [1, 'some', ''],
      [2, 'none', 'truth 2'],
      [3, 'none', ''],
    ]);
    expect(spreads).to.deep.equal([0.25, 0.25, 0.25]);
  });

  it('says nothing when the run is to stop before the truth is known', async () => {
    const stopped = judging({ look: () => Promise.resolve(undefined) });
    expect(await stopped.judge(context, send, steps, new Map())).to.equal(undefined);
    expect(spreads).to.deep.equal([]);
  });

  it('judges the answer of a call without a question', () => {
    const { judgeCall } = judging();
    expect(judgeCall(step(1), { code: 'X', message: '' }, 0.5)).to.include({ code: 'some' });
    expect(judgeCall(step(1), undefined, 0.5)).to.include({ code: 'some' });
    expect([asked, spreads]).to.deep.equal([[], [0.5, 0.5]]);
  });

  it('asks about every step of a lost call, and sends again what was not done', async () => {
    const judged = await judging().judgeLost(context, send, steps);
    expect(asked).to.deep.equal([[1, 2, 3]]);
    expect(judged.map(([, outcome]) => outcome)).to.deep.equal([
      { outcome: 'done' },
      { outcome: 'done' },
      { outcome: 'again', delay: 0 },
    ]);
  });
});
