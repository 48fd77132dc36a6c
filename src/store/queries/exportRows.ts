/** The rows of run.db that the files of a run are made of: no more columns than a file needs, as a row is wide. */
import type { DatabaseSync } from 'node:sqlite';
import type { AccountId, ContactId, ProfileId, UserId } from '../../model/ids.js';
import { isFacts, type Facts } from '../../model/facts.js';
import { isReasonKey, type FurtherDetail, type ReasonKey, type UserValues } from '../../model/reasons.js';
import { isAssigning, isAssignmentStep } from './assignmentSteps.js';
import { allSteps, isFirstFailure, stepsInOrder } from './counts.js';
import { valuesOf } from '../steps.js';
import {
  DamagedValue,
  jsonOf,
  numberOf,
  optionalText,
  requiredText,
  selectRows,
  textsOf,
  type Row,
} from '../sqlite.js';

/** What people know a subject by; what was not asked for is undefined. */
type SubjectText = {
  readonly key: string | undefined;
  readonly contactId: ContactId | undefined;
  readonly accountId: AccountId | undefined;
  readonly name: string | undefined;
  readonly accountName: string | undefined;
  readonly userId: UserId | undefined;
  readonly username: string | undefined;
  readonly profileId: ProfileId | undefined;
  /** Of the definition of a sync. */
  readonly groupName: string | undefined;
};

export type SubjectColumn = keyof SubjectText;

/** SQL */
function known(columns: readonly SubjectColumn[]): string[] {
  return columns.map((column) => `subject.${column}`);
}

function subjectText(row: Row): SubjectText {
  return {
    key: optionalText(row['key']),
    contactId: optionalText(row['contactId']),
    accountId: optionalText(row['accountId']),
    name: optionalText(row['name']),
    accountName: optionalText(row['accountName']),
    userId: optionalText(row['userId']),
    username: optionalText(row['username']),
    profileId: optionalText(row['profileId']),
    groupName: optionalText(row['groupName']),
  };
}

/** What is, or was, to be written first for a subject. */
export type StepRow = SubjectText & {
  readonly kind: string | undefined;
  readonly target: string | undefined;
  readonly values: UserValues;
};

function written(columns: readonly SubjectColumn[]): string {
  return [...known(columns), 'kind, target, fieldValues, nickname, step.username AS wantedName'].join(', ');
}

/** SQL: a subject with its first step that was not dropped; what users hold besides their license is no step to show. */
const withStep = `LEFT JOIN step ON step.n = (SELECT min(n) FROM step AS first
  WHERE first.subject = subject.n AND NOT first.${isAssignmentStep} AND first.state <> 'dropped')`;

function stepRow(row: Row): StepRow {
  const values = valuesOf(row, 'wantedName');
  return { ...subjectText(row), kind: optionalText(row['kind']), target: optionalText(row['target']), values };
}

/** Those of users.csv where users are selected: one for each. */
export function* plannedUserRows(db: DatabaseSync, columns: readonly SubjectColumn[]): Generator<StepRow> {
  const sql = `SELECT ${written(columns)} FROM subject ${withStep} WHERE verdict = 'steps' ORDER BY subject.n`;
  for (const row of selectRows(db, sql)) yield stepRow(row);
}

/** Those of users.csv where contacts are selected: one for each step, but for what is given besides. */
export function* plannedRows(db: DatabaseSync, columns: readonly SubjectColumn[]): Generator<StepRow> {
  const sql = `SELECT ${written(columns)} FROM ${columns.length === 0 ? allSteps : stepsInOrder}
    WHERE NOT ${isAssigning} AND step.state <> 'dropped' ORDER BY step.n`;
  for (const row of selectRows(db, sql)) yield stepRow(row);
}

export type DoneRow = StepRow & { readonly created: string | undefined };

/** Those of succeeded.csv. */
export function* succeededRows(db: DatabaseSync, columns: readonly SubjectColumn[]): Generator<DoneRow> {
  const sql = `SELECT ${written(columns)}, created FROM subject ${withStep} WHERE +subject.state = 'succeeded' ORDER BY subject.n`;
  for (const row of selectRows(db, sql)) yield { ...stepRow(row), created: optionalText(row['created']) };
}

/** Those of unknown.csv: nobody knows what became of them. */
export function* unknownRows(db: DatabaseSync, columns: readonly SubjectColumn[]): Generator<StepRow> {
  const sql = `SELECT ${written(columns)} FROM subject ${withStep} WHERE +subject.state = 'unknown' ORDER BY subject.n`;
  for (const row of selectRows(db, sql)) yield stepRow(row);
}

/** `label`: what could not be given or taken, where it is not the user itself. */
export type Failure = {
  readonly label: string | undefined;
  readonly code: string;
  readonly message: string | undefined;
};

