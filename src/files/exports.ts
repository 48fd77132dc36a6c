/** The CSV files of a run folder: exports of run.db with exact API values. */
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { stringify } from 'csv-stringify/sync';
import type { ExportTexts } from '../model/fileTexts.js';
import type { RunResult } from '../model/result.js';
import { createAgainColumns, createAgainValues, snapshotColumns } from './snapshots.js';
import {
  decidedRows,
  failedRows,
  plannedRows,
  snapshotRows,
  succeededRows,
  type DecidedRow,
  type DoneRow,
  type FailedRow,
  type SnapshotRow,
  type StepRow,
  type SubjectColumn,
} from '../store/queries/exportRows.js';
import { replacePrivateFile } from '../store/privateFile.js';
import { exportNames, type ExportName } from '../store/runFolder.js';

/** Columns of a file, and their cells in a row; what is absent is an empty cell. */
export type Columns<Row> = {
  readonly header: readonly string[];
  readonly cells: (row: Row) => ReadonlyArray<string | undefined>;
};

/** What the files of an operation hold. */
export type RunFiles = {
  /** What the columns below are made of, of the subject itself. */
  readonly of: readonly SubjectColumn[];
  /** users.csv; also the last columns of succeeded.csv and the first ones of failed.csv. */
  readonly planned: Columns<StepRow>;
  /** The first columns of succeeded.csv. */
  readonly done: Columns<DoneRow>;
  /** Columns of failed.csv behind those of the plan. */
  readonly failed: Columns<StepRow>;
  /** What a row of unchanged.csv and refused.csv is known by. */
  readonly key: Columns<DecidedRow>;
  /** Columns of the file that was given, which refused.csv repeats. */
  readonly given: readonly string[];
  /** Whether users are changed, which are kept in snapshot.csv as they were. */
  readonly hasSnapshot: boolean;
  /** Whether the same people may be given new users (create-again.csv). */
  readonly hasCreateAgain: boolean;
};

export type ExportSource = {
  readonly db: DatabaseSync;
  readonly folder: string;
  readonly files: RunFiles;
  readonly texts: ExportTexts;
};

/** users.csv, unchanged.csv and refused.csv: what the plan decided; for users that exist also what they were. */
export async function exportPlan(source: ExportSource): Promise<void> {
  await writeCsv(source, 'users', source.files.planned, plannedRows(source.db, source.files.of));
  await exportSnapshot(source);
  await exportDecisions(source);
}

/** succeeded.csv and failed.csv, and the decisions anew: a contact may have got a user from somebody else meanwhile. */
export async function exportOutcome(source: ExportSource): Promise<void> {
  const { db, files, texts } = source;
  const { planned, done, failed } = files;
  await writeCsv(source, 'succeeded', sideBySide<DoneRow>(done, planned), succeededRows(db, files.of));
  await writeCsv(
    source,
    'failed',
    sideBySide<FailedRow>(planned, failed, {
      header: ['Step', 'ErrorCode', 'Error', 'Advice'],
      cells: ({ label = 'User', code, message }) => [label, code, message, texts.rowAdvice(code, message)],
    }),
    failedRows(db, files.of),
  );
  await exportSnapshot(source);
  await exportDecisions(source);
}

/** What the users were before the first write; after they were cut off also the file that makes them anew. */
async function exportSnapshot(source: ExportSource): Promise<void> {
  const { db, files, texts } = source;
  if (!files.hasSnapshot) return;
  const kept: Columns<SnapshotRow> = {
    header: snapshotColumns,
    cells: ({ snapshot }) => snapshotColumns.map((column) => snapshot[column]),
  };
  await writeCsv(source, 'snapshot', kept, snapshotRows(db));
  if (!files.hasCreateAgain) return;
  await writeCsv(
    source,
    'createAgain',
    {
      header: [...createAgainColumns, 'Detail'],
      cells({ userId, snapshot, after }) {
        const { values, held } = createAgainValues(snapshot, after);
        const detail = texts.oldUser(userId, held, snapshot['IsActive'] === 'false');
        return [...createAgainColumns.map((column) => values[column]), detail];
      },
    },
    snapshotRows(db),
  );
}

async function exportDecisions(source: ExportSource): Promise<void> {
  const { db, folder, files, texts } = source;
  const decided = sideBySide<DecidedRow>(files.key, {
    header: ['Name', 'AccountId', 'AccountName', 'UserId', 'Reason', 'Detail'],
    cells: (row) => [
      row.name,
      row.accountId,
      row.accountName,
      row.userId,
      row.reason,
      texts.detail(row.detail, row.facts),
    ],
  });
  await writeCsv(source, 'unchanged', decided, decidedRows(db, 'unchanged'));
  const refusedFile = path.join(folder, exportNames.refused);
  // Corrected and given to create again, refused.csv must ask for all that its rows asked for.
  const given = files.given.filter((column) => !files.key.header.includes(column));
  const refused = sideBySide<DecidedRow>(decided, {
    header: ['Advice', ...given],
    cells: ({ reason, contactId, accountId, userId, cells }) => [
      texts.advice(reason, { contactId, accountId, userId, refusedFile }),
      ...given.map((column) => cells[column]),
    ],
  });
  await writeCsv(source, 'refused', refused, decidedRows(db, 'refused'));
}

/** summary.md */
export async function exportSummary({ folder, texts }: ExportSource, result: RunResult): Promise<void> {
  await replacePrivateFile(path.join(folder, exportNames.summary), [texts.summary(result)]);
}

function sideBySide<Row>(...parts: ReadonlyArray<Columns<Row>>): Columns<Row> {
  return {
    header: parts.flatMap(({ header }) => header),
    cells: (row) => parts.flatMap(({ cells }) => cells(row)),
  };
}

const linesPerChunk = 500;
/** A lone carriage return ends a line for many readers. */
const format = { record_delimiter: '\n', quoted_match: '\r' };

async function writeCsv<Row>(
  { folder }: ExportSource,
  name: ExportName,
  { header, cells }: Columns<Row>,
  rows: Iterable<Row>,
): Promise<void> {
  const texts = function* (): Generator<string> {
    let lines: Array<ReadonlyArray<string | undefined>> = [header];
    for (const row of rows) {
      lines.push(cells(row));
      if (lines.length < linesPerChunk) continue;
      yield stringify(lines, format);
      lines = [];
    }
    if (lines.length > 0) yield stringify(lines, format);
  };
  await replacePrivateFile(path.join(folder, exportNames[name]), texts());
}
