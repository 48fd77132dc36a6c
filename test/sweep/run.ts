/** `npm run test:sweep`: all sweeps, whole. Takes long; the suite runs a sample of each. */
import { sweepCrashes } from './crashSweep.ts';
import { sweepFaults } from './faultSweep.ts';
import { sweepHostile } from './hostileSweep.ts';
import { printTable } from './table.ts';

let failed = 0;
for (const sweep of [sweepFaults, sweepCrashes, sweepHostile]) {
  for (const table of [await sweep()].flat()) {
    printTable(table);
    failed += table.failures.length;
  }
}
process.exitCode = failed > 0 ? 1 : 0;
