/** Runs an org with our world until Ctrl-C: `node test/simulated-org/world/start.ts [--port N] [--contacts N] [--realistic-costs]`. */
import { parseArgs } from 'node:util';
import { runUntilStopped } from '../byHand.ts';
import { realisticCosts } from '../ruleSwitches.ts';
import { SimulatedOrg } from './simulatedOrg.ts';

const { values } = parseArgs({
  options: { port: { type: 'string' }, contacts: { type: 'string' }, 'realistic-costs': { type: 'boolean' } },
});
const org = await SimulatedOrg.start({
  port: Number(values.port ?? 0),
  ...(values['realistic-costs'] === true ? { switches: realisticCosts } : {}),
  ...(values.contacts === undefined ? {} : { world: { large: { contacts: Number(values.contacts) } } }),
});
handOver(org);
runUntilStopped(org);

/** Another administrator has made the portal users: for those of its own user, a sync would wait a week (FLAPPING). */
function handOver({ store, world }: SimulatedOrg): void {
  const other = world?.internalUsers.get('anton.account');
  if (other === undefined) return;
  store.db
    .prepare('UPDATE "User" SET CreatedById = :other, LastModifiedById = :other WHERE ContactId IS NOT NULL')
    .run({ other });
  store.db
    .prepare(
      'UPDATE "UserLogin" SET LastModifiedById = :other WHERE UserId IN (SELECT Id FROM "User" WHERE ContactId IS NOT NULL)',
    )
    .run({ other });
}
