/** Opens SQLite files durably and for one process only; keeps Node's ExperimentalWarning for SQLite off the screen. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
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
    db.function('lowerCase', { deterministic: true }, (text) => textOf(text).toLowerCase());
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const files = new WeakMap<DatabaseSync, string>();

/** Whether the file still has its name. SQLite goes on without it, and what it writes then is lost. */
export function isInPlace(db: DatabaseSync): boolean {
  return existsSync(files.get(db) ?? '');
}

/** All that `work` writes becomes durable together, or not at all. @throws RunFault folderGone */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  if (!isInPlace(db)) throw new RunFault('folderGone', { folder: path.dirname(files.get(db) ?? '') });
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

/** The rows of a query, one by one. */
export function* selectRows(db: DatabaseSync, sql: string, ...values: SQLInputValue[]): Generator<Row> {
  for (const row of db.prepare(sql).iterate(...values)) yield row;
}

/** The single number that a query gives; 0 for null or no row. */
export function selectNumber(db: DatabaseSync, sql: string, ...values: SQLInputValue[]): number {
  const row = db.prepare(sql).get(...values);
  return row === undefined ? 0 : numberOf(Object.values(row)[0] ?? null);
}

/** A column as text; '' for null. */
export function textOf(value: SQLOutputValue | undefined): string {
  return value == null ? '' : String(value);
}

/** A column that holds a JSON object of texts. */
export function textsOf(value: SQLOutputValue | undefined): Readonly<Record<string, string>> {
  const parsed: unknown = JSON.parse(textOf(value) || '{}');
  if (isTexts(parsed)) return parsed;
  return Object.fromEntries(Object.entries(parsed ?? {}).map(([name, text]) => [name, String(text)]));
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}

export function textOrNull(value: SQLOutputValue | undefined): string | null {
  return value == null ? null : String(value);
}

export function numberOf(value: SQLOutputValue | undefined): number {
  return value == null ? 0 : Number(value);
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
