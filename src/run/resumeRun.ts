/** Takes a run up again: the folder is opened, the org is looked at anew, and the plan is brought up to date. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { checkCreate, checkProfileGone, type CheckOutcome } from '../plan/checks.js';
import { externalType } from '../plan/licenseFamilies.js';
import { wantedPermissionSetIds } from './assignmentRecords.js';
import { ChecksFailed } from './checksFailed.js';
import type { DriveOptions, PreparedOrg } from './driveRun.js';
import { followDrift } from './drift.js';
import { readMeta, writeMeta } from './meta.js';
import { readOrgFacts, type OrgFacts } from './orgFacts.js';
import { isUnsent } from './planRecords.js';
import { countPending } from './runCounts.js';
import { openRunDatabase } from './runDatabase.js';
import type { Emit } from './runEvents.js';
import { RunFault } from './runFault.js';
import { findRunFolder } from './runFolder.js';
import { selectRows, textOf } from './sqlite.js';

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
    if (readMeta(db, 'plannedAt') === undefined) throw new RunFault('planIncomplete', [folder]);
    writeMeta(db, { dryRun: 'false' });
    if (request.allowWelcomeEmails) writeMeta(db, { allowWelcomeEmails: 'true' });
    const isNew = readMeta(db, 'startedAt') === undefined;
    const guards = {
      maxUsers: request.maxUsers ?? Number(readMeta(db, 'maxUsers')),
      strict: request.strict || readMeta(db, 'strict') === 'true',
      allowWelcomeEmails: readMeta(db, 'allowWelcomeEmails') === 'true',
    };
    const prepare = async (emit: Emit): Promise<PreparedOrg | undefined> => {
      const client = await connect(readMeta(db, 'apiVersion') ?? '');
      checkOrgOfRun(db, folder, client, emit);
      return lookAgain(db, client, emit, isNew);
    };
    return { run: { folder, db }, prepare, guards, dryRun: false };
  } catch (error) {
    db.close();
    throw error;
  }
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
  const facts = await readOrgFacts(client);
  const failed = checkPlan(db, facts).filter((check) => check.status === 'fail');
  if (isNew && failed.length > 0) throw new ChecksFailed(failed);
  await followDrift({ client, db, facts, emit });
  return { client, facts };
}

/** @throws RunFault otherOrg */
function checkOrgOfRun(db: DatabaseSync, folder: string, client: OrgClient, emit: Emit): void {
  const orgId = readMeta(db, 'orgId') ?? '';
  if (orgId !== client.orgId) throw new RunFault('otherOrg', [folder, orgId, client.orgId, client.username]);
  const begunBy = readMeta(db, 'username') ?? '';
  if (readMeta(db, 'userId') !== client.userId) emit({ type: 'otherUser', begunBy, drivenBy: client.username });
}

/** A profile that is gone, or not external any more, refuses its rows; if it was the last one, nothing can begin. */
function checkPlan(db: DatabaseSync, facts: OrgFacts): CheckOutcome[] {
  const sql = `SELECT DISTINCT profileId FROM record WHERE ${isUnsent}`;
  const planned = new Set([...selectRows(db, sql)].map((row) => textOf(row['profileId'])));
  const present = facts.profiles.filter((profile) => planned.has(profile.id));
  const usable = present.filter((profile) => externalType(profile.userType) !== undefined);
  const permissionSetIds = wantedPermissionSetIds(db);
  if (usable.length > 0) return checkCreate(facts, usable, permissionSetIds);
  const gone = [...planned].filter((id) => !present.some((profile) => profile.id === id));
  return [...checkCreate(facts, present, permissionSetIds), ...gone.map(checkProfileGone)];
}
