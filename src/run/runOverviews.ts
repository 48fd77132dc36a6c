/** Reads run folders for `runs` and `sf doctor`: nothing in them is changed, and no other command is kept out. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { RunFault } from '../model/faults.js';
import { asksForNewPlan } from '../model/guards.js';
import type { RememberedRun, RunOverview } from '../model/runs/runOverview.js';
import { databaseFault } from '../store/diskFault.js';
import { readMeta, requireMeta } from '../store/meta.js';
import { countChangedInPart } from '../store/queries/assignmentSteps.js';
import { countSubjects, kindNames, runStateOf } from '../store/queries/counts.js';
import { countSyncUndo } from '../store/queries/sourceRows.js';
import { hasSyncFacts } from '../store/queries/syncSteps.js';
import { readNewUsers } from '../store/queries/takenOfOrg.js';
import { readRunDatabase } from '../store/runDatabase.js';
import { exportNames, findRunFolder } from '../store/runFolder.js';
import { readFindings, readMode, readOperation, readOrgKind } from '../store/runResult.js';
import { decisionFlags } from './standing.js';

/** One by one, in the order of the folders; without those that are gone. */
export async function* runOverviews(folders: readonly string[]): AsyncGenerator<RememberedRun> {
  for (const folder of folders) if (await isFolder(folder)) yield await readRemembered(folder);
}

async function isFolder(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true;
}

async function readRemembered(folder: string): Promise<RememberedRun> {
  try {
    return { folder, run: await withRunRead(folder, overviewOf) };
  } catch (error) {
    if (error instanceof RunFault) return { folder, fault: error };
    throw error;
  }
}

/** @throws RunFault notARunFolder, runLocked, runDamaged, runVersion, planIncomplete, folderNotWritable */
export async function withRunRead<T>(given: string, read: (db: DatabaseSync, folder: string) => T): Promise<T> {
  const folder = await findRunFolder(given);
  const db = await readRunDatabase(folder);
  try {
    return read(db, folder);
  } catch (error) {
    throw databaseFault(error, folder);
  } finally {
    db.close();
  }
}

function overviewOf(db: DatabaseSync, folder: string): RunOverview {
  const counts = countSubjects(db);
  const isStarted = readMeta(db, 'startedAt') !== undefined;
  return {
    operation: readOperation(db),
    mode: readMode(db),
    state: runStateOf(db, counts),
    plannedAt: requireMeta(db, 'plannedAt'),
    orgId: requireMeta(db, 'orgId'),
    orgKind: readOrgKind(db),
    username: requireMeta(db, 'username'),
    isAgreed: readMeta(db, 'consentAt') !== undefined,
    openFlags: isStarted ? [] : decisionFlags(db),
    needsNewPlan: !isStarted && asksForNewPlan(readFindings(db)),
    counts,
    changedInPart: countChangedInPart(db),
    newUsers: readNewUsers(db),
    fromRun: readMeta(db, 'fromRun'),
    sync: hasSyncFacts(db) ? countSyncUndo(db) : undefined,
    undoFile: kindNames(db).length === 1 ? path.join(folder, exportNames.succeeded) : undefined,
  };
}
