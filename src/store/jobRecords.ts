/** Jobs in run.db: every transition of a job is one transaction with all its rows. */
import type { DatabaseSync } from 'node:sqlite';
import { firstJobSize, nextJobSize, shareOf } from '../engine/jobSize.js';
import type { LicenseFamily } from '../model/reasons.js';
import { numberOf, selectNumber, selectRows, textOf, textOrNull, transaction, type Row } from './sqlite.js';
import type { WorkName } from '../engine/work.js';

export type JobState = 'planned' | 'created' | 'uploaded' | 'closed' | 'complete' | 'collected';

export type Job = {
  readonly n: number;
  readonly work: WorkName;
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

/** Jobs that an earlier process left behind, oldest first. */
export function unfinishedJobs(db: DatabaseSync): Job[] {
  return [...selectRows(db, "SELECT * FROM job WHERE state <> 'collected' ORDER BY n")].map(jobOf);
}

export function readJob(db: DatabaseSync, n: number): Job {
  for (const row of selectRows(db, 'SELECT * FROM job WHERE n = ?', n)) return jobOf(row);
  throw new Error(`job ${String(n)} is not in run.db`);
}

/** The Ids that the org has given the run's jobs. */
export function recordedJobIds(db: DatabaseSync): ReadonlySet<string> {
  return new Set([...selectRows(db, 'SELECT id FROM job WHERE id IS NOT NULL')].map((row) => textOf(row['id'])));
}

/**
 * Who has made jobs of new users for this run, and since when: a batch of any of them may have made a user, also after its
 * results were read, or while the org said that there was no such job.
 * @returns the CreatedDate of the first job (the org's clock) by the user whose session made it
 */
export function readMakers(db: DatabaseSync): ReadonlyMap<string, string> {
  const sql = `SELECT createdById, createdDate, min(n) FROM job WHERE work = 'users' AND createdDate IS NOT NULL
    AND createdById IS NOT NULL GROUP BY createdById`;
  return new Map([...selectRows(db, sql)].map((row) => [textOf(row['createdById']), textOf(row['createdDate'])]));
}

/**
 * Records the intent of the next job together with its rows.
 * @param waiting counts the rows that may be sent now
 * @param take marks up to `size` rows as sent by job `n`, and returns how many there were
 * @returns undefined when there was no row
 */
export function insertJob(
  db: DatabaseSync,
  { work, family, canary }: Pick<Job, 'work' | 'family' | 'canary'>,
  waiting: () => number,
  take: (n: number, size: number) => number,
): Job | undefined {
  const most = canary ? 1 : sizeOfNextJob(db, work, family);
  return transaction(db, () => {
    const n = selectNumber(db, 'SELECT coalesce(max(n), 0) + 1 FROM job');
    const rows = take(n, canary ? 1 : shareOf(family, most, waiting()));
    if (rows === 0) return undefined;
    const sql = "INSERT INTO job (n, work, state, family, size, most, canary) VALUES (?, ?, 'planned', ?, ?, ?, ?)";
    db.prepare(sql).run(n, work, family, rows, most, canary ? 1 : 0);
    return readJob(db, n);
  });
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

/** The rows of the job have their outcomes. @param again how many are to be sent again */
export function recordCollected(db: DatabaseSync, n: number, again: number): void {
  db.prepare("UPDATE job SET state = 'collected', again = ? WHERE n = ?").run(again, n);
}

/** The org has refused to make the job: there is none. */
export function forgetJob(db: DatabaseSync, n: number): void {
  db.prepare('DELETE FROM job WHERE n = ?').run(n);
}

function sizeOfNextJob(db: DatabaseSync, work: WorkName, family: LicenseFamily): number {
  // A test row says nothing about sizes, also one that was forgotten (canary = 0).
  const sql = `SELECT size, most, milliseconds, again, orgState FROM job
    WHERE work = ? AND family = ? AND state = 'collected' AND most > 1 ORDER BY n DESC LIMIT 1`;
  for (const row of selectRows(db, sql, work, family)) {
    const rows = numberOf(row['size']);
    const troubled = numberOf(row['again']) > rows / 5 || textOf(row['orgState']) === 'Failed';
    const milliseconds = numberOf(row['milliseconds']);
    return nextJobSize(family, { most: numberOf(row['most']), rows, milliseconds, troubled });
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

const works: readonly WorkName[] = ['users', 'assignments', 'changes'];

function jobOf(row: Row): Job {
  return {
    n: numberOf(row['n']),
    work: works.find((work) => work === row['work']) ?? 'users',
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
