/** The canary: a large plan begins with jobs of one row, so that a fault of the whole org costs one row and not 10,000. */
import type { DatabaseSync } from 'node:sqlite';
import { canaryThreshold } from './jobSize.js';
import { readMeta, writeMeta } from '../store/meta.js';
import { classifyRowError } from '../model/rowErrors.js';
import { selectNumber, selectRows, textOf, transaction, type Row } from '../store/sqlite.js';

export type CanaryVerdict =
  | { readonly verdict: 'passed' | 'another' }
  | { readonly verdict: 'stop'; readonly code: string; readonly message: string };

/** Failures of single rows may be their own fault: another account's row is tried, this many times. */
const mostCanaries = 3;

export function needsCanary(db: DatabaseSync): boolean {
  return (
    readMeta(db, 'canaryPassed') === undefined &&
    selectNumber(db, 'SELECT count(*) FROM record WHERE family IS NOT NULL AND state IS NOT NULL') > canaryThreshold
  );
}

/** Looks at the outcome of the canary jobs so far; `another` while there is none to go by. */
export function judgeCanary(db: DatabaseSync): CanaryVerdict {
  const sql = `SELECT record.action, record.state, record.errorCode, record.errorMessage FROM record
    JOIN job ON record.job = job.n WHERE job.canary = 1 AND job.state = 'collected'`;
  const rows = [...selectRows(db, sql)];
  const failed = rows.filter((row) => row['state'] === 'failed');
  const isAlive = rows.some(showsLife);
  if (!isAlive && failed.length < mostCanaries) return { verdict: 'another' };
  const [first] = failed;
  if (!isAlive && first !== undefined && failed.every((row) => row['errorCode'] === first['errorCode'])) {
    return { verdict: 'stop', code: textOf(first['errorCode']), message: textOf(first['errorMessage']) };
  }
  writeMeta(db, { canaryPassed: 'true' });
  return { verdict: 'passed' };
}

/** The org makes users, or refuses this row for a reason that passes by itself. */
function showsLife(row: Row): boolean {
  if (row['state'] === 'failed') return false;
  if (row['state'] !== 'planned') return true;
  return ['again', 'repairNickname'].includes(classifyRowError(textOf(row['errorCode']), textOf(row['errorMessage'])));
}

/** A canary that was stopped, or never judged, says nothing: what it would have said is asked again. */
export function forgetUndecidedCanaries(db: DatabaseSync): void {
  db.exec(
    `UPDATE job SET canary = 0 WHERE canary = 1 AND state = 'collected'
     AND n IN (SELECT job FROM record WHERE state = 'planned')`,
  );
}

/** Takes the failed canaries back into the plan: they are sent again once the cause of their failure is gone. */
export function retractCanaries(db: DatabaseSync): void {
  transaction(db, () => {
    db.exec(
      `UPDATE record SET state = 'planned', attempts = 0, job = NULL
       WHERE state = 'failed' AND job IN (SELECT n FROM job WHERE canary = 1)`,
    );
    db.exec('UPDATE job SET canary = 0 WHERE canary = 1');
  });
}
