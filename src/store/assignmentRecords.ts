/** Permission sets to be assigned, in run.db. */
import type { DatabaseSync } from 'node:sqlite';
import { insertJob, recordCollected, forgetJob, type Job } from './jobRecords.js';
import { isUnanswered, type RowOutcome } from '../engine/rowOutcome.js';
import { idKey } from '../model/ids.js';
import { numberOf, selectNumber, selectRows, textOf, transaction, type Row } from './sqlite.js';
import type { SentRow, Waiting } from '../engine/work.js';

export type SentAssignment = SentRow & {
  readonly record: number;
  readonly userId: string;
  readonly permissionSetId: string;
  readonly isGroup: boolean;
};

export function assignmentKey(userId: string, permissionSetId: string): string {
  return `${idKey(userId)} ${idKey(permissionSetId)}`;
}

/** SQL: sent by a call whose answer is not known. */
const isUnsure = "(assignment.state = 'sent' AND assignment.job IS NULL)";

const ofReadyUsers = "FROM assignment JOIN record ON record.n = assignment.record WHERE record.state = 'userReady'";

/** SQL: to be sent; a call whose answer is not known can be repeated. */
const waiting = `${ofReadyUsers} AND (assignment.state = 'planned' OR ${isUnsure})`;

/**
 * Takes the next assignments that may be tried, for one call. That they are under way is recorded: should the answer be
 * lost, what is there afterwards is this run's doing.
 * @param now milliseconds
 */
export function takeAssignments(db: DatabaseSync, limit: number, now: number): SentAssignment[] {
  const sql = `SELECT assignment.*, record.userId ${waiting} AND assignment.notBefore <= ?
    ORDER BY assignment.record LIMIT ?`;
  const rows = [...selectRows(db, sql, now, limit)].map(triedAssignment);
  const take = db.prepare("UPDATE assignment SET state = 'sent', job = NULL WHERE n = ?");
  transaction(db, () => {
    for (const { n } of rows) take.run(n);
  });
  return rows;
}

/** Assignments of a call whose answer is not known. */
export function unsureAssignments(db: DatabaseSync): SentAssignment[] {
  const sql = `SELECT assignment.*, record.userId FROM assignment JOIN record ON record.n = assignment.record
    WHERE ${isUnsure} ORDER BY assignment.n`;
  return [...selectRows(db, sql)].map(triedAssignment);
}

/** The try of a call is counted when its answer is there. */
function triedAssignment(row: Row): SentAssignment {
  return sentAssignment(row, numberOf(row['attempts']) + 1);
}

/** Takes the rows of the next job; users with assignments in a running job wait. */
export function planAssignmentJob(db: DatabaseSync, now: number): Job | undefined {
  const take = db.prepare(
    `UPDATE assignment SET state = 'sent', job = ?, attempts = attempts + 1 WHERE n IN (
      SELECT assignment.n ${ofReadyUsers} AND assignment.state = 'planned' AND assignment.notBefore <= ?
        AND assignment.record NOT IN (SELECT record FROM assignment WHERE state = 'sent')
      ORDER BY assignment.record LIMIT ?)`,
  );
  const job = { work: 'assignments', family: 'highVolume', canary: false } as const;
  return insertJob(
    db,
    job,
    () =>
      selectNumber(
        db,
        `SELECT count(*) ${ofReadyUsers} AND assignment.state = 'planned' AND assignment.notBefore <= ?`,
        now,
      ),
    (n, size) => Number(take.run(n, now, size).changes),
  );
}

export function sentAssignments(db: DatabaseSync, n: number): SentAssignment[] {
  const sql = `SELECT assignment.*, record.userId FROM assignment JOIN record ON record.n = assignment.record
    WHERE assignment.job = ? AND assignment.state = 'sent' ORDER BY assignment.n`;
  return [...selectRows(db, sql, n)].map((row) => sentAssignment(row, numberOf(row['attempts'])));
}

function sentAssignment(row: Row, attempts: number): SentAssignment {
  const [userId, permissionSetId] = [textOf(row['userId']), textOf(row['permissionSetId'])];
  return {
    n: numberOf(row['n']),
    key: assignmentKey(userId, permissionSetId),
    attempts,
    record: numberOf(row['record']),
    userId,
    permissionSetId,
    isGroup: numberOf(row['isGroup']) === 1,
  };
}

/** How many wait for another try, and until when (ms). */
export function waitingAssignments(db: DatabaseSync): Waiting | undefined {
  const [row] = selectRows(db, `SELECT count(*) AS rows, min(assignment.notBefore) AS time ${waiting}`);
  const rows = numberOf(row?.['rows']);
  return rows === 0 ? undefined : { rows, time: numberOf(row?.['time']) };
}

