/** Jobs in run.db: every transition of a job is one transaction with all its rows. */
import type { DatabaseSync } from 'node:sqlite';
import { firstJobSize, nextJobSize } from '../plan/jobSize.js';
import type { LicenseFamily, UserValues } from '../plan/reasons.js';
import { recordExistingUser } from './planRecords.js';
import { isUnanswered, type RowOutcome } from './rowOutcome.js';
import { numberOf, selectNumber, selectRows, textOf, textOrNull, textsOf, transaction, type Row } from './sqlite.js';

export type JobState = 'planned' | 'created' | 'uploaded' | 'closed' | 'complete' | 'collected';

export type Job = {
  readonly n: number;
  readonly id: string | undefined;
  readonly state: JobState;
  readonly family: LicenseFamily;
  readonly size: number;
  readonly canary: boolean;
  /** The org's clock. */
  readonly createdDate: string | undefined;
  /** The user whose session made the job. */
  readonly createdById: string | undefined;
  readonly errorMessage: string | undefined;
};

/** A row that a job has sent, with the values as they were sent. */
export type SentRow = {
  readonly n: number;
  readonly contactId: string;
  readonly attempts: number;
  readonly nickname: string;
  readonly nicknameIsGiven: boolean;
  readonly values: UserValues;
};

/** Jobs that an earlier process left behind, oldest first. */
export function unfinishedJobs(db: DatabaseSync): Job[] {
  return [...selectRows(db, "SELECT * FROM job WHERE state <> 'collected' ORDER BY n")].map(jobOf);
}

export function readJob(db: DatabaseSync, n: number): Job {
  for (const row of selectRows(db, 'SELECT * FROM job WHERE n = ?', n)) return jobOf(row);
  throw new Error(`job ${String(n)} is not in run.db`);
}

/**
 * Records the intent of the next job and takes its rows.
 *
 * Rows that make Salesforce create roles come first, then all in the order of their accounts; an account that has rows in a running job waits, so that no account is in
 * two jobs at a time (portal-users §13, row locks).
 * @returns undefined when no row of the family may be sent now
 */
export function planJob(db: DatabaseSync, family: LicenseFamily, canary: boolean, now: number): Job | undefined {
  const size = canary ? 1 : sizeOfNextJob(db, family);
  return transaction(db, () => {
    const n = selectNumber(db, 'SELECT coalesce(max(n), 0) + 1 FROM job');
    const taken = db
      .prepare(
        `UPDATE record SET state = 'sent', job = ?1, attempts = attempts + 1 WHERE n IN (
          SELECT n FROM record WHERE action = 'create' AND family = ?2 AND state = 'planned' AND notBefore <= ?3
            AND accountId NOT IN (SELECT accountId FROM record WHERE action = 'create' AND state = 'sent')
            AND (?5 = 0 OR accountId NOT IN (SELECT accountId FROM record JOIN job ON record.job = job.n
              WHERE job.canary = 1))
          ORDER BY wave, accountId, n LIMIT ?4)`,
      )
      .run(n, family, now, size, canary ? 1 : 0);
    const rows = Number(taken.changes);
    if (rows === 0) return undefined;
    db.prepare("INSERT INTO job (n, state, family, size, canary) VALUES (?, 'planned', ?, ?, ?)").run(
      n,
      family,
      rows,
      canary ? 1 : 0,
    );
    return readJob(db, n);
  });
}

/** How many rows wait to be sent, and the earliest time (ms) at which one may be; undefined when there is none. */
export function nextNotBefore(db: DatabaseSync): { readonly rows: number; readonly time: number } | undefined {
  const sql =
    "SELECT count(*) AS rows, min(notBefore) AS time FROM record WHERE action = 'create' AND state = 'planned'";
  for (const row of selectRows(db, sql)) {
    const rows = numberOf(row['rows']);
    return rows === 0 ? undefined : { rows, time: numberOf(row['time']) };
  }
  return undefined;
}

export function recordCreated(
  db: DatabaseSync,
  n: number,
  created: { readonly id: string; readonly createdDate: string; readonly createdById: string },
): Job {
  const { id, createdDate, createdById } = created;
  return change(db, n, "state = 'created', id = ?, createdDate = ?, createdById = ?", id, createdDate, createdById);
}

export function recordUploaded(db: DatabaseSync, n: number): Job {
  return change(db, n, "state = 'uploaded'");
}

export function recordClosed(db: DatabaseSync, n: number): Job {
  return change(db, n, "state = 'closed'");
}

