/** The CSV files of a run folder: exports of run.db with exact API values. */
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { ExportTexts, SummaryFacts } from '../model/fileTexts.js';
import { mostPeople, personStates, type PageData, type PagePerson } from '../model/pageData.js';
import type { FurtherDetail, UserValues } from '../model/reasons.js';
import type { NextCommand, RunResult } from '../model/result.js';
import { adviceName } from '../model/rowErrors.js';
import type { DriveEnd } from '../model/runEnd.js';
import { csvText } from '../org/bulk/csvText.js';
import { createAgainColumns, createAgainValues, snapshotColumns } from './snapshots.js';
import {
  decidedRows,
  failedRows,
  plannedRows,
  plannedUserRows,
  snapshotRows,
  succeededRows,
  unknownRows,
  type DecidedRow,
  type DoneRow,
  type FailedRow,
  type Failure,
  type SnapshotRow,
  type StepRow,
  type SubjectColumn,
} from '../store/queries/exportRows.js';
import { isSameColumn } from './userColumns.js';
import { jobSpans, peopleIn, type PersonRow } from '../store/queries/pageRows.js';
import { readMeta, readSwitch, requireMeta } from '../store/meta.js';
import { hasSyncFacts } from '../store/queries/syncSteps.js';
import { replacePrivateFile } from '../store/privateFile.js';
import { exportNames, type ExportName } from '../store/runFolder.js';
import { readOperation } from '../store/runResult.js';

/** The columns of a file in their order, each with its cell in a row; what is absent is an empty cell. */
export type Columns<Row> = ReadonlyArray<readonly [header: string, cell: (row: Row) => string | undefined]>;

/** What the files of an operation hold. */
export type RunFiles = {
  /** What the columns below are made of, of the subject itself. */
  readonly of: readonly SubjectColumn[];
  /** Of these, what users.csv needs. The step of a new user has all of its values itself. */
  readonly ofPlanned: readonly SubjectColumn[];
  /** users.csv; also the last columns of succeeded.csv and the first ones of failed.csv. */
  readonly planned: Columns<StepRow>;
  /** The first columns of succeeded.csv. */
  readonly done: Columns<DoneRow>;
  /** Columns of failed.csv behind those of the plan. */
  readonly failed: Columns<StepRow>;
  /** What a row of unchanged.csv and refused.csv is known by: first the key as it was given. */
  readonly key: Columns<DecidedRow>;
  /** Columns of the file that was given, which refused.csv and failed.csv repeat. */
  readonly given: readonly string[];
  /** Whether users.csv has a row for each user, not for each step. */
  readonly hasRowPerUser: boolean;
  /** Whether users are changed, which are kept in snapshot.csv as they were. */
  readonly hasSnapshot: boolean;
  /** Whether the same people may be given new users (create-again.csv). */
  readonly hasCreateAgain: boolean;
  /** Whether steps may be left of which nobody knows whether they were done (unknown.csv). */
  readonly hasUnknown: boolean;
};

/** The key of a row as it was given; the Id where there was no file. */
export function keyCell(keyColumn: string): (row: DecidedRow) => string | undefined {
  return ({ cells, key }) => cells[keyColumn] ?? key;
}

/** A column that the given file has too stands in a file once, where it comes first. */
function distinct<Row>(columns: Columns<Row>): Columns<Row> {
  return columns.filter(([header], index) => columns.findIndex(([other]) => isSameColumn(other, header)) === index);
}

/** Given back, refused.csv and failed.csv must ask for all that their rows asked for. */
function givenCells({ given }: RunFiles): Columns<{ readonly cells: UserValues }> {
  return given.map((column) => [column, ({ cells }) => cells[column]]);
}

/** How a run stands, and each command that goes on with it. */
type Standing = {
  readonly result: RunResult;
  readonly next: readonly NextCommand[];
  /** Undefined while the run goes on. */
  readonly end?: DriveEnd;
};

export type ExportSource = {
  readonly db: DatabaseSync;
  readonly folder: string;
  readonly files: RunFiles;
  readonly texts: ExportTexts;
};

/** users.csv, unchanged.csv and refused.csv: what the plan decided; for users that exist also what they were. */
export async function exportPlan(source: ExportSource): Promise<void> {
  const { db, files } = source;
  const rowsOf = files.hasRowPerUser ? plannedUserRows : plannedRows;
  await writeCsv(source, 'users', files.planned, rowsOf(db, files.ofPlanned));
  await exportSnapshot(source);
  await exportDecisions(source);
}

/** succeeded.csv and failed.csv, and the decisions anew: a contact may have got a user from somebody else meanwhile. */
export async function exportOutcome(source: ExportSource): Promise<void> {
  const { db, files, texts } = source;
  const { of, planned, done, failed } = files;
  await writeCsv<DoneRow>(source, 'succeeded', [...done, ...planned], succeededRows(db, of));
  const operation = readOperation(db);
  const usernamesUniquePerOrg = readSwitch(db, 'usernamesUniquePerOrg');
  const adviceOf = ({ code, message }: Failure): string =>
    texts.rowAdvice(adviceName(code, message, usernamesUniquePerOrg), operation);
  const why: Columns<FailedRow> = [
    ['Step', ({ failures: [{ label }] }) => label ?? userStep],
    ['ErrorCode', ({ failures: [{ code }] }) => code],
    ['Error', ({ failures: [{ message }] }) => message],
    ['Detail', ({ failures }) => failuresText(failures)],
    ['Advice', ({ failures }) => [...new Set(failures.map(adviceOf))].join(' ')],
  ];
  const columns = distinct<FailedRow>([...planned, ...failed, ...why, ...givenCells(files)]);
  await writeCsv(source, 'failed', columns, failedRows(db, of));
  if (files.hasUnknown) await writeCsv(source, 'unknown', planned, unknownRows(db, of));
  await exportSnapshot(source);
  await exportDecisions(source);
}

