/** Canaries in run.db: jobs of one row, by which a large plan begins. */
import type { DatabaseSync } from 'node:sqlite';
import { stepStates, type StepState } from '../../model/steps.js';
import { readMetaList, writeMeta } from '../meta.js';
import { oneOf, optionalText, selectNumber, selectRows, transaction } from '../sqlite.js';

/** What became of a row that was tried, with its last refusal. */
export type TriedRow = {
  readonly state: StepState;
  readonly code: string | undefined;
  readonly message: string | undefined;
};

/** Steps of a kind, whatever became of them. */
export function countSteps(db: DatabaseSync, kind: string): number {
  return selectNumber(db, "SELECT count(*) FROM step WHERE kind = ? AND state <> 'dropped'", kind);
}

export function hasCanaryPassed(db: DatabaseSync, kind: string): boolean {
  return readMetaList(db, 'canaryPassed').includes(kind);
}

export function passCanary(db: DatabaseSync, kind: string): void {
  writeMeta(db, { canaryPassed: JSON.stringify([...readMetaList(db, 'canaryPassed'), kind]) });
}

/** The rows of the canaries so far. */
export function triedRows(db: DatabaseSync, kind: string): TriedRow[] {
  const sql = `SELECT step.state, step.errorCode, step.errorMessage FROM step JOIN send ON step.send = send.n
    WHERE send.canary = 1 AND send.state = 'collected' AND send.kind = ?`;
  return Array.from(selectRows(db, sql, kind), (row) => ({
    state: oneOf(db, stepStates, row['state']),
    code: optionalText(row['errorCode']),
    message: optionalText(row['errorMessage']),
  }));
}

/** A canary that was stopped, or never judged, says nothing: what it would have said is asked again. */
export function forgetUndecidedCanaries(db: DatabaseSync, kind: string): void {
  db.prepare(
    `UPDATE send SET canary = 0 WHERE canary = 1 AND kind = ? AND state = 'collected'
     AND n IN (SELECT send FROM step WHERE state = 'planned')`,
  ).run(kind);
}

/** Takes the failed canaries back into the plan: they are sent again once the cause of their failure is gone. */
export function retractCanaries(db: DatabaseSync, kind: string): void {
  const canaries = 'SELECT n FROM send WHERE canary = 1 AND kind = ?';
  const failed = `SELECT subject FROM step WHERE state = 'failed' AND send IN (${canaries})`;
  transaction(db, () => {
    db.prepare(`UPDATE subject SET state = 'open' WHERE n IN (${failed})`).run(kind);
    db.prepare(
      `UPDATE step SET state = 'planned', refusals = 0, droppedFor = NULL
       WHERE (state = 'failed' OR droppedFor IS NOT NULL) AND subject IN (${failed})`,
    ).run(kind);
    db.prepare('UPDATE send SET canary = 0 WHERE canary = 1 AND kind = ?').run(kind);
  });
}
