/** run.db: making it, opening it, closing it. It is the truth of a run; every CSV is an export of it. */
import { access, chmod, constants } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { atRunFolder, databaseFault, sqliteCodeOf } from './diskFault.js';
import { readMeta, writeMeta } from './meta.js';
import { databaseName } from './runFolder.js';
import { RunFault } from '../model/faults.js';
import { checkTables } from './integrity.js';
import { indexes, schema, schemaVersion } from './schema.js';
import {
  openSqlite,
  openSqliteToRead,
  requiredText,
  selectNumber,
  selectRows,
  transaction,
  type Row,
} from './sqlite.js';

/**
 * Makes the database, or takes over one whose process died while it made the plan: nothing was written to the org then. The
 * lock comes first: its holder owns the folder.
 * @throws RunFault runLocked, folderNotEmpty
 */
export async function createRunDatabase(folder: string): Promise<DatabaseSync> {
  const file = path.join(folder, databaseName);
  const db = await openSqlite(file).catch((error: unknown) => {
    throw toClaimFault(error, folder);
  });
  try {
    for (const name of [file, `${file}-wal`]) await chmod(name, 0o600);
    if (!isUnfinishedPlan(db)) throw new RunFault('folderNotEmpty', { folder });
    transaction(db, () => {
      for (const { name } of tablesOf(db)) db.exec(`DROP TABLE ${requiredText(name)}`);
      db.exec(schema);
      db.exec(`PRAGMA user_version = ${String(schemaVersion)}`);
    });
    // A plan that is not complete counts for nothing, so its pages need not be on the disk one by one.
    db.exec('PRAGMA synchronous = NORMAL');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Whether a database is new, or a plan was begun in it and never completed. */
function isUnfinishedPlan(db: DatabaseSync): boolean {
  const version = selectNumber(db, 'PRAGMA user_version');
  if (tablesOf(db).length === 0) return version === 0;
  return version === schemaVersion && readMeta(db, 'plannedAt') === undefined;
}

function tablesOf(db: DatabaseSync): Row[] {
  return [...selectRows(db, "SELECT name FROM sqlite_schema WHERE type = 'table'")];
}

/** From now on, what is recorded is on the disk before anything else happens. */
export function completePlan(db: DatabaseSync): void {
  db.exec('PRAGMA synchronous = FULL');
  writeMeta(db, { plannedAt: new Date().toISOString() });
}

/** Opens a run whose plan is complete. @throws RunFault runLocked, runDamaged, runVersion, planIncomplete, folderNotWritable */
export async function openRunDatabase(folder: string): Promise<DatabaseSync> {
  await makePrivate(folder);
  const file = path.join(folder, databaseName);
  // SQLite says "disk I/O error" of a folder that may only be read.
  await atRunFolder(folder, async () => {
    for (const name of [folder, file]) await access(name, constants.R_OK | constants.W_OK);
  });
  const db = await openSqlite(file).catch((error: unknown) => {
    throw toOpenFault(error, folder);
  });
  try {
    checkVersion(db, folder);
    if (selectNumber(db, "SELECT quick_check = 'ok' FROM pragma_quick_check") !== 1) {
      throw new RunFault('runDamaged', { folder, why: 'quick_check' });
    }
    checkPlan(db, folder);
    return db;
  } catch (error) {
    db.close();
    throw toOpenFault(error, folder);
  }
}

/** Opens such a run only to read it, and looks no further than at its tables. @throws the same, but needs no right to write */
export async function readRunDatabase(folder: string): Promise<DatabaseSync> {
  const db = await openSqliteToRead(path.join(folder, databaseName)).catch((error: unknown) => {
    throw toOpenFault(error, folder);
  });
  try {
    checkVersion(db, folder);
    checkPlan(db, folder);
    return db;
  } catch (error) {
    db.close();
    throw toOpenFault(error, folder);
  }
}

/** @throws RunFault runVersion, planIncomplete */
function checkVersion(db: DatabaseSync, folder: string): void {
  const version = selectNumber(db, 'PRAGMA user_version');
  const isEmpty = selectNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (version === 0 && isEmpty) throw new RunFault('planIncomplete', { folder });
  if (version === schemaVersion) return;
  const [found, expected] = [String(version), String(schemaVersion)];
  throw new RunFault('runVersion', { folder, found, expected });
}

/** @throws RunFault runDamaged, planIncomplete */
function checkPlan(db: DatabaseSync, folder: string): void {
  checkTables(db);
  if (readMeta(db, 'plannedAt') === undefined) throw new RunFault('planIncomplete', { folder });
}

/** A folder that was copied or unpacked may have lost its rights. Only the owner can set them; SQLite tells of a failure. */
async function makePrivate(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined);
  for (const end of ['', '-wal', '-shm']) {
    await chmod(path.join(folder, databaseName + end), 0o600).catch(() => undefined);
  }
}

export function indexPlan(db: DatabaseSync): void {
  db.exec(indexes);
}

/**
 * Everything in one file again, so that the folder can be moved whole: SQLite does so when the last one closes it
 * (sqlite.org/wal.html). On a full disk the log stays beside the file, and SQLite reads both when the run is opened again.
 */
export function closeRunDatabase(db: DatabaseSync): void {
  if (db.isOpen) db.close();
}

/** For a database that is about to be deleted: to close it takes the log away, which could be that of somebody else by then. */
export function dropLog(db: DatabaseSync): void {
  try {
    db.exec('PRAGMA journal_mode = MEMORY');
  } catch {
    // On a full disk it stays.
  }
}

/** What stands in the place of a new database. Errors of other kinds, such as a full disk, stay what they are. */
function toClaimFault(error: unknown, folder: string): unknown {
  const fault = databaseFault(error, folder);
  if (!(fault instanceof RunFault)) return error;
  if (fault.code === 'runLocked') return fault;
  return fault.code === 'runDamaged' ? new RunFault('folderNotEmpty', { folder }) : error;
}

/** What SQLite does not do with an existing database; one that it can't read is damaged. */
function toOpenFault(error: unknown, folder: string): unknown {
  const fault = databaseFault(error, folder);
  if (fault instanceof RunFault || sqliteCodeOf(fault) === undefined) return fault;
  return new RunFault('runDamaged', { folder, why: fault instanceof Error ? fault.message : String(fault) });
}
