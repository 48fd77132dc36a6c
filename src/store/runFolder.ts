/** A run's folder: made private, named by the time, found again. */
import { chmod, mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOfError, RunFault } from '../model/faults.js';
import { folderFault } from './diskFault.js';

export const databaseName = 'run.db';

/** Keeps the folder out of git. */
const ignoreName = '.gitignore';
const ignoreEverything = '*\n';

export const exportNames = {
  users: 'users.csv',
  unchanged: 'unchanged.csv',
  refused: 'refused.csv',
  succeeded: 'succeeded.csv',
  failed: 'failed.csv',
  unknown: 'unknown.csv',
  snapshot: 'snapshot.csv',
  createAgain: 'create-again.csv',
  summary: 'summary.md',
  report: 'report.html',
} as const;

export type ExportName = keyof typeof exportNames;

export type RunFolder = {
  /** Absolute. */
  readonly path: string;
  /** Takes everything away again that was made, for a plan that could not be finished; only for who holds run.db. */
  readonly discard: () => Promise<void>;
};

/**
 * Makes the folder of a new run: 0700, with a .gitignore of its own.
 * @param wanted from --output-dir: must not exist, be empty, or hold no more than what a plan begins with
 * @throws RunFault folderNotEmpty, folderInRun, folderNotWritable, diskFull; no new folder is left then
 */
export async function makeRunFolder(wanted: string | undefined, operation: string, now: Date): Promise<RunFolder> {
  try {
    const made = wanted === undefined ? await makeDefaultFolder(operation, now) : await makeWantedFolder(wanted);
    await markPrivate(made);
    return { path: made.path, discard: () => discard(made) };
  } catch (error) {
    if (error instanceof RunFault) throw error;
    const folder = path.resolve(wanted ?? defaultParent);
    const fault = folderFault(error, folder);
    if (fault instanceof RunFault && fault.key === 'diskFull') throw fault;
    throw new RunFault('folderNotWritable', { folder, why: errnoOf(error) });
  }
}

/** Where that fails nothing is left that was made; a run.db is of a process that has died, and its mark stays with it. */
async function markPrivate({ path: folder, existed }: Made): Promise<void> {
  const ignore = path.join(folder, ignoreName);
  try {
    // The umask may have taken rights away, or an empty folder may have been open to others.
    await chmod(folder, 0o700);
    await writeFile(ignore, ignoreEverything, { mode: 0o600 });
  } catch (error) {
    if (!(await isRunFolder(folder))) await rm(ignore, { force: true }).catch(() => undefined);
    if (!existed) await rmdir(folder).catch(() => undefined);
    throw error;
  }
}

type Made = { readonly path: string; readonly existed: boolean };

/** What somebody else has put into the folder meanwhile is left, and keeps it. */
async function discard({ path: folder, existed }: Made): Promise<void> {
  for (const name of ownNames) await rm(path.join(folder, name), { force: true });
  if (!existed) await rmdir(folder).catch(() => undefined);
}

/** What a plan begins with. The mark that the folder is ours goes last: a process may die while it takes them away. */
const ownNames: readonly string[] = [databaseName, `${databaseName}-wal`, `${databaseName}-shm`, ignoreName];

const defaultParent = 'portal-users';

async function makeWantedFolder(wanted: string): Promise<Made> {
  const folder = path.resolve(wanted);
  // There its name may be one that the other run has for a file.
  if (await isRunFolder(path.dirname(folder))) throw new RunFault('folderInRun', { folder });
  const existed = (await makeFolders(folder)).length === 0;
  if (!(await isFree(folder)))
    throw new RunFault((await isRunFolder(folder)) ? 'folderNotEmpty.run' : 'folderNotEmpty', { folder });
  return { path: folder, existed };
}

/** Whether it is empty, or a process may have died there while it made a plan: run.db tells. */
async function isFree(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  if (names.length === 0) return true;
  if (!names.includes(ignoreName) || !names.every((name) => ownNames.includes(name))) return false;
  // Written by us, perhaps not to its end.
  return ['', ignoreEverything].includes(await readFile(path.join(folder, ignoreName), 'utf8'));
}

/**
 * Makes a folder and those above it. Node's own recursive mkdir never returns where the system answers ENOENT for a folder
 * whose parent exists, as below /proc.
 * @returns those that were made, outermost first; when one can't be made, none is left
 */
async function makeFolders(folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (let each = folder; !(await isThere(each)); each = path.dirname(each)) missing.unshift(each);
  const made: string[] = [];
  try {
    for (const each of missing) if (await makeNew(each)) made.push(each);
  } catch (error) {
    for (const each of made.toReversed()) await rmdir(each).catch(() => undefined);
    throw error;
  }
  return made;
}

/** A file in the place of a folder exists, too: what is made below it fails, and says why. */
async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => path.dirname(folder) === folder,
  );
}

async function makeDefaultFolder(operation: string, now: Date): Promise<Made> {
  const parent = path.resolve(defaultParent);
  await makeFolders(parent);
  const name = `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${operation}`;
  for (let attempt = 1; ; attempt++) {
    const folder = path.join(parent, attempt === 1 ? name : `${name}-${String(attempt)}`);
    if (await makeNew(folder)) return { path: folder, existed: false };
  }
}

/** False when somebody else has made it meanwhile, such as a run that was started in the same second. */
async function makeNew(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @throws RunFault notARunFolder */
export async function findRunFolder(given: string): Promise<string> {
  const folder = path.resolve(given);
  if (!(await isRunFolder(folder))) throw new RunFault('notARunFolder', { folder });
  return folder;
}

async function isRunFolder(folder: string): Promise<boolean> {
  const database = await stat(path.join(folder, databaseName)).catch(() => undefined);
  return database?.isFile() === true;
}

/** The system's error code, such as ENOSPC; the message for what has none. */
function errnoOf(error: unknown): string {
  return codeOfError(error) ?? (error instanceof Error ? error.message : String(error));
}
