/** A sample of the crash sweep; the whole is `npm run test:sweep`. */
import { expect } from 'chai';
import { sampleCrashes } from './crashSweep.ts';

describe('a process that is killed', () => {
  it('at any of some moments drawn by lot leaves what can be driven on to the same end', async () => {
    const seed = Number(process.env['SWEEP_SEED'] ?? Date.now() % 1_000_000);
    const { failures } = await sampleCrashes(12, seed);
    expect(failures.join('\n\n'), `SWEEP_SEED=${String(seed)}`).to.equal('');
  });
});
