/** The numbers of a run, always taken from run.db. */
import type { DatabaseSync } from 'node:sqlite';
import { numberOf, selectNumber, selectRows, textOf } from './sqlite.js';
import { readMeta } from './meta.js';

/** selected = planned + unchanged + refused; planned = succeeded + failed + pending. */
export type RunCounts = {
  readonly selected: number;
  readonly planned: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly pending: number;
  /** Users that this run is known to have created. */
  readonly created: number;
};

export type RunState = 'planned' | 'running' | 'complete' | 'partial' | 'failed';

export function countRecords(db: DatabaseSync): RunCounts {
  const [row] = selectRows(
    db,
    `SELECT count(*) AS selected, sum(action IN ('create', 'assign', 'change')) AS planned, sum(action = 'unchanged') AS unchanged,
      sum(action = 'refused') AS refused, sum(state = 'succeeded') AS succeeded, sum(state = 'failed') AS failed,
      sum(state IN ('planned', 'sent', 'userReady')) AS pending, sum(created = 'yes') AS created FROM record`,
  );
  const number = (name: keyof RunCounts): number => numberOf(row?.[name]);
  return {
    selected: number('selected'),
    planned: number('planned'),
    unchanged: number('unchanged'),
    refused: number('refused'),
    succeeded: number('succeeded'),
    failed: number('failed'),
    pending: number('pending'),
    created: number('created'),
  };
}

export function countsBy(
  db: DatabaseSync,
  column: 'reason' | 'errorCode',
  of: 'unchanged' | 'refused' | 'failed',
): Record<string, number> {
  const condition = of === 'failed' ? "state = 'failed'" : `action = '${of}'`;
  const sql = `SELECT ${column} AS code, count(*) AS rows FROM record WHERE ${condition} GROUP BY code ORDER BY rows DESC, code`;
  return Object.fromEntries([...selectRows(db, sql)].map((row) => [textOf(row['code']), numberOf(row['rows'])]));
}

/** Follows from what is recorded: it is never stored, so it can't be wrong. */
export function stateOf(db: DatabaseSync, counts: RunCounts): RunState {
  if (counts.planned === 0) return 'complete';
  if (readMeta(db, 'startedAt') === undefined) return 'planned';
  if (counts.pending > 0) return 'running';
  if (counts.failed === 0) return 'complete';
  return counts.succeeded > 0 ? 'partial' : 'failed';
}

/** Rows of which something is still to be sent: a user, or permission sets. */
export function countToSend(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(*) FROM record WHERE state IN ('planned', 'userReady')");
}

/** Users that are not known to be there, or changed, yet. */
export function countRecordsToSend(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(*) FROM record WHERE state IN ('planned', 'sent')");
}

/** Rows that are not finished. */
export function countPending(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(*) FROM record WHERE state IN ('planned', 'sent', 'userReady')");
}

/** Whether anything of the run may have reached the org: a job that was made, or rows written by collections. */
export function hasSent(db: DatabaseSync): boolean {
  const sql = `SELECT EXISTS (SELECT 1 FROM job WHERE state <> 'planned')
    OR EXISTS (SELECT 1 FROM record WHERE state IN ('succeeded', 'failed') OR (state = 'sent' AND job IS NULL))
    OR EXISTS (SELECT 1 FROM assignment WHERE state IN ('done', 'failed') OR (state = 'sent' AND job IS NULL))`;
  return selectNumber(db, sql) === 1;
}

/** Whether rows were sent of which nobody knows yet what became of them. */
export function hasUnsureRows(db: DatabaseSync): boolean {
  return selectNumber(db, "SELECT EXISTS (SELECT 1 FROM record WHERE state = 'sent')") === 1;
}
