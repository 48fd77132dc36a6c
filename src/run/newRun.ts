/** Makes the folder of a new run with its database, and takes both away again if the plan can't be made. */
import type { DatabaseSync } from 'node:sqlite';
import { databaseFault, folderFault } from '../store/diskFault.js';
import { createRunDatabase, dropLog } from '../store/runDatabase.js';
import type { OpenRun } from './openRun.js';
import { RunFault } from '../model/faults.js';
import { makeRunFolder, type RunFolder } from '../store/runFolder.js';

/**
 * @param outputDir from --output-dir
 * @param plan fills run.db
 * @returns a run whose plan is complete; the caller drives it, which closes it
 * @throws what `plan` throws; RunFault folderNotEmpty, folderInRun, folderNotWritable, runLocked, noRoomForPlan; no run folder
 * is left then
 */
export async function makeRun(
  outputDir: string | undefined,
  operation: string,
  plan: (run: OpenRun) => Promise<void>,
): Promise<OpenRun> {
  const folder = await makeRunFolder(outputDir, operation, new Date()).catch((error: unknown) => {
    throw planFault(error);
  });
  const run = { folder: folder.path, db: await claim(folder) };
  try {
    await plan(run);
    return run;
  } catch (error) {
    await giveUp(folder, run.db);
    throw planFault(databaseFault(error, folder.path));
  }
}

/** A folder that is somebody else's is left as it is. */
async function claim(folder: RunFolder): Promise<DatabaseSync> {
  try {
    return await createRunDatabase(folder.path);
  } catch (error) {
    if (!(error instanceof RunFault)) await folder.discard();
    throw planFault(folderFault(error, folder.path));
  }
}

/** Nothing is recorded yet that resume could go on with. */
function planFault(fault: unknown): unknown {
  const isFull = fault instanceof RunFault && fault.key === 'diskFull';
  return isFull ? new RunFault('noRoomForPlan', { folder: fault.facts['folder'] ?? '' }) : fault;
}

/** The lock is held until all is gone: nobody can have begun with the folder before. */
async function giveUp(folder: RunFolder, db: DatabaseSync): Promise<void> {
  dropLog(db);
  // Windows deletes no file that is open.
  if (process.platform === 'win32') db.close();
  await folder.discard();
  if (db.isOpen) db.close();
}
