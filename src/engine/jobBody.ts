/** The CSV that a job uploads. */
import type { DatabaseSync } from 'node:sqlite';
import type { Send } from '../model/steps.js';
import { csvText } from '../org/bulk/csvText.js';
import { valuesOfSend } from '../store/steps.js';
import type { RowKind } from './kind.js';

/** The values of a row by their columns. */
type BodyRow = Readonly<Record<string, string | undefined>>;

/** Made from run.db, so that it can be made again. */
export function bodyOfJob(db: DatabaseSync, kind: RowKind, { n }: Send): string {
  return jobBody(kind.columns(db), function* () {
    for (const step of valuesOfSend(db, n)) yield kind.row(step);
  });
}

const linesPerChunk = 500;

/**
 * Comma-separated, LF, without a BOM (Bulk API 2.0, Prepare CSV Files). It has no columns without a value in any row:
 * a license without roles must not be sent UserRoleId at all.
 * @param rows read twice, one by one: they need not be in memory together
 */
export function jobBody(columns: readonly string[], rows: () => Iterable<BodyRow>): string {
  const missing = new Set(columns);
  for (const row of rows()) for (const column of missing) if (row[column] !== undefined) missing.delete(column);
  const sent = columns.filter((column) => !missing.has(column));
  const texts: string[] = [];
  let lines: Array<readonly string[]> = [sent];
  const flush = (): void => {
    texts.push(csvText(lines));
    lines = [];
  };
  for (const row of rows()) {
    if (lines.length === linesPerChunk) flush();
    lines.push(sent.map((column) => row[column] ?? ''));
  }
  flush();
  return texts.join('');
}
