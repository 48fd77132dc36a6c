/** The fault sweep of one scenario, named by the argument. */
import { carryOut } from './elsewhere.ts';
import { scenarios } from './faultScenarios.ts';
import { sweepScenario } from './faultSweep.ts';

await carryOut(
  scenarios,
  ({ name }) => name,
  (scenario, tell) => sweepScenario(scenario, undefined, tell),
);
