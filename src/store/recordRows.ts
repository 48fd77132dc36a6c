/** The records of a run as rows that jobs send: taken, read, and given their outcomes, each step in one transaction. */
import type { DatabaseSync } from 'node:sqlite';
import { refuse, type LicenseFamily, type UserValues } from '../model/reasons.js';
import { forgetJob, insertJob, recordCollected, type Job } from './jobRecords.js';
import { changeDecision, recordExistingUser } from './planRecords.js';
import { isUnanswered, type RowOutcome } from '../engine/rowOutcome.js';
import { numberOf, selectNumber, selectRows, textOf, textsOf, transaction, type Row } from './sqlite.js';
import type { SentRow, Waiting, WorkName } from '../engine/work.js';

/**
 * Takes the rows of the next job.
 *
 * Rows that make Salesforce create roles come first, then all in the order of their accounts; an account that has rows in
 * a running job waits, so that no account is in two jobs at a time (portal-users §13, row locks).
 * @returns undefined when no row of the family may be sent now
 */
export function planRecordJob(
  db: DatabaseSync,
  work: WorkName,
  family: LicenseFamily,
  canary: boolean,
  now: number,
): Job | undefined {
  const take = db.prepare(
    `UPDATE record SET state = 'sent', job = ?1, attempts = attempts + 1 WHERE n IN (
      SELECT n FROM record WHERE family = ?2 AND state = 'planned' AND notBefore <= ?3
        AND (accountId IS NULL OR accountId NOT IN (
          SELECT accountId FROM record WHERE state = 'sent' AND accountId IS NOT NULL))
        AND (?5 = 0 OR coalesce(accountId, n) NOT IN (SELECT coalesce(accountId, record.n) FROM record
          JOIN job ON record.job = job.n WHERE job.canary = 1))
      ORDER BY wave, accountId, n LIMIT ?4)`,
  );
  const waiting = "SELECT count(*) FROM record WHERE state = 'planned' AND family = ? AND notBefore <= ?";
  return insertJob(
    db,
    { work, family, canary },
    () => selectNumber(db, waiting, family, now),
    (n, size) => Number(take.run(n, family, now, size, canary ? 1 : 0).changes),
  );
}

/** SQL: to be sent, or sent by a call whose answer is not known: such a call can be repeated. */
const isWaiting = "(state = 'planned' OR (state = 'sent' AND job IS NULL))";

/** Records that wait to be sent, and the earliest time (ms) at which one may be; undefined when there is none. */
export function waitingRecords(db: DatabaseSync): Waiting | undefined {
  const sql = `SELECT count(*) AS rows, min(notBefore) AS time FROM record WHERE ${isWaiting}`;
  const [row] = selectRows(db, sql);
  const rows = numberOf(row?.['rows']);
  return rows === 0 ? undefined : { rows, time: numberOf(row?.['time']) };
}

/** The records that a job has sent, one by one in the order of its upload. @param columns SQL */
export function sentRecords(db: DatabaseSync, n: number, columns: string): Generator<Row> {
  const sql = `SELECT ${columns} FROM record WHERE job = ? AND state = 'sent' ORDER BY wave, accountId, n`;
  return selectRows(db, sql, n);
}

/** The columns of some records. */
export function recordsOf(db: DatabaseSync, rows: ReadonlyArray<Pick<SentRow, 'n'>>, columns: string): Row[] {
  const numbers = JSON.stringify(rows.map(({ n }) => n));
  return [...selectRows(db, `SELECT n, ${columns} FROM record WHERE n IN (SELECT value FROM json_each(?))`, numbers)];
}

/**
 * Takes the next records that may be written by one call; each counts as tried once more. That they are under way is
 * recorded: should the answer be lost, what they are in the org is this run's doing.
 * @param now milliseconds
 */
export function takeRecords(db: DatabaseSync, limit: number, now: number): Row[] {
  const sql = `SELECT *, attempts + 1 AS attempts FROM record WHERE ${isWaiting} AND notBefore <= ?
    ORDER BY wave, accountId, n LIMIT ?`;
  const rows = [...selectRows(db, sql, now, limit)];
  const take = db.prepare("UPDATE record SET state = 'sent', job = NULL WHERE n = ?");
  transaction(db, () => {
    for (const row of rows) take.run(numberOf(row['n']));
  });
  return rows;
}

