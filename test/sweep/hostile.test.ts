/** A sample of the hostile answers; the whole is `npm run test:sweep`. */
import { expect } from 'chai';
import { sampleHostile } from './hostileSweep.ts';
import { sampleSeed, tellSample } from './sample.ts';

describe('a hostile answer', () => {
  it('of some that are drawn by lot ends with the truth or a clear error, and nothing is lost or done twice', async () => {
    const table = await sampleHostile(10, sampleSeed);
    tellSample('hostile-answers', [table]);
    expect(table.failures.join('\n\n'), `SWEEP_SEED=${String(sampleSeed)}`).to.equal('');
  });
});
