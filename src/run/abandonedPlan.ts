/** What is left of a process that died while it made a plan: a folder of which nothing was written to the org. */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { readMeta } from './meta.js';
import { closeRunDatabase, openRunDatabase } from './runDatabase.js';
import { RunFault } from './runFault.js';
import { databaseName, ignoreEverything, ignoreName } from './runFolder.js';

/**
 * Empties the folder if it holds such a plan and nothing else, so that the same command can be given again.
 * @throws RunFault runLocked: another process is making the plan right now
 */
export async function clearAbandonedPlan(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const isOurs = names.every((name) => name === ignoreName || name.startsWith(databaseName));
  if (!isOurs || !(await isIgnoreOurs(folder, names)) || !(await isPlanIncomplete(folder, names))) return;
  // The mark that the folder is ours goes last: this process may die as well.
  for (const name of [...names].sort().reverse()) await rm(path.join(folder, name), { force: true });
}

/** Written by us, perhaps not to its end. */
async function isIgnoreOurs(folder: string, names: readonly string[]): Promise<boolean> {
  if (!names.includes(ignoreName)) return false;
  return ['', ignoreEverything].includes(await readFile(path.join(folder, ignoreName), 'utf8'));
}

async function isPlanIncomplete(folder: string, names: readonly string[]): Promise<boolean> {
  if (!names.includes(databaseName)) return true;
  try {
    const db = await openRunDatabase(folder);
    const isComplete = readMeta(db, 'plannedAt') !== undefined;
    closeRunDatabase(db);
    return !isComplete;
  } catch (error) {
    if (!(error instanceof RunFault) || error.code === 'runLocked') throw error;
    return error.code === 'planIncomplete';
  }
}
