/** A sample of the faults at the calls of a sync; SYNC_SWEEP=whole strikes every call with each of them. */
import { expect } from 'chai';
import { createRandom } from '../simulated-org/random.ts';
import { sampleSeed } from './sample.ts';
import { faults, syncWithFault } from './syncCell.ts';

const sampled = 4;

describe('a sync whose calls meet with faults', () => {
  it(`leaves the org as one without faults does (SWEEP_SEED=${String(sampleSeed)})`, async () => {
    const clean = await syncWithFault();
    expect(clean.changes.length).to.be.above(8);
    const all = Object.entries(faults).flatMap(([name, fault]) =>
      Array.from({ length: clean.calls }, (_, index) => ({ name, fault, nth: index + 1 })),
    );
    const random = createRandom(sampleSeed);
    const chosen =
      process.env['SYNC_SWEEP'] === 'whole' ? all : Array.from({ length: sampled }, () => random.pick(all));
    const wrong: string[] = [];
    for (const { name, fault, nth } of chosen) {
      try {
        const { changes } = await syncWithFault({ fault, nth });
        expect(changes).to.deep.equal(clean.changes);
      } catch (error) {
        wrong.push(`${name} at call ${String(nth)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });
});
