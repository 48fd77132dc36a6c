/** run.db: its tables, its version, and opening it. It is the truth of a run; every CSV is an export of it. */
import { access, chmod, constants } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { atRunFolder, databaseFault, sqliteCodeOf } from './diskFault.js';
import { readMeta, writeMeta } from './meta.js';
import { databaseName } from './runFolder.js';
import { RunFault } from '../model/faults.js';
import { openSqlite, selectNumber, selectRows, textOf, transaction, type Row } from './sqlite.js';

/** Raised whenever a table changes: a run folder of another version is refused, never guessed at. */
const schemaVersion = 4;

/**
 * `record`: one row per selected contact. `action` says what the plan decided; `state` (planned, sent, userReady,
 * succeeded, failed) belongs to rows with action create, assign or change: userReady has its user and waits for its permission
 * sets, which are in `assignment` (planned, sent, done, failed). Wave 0 goes first. `job`: planned → created → uploaded → closed → complete → collected.
 */
const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE record (
    n INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    line INTEGER,
    cells TEXT NOT NULL,
    contactId TEXT,
    accountId TEXT,
    contactName TEXT,
    accountName TEXT,
    action TEXT NOT NULL,
    reason TEXT,
    detailText TEXT,
    detailFacts TEXT,
    fieldValues TEXT,
    isActive TEXT GENERATED ALWAYS AS (json_extract(fieldValues, '$.IsActive')) VIRTUAL,
    profileId TEXT,
    family TEXT,
    wave INTEGER NOT NULL DEFAULT 1,
    username TEXT,
    nickname TEXT,
    givenNickname TEXT,
    givenFederationId TEXT,
    userId TEXT,
    rowId TEXT,
    snapshot TEXT,
    after TEXT,
    state TEXT,
    job INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    notBefore INTEGER NOT NULL DEFAULT 0,
    created TEXT,
    failedStep TEXT,
    errorCode TEXT,
    errorMessage TEXT
  );
  CREATE TABLE job (
    n INTEGER PRIMARY KEY,
    work TEXT NOT NULL,
    id TEXT,
    state TEXT NOT NULL,
    family TEXT NOT NULL,
    size INTEGER NOT NULL,
    most INTEGER NOT NULL,
    canary INTEGER NOT NULL,
    createdDate TEXT,
    createdById TEXT,
    orgState TEXT,
    errorMessage TEXT,
    milliseconds INTEGER NOT NULL DEFAULT 0,
    again INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE assignment (
    n INTEGER PRIMARY KEY,
    record INTEGER NOT NULL,
    permissionSetId TEXT NOT NULL,
    name TEXT NOT NULL,
    isGroup INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'planned',
    job INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    notBefore INTEGER NOT NULL DEFAULT 0,
    errorCode TEXT,
    errorMessage TEXT,
    UNIQUE (record, permissionSetId)
  );
  CREATE TABLE event (n INTEGER PRIMARY KEY, time TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL);
`;

/**
 * Made once the plan is complete: loading first and indexing afterwards is cheaper. They hold all that is counted again and
 * again, as a row is wide and a look at each takes long.
 */
const indexes = `
  CREATE INDEX IF NOT EXISTS recordState ON record (state, family, wave, accountId, n, notBefore, action, profileId, created,
    isActive)
    WHERE state IS NOT NULL;
  CREATE INDEX IF NOT EXISTS recordDecided ON record (action, reason) WHERE state IS NULL;
  CREATE INDEX IF NOT EXISTS recordJob ON record (job) WHERE job IS NOT NULL;
  CREATE INDEX IF NOT EXISTS assignmentJob ON assignment (job) WHERE job IS NOT NULL;
`;

/**
 * Makes the database, or takes over one whose process died while it made the plan: nothing was written to the org then. The
 * lock comes first: who holds it owns the folder.
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
      for (const { name } of tablesOf(db)) db.exec(`DROP TABLE ${textOf(name)}`);
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

/** @throws RunFault runLocked, runDamaged, runVersion, planIncomplete (of a file without tables), folderNotWritable */
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
    const version = selectNumber(db, 'PRAGMA user_version');
    const isEmpty = selectNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0;
    if (version === 0 && isEmpty) throw new RunFault('planIncomplete', { folder });
    if (version !== schemaVersion) {
      const [found, expected] = [String(version), String(schemaVersion)];
      throw new RunFault('runVersion', { folder, found, expected });
    }
    if (selectNumber(db, "SELECT quick_check = 'ok' FROM pragma_quick_check") !== 1) {
      throw new RunFault('runDamaged', { folder, why: 'quick_check' });
    }
    return db;
  } catch (error) {
    db.close();
    throw toOpenFault(error, folder);
  }
}

/** A folder that was copied or unpacked may have lost its rights. Who does not own it can't set them: SQLite tells then. */
async function makePrivate(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined);
  for (const end of ['', '-wal', '-shm']) {
    await chmod(path.join(folder, databaseName + end), 0o600).catch(() => undefined);
  }
}

export function indexRecords(db: DatabaseSync): void {
  db.exec(indexes);
}

/** Everything in one file again, so that the folder can be moved whole. */
export function closeRunDatabase(db: DatabaseSync): void {
  if (!db.isOpen) return;
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // On a full disk the log stays beside the file; SQLite reads both when the run is opened again.
  }
  db.close();
}

/** What stands in the place of a new database. Errors of other kinds, such as a full disk, stay what they are. */
function toClaimFault(error: unknown, folder: string): unknown {
  const fault = databaseFault(error, folder);
  if (!(fault instanceof RunFault)) return error;
  if (fault.code === 'runLocked') return fault;
  return fault.code === 'runDamaged' ? new RunFault('folderNotEmpty', { folder }) : error;
}

/** What SQLite does not do with a database that is there; one that it can't read is damaged. */
function toOpenFault(error: unknown, folder: string): unknown {
  const fault = databaseFault(error, folder);
  if (fault instanceof RunFault || sqliteCodeOf(fault) === undefined) return fault;
  return new RunFault('runDamaged', { folder, why: fault instanceof Error ? fault.message : String(fault) });
}
