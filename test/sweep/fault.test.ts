/** A sample of the fault sweep; the whole is `npm run test:sweep`. */
import { expect } from 'chai';
import { createRandom, type Random } from '../simulated-org/random.ts';
import { faultKinds } from './faultKinds.ts';
import { isWriting, scenarios } from './faultScenarios.ts';
import { sweepScenario, type Blow } from './faultSweep.ts';
import { sampleSeed, tellSample } from './sample.ts';
import type { Table } from './table.ts';

describe('a run that meets with a fault', () => {
  const tables: Table[] = [];
  const small = scenarios.filter(({ isLarge }) => !isLarge);
  const large = createRandom(sampleSeed).pick(scenarios.filter(({ isLarge }) => isLarge));

  for (const [index, scenario] of [...small, large].entries()) {
    it(`at some of its calls, drawn by lot, has the same end (${scenario.name})`, async () => {
      const random = createRandom(sampleSeed + index);
      const choose = scenario.isLarge ? oneBlow : someBlows;
      const table = await sweepScenario(scenario, (blows) => choose(blows, random));
      tables.push(table);
      expect(table.failures.join('\n\n'), `SWEEP_SEED=${String(sampleSeed)}`).to.equal('');
    });
  }

  it('meets with faults that have names of their own', () => {
    expect(new Set(faultKinds.map(({ name }) => name)).size).to.equal(faultKinds.length);
  });

  after(() => {
    tellSample('faults', tables);
  });
});

/** Most calls only read: where a run can do harm, it is struck each time. */
function someBlows(blows: readonly Blow[], random: Random): Blow[] {
  const writing = blows.filter(({ call }) => isWriting(call));
  return [writing.length > 0 ? writing : blows, blows].map((some) => random.pick(some));
}

function oneBlow(blows: readonly Blow[], random: Random): Blow[] {
  return [random.pick(blows)];
}
