/** What the samples in the suite tell: a line each, so that a failure can be repeated, and their tables in a file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { textOfTable, type Table } from './table.ts';

/** What is drawn by lot follows from it. */
export const sampleSeed = Number(process.env['SWEEP_SEED'] ?? Date.now() % 1_000_000);

export function tellSample(sweep: string, tables: readonly Table[]): void {
  const folder = join(import.meta.dirname, '../../coverage');
  const file = `sweep-${sweep}.txt`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), tables.map(textOfTable).join('\n'));
  const runs = tables.reduce((sum, table) => sum + table.runs, 0);
  const wrong = tables.reduce((sum, table) => sum + table.failures.length, 0);
  process.stdout.write(
    `\n  ${sweep}: ${String(runs)} runs, ${String(wrong)} wrong, SWEEP_SEED=${String(sampleSeed)}, coverage/${file}\n`,
  );
}
