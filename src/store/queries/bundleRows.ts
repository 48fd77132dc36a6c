/** What a support bundle takes from run.db, row by row; nothing is masked yet. */
import type { DatabaseSync } from 'node:sqlite';
import { selectNumber, selectRows, type Row } from '../sqlite.js';

export function metaRows(db: DatabaseSync): Row[] {
  return [...selectRows(db, 'SELECT key, value FROM meta ORDER BY key')];
}

export function sendRows(db: DatabaseSync, most: number): Row[] {
  return [...selectRows(db, 'SELECT * FROM send ORDER BY n DESC LIMIT ?', most)].toReversed();
}

export function eventRows(db: DatabaseSync, most: number): Row[] {
  return [...selectRows(db, 'SELECT time, type, data FROM event ORDER BY n DESC LIMIT ?', most)].toReversed();
}

export function countAllSubjects(db: DatabaseSync): number {
  return selectNumber(db, 'SELECT count(*) FROM subject');
}

/** Those with trouble first: failed, unknown and open ones, then refused ones, then all others. */
export function* subjectRows(db: DatabaseSync, most: number): Generator<Row> {
  yield* selectRows(
    db,
    `SELECT * FROM subject
      ORDER BY CASE WHEN state IN ('failed', 'unknown', 'open') THEN 0 WHEN verdict = 'refused' THEN 1 ELSE 2 END, n LIMIT ?`,
    most,
  );
}

export function stepRows(db: DatabaseSync, subject: number): Row[] {
  return [...selectRows(db, 'SELECT * FROM step WHERE subject = ? ORDER BY n', subject)];
}
