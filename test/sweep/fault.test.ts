/** A sample of the fault sweep; the whole is `npm run test:sweep`. */
import { expect } from 'chai';
import { createRandom } from '../simulated-org/world/random.ts';
import { faultKinds } from './faultKinds.ts';
import { scenarios } from './faultScenarios.ts';
import { sweepScenario } from './faultSweep.ts';

describe('a run that meets with a fault', () => {
  const seed = Number(process.env['SWEEP_SEED'] ?? Date.now() % 1_000_000);

  for (const [index, scenario] of scenarios.entries()) {
    if (scenario.isLarge) continue;
    it(`at some of its calls, drawn by lot, has the same end (${scenario.name})`, async () => {
      const random = createRandom(seed + index);
      const { failures } = await sweepScenario(scenario, (blows) => [1, 2, 3].map(() => random.pick(blows)));
      expect(failures.join('\n\n'), `SWEEP_SEED=${String(seed)}`).to.equal('');
    });
  }

  it('meets with faults that have names of their own', () => {
    expect(new Set(faultKinds.map(({ name }) => name)).size).to.equal(faultKinds.length);
  });
});