/** @param orgState the job's terminal state in the org; `gone` when the org does not know it any more */
export function recordComplete(
  db: DatabaseSync,
  n: number,
  result: { readonly orgState: string; readonly errorMessage: string | undefined; readonly milliseconds: number },
): Job {
  const { orgState, errorMessage, milliseconds } = result;
  return change(
    db,
    n,
    "state = 'complete', orgState = ?, errorMessage = ?, milliseconds = ?",
    orgState,
    errorMessage ?? null,
    milliseconds,
  );
}

export function sentRows(db: DatabaseSync, n: number): SentRow[] {
  const sql = "SELECT * FROM record WHERE job = ? AND state = 'sent' ORDER BY wave, accountId, n";
  return [...selectRows(db, sql, n)].map((row) => ({
    n: numberOf(row['n']),
    contactId: textOf(row['contactId']),
    attempts: numberOf(row['attempts']),
    nickname: textOf(row['nickname']),
    nicknameIsGiven: row['givenNickname'] !== null,
    values: valuesOf(row),
  }));
}

/** Every row of the job gets its outcome, and the job is done with. @param now milliseconds */
export function recordOutcomes(
  db: DatabaseSync,
  n: number,
  outcomes: ReadonlyArray<readonly [SentRow, RowOutcome]>,
  now: number,
): void {
  const update = db.prepare(
    `UPDATE record SET attempts = attempts - ?, state = ?, userId = ?, created = ?, errorCode = ?, errorMessage = ?,
      notBefore = ?, nickname = coalesce(?, nickname) WHERE n = ?`,
  );
  transaction(db, () => {
    for (const [{ n: row }, outcome] of outcomes) {
      if (outcome.outcome === 'unchanged') recordExistingUser(db, row, outcome.user);
      else update.run(isUnanswered(outcome) ? 1 : 0, ...outcomeValues(outcome, now), row);
    }
    // A contact has succeeded when its user holds each permission set too.
    db.prepare(
      `UPDATE record SET state = 'userReady' WHERE job = ? AND state = 'succeeded'
       AND n IN (SELECT record FROM assignment WHERE state = 'planned')`,
    ).run(n);
    const again = outcomes.filter(([, { outcome }]) => outcome === 'again').length;
    db.prepare("UPDATE job SET state = 'collected', again = ? WHERE n = ?").run(again, n);
  });
}

/** In the order of the statement above, without the first and the row number. */
function outcomeValues(
  outcome: Exclude<RowOutcome, { outcome: 'unchanged' }>,
  now: number,
): Array<string | number | null> {
  switch (outcome.outcome) {
    case 'succeeded':
      return ['succeeded', outcome.userId, outcome.created, null, null, 0, null];
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

function sizeOfNextJob(db: DatabaseSync, family: LicenseFamily): number {
  const sql = `SELECT size, milliseconds, again, orgState FROM job
    WHERE family = ? AND state = 'collected' AND canary = 0 ORDER BY n DESC LIMIT 1`;
  for (const row of selectRows(db, sql, family)) {
    const size = numberOf(row['size']);
    const troubled = numberOf(row['again']) > size / 5 || textOf(row['orgState']) === 'Failed';
    return nextJobSize(family, { size: Math.max(size, 200), milliseconds: numberOf(row['milliseconds']), troubled });
  }
  return firstJobSize(family);
}

function change(db: DatabaseSync, n: number, assignments: string, ...values: Array<string | number | null>): Job {
  return transaction(db, () => {
    db.prepare(`UPDATE job SET ${assignments} WHERE n = ?`).run(...values, n);
    return readJob(db, n);
  });
}

const jobStates: readonly JobState[] = ['planned', 'created', 'uploaded', 'closed', 'complete', 'collected'];

function jobOf(row: Row): Job {
  return {
    n: numberOf(row['n']),
    id: textOrNull(row['id']) ?? undefined,
    state: jobStates.find((state) => state === row['state']) ?? 'planned',
    family: row['family'] === 'roleBased' ? 'roleBased' : 'highVolume',
    size: numberOf(row['size']),
    canary: numberOf(row['canary']) === 1,
    createdDate: textOrNull(row['createdDate']) ?? undefined,
    createdById: textOrNull(row['createdById']) ?? undefined,
    errorMessage: textOrNull(row['errorMessage']) ?? undefined,
  };
}

/** The values of a row as they are sent; the nickname may have been repaired since the plan was made. */
export function valuesOf(row: Row): UserValues {
  return { ...textsOf(row['fieldValues']), CommunityNickname: textOf(row['nickname']) };
}
