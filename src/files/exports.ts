/** The CSV files of a run folder: exports of run.db with exact API values. */
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { stringify } from 'csv-stringify/sync';
import { isFacts, type Facts } from '../model/facts.js';
import { RunFault } from '../model/faults.js';
import { isReasonKey, type ReasonKey } from '../model/reasons.js';
import { createAgainColumns, createAgainValues, snapshotColumns } from '../model/snapshots.js';
import { modeRule, type Mode } from '../model/modes.js';
import { replacePrivateFile } from '../store/privateFile.js';
import { exportNames, type ExportName } from '../store/runFolder.js';
import { selectRows, textOf, textsOf, type Row } from '../store/sqlite.js';

/** The words of the files; the report layer has them. */
export type ExportTexts = {
  detail(key: ReasonKey, facts: Facts): string;
  /** What to do about it, with the row's own Ids in the commands. */
  advice(reason: string, ids: AdviceIds): string;
  rowAdvice(code: string, message: string): string;
  /** What has to be known of an old user. @param held fields that it keeps from the new one @param wasInactive before */
  oldUser(userId: string, held: readonly string[], wasInactive: boolean): string;
};

/** What the commands in an advice need to know of the row. */
export type AdviceIds = {
  readonly contactId: string;
  readonly accountId: string;
  readonly userId: string;
  /** Path of refused.csv. */
  readonly refusedFile: string;
};

export type ExportSource = {
  readonly db: DatabaseSync;
  readonly folder: string;
  /** The header of users.csv. */
  readonly columns: readonly string[];
  /** What the key is called in the file that was given, or ContactId. */
  readonly keyColumn: string;
  /** Columns of the file that say what the users are to be. */
  readonly givenColumns: readonly string[];
  /** Of a run that changes users; undefined for one that creates them. */
  readonly mode: Mode | undefined;
  readonly texts: ExportTexts;
};

/** users.csv, unchanged.csv and refused.csv: what the plan decided; for users that exist also what they were. */
export async function exportPlan(source: ExportSource): Promise<void> {
  const { planned } = shapeOf(source);
  await write(
    source,
    'users',
    planned.header,
    selectRecords(source.db, planned.of, "action IN ('create', 'change')"),
    planned.cells,
  );
  if (source.mode !== undefined) await exportSnapshot(source);
  await exportDecisions(source);
}

/** succeeded.csv and failed.csv, and the decisions anew: a contact may have got a user from somebody else meanwhile. */
export async function exportOutcome(source: ExportSource): Promise<void> {
  const { db, texts } = source;
  const { planned, done, userId } = shapeOf(source);
  await write(
    source,
    'succeeded',
    [...done.header, ...planned.header],
    selectRecords(db, [...done.of, ...planned.of], "+state = 'succeeded'"),
    (row) => [...done.cells(row), ...planned.cells(row)],
  );
  const failedHeader = [...planned.header, ...userId.header, 'Step', 'ErrorCode', 'Error', 'Advice'];
  const failedOf = [...planned.of, ...userId.of, 'failedStep', 'errorCode', 'errorMessage'];
  await write(source, 'failed', failedHeader, selectRecords(db, failedOf, "state = 'failed'"), (row) => {
    const [code, message] = [textOf(row['errorCode']), textOf(row['errorMessage'])];
    const step = textOf(row['failedStep']) || 'User';
    return [...planned.cells(row), ...userId.cells(row), step, code, message, texts.rowAdvice(code, message)];
  });
  if (source.mode !== undefined) await exportSnapshot(source);
  await exportDecisions(source);
}

type Columns = {
  readonly header: readonly string[];
  /** Columns of run.db that the cells are made of. */
  readonly of: readonly string[];
  readonly cells: (row: Row) => string[];
};

const none: Columns = { header: [], of: [], cells: () => [] };

/** What the rows of users.csv, succeeded.csv and failed.csv hold. */
function shapeOf({ columns, mode }: ExportSource): Record<'planned' | 'done' | 'userId', Columns> {
  const userId: Columns = { header: ['UserId'], of: ['userId'], cells: (row) => [textOf(row['userId'])] };
  if (mode !== undefined) return { planned: changeColumns(mode), done: none, userId: none };
  return {
    planned: { header: columns, of: ['fieldValues', 'nickname'], cells: (row) => userCells(row, columns) },
    done: {
      header: ['UserId', 'Created'],
      of: ['userId', 'created'],
      cells: (row) => [textOf(row['userId']), textOf(row['created'])],
    },
    userId,
  };
}

/** What is sent, and columns for reading. */
function changeColumns(mode: Mode): Columns {
  const { field } = modeRule(mode);
  const reading = ['Username', 'Name', 'ContactId', 'AccountId', 'AccountName'];
  return {
    header: ['Id', field, 'UserId', ...reading],
    of: ['rowId', 'fieldValues', 'userId', 'username', 'contactName', 'contactId', 'accountId', 'accountName'],
    cells: (row) => [
      textOf(row['rowId']),
      textsOf(row['fieldValues'])[field] ?? '',
      textOf(row['userId']),
      textOf(row['username']),
      textOf(row['contactName']),
      textOf(row['contactId']),
      textOf(row['accountId']),
      textOf(row['accountName']),
    ],
  };
}

