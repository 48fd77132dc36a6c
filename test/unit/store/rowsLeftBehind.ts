/** Prints by how many bytes the old generation of the heap grows while 100,000 rows are read, in a process that does nothing else. */
import { DatabaseSync } from 'node:sqlite';
import { getHeapSpaceStatistics } from 'node:v8';
import { numberOf, selectRows } from '../../../lib/store/sqlite.js';

const rows = 100_000;
const numbers =
  'WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?) SELECT n FROM number';
const db = new DatabaseSync(':memory:');
const before = oldGeneration();
let sum = 0;
for (const row of selectRows(db, numbers, rows)) sum += numberOf(row['n']);
if (sum !== (rows * (rows + 1)) / 2) throw new Error(`the rows add up to ${String(sum)}`);
process.stdout.write(String(oldGeneration() - before));

function oldGeneration(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? 0;
}
