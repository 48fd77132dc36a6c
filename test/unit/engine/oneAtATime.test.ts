/** Pieces of work that take much memory run one after the other, in their order, whatever becomes of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { oneAtATime } from '../../../lib/engine/oneAtATime.js';

describe('oneAtATime', () => {
  it('runs one at a time, in order, and goes on after one that failed', async () => {
    const one = oneAtATime();
    let underWay = 0;
    const order: number[] = [];
    const work = async (n: number, pause: number): Promise<number> => {
      underWay += 1;
      expect(underWay).to.equal(1);
      await sleep(pause);
      order.push(n);
      underWay -= 1;
      if (n === 2) throw new Error('two');
      return n;
    };
    const results = await Promise.allSettled([one(() => work(1, 10)), one(() => work(2, 5)), one(() => work(3, 0))]);
    expect(order).to.deep.equal([1, 2, 3]);
    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
  });
});
