/** Takes a run up again: the folder is opened, the org is looked at anew, and the plan is brought up to date. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { checkChange } from '../preflight/changeChecks.js';
import { findMode } from '../model/modes.js';
import { wantedPermissionSetIds } from '../store/assignmentRecords.js';
import { lookAtUsersAgain } from '../operations/changeDrift.js';
import type { Clock } from '../engine/clock.js';
import { judgeChecks } from '../preflight/checksFailed.js';
import type { DriveOptions, PreparedOrg } from './driveRun.js';
import { followDrift } from '../operations/drift.js';
import { readMeta, writeMeta } from '../store/meta.js';
import { readOrgFacts } from '../preflight/orgFacts.js';
import { checkPlan } from '../preflight/planChecks.js';
import { countPending, hasSent } from '../store/runCounts.js';
import { openRunDatabase } from '../store/runDatabase.js';
import type { StopRequest } from '../model/runEnd.js';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import { findRunFolder } from '../store/runFolder.js';

export type ResumeRequest = {
  readonly folder: string;
  /** Default: what the run was begun with. */
  readonly maxUsers: number | undefined;
  readonly strict: boolean;
  readonly allowWelcomeEmails: boolean;
};

export type ResumedRun = Pick<DriveOptions, 'run' | 'prepare' | 'guards' | 'dryRun'>;

/**
 * @param connect called with the run's own API version
 * @returns the run, to be driven; its `prepare` throws RunFault otherOrg, ChecksFailed and OrgError
 * @throws RunFault notARunFolder, runLocked, runDamaged, runVersion, planIncomplete
 */
export async function resumeRun(
  request: ResumeRequest,
  connect: (apiVersion: string) => Promise<OrgClient>,
): Promise<ResumedRun> {
  const folder = await findRunFolder(request.folder);
  const db = await openRunDatabase(folder);
  try {
    if (readMeta(db, 'plannedAt') === undefined) throw new RunFault('planIncomplete', { folder });
    const isNew = !hasSent(db);
    const guards = {
      maxUsers: request.maxUsers ?? Number(readMeta(db, 'maxUsers')),
      strict: request.strict || readMeta(db, 'strict') === 'true',
      allowWelcomeEmails: request.allowWelcomeEmails || readMeta(db, 'allowWelcomeEmails') === 'true',
    };
    const prepare: DriveOptions['prepare'] = async (emit, connected) => {
      const client = await connect(readMeta(db, 'apiVersion') ?? '');
      connected(client);
      checkOrgOfRun(db, folder, client, emit);
      forgetPauses(db);
      writeMeta(db, { dryRun: 'false' });
      return lookAgain(db, client, emit, isNew);
    };
    return { run: { folder, db }, prepare, guards, dryRun: false };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Rows that were refused for now are tried at once: the clock by which they were to wait may be another machine's. */
function forgetPauses(db: DatabaseSync): void {
  for (const table of ['record', 'assignment']) db.exec(`UPDATE ${table} SET notBefore = 0 WHERE notBefore > 0`);
}

/** A finished run needs nothing of the org. @throws ChecksFailed for a run that has not begun; OrgError */
async function lookAgain(
  db: DatabaseSync,
  client: OrgClient,
  emit: Emit,
  isNew: boolean,
): Promise<PreparedOrg | undefined> {
  if (countPending(db) === 0) return undefined;
  emit({ type: 'stage', stage: 'check' });
  const mode = findMode(readMeta(db, 'mode'));
  const facts = await readOrgFacts(client, mode === 'activate' || wantedPermissionSetIds(db).length > 0);
  if (isNew) judgeChecks(mode === undefined ? checkPlan(db, facts) : checkChange(facts, mode));
  const lookAgain = (stop: StopRequest, clock: Clock): Promise<void> => {
    const drift = { client, db, facts, emit, stop, clock };
    return mode === undefined ? followDrift(drift) : lookAtUsersAgain(drift, mode);
  };
  return { client, facts, lookAgain };
}

/** @throws RunFault otherOrg */
function checkOrgOfRun(db: DatabaseSync, folder: string, client: OrgClient, emit: Emit): void {
  const orgId = readMeta(db, 'orgId') ?? '';
  if (orgId !== client.orgId) {
    throw new RunFault('otherOrg', { folder, orgOfRun: orgId, targetOrg: client.orgId, username: client.username });
  }
  const begunBy = readMeta(db, 'username') ?? '';
  if (readMeta(db, 'userId') !== client.userId) emit({ type: 'otherUser', begunBy, drivenBy: client.username });
}
