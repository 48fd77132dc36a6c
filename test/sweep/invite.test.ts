/** A sample of the invite sweep; the whole is `npm run test:sweep`. */
import { expect } from 'chai';
import { sampleInvites } from './inviteSweep.ts';
import { sampleSeed, tellSample } from './sample.ts';

describe('an invite run that is struck or killed', () => {
  it('sends nobody two emails, and tells everybody who may have one', async () => {
    const table = await sampleInvites(6, 3, sampleSeed);
    tellSample('invites', [table]);
    expect(table.failures.join('\n\n'), `SWEEP_SEED=${String(sampleSeed)}`).to.equal('');
  });
});
