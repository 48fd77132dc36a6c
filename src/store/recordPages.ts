/** Reads the records of a run page by page, in the order of the plan. */
import type { DatabaseSync } from 'node:sqlite';
import { numberOf, selectRows, type Row } from './sqlite.js';

const rowsPerPage = 2_000;

/**
 * Each page may be changed before the next one is read: no statement stays open in between.
 * @param columns SQL, without `n`, which is always there
 * @param condition SQL
 */
export function* recordPages(db: DatabaseSync, columns: string, condition: string): Generator<Row[]> {
  const sql = `SELECT n, ${columns} FROM record NOT INDEXED WHERE n > ? AND (${condition}) ORDER BY n LIMIT ${String(rowsPerPage)}`;
  for (let last = 0; ;) {
    const rows = [...selectRows(db, sql, last)];
    if (rows.length === 0) return;
    yield rows;
    last = numberOf(rows.at(-1)?.['n']);
  }
}
