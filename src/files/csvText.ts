/** The CSV that we write: exact values, lines end in LF. */
import { stringify } from 'csv-stringify/sync';

/** A lone carriage return ends a line for many readers. */
const format = { record_delimiter: '\n', quoted_match: '\r' };

/** Lines of a CSV file; what is absent is an empty cell. */
export function csvText(lines: ReadonlyArray<ReadonlyArray<string | undefined>>): string {
  return stringify([...lines], format);
}
