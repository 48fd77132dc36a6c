/** The numbers of a run, always taken from run.db. */
import type { DatabaseSync } from 'node:sqlite';
import type { LicenseFamily } from '../model/reasons.js';
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

export type RunActions = { create: number; assign: number; change: number };

/** All numbers of a plan. */
export function countRecords(db: DatabaseSync): { readonly counts: RunCounts; readonly actions: RunActions } {
  // Each half is answered by an index alone.
  const groups = [
    ...selectRows(
      db,
      `SELECT action, state, count(*) AS rows FROM record WHERE state IS NOT NULL GROUP BY 1, 2
       UNION ALL SELECT action, NULL, count(*) FROM record WHERE state IS NULL GROUP BY 1`,
    ),
  ];
  const count = (column: string, ...values: ReadonlyArray<string | number>): number =>
    groups
      .filter((group) => values.some((value) => group[column] === value))
      .reduce((sum, group) => sum + numberOf(group['rows']), 0);
  return {
    counts: {
      selected: groups.reduce((sum, group) => sum + numberOf(group['rows']), 0),
      planned: count('action', 'create', 'assign', 'change'),
      unchanged: count('action', 'unchanged'),
      refused: count('action', 'refused'),
      succeeded: count('state', 'succeeded'),
      failed: count('state', 'failed'),
      pending: count('state', 'planned', 'sent', 'userReady'),
      created: selectNumber(db, "SELECT count(*) FROM record WHERE state IS NOT NULL AND created = 'yes'"),
    },
    actions: {
      create: count('action', 'create'),
      assign: count('action', 'assign'),
      change: count('action', 'change'),
    },
  };
}

export function countsBy(
  db: DatabaseSync,
  column: 'reason' | 'errorCode',
  of: 'unchanged' | 'refused' | 'failed',
): Record<string, number> {
  const condition = of === 'failed' ? "state = 'failed'" : `action = '${of}' AND state IS NULL`;
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

/** How far the planned rows are: what an index knows, as it is asked for again and again. */
export function countProgress(db: DatabaseSync): Pick<RunCounts, 'planned' | 'succeeded' | 'failed' | 'pending'> {
  const sql = 'SELECT state, count(*) AS rows FROM record WHERE state IS NOT NULL GROUP BY state';
  const rows = new Map([...selectRows(db, sql)].map((row) => [textOf(row['state']), numberOf(row['rows'])]));
  const planned = [...rows.values()].reduce((sum, each) => sum + each, 0);
  const [succeeded, failed] = [rows.get('succeeded') ?? 0, rows.get('failed') ?? 0];
  return { planned, succeeded, failed, pending: planned - succeeded - failed };
}

/** Users that are to be made or changed and that Salesforce does not have in a job yet, by the way that their jobs are made. */
export function countToSendByFamily(db: DatabaseSync): Record<LicenseFamily, number> {
  const sql = `SELECT count(*) FROM record WHERE family = ? AND (state = 'planned'
    OR (state = 'sent' AND (job IS NULL OR job IN (SELECT n FROM job WHERE state IN ('planned', 'created', 'uploaded')))))`;
  return {
    highVolume: selectNumber(db, sql, 'highVolume'),
    roleBased: selectNumber(db, sql, 'roleBased'),
  };
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

/** Whether a call that wrote rows by collections has no known answer. */
export function hasUnsureCalls(db: DatabaseSync): boolean {
  const sql = `SELECT EXISTS (SELECT 1 FROM record WHERE state = 'sent' AND job IS NULL)
    OR EXISTS (SELECT 1 FROM assignment WHERE state = 'sent' AND job IS NULL)`;
  return selectNumber(db, sql) === 1;
}

/** Whether rows were sent of which nobody knows yet what became of them. */
export function hasUnsureRows(db: DatabaseSync): boolean {
  return selectNumber(db, "SELECT EXISTS (SELECT 1 FROM record WHERE state = 'sent')") === 1;
}
