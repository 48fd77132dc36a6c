/** From the cells of a CSV to the row that the rules see (docs/salesforce-facts.md#bulk-csv). */
import type { FieldValue } from '../contracts.ts';
import type { IngestOperation } from './ingestJob.ts';

/** An empty cell is null on insert and changes nothing on update; `#N/A` clears. */
export function toDmlRow(
  names: readonly string[],
  cells: readonly string[],
  operation: IngestOperation,
): Record<string, FieldValue> {
  const row: Record<string, FieldValue> = {};
  names.forEach((name, index) => {
    const cell = cells[index] ?? '';
    if (cell === '#N/A') row[name] = null;
    else if (cell !== '') row[name] = cell;
    else if (operation === 'insert') row[name] = null;
  });
  return row;
}