/** Records of a call whose answer is not known; its try is not counted yet. */
export function unsureRecords(db: DatabaseSync): Row[] {
  const sql = `SELECT *, attempts + 1 AS attempts FROM record WHERE state = 'sent' AND job IS NULL ORDER BY n`;
  return [...selectRows(db, sql)];
}

/**
 * No row of the job was sent: its records wait again. Those of an earlier job may be among them, which one is not known any
 * more: all count as sent by the last one of which rows were to be sent again.
 */
export function giveBackRecords(db: DatabaseSync, { n, work }: Job): void {
  transaction(db, () => {
    const earlier = 'SELECT max(n) FROM job WHERE n < ?1 AND work = ?2 AND again > 0';
    const sql = `UPDATE record SET state = 'planned', attempts = attempts - 1, job = (${earlier})
      WHERE job = ?1 AND state = 'sent'`;
    db.prepare(sql).run(n, work);
    forgetJob(db, n);
  });
}

/** The values of a new user as they are sent; the nickname may have been repaired since the plan was made. */
export function valuesOf(row: Row): UserValues {
  return { ...textsOf(row['fieldValues']), CommunityNickname: textOf(row['nickname']) };
}

type Outcomes = ReadonlyArray<readonly [SentRow, RowOutcome]>;

/** Every row of the job gets its outcome, and the job is done with. @param now milliseconds */
export function recordJobOutcomes(db: DatabaseSync, n: number, outcomes: Outcomes, now: number): void {
  transaction(db, () => {
    writeOutcomes(db, outcomes, now);
    const sql = `UPDATE record SET state = 'userReady' WHERE job = ? AND state = 'succeeded' AND ${lacksPermissionSets}`;
    db.prepare(sql).run(n);
    recordCollected(db, n, outcomes.filter(([, { outcome }]) => outcome === 'again').length);
  });
}

/** Rows that no job has sent get their outcome. @param now milliseconds */
export function recordOutcomes(db: DatabaseSync, outcomes: Outcomes, now: number): void {
  transaction(db, () => {
    writeOutcomes(db, outcomes, now);
  });
}

/** A user that was to be made again is there: a job of this run has made it after all. */
export function recordMade(db: DatabaseSync, n: number, userId: string): void {
  db.prepare(
    `UPDATE record SET state = iif(${lacksPermissionSets}, 'userReady', 'succeeded'), userId = ?, created = 'unknown',
      errorCode = NULL, errorMessage = NULL, notBefore = 0 WHERE n = ?`,
  ).run(userId, n);
}

/** SQL: a contact has succeeded when its user holds each permission set too. */
const lacksPermissionSets = `EXISTS (SELECT 1 FROM assignment
  WHERE assignment.record = record.n AND assignment.state = 'planned')`;

function writeOutcomes(db: DatabaseSync, outcomes: Outcomes, now: number): void {
  const update = db.prepare(
    `UPDATE record SET attempts = ?, state = ?, userId = coalesce(?, userId), created = ?, errorCode = ?,
      errorMessage = ?, notBefore = ?, nickname = coalesce(?, nickname), after = coalesce(?, after) WHERE n = ?`,
  );
  for (const [row, outcome] of outcomes) {
    const attempts = isUnanswered(outcome) ? row.attempts - 1 : row.attempts;
    if (outcome.outcome === 'unchanged') recordExistingUser(db, row.n, outcome.user);
    else if (outcome.outcome === 'refused') changeDecision(db, row.n, refuse(`${outcome.reason}.detail`));
    else update.run(attempts, ...outcomeValues(outcome, now), afterOf(outcome), row.n);
  }
}

function afterOf(outcome: RowOutcome): string | null {
  return outcome.outcome === 'succeeded' && outcome.after !== undefined ? JSON.stringify(outcome.after) : null;
}

/** In the order of the statement above, between the attempts and what is held afterwards. */
function outcomeValues(
  outcome: Exclude<RowOutcome, { outcome: 'unchanged' | 'refused' }>,
  now: number,
): Array<string | number | null> {
  switch (outcome.outcome) {
    case 'succeeded':
      return ['succeeded', outcome.userId ?? null, outcome.created ?? null, null, null, 0, null];
    case 'failed':
      return ['failed', null, null, outcome.code, outcome.message, 0, null];
    case 'again': {
      const { delay, nickname, error } = outcome;
      const notBefore = delay === 0 ? 0 : now + delay;
      return ['planned', null, null, error?.code ?? null, error?.message ?? null, notBefore, nickname ?? null];
    }
    case 'stopped':
      return ['planned', null, null, outcome.code, outcome.message, 0, null];
  }
}