/** In the column Step: not what the user holds, but the user itself. */
const userStep = 'User';

/** Each of several failures; one alone is in the columns before. */
function failuresText(failures: readonly Failure[]): string | undefined {
  if (failures.length === 1) return undefined;
  return failures.map(({ label = userStep, code, message = code }) => `${label}: ${message}`).join(' ');
}

/** What the users were before the first write; after they were cut off also the file that makes them anew. */
async function exportSnapshot(source: ExportSource): Promise<void> {
  const { db, files } = source;
  if (!files.hasSnapshot) return;
  const kept: Columns<SnapshotRow> = snapshotColumns.map((name) => [name, ({ snapshot }) => snapshot[name]]);
  await writeCsv(source, 'snapshot', kept, snapshotRows(db));
  if (!files.hasCreateAgain) return;
  const again: Columns<UserValues> = [...createAgainColumns, 'Detail'].map((name) => [name, (values) => values[name]]);
  await writeCsv(source, 'createAgain', again, createAgainRows(source));
}

function* createAgainRows({ db, texts }: ExportSource): Generator<UserValues> {
  for (const { userId, snapshot, after } of snapshotRows(db)) {
    const { values, old } = createAgainValues(snapshot, after);
    yield { ...values, Detail: texts.oldUser(userId, old) };
  }
}

async function exportDecisions(source: ExportSource): Promise<void> {
  const { db, folder, files, texts } = source;
  const decided = distinct<DecidedRow>([
    ...files.key,
    ['Name', ({ name }) => name],
    ['AccountId', ({ accountId }) => accountId],
    ['AccountName', ({ accountName }) => accountName],
    ['UserId', ({ userId }) => userId],
    ['Reason', ({ reason }) => reason],
    ['Detail', ({ detail, facts, further }) => detailText([{ key: detail, facts }, ...further], texts)],
  ]);
  await writeCsv(source, 'unchanged', decided, decidedRows(db, 'unchanged'));
  const [refusedFile, isSync] = [path.join(folder, exportNames.refused), hasSyncFacts(db)];
  const refused = distinct<DecidedRow>([
    ...decided,
    [
      'Advice',
      ({ detail, contactId, accountId, userId }) =>
        texts.advice(detail, { contactId, accountId, userId, refusedFile, isSync }),
    ],
    ...givenCells(files),
  ]);
  await writeCsv(source, 'refused', refused, decidedRows(db, 'refused'));
}

/** All that is wrong, in words. */
function detailText(details: readonly FurtherDetail[], texts: ExportTexts): string {
  return details.map(({ key, facts }) => texts.detail(key, facts)).join(' ');
}

/** summary.md and report.html: what became of the run, for those who read and for those who would rather look. */
export async function exportSummary({ db, folder, texts }: ExportSource, standing: Standing): Promise<void> {
  const { result, next } = standing;
  await replacePrivateFile(path.join(folder, exportNames.summary), [texts.summary(result, summaryFacts(db, standing))]);
  await replacePrivateFile(path.join(folder, exportNames.report), texts.page(result, pageData(db, texts), next));
}

function summaryFacts(db: DatabaseSync, { end, next }: Standing): SummaryFacts {
  return {
    plannedAt: requireMeta(db, 'plannedAt'),
    condition: readMeta(db, 'condition'),
    fromRun: readMeta(db, 'fromRun'),
    inactiveSince: readMeta(db, 'inactiveSince'),
    neverLoggedInSince: readMeta(db, 'neverLoggedInSince'),
    end,
    next,
  };
}

function pageData(db: DatabaseSync, texts: ExportTexts): PageData {
  const people: PagePerson[] = [];
  for (const state of personStates) {
    for (const row of peopleIn(db, state, mostPeople - people.length)) people.push(personOf(row, texts));
  }
  return { people, jobs: jobSpans(db), plannedAt: requireMeta(db, 'plannedAt') };
}

function personOf({ message, reasons, ...person }: PersonRow, texts: ExportTexts): PagePerson {
  return { ...person, detail: reasons.length === 0 ? message : detailText(reasons, texts) };
}

const linesPerChunk = 500;

async function writeCsv<Row>(
  { folder }: ExportSource,
  name: ExportName,
  columns: Columns<Row>,
  rows: Iterable<Row>,
): Promise<void> {
  const texts = function* (): Generator<string> {
    let lines: Array<ReadonlyArray<string | undefined>> = [columns.map(([header]) => header)];
    for (const row of rows) {
      lines.push(columns.map(([, cell]) => cell(row)));
      if (lines.length < linesPerChunk) continue;
      yield csvText(lines);
      lines = [];
    }
    if (lines.length > 0) yield csvText(lines);
  };
  await replacePrivateFile(path.join(folder, exportNames[name]), texts());
}
