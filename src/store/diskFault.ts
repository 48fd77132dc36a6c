/**
 * What a full disk, missing rights or another process do to a run folder: by the code of the error, and by the place. That the
 * folder is gone is noticed by `transaction` in src/store/sqlite.ts.
 */
import { codeOfError, RunFault } from '../model/faults.js';
import { OrgError } from '../model/orgError.js';
import { DamagedValue } from './sqlite.js';

/** @throws RunFault diskFull, folderNotWritable, runLocked, runDamaged where `work`, which is done in the folder alone, fails so */
export async function atRunFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw folderFault(error, folder);
  }
}

/** An error of what was done in the run folder alone. Errors of other kinds stay what they are. */
export function folderFault<T>(error: T, folder: string): T | RunFault {
  // A call to the org can fail with a code of the system, too: that says nothing of the folder.
  if (error instanceof OrgError) return error;
  const code = codeOfError(error);
  if (!(error instanceof Error) || code === undefined) return error;
  if (noRoom.has(code)) return new RunFault('diskFull', { folder });
  if (notWritable.has(code)) return new RunFault('folderNotWritable.run', { folder, why: error.message });
  return databaseFault(error, folder);
}

/** An error of run.db, wherever it was caught. Errors of other kinds, also of Node's file system, stay what they are. */
export function databaseFault<T>(error: T, folder: string): T | RunFault {
  if (!(error instanceof Error)) return error;
  if (error instanceof DamagedValue) return new RunFault('runDamaged', { folder, why: error.message });
  switch (sqliteCodeOf(error)) {
    case sqlite.full:
    // What a quota, a greatest size of files or a broken disk is told as, too.
    case sqlite.ioError:
      return new RunFault('diskFull', { folder });
    case sqlite.readOnly:
    case sqlite.cantOpen:
      return new RunFault('folderNotWritable.run', { folder, why: error.message });
    case sqlite.busy:
    case sqlite.locked:
      return new RunFault('runLocked', { folder });
    case sqlite.corrupt:
    case sqlite.notADatabase:
      return new RunFault('runDamaged', { folder, why: error.message });
    default:
      return error;
  }
}

/** SQLite's primary result code, without what its extended code adds in the higher bits; undefined for other errors. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || codeOfError(error) !== 'ERR_SQLITE_ERROR') return undefined;
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Result codes (sqlite.org/rescode.html). */
export const sqlite = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
} as const;

/** Of the system: a full disk, a quota, a greatest size of files. */
const noRoom: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Somebody else's, held open by another program, no file, or taken away. */
const notWritable: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EISDIR', 'ENOENT', 'ENOTDIR']);
