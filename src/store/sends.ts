/** Sends in run.db: ingest jobs, collections and other calls, with the steps that they carry. */
import type { DatabaseSync } from 'node:sqlite';
import type { JobId, UserId } from '../model/ids.js';
import {
  families,
  sendStates,
  sendWays,
  type LicenseFamily,
  type Send,
  type SendWay,
  type Step,
} from '../model/steps.js';
import {
  jsonOrNull,
  numberOf,
  oneOf,
  optionalText,
  requiredText,
  type Row,
  selectNumber,
  selectRows,
  transaction,
} from './sqlite.js';
import { openStage, stepsIn } from './steps.js';

/** Sends whose outcome is not recorded: what an earlier process left behind, oldest first. */
export function unfinishedSends(db: DatabaseSync): Send[] {
  return Array.from(selectRows(db, "SELECT * FROM send WHERE state <> 'collected' ORDER BY n"), (row) =>
    sendOf(db, row),
  );
}

export function readSend(db: DatabaseSync, n: number): Send {
  for (const row of selectRows(db, 'SELECT * FROM send WHERE n = ?', n)) return sendOf(db, row);
  throw new Error(`send ${String(n)} is not in run.db`);
}

/** The Ids that the org has given the run's jobs. */
export function recordedJobIds(db: DatabaseSync): ReadonlySet<JobId> {
  return new Set(
    Array.from(selectRows(db, 'SELECT orgId FROM send WHERE orgId IS NOT NULL'), (row) => requiredText(row['orgId'])),
  );
}

/**
 * The users who made jobs of a kind for this run, and since when: a batch of any of them may have made a record, also after its
 * results were read, or while the org said that there was no such job.
 * @returns the CreatedDate of the first job (the org's clock) by the user whose session made it
 */
export function readMakers(db: DatabaseSync, kind: string): ReadonlyMap<UserId, string> {
  const sql = `SELECT maker, createdDate, min(n) FROM send WHERE kind = ? AND way = 'job' AND createdDate IS NOT NULL
    AND maker IS NOT NULL GROUP BY maker`;
  return new Map(
    Array.from(selectRows(db, sql, kind), (row) => [requiredText(row['maker']), requiredText(row['createdDate'])]),
  );
}

/** What the last job of a kind and family tells of the size of the next; undefined before the first. */
type LastJob = {
  readonly most: number;
  readonly rows: number;
  readonly milliseconds: number;
  readonly troubled: boolean;
};

export function readLastJob(db: DatabaseSync, kind: string, family: LicenseFamily): LastJob | undefined {
  // A test row says nothing about sizes, also one that was forgotten (canary = 0).
  const sql = `SELECT size, most, milliseconds, again, orgState FROM send
    WHERE kind = ? AND family = ? AND way = 'job' AND state = 'collected' AND most > 1 ORDER BY n DESC LIMIT 1`;
  for (const row of selectRows(db, sql, kind, family)) {
    const rows = numberOf(row['size']);
    const troubled = numberOf(row['again']) > rows / 5 || row['orgState'] === 'Failed';
    return { most: numberOf(row['most']), rows, milliseconds: numberOf(row['milliseconds']), troubled };
  }
  return undefined;
}

export type WantedJob = {
  readonly kind: string;
  readonly family: LicenseFamily;
  readonly canary: boolean;
  /** Rows that it takes, at most. */
  readonly size: number;
  /** Rows that a job may have by now. */
  readonly most: number;
};

/**
 * SQL: the numbers of the steps of a kind that may be sent now, as their stage is open. Steps that make Salesforce create
 * roles come first, then all in the order of their locks. Places: kind, time, size, family, whether it is a canary.
 */
function dueSteps(conditions: readonly string[] = []): string {
  const all = ["state = 'planned'", 'kind = ?1', `stage = ${openStage}`, 'notBefore <= ?2', ...conditions];
  return `SELECT n FROM step WHERE ${all.join(' AND ')} ORDER BY wave, lock, n LIMIT ?3`;
}

/**
 * What has a lock in common with a running job waits, so that no account is in two jobs at a time: always where roles are made,
 * otherwise once rows had to be sent again. Canaries are of different accounts.
 */
const dueForJob = dueSteps([
  'family = ?4',
  `(lock IS NULL OR (family = 'highVolume' AND NOT EXISTS (SELECT 1 FROM send WHERE kind = ?1 AND again > 0))
    OR lock NOT IN (SELECT lock FROM step WHERE state = 'sending' AND lock IS NOT NULL))`,
  `(?5 = 0 OR coalesce(lock, n) NOT IN (SELECT coalesce(lock, step.n) FROM step
    JOIN send ON step.send = send.n WHERE send.canary = 1))`,
]);

const dueForCall = dueSteps();

/** The steps that `planJob` would take. @param now milliseconds */
export function stepsForJob(db: DatabaseSync, { kind, family, canary, size }: WantedJob, now: number): Step[] {
  return stepsIn(db, dueForJob, kind, now, size, family, canary ? 1 : 0);
}

/**
 * Records the intent of a job together with its steps.
 * @param now milliseconds
 * @param only numbers of the steps that it may take; undefined: all that are due
 * @returns undefined when no step may be sent now
 */
export function planJob(
  db: DatabaseSync,
  { kind, family, canary, size, most }: WantedJob,
  now: number,
  only?: readonly number[],
): Send | undefined {
  return transaction(db, () => {
    const n = nextSend(db);
    const take = db.prepare(takeSteps(dueForJob));
    const rows = Number(take.run(kind, now, size, family, canary ? 1 : 0, n, jsonOrNull(only)).changes);
    if (rows === 0) return undefined;
    insertSend(db, { n, kind, way: 'job', family, rows, most, canary, maker: null, createdDate: null });
    return readSend(db, n);
  });
}

