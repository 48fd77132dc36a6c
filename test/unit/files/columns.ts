/** What columns show, as a file has it. */
import type { Columns } from '../../../lib/files/exports.js';

export function headerOf(columns: Columns<never>): string[] {
  return columns.map(([header]) => header);
}

export function cellsOf<Row>(columns: Columns<Row>, rows: Iterable<Row>): unknown[][] {
  return Array.from(rows, (row) => columns.map(([, cell]) => cell(row)));
}