/** What the users were before the first write; after disable-portal also the file that makes them anew. */
async function exportSnapshot(source: ExportSource): Promise<void> {
  const { db, mode, texts } = source;
  const changed = (): Generator<Row> => selectRecords(db, ['userId', 'snapshot', 'after'], "action = 'change'");
  await write(source, 'snapshot', snapshotColumns, changed(), (row) => {
    const snapshot = textsOf(row['snapshot']);
    return snapshotColumns.map((column) => snapshot[column] ?? '');
  });
  if (mode !== 'disable-portal') return;
  const header = [...createAgainColumns, 'Detail'];
  await write(source, 'createAgain', header, changed(), (row) => {
    const snapshot = textsOf(row['snapshot']);
    const { values, held } = createAgainValues(snapshot, textsOf(row['after']));
    return [
      ...createAgainColumns.map((column) => values[column] ?? ''),
      texts.oldUser(textOf(row['userId']), held, snapshot['IsActive'] === 'false'),
    ];
  });
}

async function exportDecisions(source: ExportSource): Promise<void> {
  const { db, folder, keyColumn, givenColumns, mode, texts } = source;
  const contact: Columns = { header: ['ContactId'], of: ['contactId'], cells: (row) => [textOf(row['contactId'])] };
  const keyIsContact = mode === undefined && keyColumn === 'ContactId';
  const key: Columns = { header: [keyColumn], of: ['key'], cells: (row) => [textOf(row['key'])] };
  const keys: readonly Columns[] = keyIsContact
    ? [{ ...contact, of: ['contactId', 'key'], cells: (row) => [textOf(row['contactId']) || textOf(row['key'])] }]
    : [key, contact].filter(({ header }, index) => index === 0 || header[0] !== keyColumn);
  const keyHeader = keys.flatMap(({ header }) => header);
  const header = [...keyHeader, 'Name', 'AccountId', 'AccountName', 'UserId', 'Reason', 'Detail'];
  const cells = (row: Row): string[] => [
    ...keys.flatMap((column) => column.cells(row)),
    textOf(row['contactName']),
    textOf(row['accountId']),
    textOf(row['accountName']),
    textOf(row['userId']),
    textOf(row['reason']),
    texts.detail(...reasonOf(row, folder)),
  ];
  const reading = ['contactId', 'contactName', 'accountId', 'accountName', 'userId'];
  const decided = [...keys.flatMap(({ of }) => of), ...reading, 'reason', 'detailText', 'detailFacts'];
  await write(source, 'unchanged', header, selectRecords(db, decided, "action = 'unchanged' AND state IS NULL"), cells);
  // Mended and given to create again, refused.csv must ask for all that its rows asked for.
  const given = givenColumns.filter((column) => !keyHeader.includes(column));
  const refusedHeader = [...header, 'Advice', ...given];
  await write(
    source,
    'refused',
    refusedHeader,
    selectRecords(db, [...decided, 'cells'], "action = 'refused' AND state IS NULL"),
    (row) => {
      const asked = textsOf(row['cells']);
      const advice = texts.advice(textOf(row['reason']), {
        contactId: textOf(row['contactId']),
        accountId: textOf(row['accountId']),
        userId: textOf(row['userId']),
        refusedFile: path.join(folder, exportNames.refused),
      });
      return [...cells(row), advice, ...given.map((column) => asked[column] ?? '')];
    },
  );
}

/** @param columns SQL: no more than the file needs, as a row of run.db is wide */
function selectRecords(db: DatabaseSync, columns: readonly string[], condition: string): Generator<Row> {
  return selectRows(db, `SELECT ${columns.join(', ')} FROM record WHERE ${condition} ORDER BY n`);
}

function userCells(row: Row, columns: readonly string[]): string[] {
  const values = textsOf(row['fieldValues']);
  const nickname = textOf(row['nickname']);
  return columns.map((column) => (column === 'CommunityNickname' ? nickname : (values[column] ?? '')));
}

/** @throws RunFault runDamaged */
function reasonOf(row: Row, folder: string): [ReasonKey, Facts] {
  const key = `${textOf(row['reason'])}.${textOf(row['detailText'])}`;
  const facts = parsed(textOf(row['detailFacts']));
  if (isReasonKey(key) && isFacts(facts)) return [key, facts];
  throw new RunFault('runDamaged', { folder, why: key });
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const linesPerChunk = 500;
/** A lone carriage return ends a line for many readers. */
const format = { record_delimiter: '\n', quoted_match: '\r' };

async function write(
  { folder }: ExportSource,
  name: ExportName,
  header: readonly string[],
  rows: Iterable<Row>,
  cells: (row: Row) => string[],
): Promise<void> {
  const texts = function* (): Generator<string> {
    let lines: Array<readonly string[]> = [header];
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
