/** The CSV files of a run folder: exports of run.db with exact API values. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DatabaseSync } from 'node:sqlite';
import { stringify } from 'csv-stringify';
import { valuesOf } from './recordRows.js';
import { exportNames, type ExportName } from './runFolder.js';
import { selectRows, textOf, textsOf, type Row } from './sqlite.js';

/** The words of the files; the report layer has them. */
export type ExportTexts = {
  detail(reason: string, text: string, tokens: readonly string[]): string;
  /** What to do about it, with the row's own Ids in the commands. */
  advice(reason: string, ids: AdviceIds): string;
  rowAdvice(code: string, message: string): string;
};

export type AdviceIds = { readonly contactId: string; readonly accountId: string; readonly userId: string };

export type ExportSource = {
  readonly db: DatabaseSync;
  readonly folder: string;
  /** The header of users.csv. */
  readonly columns: readonly string[];
  /** What the key is called in the file that was given, or ContactId. */
  readonly keyColumn: string;
  /** Columns of the file that say what the users are to be. */
  readonly givenColumns: readonly string[];
  readonly texts: ExportTexts;
};

/** users.csv, unchanged.csv and refused.csv: what the plan decided. */
export async function exportPlan(source: ExportSource): Promise<void> {
  const { db, columns } = source;
  await write(source, 'users', columns, selectRecords(db, "action = 'create'"), (row) => userCells(row, columns));
  await exportDecisions(source);
}

/** succeeded.csv and failed.csv, and the decisions anew: a contact may have got a user from somebody else meanwhile. */
export async function exportOutcome(source: ExportSource): Promise<void> {
  const { db, columns, texts } = source;
  await write(
    source,
    'succeeded',
    ['UserId', 'Created', ...columns],
    selectRecords(db, "state = 'succeeded'"),
    (row) => [textOf(row['userId']), textOf(row['created']), ...userCells(row, columns)],
  );
  const failedHeader = [...columns, 'UserId', 'Step', 'ErrorCode', 'Error', 'Advice'];
  await write(source, 'failed', failedHeader, selectRecords(db, "state = 'failed'"), (row) => {
    const [code, message] = [textOf(row['errorCode']), textOf(row['errorMessage'])];
    const step = textOf(row['failedStep']) || 'User';
    return [...userCells(row, columns), textOf(row['userId']), step, code, message, texts.rowAdvice(code, message)];
  });
  await exportDecisions(source);
}

async function exportDecisions(source: ExportSource): Promise<void> {
  const { db, keyColumn, givenColumns, texts } = source;
  const keys = keyColumn === 'ContactId' ? ['ContactId'] : [keyColumn, 'ContactId'];
  const header = [...keys, 'Name', 'AccountId', 'AccountName', 'UserId', 'Reason', 'Detail'];
  const cells = (row: Row): string[] => [
    ...(keyColumn === 'ContactId'
      ? [textOf(row['contactId']) || textOf(row['key'])]
      : [textOf(row['key']), textOf(row['contactId'])]),
    textOf(row['contactName']),
    textOf(row['accountId']),
    textOf(row['accountName']),
    textOf(row['userId']),
    textOf(row['reason']),
    texts.detail(...reasonOf(row)),
  ];
  await write(source, 'unchanged', header, selectRecords(db, "action = 'unchanged'"), cells);
  // Mended and given to create again, refused.csv must ask for all that its rows asked for.
  const given = givenColumns.filter((column) => !keys.includes(column));
  const refusedHeader = [...header, 'Advice', ...given];
  await write(source, 'refused', refusedHeader, selectRecords(db, "action = 'refused'"), (row) => {
    const asked = textsOf(row['cells']);
    const advice = texts.advice(textOf(row['reason']), {
      contactId: textOf(row['contactId']),
      accountId: textOf(row['accountId']),
      userId: textOf(row['userId']),
    });
    return [...cells(row), advice, ...given.map((column) => asked[column] ?? '')];
  });
}

function selectRecords(db: DatabaseSync, condition: string): Generator<Row> {
  return selectRows(db, `SELECT * FROM record WHERE ${condition} ORDER BY n`);
}

function userCells(row: Row, columns: readonly string[]): string[] {
  const values = valuesOf(row);
  return columns.map((column) => values[column] ?? '');
}

function reasonOf(row: Row): [string, string, string[]] {
  const tokens: unknown = JSON.parse(textOf(row['detailTokens']) || '[]');
  return [textOf(row['reason']), textOf(row['detailText']), Array.isArray(tokens) ? tokens.map(String) : []];
}

async function write(
  { folder }: ExportSource,
  name: ExportName,
  header: readonly string[],
  rows: Iterable<Row>,
  cells: (row: Row) => string[],
): Promise<void> {
  const lines = function* (): Generator<readonly string[]> {
    yield header;
    for (const row of rows) yield cells(row);
  };
  const file = createWriteStream(path.join(folder, exportNames[name]), { mode: 0o600 });
  await pipeline(Readable.from(lines()), stringify({ record_delimiter: '\n' }), file);
}
