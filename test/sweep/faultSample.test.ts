/**
 * A sample of the fault sweep in each run of the suite. `FAULT_SWEEP_SEED` repeats one; `npm run test:sweep` tries all.
 */
import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { createRandom } from '../simulated-org/world/random.ts';
import { faultKinds } from './faultKinds.ts';
import { scenarios } from './faultScenarios.ts';
import { sweep, type Place } from './faultSweep.ts';

const seed = Number(process.env['FAULT_SWEEP_SEED'] ?? randomInt(1_000_000));
const cellsOfScenario = 4;

describe(`a sample of the fault sweep (FAULT_SWEEP_SEED=${String(seed)})`, () => {
  const random = createRandom(seed);
  const choose = (places: readonly Place[]): Place[] =>
    Array.from({ length: cellsOfScenario }, () => random.pick(places));

  for (const scenario of scenarios.filter(({ isLarge }) => !isLarge)) {
    it(scenario.name, async () => {
      const { table, wrong } = await sweep(scenario, choose);
      expect(wrong, table).to.equal(0);
    });
  }

  it('has a name of its own for each fault', () => {
    expect(new Set(faultKinds.map(({ name }) => name)).size).to.equal(faultKinds.length);
  });
});
