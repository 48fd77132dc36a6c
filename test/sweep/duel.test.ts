/** A sample of the duels; the whole is `npm run test:sweep`. */
import { expect } from 'chai';
import { sampleDuels } from './duelSweep.ts';
import { sampleSeed, tellSample } from './sample.ts';

describe('two commands at once', () => {
  it('do nothing twice, and both tell the truth', async () => {
    const table = await sampleDuels(3, sampleSeed);
    tellSample('duels', [table]);
    expect(table.failures.join('\n\n'), `SWEEP_SEED=${String(sampleSeed)}`).to.equal('');
  });
});
