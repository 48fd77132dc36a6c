/** Users of a plan by what was read of them. */
import type { DatabaseSync } from 'node:sqlite';
import { numberOf, requiredText, selectRows } from '../sqlite.js';

/** By a field of their snapshots, most users first; a user without a value counts for none. */
export function countPlannedBy(
  db: DatabaseSync,
  field: string,
): Array<{ readonly value: string; readonly users: number }> {
  const sql = `SELECT json_extract(snapshot, '$.' || ?) AS value, count(*) AS users FROM subject
    WHERE verdict = 'steps' AND value IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1`;
  return Array.from(selectRows(db, sql, field), (row) => ({
    value: requiredText(row['value']),
    users: numberOf(row['users']),
  }));
}
