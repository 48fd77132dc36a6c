/** The CSV that a job uploads. */
import { stringify } from 'csv-stringify/sync';

/**
 * Comma-separated, LF, without a BOM (Bulk API 2.0, Prepare CSV Files). Columns that no row has a value for are left out:
 * a license without roles must not be sent UserRoleId at all.
 */
export function jobBody(
  columns: readonly string[],
  rows: ReadonlyArray<Readonly<Record<string, string | undefined>>>,
): string {
  const sent = columns.filter((column) => rows.some((values) => values[column] !== undefined));
  const cells = rows.map((values) => sent.map((column) => values[column] ?? ''));
  return stringify([sent, ...cells], { record_delimiter: '\n' });
}