export type FailedRow = StepRow & {
  /** In the order of the steps; the first is the subject's. */
  readonly failures: readonly [Failure, ...Failure[]];
  /** Of the file, as given. */
  readonly cells: UserValues;
};

/** Those of failed.csv: one for each subject, however many of its steps have failed. */
export function* failedRows(db: DatabaseSync, columns: readonly SubjectColumn[]): Generator<FailedRow> {
  const first = `SELECT subject, n, label, errorCode, errorMessage FROM step WHERE ${isFirstFailure}`;
  const sql = `SELECT ${written(columns)}, cells, failure.subject, failure.n AS firstFailure,
      failure.label, failure.errorCode, failure.errorMessage
    FROM (${first}) AS failure JOIN subject ON subject.n = failure.subject ${withStep} ORDER BY subject.n`;
  for (const row of selectRows(db, sql)) {
    const failures = [
      failureOf(row),
      ...furtherFailures(db, numberOf(row['subject']), numberOf(row['firstFailure'])),
    ] as const;
    yield { ...stepRow(row), failures, cells: textsOf(row['cells']) };
  }
}

function furtherFailures(db: DatabaseSync, subject: number, first: number): Failure[] {
  const sql = `SELECT label, errorCode, errorMessage FROM step
    WHERE subject = ? AND +state = 'failed' AND n > ? ORDER BY n`;
  return Array.from(selectRows(db, sql, subject, first), failureOf);
}

function failureOf(row: Row): Failure {
  const message = optionalText(row['errorMessage']);
  return { label: optionalText(row['label']), code: requiredText(row['errorCode']), message };
}

export type DecidedRow = SubjectText & {
  readonly reason: string;
  readonly detail: ReasonKey;
  readonly facts: Facts;
  /** What else is wrong with the row. */
  readonly further: readonly FurtherDetail[];
  /** Of the file, as given. */
  readonly cells: UserValues;
};

/** Those of unchanged.csv and refused.csv. */
export function* decidedRows(db: DatabaseSync, verdict: 'unchanged' | 'refused'): Generator<DecidedRow> {
  const columns = ['key', 'contactId', 'accountId', 'name', 'accountName', 'userId'] as const;
  const sql = `SELECT ${known(columns).join(', ')}, reason, detailText, detailFacts, furtherDetails, cells FROM subject
    WHERE verdict = ? AND state IS NULL ORDER BY n`;
  for (const row of selectRows(db, sql, verdict)) {
    const reason = requiredText(row['reason']);
    const [{ key: detail, facts }, ...further] = storedDetails(row);
    yield { ...subjectText(row), reason, detail, facts, further, cells: textsOf(row['cells']) };
  }
}

/**
 * Why a subject was decided about as it was, and what else is wrong with it, of a row with `reason`, `detailText`,
 * `detailFacts` and `furtherDetails`.
 * @throws DamagedValue
 */
export function storedDetails(row: Row): [FurtherDetail, ...FurtherDetail[]] {
  const key = `${requiredText(row['reason'])}.${requiredText(row['detailText'])}`;
  const facts = jsonOf(row['detailFacts']);
  if (!isReasonKey(key)) throw new DamagedValue(`${key} is no reason`);
  if (!isFacts(facts)) throw new DamagedValue(`the facts of ${key} are none`);
  const further = jsonOf(row['furtherDetails']) ?? [];
  if (!isFurther(further)) throw new DamagedValue(`what else is wrong beside ${key} is not understood`);
  return [{ key, facts }, ...further];
}

function isFurther(value: unknown): value is readonly FurtherDetail[] {
  const isDetail = (each: unknown): boolean =>
    typeof each === 'object' &&
    each !== null &&
    'key' in each &&
    'facts' in each &&
    isReasonKey(String(each.key)) &&
    isFacts(each.facts);
  return Array.isArray(value) && value.every(isDetail);
}

export type SnapshotRow = { readonly userId: UserId; readonly snapshot: UserValues; readonly after: UserValues };

/** Those of snapshot.csv and create-again.csv: also users with whom something was done before the rest was refused. */
export function* snapshotRows(db: DatabaseSync): Generator<SnapshotRow> {
  const sql = `SELECT userId, snapshot,
    (SELECT after FROM step WHERE step.subject = subject.n AND after IS NOT NULL) AS after
    FROM subject WHERE snapshot IS NOT NULL AND (verdict = 'steps'
      OR EXISTS (SELECT 1 FROM step WHERE step.subject = subject.n AND +step.state = 'done')) ORDER BY n`;
  for (const row of selectRows(db, sql)) {
    yield {
      userId: requiredText(row['userId']),
      snapshot: textsOf(row['snapshot']),
      after: textsOf(row['after']),
    };
  }
}
