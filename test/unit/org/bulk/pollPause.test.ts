/** When a running job is looked at: seldom in all, and soon after its end. */
import { expect } from 'chai';
import fc from 'fast-check';
import { nextPause, pauseBeforeFirst, SeenPace } from '../../../../lib/org/bulk/pollPause.js';

/** Looks at a job that waits in the queue and then goes on evenly. @returns the times of the looks (ms) */
function looks(rows: number, queue: number, duration: number, foreseen?: number): number[] {
  const processedAt = (time: number): number => Math.floor(rows * Math.max(0, Math.min(1, (time - queue) / duration)));
  const times: number[] = [];
  let before = { time: 0, processed: 0 };
  for (let pause = pauseBeforeFirst(rows, foreseen), time = pause; ; time += pause) {
    times.push(time);
    if (time >= queue + duration) return times;
    const now = { time, processed: processedAt(time) };
    pause = nextPause(rows, pause, before, now, foreseen);
    before = now;
  }
}

describe('looking at a running job', () => {
  it('a small one is looked at at once', () => {
    expect(looks(1, 0, 0)).to.deep.equal([0]);
    expect(looks(50_000, 0, 0)).to.deep.equal([5_000]);
  });

  it('takes at most 30 calls for a job of an hour, and few for one of a minute', () => {
    expect(looks(10_000, 0, 3_600_000).length).to.be.at.most(30);
    expect(looks(10_000, 3_600_000, 1).length).to.be.at.most(35);
    expect(looks(50_000, 0, 62_500).length).to.be.at.most(8);
  });

  it('sees the end of a small job that waits behind others soon after it, where the pace of those is known', () => {
    const pace = new SeenPace();
    pace.see({ time: 0, processed: 0 }, { time: 100_000, processed: 200 });
    expect(pace.durationOf(5_000), 'with the time in the queue').to.equal(undefined);
    pace.see({ time: 100_000, processed: 200 }, { time: 109_000, processed: 1_200 });
    expect(pace.durationOf(5_000)).to.equal(45_000);
    for (const queue of [10_000, 60_000, 137_000, 200_000]) {
      expect(looks(5_000, queue, 45_000, pace.durationOf(5_000)).at(-1), String(queue)).to.be.at.most(queue + 52_000);
    }
    expect(looks(5_000, 3_600_000, 45_000, 45_000).length).to.be.at.most(35);
  });

  it('takes four looks where earlier jobs have shown the pace, and loses little on a job that is done much sooner', () => {
    // 50,000 rows at the published rate beside three other jobs (docs/performance.md).
    for (const queue of [0, 60_000, 180_000]) {
      const times = looks(50_000, queue, 235_000, 235_000);
      expect(times.length, String(queue)).to.be.at.most(5);
      expect(times.at(-1), String(queue)).to.be.at.most((queue + 235_000) * 1.1);
    }
    expect(looks(50_000, 0, 20_000, 235_000)).to.deep.equal([58_750]);
    expect(looks(1, 0, 0, 235_000), 'a test row').to.deep.equal([0]);
  });

  it('sees the end of a job that goes on evenly soon after it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2_000, max: 50_000 }),
        fc.integer({ min: 6_000, max: 600_000 }),
        (rows, duration) => {
          expect(looks(rows, 0, duration).at(-1)).to.be.at.most(duration * 1.035 + 1_500);
        },
      ),
    );
  });

  it('does not trust a pace that it saw for a moment, as rows are counted by chunks of each batch', () => {
    // From a run of ten batches at once: the job ended after 90 seconds, and was to be looked at next after 103.
    const [before, now] = [
      { time: 5_000, processed: 1_000 },
      { time: 13_000, processed: 5_000 },
    ];
    expect(nextPause(50_000, 8_000, before, now, 212_000)).to.equal(32_000);
    const later = { time: 45_000, processed: 24_000 };
    expect(nextPause(50_000, 32_000, now, later, 212_000)).to.be.within(43_000, 45_000);
  });

  it('never waits longer than four minutes, and never less than half a second once it waits', () => {
    const progress = fc.record({ time: fc.nat(), processed: fc.nat() });
    fc.assert(
      fc.property(fc.nat(50_000), fc.nat(240_000), progress, progress, (rows, last, before, now) => {
        expect(nextPause(rows, last, before, now)).to.be.within(500, 240_000);
      }),
    );
  });
});
