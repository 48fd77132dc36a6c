/** The whole fault sweep: each call of each scenario, struck by each fault. Prints its tables. */
import { expect } from 'chai';
import { scenarios } from './faultScenarios.ts';
import { sweep } from './faultSweep.ts';

describe('the fault sweep', () => {
  for (const scenario of scenarios) {
    it(scenario.name, async () => {
      const { table, wrong } = await sweep(scenario);
      process.stdout.write(`${table}\n`);
      expect(wrong, 'runs that lost something, or said what is not true').to.equal(0);
    });
  }
});
