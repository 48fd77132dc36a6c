/** Makes the folder of a new run with its database, and takes both away again if the plan can't be made. */
import path from 'node:path';
import { clearAbandonedPlan } from './abandonedPlan.js';
import { createRunDatabase } from './runDatabase.js';
import type { OpenRun } from './driveRun.js';
import { faultOf, RunFault } from './runFault.js';
import { makeRunFolder } from './runFolder.js';

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
  if (outputDir !== undefined) await clearAbandonedPlan(path.resolve(outputDir));
  const folder = await makeRunFolder(outputDir, operation, new Date());
  let run: OpenRun | undefined;
  try {
    run = { folder: folder.path, db: await createRunDatabase(folder.path) };
    await plan(run);
    return run;
  } catch (error) {
    run?.db.close();
    await folder.discard();
    const fault = faultOf(error, folder.path);
    throw fault instanceof RunFault && fault.code === 'diskFull' ? new RunFault('noRoomForPlan', fault.tokens) : fault;
  }
}
