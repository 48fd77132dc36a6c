/** Runs an org with our world until Ctrl-C: `node test/simulated-org/world/start.ts [--port N] [--contacts N] [--realistic-costs]`. */
import { parseArgs } from 'node:util';
import { runUntilStopped } from '../byHand.ts';
import { realisticCosts } from '../ruleSwitches.ts';
import { SimulatedOrg } from './simulatedOrg.ts';

const { values } = parseArgs({
  options: { port: { type: 'string' }, contacts: { type: 'string' }, 'realistic-costs': { type: 'boolean' } },
});
runUntilStopped(
  await SimulatedOrg.start({
    port: Number(values.port ?? 0),
    ...(values['realistic-costs'] === true ? { switches: realisticCosts } : {}),
    ...(values.contacts === undefined ? {} : { world: { large: { contacts: Number(values.contacts) } } }),
  }),
);
