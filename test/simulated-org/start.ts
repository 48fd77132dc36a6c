/** Runs a simulated org until Ctrl-C: `node test/simulated-org/start.ts [--port N] [--contacts N] [--realistic-costs]`. */
import { parseArgs } from 'node:util';
import { realisticCosts } from './ruleSwitches.ts';
import { SimulatedOrg } from './simulatedOrg.ts';

const { values } = parseArgs({
  options: { port: { type: 'string' }, contacts: { type: 'string' }, 'realistic-costs': { type: 'boolean' } },
});
const org = await SimulatedOrg.start({
  port: Number(values.port ?? 0),
  ...(values['realistic-costs'] === true ? { switches: realisticCosts } : {}),
  ...(values.contacts === undefined ? {} : { world: { large: { contacts: Number(values.contacts) } } }),
});

process.stdout.write(`Simulated org ${org.orgId} at ${org.url}
User   ${org.username}
Token  ${org.accessToken}

Log in with:
SF_ACCESS_TOKEN='${org.accessToken}' sf org login access-token --instance-url ${org.url} --no-prompt --alias sim

Ctrl-C stops it and forgets everything.
`);

process.once('SIGINT', () => {
  void org.stop();
});
