/** The time that pauses take, and what ends them early. */
import { expect } from 'chai';
import { realClock } from '../../../lib/engine/clock.js';

describe('realClock', () => {
  it('sleeps as long as it is told, and tells the time', async () => {
    const before = realClock.now();
    expect(before).to.be.closeTo(Date.now(), 5_000);
    await realClock.sleep(20, new AbortController().signal);
    expect(realClock.now() - before).to.be.at.least(18);
    expect(Number.isInteger(before)).to.equal(true);
  });

  it('wakes when the run is to stop, and does not fall asleep after that', async () => {
    const stop = new AbortController();
    const before = realClock.now();
    const sleeping = realClock.sleep(60_000, stop.signal);
    stop.abort();
    await sleeping;
    await realClock.sleep(60_000, stop.signal);
    expect(realClock.now() - before).to.be.below(10_000);
  });
});
