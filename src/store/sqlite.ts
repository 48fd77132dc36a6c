/** Opens SQLite files durably and for one process only; keeps Node's ExperimentalWarning for SQLite off the screen. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { isJsonObject } from '../model/facts.js';
import { RunFault } from '../model/faults.js';

export type Row = Record<string, SQLOutputValue>;

/** Opens or creates a database file. Throws SQLite's own errors (locked, not a database). */
export async function openSqlite(file: string): Promise<DatabaseSync> {
  // Temporary tables are as large as the plan: they belong to the disk that was chosen for it. SQLite asks once, on loading.
  process.env['SQLITE_TMPDIR'] ??= path.dirname(file);
  const sqlite = await loadSqlite();
  const db = new sqlite.DatabaseSync(file);
  files.set(db, file);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    // Rows are wide and read in their order: larger pages cost fewer reads.
    db.exec('PRAGMA page_size = 16384');
    // Kilobytes. With less, a plan of a million rows looks for each of its values in a file.
    db.exec('PRAGMA cache_size = -16000');
    db.exec('PRAGMA temp.cache_size = -16000');
    db.exec('PRAGMA journal_mode = WAL');
    // Temporary tables live no longer than this connection: nothing of them is ever taken back.
    db.exec('PRAGMA temp.journal_mode = OFF');
    // Pages are written to their place once in 64 MB, not once in 4.
    db.exec('PRAGMA wal_autocheckpoint = 4096');
    db.exec('PRAGMA synchronous = FULL');
    // The lock is taken by the first write, not by the pragma: a second process has to fail here, not later.
    transaction(db, () => undefined);
    // SQLite's own lower() knows ASCII only.
    db.function('lowerCase', { deterministic: true }, (text) => (text === null ? null : String(text).toLowerCase()));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens a database file only to read it. Without a log beside it, nobody has it open, and all of it is in the file: so it is
 * read as it is, and no file is made beside it (sqlite.org/wal.html#read_only_databases). With a log, SQLite reads both, unless
 * a process is at work on them.
 * @throws SQLite's own errors (locked, not a database)
 */
export async function openSqliteToRead(file: string): Promise<DatabaseSync> {
  const sqlite = await loadSqlite();
  const url = databaseUrl(file);
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1');
  const db = new sqlite.DatabaseSync(url, { readOnly: true });
  files.set(db, file);
  return db;
}

/** The server of a Windows share is a host in a URL, which SQLite refuses; in its path it is none (sqlite.org/uri.html). */
export function databaseUrl(file: string, windows = process.platform === 'win32'): URL {
  const url = pathToFileURL(file, { windows });
  return url.host === '' ? url : new URL(`file:////${url.host}${url.pathname}`);
}

const files = new WeakMap<DatabaseSync, string>();

/** Whether the file still has its name. SQLite goes on without it, and what it writes then is lost: so nothing more is sent. */
export function isInPlace(db: DatabaseSync): boolean {
  return existsSync(files.get(db) ?? '');
}

/** All that `work` writes becomes durable together, or not at all. @throws RunFault folderGone */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  if (!isInPlace(db)) throw new RunFault('folderGone', { folder: folderOf(db) });
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** SQL: a text in lower case. ASCII stays within SQLite, which is far faster than a call from there for each row. */
export function inLowerCase(text: string): string {
  return `iif(${text} GLOB '*[^ -~]*', lowerCase(${text}), lower(${text}))`;
}

/**
 * The rows of a query, one by one. SQLite's arrays are made objects here: for each object of its own, node:sqlite leaves
 * 70 bytes in the old generation of the heap, which is collected only once there is much of it.
 */
export function* selectRows(db: DatabaseSync, sql: string, ...values: SQLInputValue[]): Generator<Row> {
  const query = takeQuery(db, sql);
  let isSound = true;
  try {
    for (const cells of query.statement.iterate(...values)) {
      const row: Row = {};
      for (const [place, name] of query.names.entries()) row[name] = cells[place] ?? null;
      yield row;
    }
  } catch (error) {
    // It would tell its next reader of the same error.
    isSound = false;
    throw error;
  } finally {
    if (isSound) queriesAtRest(db).set(sql, query);
  }
}

type PreparedQuery = { readonly statement: StatementSync; readonly names: readonly string[] };

/** By their SQL. To prepare a small query takes longer than to run it; one whose rows are being read can't be run again. */
const atRest = new WeakMap<DatabaseSync, Map<string, PreparedQuery>>();

function queriesAtRest(db: DatabaseSync): Map<string, PreparedQuery> {
  const queries = atRest.get(db) ?? new Map<string, PreparedQuery>();
  atRest.set(db, queries);
  return queries;
}

function takeQuery(db: DatabaseSync, sql: string): PreparedQuery {
  const queries = queriesAtRest(db);
  const kept = queries.get(sql);
  queries.delete(sql);
  if (kept !== undefined) return kept;
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return { statement, names: statement.columns().map(({ name }) => name) };
}

/** The single number that a query gives; 0 for null or no row. */
export function selectNumber(db: DatabaseSync, sql: string, ...values: SQLInputValue[]): number {
  const [row = {}] = selectRows(db, sql, ...values);
  return numberOf(Object.values(row)[0] ?? null);
}

/** A column of run.db does not hold what this version writes there; src/store/diskFault.ts makes it a damaged run. */
export class DamagedValue extends Error {}

/** A column that always holds a text. @throws DamagedValue */
export function requiredText(value: SQLOutputValue | undefined): string {
  if (typeof value !== 'string') throw new DamagedValue(`${String(value)} is no text`);
  return value;
}

/** Undefined for null. */
export function optionalText(value: SQLOutputValue | undefined): string | undefined {
  return value == null ? undefined : String(value);
}

/** A column that holds a JSON object of texts; empty for null. It is the caller's own. @throws DamagedValue */
export function textsOf(value: SQLOutputValue | undefined): Record<string, string> {
  const parsed = jsonOf(value) ?? {};
  if (!isTexts(parsed)) throw new DamagedValue('an object of texts is missing');
  return parsed;
}

/** A column that holds JSON; undefined for null. @throws DamagedValue */
export function jsonOf(value: SQLOutputValue | undefined): unknown {
  if (value == null) return undefined;
  try {
    return JSON.parse(String(value));
  } catch {
    throw new DamagedValue('JSON is missing');
  }
}

/** What a column that holds JSON is given; null for undefined. */
export function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function isTexts(value: unknown): value is Record<string, string> {
  return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

/** 0 for null. */
export function numberOf(value: SQLOutputValue | undefined): number {
  return value == null ? 0 : Number(value);
}

/** A word of a set. @throws RunFault runDamaged for any other: what is not understood is never taken for something else */
export function oneOf<Word extends string>(
  db: DatabaseSync,
  words: readonly Word[],
  value: SQLOutputValue | undefined,
): Word {
  const word = words.find((each) => each === value);
  if (word === undefined) throw damagedRun(db, `${String(value)} is none of ${words.join(', ')}`);
  return word;
}

/** The file holds what this version never writes. */
export function damagedRun(db: DatabaseSync, what: string): RunFault {
  return new RunFault('runDamaged', { folder: folderOf(db), why: what });
}

export function folderOf(db: DatabaseSync): string {
  return path.dirname(files.get(db) ?? '');
}

async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (...warning: readonly unknown[]): void => {
    if (!String(warning[0]).startsWith('SQLite is an experimental feature')) {
      Reflect.apply(emitWarning, undefined, warning);
    }
  };
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
