/** The fault sweep of one scenario, named by the argument; prints its table as JSON, and what it tries to the standard error. */
import { scenarios } from './faultScenarios.ts';
import { sweepScenario } from './faultSweep.ts';

const scenario = scenarios.find(({ name }) => name === process.argv[2]);
if (scenario === undefined) throw new Error('no such scenario');
const table = JSON.stringify(
  await sweepScenario(scenario, undefined, (name) => {
    process.stderr.write(`${name}\n`);
  }),
);
// Connections to orgs that are gone would keep the process.
process.stdout.write(table, () => process.exit());
