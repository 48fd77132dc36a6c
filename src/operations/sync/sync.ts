/** `sync`: makes the org as a definition declares it, and only that. What reads definitions is loaded where one is read. */
import { syncFiles } from '../../files/syncFiles.js';
import { assignPermissionSet } from '../../kinds/assignPermissionSet.js';
import { createUser } from '../../kinds/createUser.js';
import { removeKinds } from '../../kinds/removeAssignment.js';
import { setProfile } from '../../kinds/setProfile.js';
import { checkPlannedUsers } from '../../preflight/planChecks.js';
import { checkAssignments, checkSteps } from '../../store/integrity.js';
import { requireMeta, requireMetaList } from '../../store/meta.js';
import { readSyncFacts } from '../../store/queries/syncSteps.js';
import { readMode } from '../../store/runResult.js';
import { damagedRun } from '../../store/sqlite.js';
import type { Operation } from '../operation.js';
import { confirmSync } from './confirmSync.js';
import { guardSync } from './syncGuards.js';

/** Kinds of steps that a plan of sync may have. */
const kinds = [
  ...[createUser.name, assignPermissionSet.name, 'setFrozen', 'setActive', setProfile.name],
  ...removeKinds.map(({ name }) => name),
];

export const sync: Operation = {
  checkRun: (db) => {
    syncFiles(db);
    checkSteps(db, kinds);
    checkAssignments(db);
    readSyncFacts(db);
    for (const key of ['definition', 'definitionPath', 'orgTime'] as const) requireMeta(db, key);
    requireMetaList(db, 'protect');
    if (readMode(db) !== undefined) throw damagedRun(db, 'meta: a mode');
  },
  readsOfOrg: () => ({ permissionSets: true }),
  check: checkPlannedUsers,
  guard: guardSync,
  confirm: confirmSync,
  lookAgain: async (again) => {
    const { followSyncDrift } = await import('./syncDrift.js');
    return followSyncDrift(again);
  },
  files: syncFiles,
};
