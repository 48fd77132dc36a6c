/** Permission sets to be assigned, in run.db. */
import type { DatabaseSync } from 'node:sqlite';
import type { Joiners } from '../plan/welcomeEmails.js';
import { isToBeActive } from './planRecords.js';
import { classifyRowError, mostAttempts } from './rowErrors.js';
import { numberOf, selectNumber, selectRows, textOf, transaction } from './sqlite.js';

export type PlannedAssignment = {
  readonly record: number;
  readonly userId: string;
  readonly permissionSetId: string;
  readonly isGroup: boolean;
  readonly attempts: number;
};

export type AssignmentOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'failed' | 'again' | 'stopped'; readonly code: string; readonly message: string };

const waiting = `FROM assignment JOIN record ON record.n = assignment.record
  WHERE assignment.state = 'planned' AND record.state = 'userReady'`;

/** The next assignments that may be tried. @param now milliseconds */
export function nextAssignments(db: DatabaseSync, limit: number, now: number): PlannedAssignment[] {
  const sql = `SELECT assignment.*, record.userId ${waiting} AND assignment.notBefore <= ?
    ORDER BY assignment.record LIMIT ?`;
  return [...selectRows(db, sql, now, limit)].map((row) => ({
    record: numberOf(row['record']),
    userId: textOf(row['userId']),
    permissionSetId: textOf(row['permissionSetId']),
    isGroup: numberOf(row['isGroup']) === 1,
    attempts: numberOf(row['attempts']),
  }));
}

/** How many wait for another try, and until when (ms). */
export function waitingAssignments(db: DatabaseSync): { readonly rows: number; readonly time: number } {
  const [row] = selectRows(db, `SELECT count(*) AS rows, min(assignment.notBefore) AS time ${waiting}`);
  return { rows: numberOf(row?.['rows']), time: numberOf(row?.['time']) };
}

/** What an answer means; `error` is undefined where Salesforce has made the assignment. */
export function judgeAssignment(
  { attempts }: PlannedAssignment,
  error: { readonly code: string; readonly message: string } | undefined,
): AssignmentOutcome {
  // It is there, whoever made it (salesforce-wire §8).
  if (error === undefined || error.code === 'DUPLICATE_VALUE') return { outcome: 'done' };
  switch (classifyRowError(error.code, error.message)) {
    case 'again':
      return { outcome: attempts + 1 < mostAttempts ? 'again' : 'failed', ...error };
    case 'org':
      return { outcome: 'stopped', ...error };
    default:
      return { outcome: 'failed', ...error };
  }
}

/** Records the outcomes, and the contacts that are finished by them. @param notBefore when `again` may be tried */
export function recordAssignments(
  db: DatabaseSync,
  outcomes: ReadonlyArray<readonly [PlannedAssignment, AssignmentOutcome]>,
  notBefore: number,
): void {
  const update = db.prepare(
    `UPDATE assignment SET state = ?, attempts = attempts + 1, notBefore = ?, errorCode = ?, errorMessage = ?
     WHERE record = ? AND permissionSetId = ?`,
  );
  transaction(db, () => {
    for (const [{ record, permissionSetId }, outcome] of outcomes) {
      const state = outcome.outcome === 'done' || outcome.outcome === 'failed' ? outcome.outcome : 'planned';
      const error = outcome.outcome === 'done' ? [null, null] : [outcome.code, outcome.message];
      const time = outcome.outcome === 'again' ? notBefore : 0;
      update.run(state, time, error[0] ?? null, error[1] ?? null, record, permissionSetId);
    }
    for (const record of new Set(outcomes.map(([assignment]) => assignment.record))) finishRecord(db, record);
  });
}

/** A contact has succeeded when its user holds each permission set; it has failed when one will never be held. */
function finishRecord(db: DatabaseSync, record: number): void {
  if (selectNumber(db, "SELECT count(*) FROM assignment WHERE record = ? AND state = 'planned'", record) > 0) return;
  const failures = "SELECT name, errorCode, errorMessage FROM assignment WHERE record = ? AND state = 'failed' LIMIT 1";
  const [failure] = selectRows(db, failures, record);
  db.prepare(
    "UPDATE record SET state = ?, failedStep = ?, errorCode = ?, errorMessage = ? WHERE n = ? AND state = 'userReady'",
  ).run(
    failure === undefined ? 'succeeded' : 'failed',
    failure?.['name'] ?? null,
    failure?.['errorCode'] ?? null,
    failure?.['errorMessage'] ?? null,
    record,
  );
}

export function countAssignments(db: DatabaseSync): { assigned: number; failed: number } {
  return {
    assigned: selectNumber(db, "SELECT count(*) FROM assignment WHERE state = 'done'"),
    failed: selectNumber(db, "SELECT count(*) FROM assignment WHERE state = 'failed'"),
  };
}

/** Users who are to be active, by what they get: a profile with their making, permission sets. */
export function joiners(db: DatabaseSync): Joiners[] {
  const sql = `SELECT iif(action = 'create', profileId, NULL) AS profileId, count(*) AS users,
      (SELECT json_group_array(permissionSetId) FROM assignment WHERE record = n AND assignment.state = 'planned') AS sets
    FROM record WHERE state IN ('planned', 'userReady') AND ${isToBeActive} GROUP BY 1, 3`;
  return [...selectRows(db, sql)].map((row) => {
    const sets: unknown = JSON.parse(textOf(row['sets']));
    const profile = row['profileId'] === null ? [] : [textOf(row['profileId'])];
    return { parentIds: [...profile, ...(Array.isArray(sets) ? sets.map(String) : [])], users: numberOf(row['users']) };
  });
}

/** Ids of the permission sets that somebody is still to get. */
export function wantedPermissionSetIds(db: DatabaseSync): string[] {
  const sql = `SELECT DISTINCT permissionSetId FROM assignment JOIN record ON record.n = assignment.record
    WHERE assignment.state = 'planned' AND record.state IN ('planned', 'sent', 'userReady')`;
  return [...selectRows(db, sql)].map((row) => textOf(row['permissionSetId']));
}