export type WantedCall = {
  readonly kind: string;
  readonly way: Exclude<SendWay, 'job'>;
  /** Steps that it takes, at most. */
  readonly size: number;
  /** Id of the user who makes the call. */
  readonly maker: UserId;
  /** The org's clock. */
  readonly time: string;
};

/** The steps that `planCall` would take. @param now milliseconds */
export function stepsForCall(db: DatabaseSync, { kind, size }: WantedCall, now: number): Step[] {
  return stepsIn(db, dueForCall, kind, now, size);
}

/**
 * Records the intent of a call together with its steps: should the answer be lost, what is done afterwards may be this run's
 * doing.
 * @param now milliseconds
 * @param only numbers of the steps that it may take; undefined: all that are due
 * @returns undefined when no step may be sent now
 */
export function planCall(
  db: DatabaseSync,
  { kind, way, size, maker, time }: WantedCall,
  now: number,
  only?: readonly number[],
): Send | undefined {
  return transaction(db, () => {
    const n = nextSend(db);
    const take = db.prepare(takeSteps(dueForCall));
    const rows = Number(take.run(kind, now, size, null, null, n, jsonOrNull(only)).changes);
    if (rows === 0) return undefined;
    insertSend(db, { n, kind, way, family: 'highVolume', rows, most: size, canary: false, maker, createdDate: time });
    return readSend(db, n);
  });
}

/** SQL. Places after those of `due`: the number of the send, and which of them it may take. */
function takeSteps(due: string): string {
  const only = `SELECT n FROM (${due}) WHERE ?7 IS NULL OR n IN (SELECT value FROM json_each(?7))`;
  return `UPDATE step SET state = 'sending', send = ?6 WHERE n IN (${only})`;
}

function nextSend(db: DatabaseSync): number {
  return selectNumber(db, 'SELECT coalesce(max(n), 0) + 1 FROM send');
}

type NewSend = Pick<Send, 'n' | 'kind' | 'way' | 'family' | 'canary'> & {
  readonly rows: number;
  readonly most: number;
  readonly maker: UserId | null;
  readonly createdDate: string | null;
};

function insertSend(db: DatabaseSync, { n, kind, way, family, rows, most, canary, maker, createdDate }: NewSend): void {
  db.prepare(
    `INSERT INTO send (n, kind, way, state, family, size, most, canary, maker, createdDate)
      VALUES (?, ?, ?, 'planned', ?, ?, ?, ?, ?, ?)`,
  ).run(n, kind, way, family, rows, most, canary ? 1 : 0, maker, createdDate);
  db.prepare('INSERT INTO sending (step, send) SELECT n, send FROM step WHERE send = ? ORDER BY n').run(n);
}

export function recordCreated(
  db: DatabaseSync,
  n: number,
  created: { readonly id: JobId; readonly createdDate: string; readonly maker: UserId },
): Send {
  const { id, createdDate, maker } = created;
  return changeSend(db, n, "state = 'created', orgId = ?, createdDate = ?, maker = ?", id, createdDate, maker);
}

export function recordUploaded(db: DatabaseSync, n: number): Send {
  return changeSend(db, n, "state = 'uploaded'");
}

export function recordClosed(db: DatabaseSync, n: number): Send {
  return changeSend(db, n, "state = 'closed'");
}

/** @param orgState the job's terminal state in the org; `gone` when the org does not know it any more */
export function recordComplete(
  db: DatabaseSync,
  n: number,
  result: { readonly orgState: string; readonly errorMessage: string | undefined; readonly milliseconds: number },
): Send {
  const { orgState, errorMessage, milliseconds } = result;
  const sql = "state = 'complete', orgState = ?, errorMessage = ?, milliseconds = ?";
  return changeSend(db, n, sql, orgState, errorMessage ?? null, milliseconds);
}

/** No row of the send has reached the org: its steps wait again, as they were before it, and there is no such send. */
export function giveBack(db: DatabaseSync, { n }: Send): void {
  transaction(db, () => {
    db.prepare('DELETE FROM sending WHERE send = ?1 AND step IN (SELECT n FROM step WHERE send = ?1)').run(n);
    db.prepare(
      `UPDATE step SET state = 'planned', send = (SELECT max(send) FROM sending WHERE sending.step = step.n)
        WHERE send = ? AND state = 'sending'`,
    ).run(n);
    db.prepare('DELETE FROM send WHERE n = ?').run(n);
  });
}

function changeSend(db: DatabaseSync, n: number, assignments: string, ...values: Array<string | number | null>): Send {
  return transaction(db, () => {
    db.prepare(`UPDATE send SET ${assignments} WHERE n = ?`).run(...values, n);
    return readSend(db, n);
  });
}

function sendOf(db: DatabaseSync, row: Row): Send {
  return {
    n: numberOf(row['n']),
    kind: requiredText(row['kind']),
    way: oneOf(db, sendWays, row['way']),
    state: oneOf(db, sendStates, row['state']),
    orgId: optionalText(row['orgId']),
    family: oneOf(db, families, row['family']),
    size: numberOf(row['size']),
    canary: numberOf(row['canary']) === 1,
    maker: optionalText(row['maker']),
    createdDate: optionalText(row['createdDate']),
    errorMessage: optionalText(row['errorMessage']),
  };
}
