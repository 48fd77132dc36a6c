/**
 * Runs an org with the standard objects and an administrator until Ctrl-C:
 * `node test/simulated-org/start.ts [--port N] [--realistic-costs]`. With our world: world/start.ts.
 */
import { parseArgs } from 'node:util';
import { runUntilStopped } from './byHand.ts';
import { realisticCosts } from './ruleSwitches.ts';
import { SimulatedOrg } from './simulatedOrg.ts';

const { values } = parseArgs({ options: { port: { type: 'string' }, 'realistic-costs': { type: 'boolean' } } });
runUntilStopped(
  await SimulatedOrg.start({
    port: Number(values.port ?? 0),
    ...(values['realistic-costs'] === true ? { switches: realisticCosts } : {}),
  }),
);
