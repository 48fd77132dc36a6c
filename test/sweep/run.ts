/** `npm run test:sweep`: all sweeps, whole. Takes long; the suite runs a sample of each. */
import { sweepCrashes } from './crashSweep.ts';
import { sweepFaults } from './faultSweep.ts';
import { sweepHostile } from './hostileSweep.ts';
import { textOfTable } from './table.ts';

let failed = 0;
for (const sweep of [sweepFaults, sweepCrashes, sweepHostile]) {
  await sweep((table) => {
    process.stdout.write(textOfTable(table));
    failed += table.failures.length;
  });
}
process.exitCode = failed > 0 ? 1 : 0;
