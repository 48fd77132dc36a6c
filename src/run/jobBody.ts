/** The CSV that a job uploads. It is made from run.db, so that it can be made again. */
import { stringify } from 'csv-stringify/sync';
import type { SentRow } from './jobRecords.js';

/**
 * Comma-separated, LF, without a BOM (Bulk API 2.0, Prepare CSV Files). Columns that no row has a value for are left out:
 * a license without roles must not be sent UserRoleId at all.
 */
export function jobBody(columns: readonly string[], rows: readonly SentRow[]): string {
  const sent = columns.filter((column) => rows.some((row) => row.values[column] !== undefined));
  const cells = rows.map((row) => sent.map((column) => row.values[column] ?? ''));
  return stringify([sent, ...cells], { record_delimiter: '\n' });
}
