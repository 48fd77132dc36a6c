/** A run's folder: made private, named by the time, found again. */
import { chmod, mkdir, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunFault } from './runFault.js';

export const databaseName = 'run.db';

/** Keeps the folder out of git. */
export const ignoreName = '.gitignore';
export const ignoreEverything = '*\n';

export const exportNames = {
  users: 'users.csv',
  unchanged: 'unchanged.csv',
  refused: 'refused.csv',
  succeeded: 'succeeded.csv',
  failed: 'failed.csv',
  snapshot: 'snapshot.csv',
  createAgain: 'create-again.csv',
  summary: 'summary.md',
} as const;

export type ExportName = keyof typeof exportNames;

export type RunFolder = {
  /** Absolute. */
  readonly path: string;
  /** Takes everything away again that was made; for a plan that could not be finished. */
  readonly discard: () => Promise<void>;
};

/**
 * Makes the folder of a new run: 0700, with a .gitignore of its own.
 * @param wanted from --output-dir: must not exist, or be empty
 * @throws RunFault folderNotEmpty, folderNotWritable
 */
export async function makeRunFolder(wanted: string | undefined, operation: string, now: Date): Promise<RunFolder> {
  try {
    const made = wanted === undefined ? await makeDefaultFolder(operation, now) : await makeWantedFolder(wanted);
    // The umask may have taken rights away, or an empty folder may have been open to others.
    await chmod(made.path, 0o700);
    await writeFile(path.join(made.path, ignoreName), ignoreEverything, { mode: 0o600 });
    return { path: made.path, discard: () => discard(made) };
  } catch (error) {
    if (error instanceof RunFault) throw error;
    throw new RunFault('folderNotWritable', [path.resolve(wanted ?? defaultParent), errnoOf(error)]);
  }
}

type Made = { readonly path: string; readonly existed: boolean };

async function discard({ path: folder, existed }: Made): Promise<void> {
  for (const entry of await readdir(folder)) await rm(path.join(folder, entry), { recursive: true });
  if (!existed) await rmdir(folder);
}

const defaultParent = 'portal-users';

async function makeWantedFolder(wanted: string): Promise<Made> {
  const folder = path.resolve(wanted);
  const existed = !(await makeFolders(folder));
  if ((await readdir(folder)).length > 0) throw new RunFault('folderNotEmpty', [folder]);
  return { path: folder, existed };
}

/**
 * Makes a folder and those above it; false when it was there. Node's own recursive mkdir never returns where the system
 * answers ENOENT for a folder whose parent exists, as below /proc.
 */
async function makeFolders(folder: string): Promise<boolean> {
  const existing = await stat(folder).catch(() => undefined);
  if (existing?.isDirectory() === true) return false;
  if (existing === undefined) await makeFolders(path.dirname(folder));
  await mkdir(folder, { mode: 0o700 });
  return true;
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

/** False when the name is taken, by a run that was started in the same second. */
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
  const database = await stat(path.join(folder, databaseName)).catch(() => undefined);
  if (database?.isFile() !== true) throw new RunFault('notARunFolder', [folder]);
  return folder;
}

/** The system's error code, such as ENOSPC; the message for what has none. */
function errnoOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
