/** A sample of the hostile answers; the whole is `npm run test:sweep`. */
import { expect } from 'chai';
import { sampleHostile } from './hostileSweep.ts';

describe('a hostile answer', () => {
  it('of some that are drawn by lot ends with the truth or a clear error, and nothing is lost or done twice', async () => {
    const seed = Number(process.env['SWEEP_SEED'] ?? Date.now() % 1_000_000);
    const { failures } = await sampleHostile(10, seed);
    expect(failures.join('\n\n'), `SWEEP_SEED=${String(seed)}`).to.equal('');
  });
});
