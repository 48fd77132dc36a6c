/** A sample of the crash sweep; the whole is `npm run test:sweep`. */
import { expect } from 'chai';
import { sampleCrashes } from './crashSweep.ts';
import { sampleSeed, tellSample } from './sample.ts';

describe('a process that is killed', () => {
  it('at any of some moments drawn by lot leaves what can be driven on to the same end', async () => {
    const table = await sampleCrashes(6, sampleSeed);
    tellSample('crashes', [table]);
    expect(table.failures.join('\n\n'), `SWEEP_SEED=${String(sampleSeed)}`).to.equal('');
  });
});