type Outcomes = ReadonlyArray<readonly [SentAssignment, RowOutcome]>;

/** Every row of the job gets its outcome, and the job is done with. @param now milliseconds */
export function recordAssignmentJob(db: DatabaseSync, n: number, outcomes: Outcomes, now: number): void {
  transaction(db, () => {
    writeOutcomes(db, outcomes, now);
    recordCollected(db, n, outcomes.filter(([, { outcome }]) => outcome === 'again').length);
  });
}

/** Records the outcomes, and the contacts that are finished by them. @param now milliseconds */
export function recordAssignments(db: DatabaseSync, outcomes: Outcomes, now: number): void {
  transaction(db, () => {
    writeOutcomes(db, outcomes, now);
  });
}

/** No row of the job was sent: its rows wait again. */
export function giveBackAssignments(db: DatabaseSync, { n }: Job): void {
  transaction(db, () => {
    db.prepare("UPDATE assignment SET state = 'planned', attempts = attempts - 1, job = NULL WHERE job = ?").run(n);
    forgetJob(db, n);
  });
}

function writeOutcomes(db: DatabaseSync, outcomes: Outcomes, now: number): void {
  const update = db.prepare(
    'UPDATE assignment SET state = ?, attempts = ?, notBefore = ?, errorCode = ?, errorMessage = ? WHERE n = ?',
  );
  for (const [{ n, attempts }, outcome] of outcomes) {
    const error = refusalOf(outcome);
    const notBefore = outcome.outcome === 'again' && outcome.delay > 0 ? now + outcome.delay : 0;
    const counted = isUnanswered(outcome) ? attempts - 1 : attempts;
    update.run(stateOf(outcome), counted, notBefore, error?.code ?? null, error?.message ?? null, n);
  }
  finishRecords(db, [...new Set(outcomes.map(([assignment]) => assignment.record))]);
}

function stateOf({ outcome }: RowOutcome): 'done' | 'failed' | 'planned' {
  if (outcome === 'succeeded') return 'done';
  return outcome === 'failed' ? 'failed' : 'planned';
}

function refusalOf(outcome: RowOutcome): { readonly code: string; readonly message: string } | undefined {
  if (outcome.outcome === 'again') return outcome.error;
  return 'code' in outcome ? outcome : undefined;
}

/** A contact has succeeded when its user holds each permission set; it has failed when one will never be held. */
function finishRecords(db: DatabaseSync, records: readonly number[]): void {
  const failure = `SELECT * FROM assignment WHERE record = record.n AND state = 'failed' LIMIT 1`;
  db.prepare(
    `UPDATE record SET (state, failedStep, errorCode, errorMessage) = (
        SELECT iif(failure.n IS NULL, 'succeeded', 'failed'), failure.name, failure.errorCode, failure.errorMessage
        FROM (SELECT 1) LEFT JOIN (${failure}) AS failure)
     WHERE state = 'userReady' AND n IN (SELECT value FROM json_each(?))
       AND NOT EXISTS (SELECT 1 FROM assignment WHERE record = record.n AND state IN ('planned', 'sent'))`,
  ).run(JSON.stringify(records));
}

/** Those that are still to be made. */
export function countPlannedAssignments(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(*) FROM assignment WHERE state = 'planned'");
}

export function countAssignments(db: DatabaseSync): { assigned: number; failed: number } {
  return {
    assigned: selectNumber(db, "SELECT count(*) FROM assignment WHERE state = 'done'"),
    failed: selectNumber(db, "SELECT count(*) FROM assignment WHERE state = 'failed'"),
  };
}

/** By name: how many users of the plan are to get a permission set, or have got it by now. */
export function plannedAssignments(db: DatabaseSync): Array<{ name: string; users: number }> {
  const sql = `SELECT name, count(*) AS users FROM assignment JOIN record ON record.n = assignment.record
    WHERE record.action IN ('create', 'assign') GROUP BY name ORDER BY name`;
  return [...selectRows(db, sql)].map((row) => ({ name: textOf(row['name']), users: numberOf(row['users']) }));
}

/** Ids of the permission sets that somebody is still to get. */
export function wantedPermissionSetIds(db: DatabaseSync): string[] {
  const sql = `SELECT DISTINCT permissionSetId FROM assignment JOIN record ON record.n = assignment.record
    WHERE assignment.state IN ('planned', 'sent') AND record.state IN ('planned', 'sent', 'userReady')`;
  return [...selectRows(db, sql)].map((row) => textOf(row['permissionSetId']));
}
