/** `npm run test:sweep`: all sweeps, whole. Takes long; the suite runs a sample of each. */
import { fastScratch } from '../scratch.ts';
import { textOfTable } from './table.ts';

Object.assign(process.env, fastScratch());
// They make their folders when they are loaded.
const [{ sweepFaults }, { sweepCrashes }, { sweepHostile }, { sweepInvites }, { sweepDuels }] = await Promise.all([
  import('./faultSweep.ts'),
  import('./crashSweep.ts'),
  import('./hostileSweep.ts'),
  import('./inviteSweep.ts'),
  import('./duelSweep.ts'),
]);

let failed = 0;
for (const sweep of [sweepFaults, sweepCrashes, sweepHostile, sweepInvites, sweepDuels]) {
  await sweep((table) => {
    process.stdout.write(textOfTable(table));
    failed += table.failures.length;
  });
}
process.exitCode = failed > 0 ? 1 : 0;
