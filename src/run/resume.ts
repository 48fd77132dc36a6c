/** Takes a run up again: the folder is opened, the org is looked at anew, and the plan is brought up to date. */
import type { DatabaseSync } from 'node:sqlite';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import { sameId } from '../model/ids.js';
import { operationRules } from '../model/result.js';
import { lookAgain, operationOf } from '../operations/operations.js';
import type { OrgClient } from '../org/orgClient.js';
import { judgeChecks } from '../preflight/planChecks.js';
import { readOrgFacts } from '../preflight/orgFacts.js';
import { countOpen, hasSent } from '../store/queries/counts.js';
import { requireCount, requireMeta, requireSwitch, writeMeta } from '../store/meta.js';
import { databaseFault } from '../store/diskFault.js';
import { openRunDatabase } from '../store/runDatabase.js';
import { findRunFolder } from '../store/runFolder.js';
import { readOperation, readRecord } from '../store/runResult.js';
import { forgetPauses, planUnknownAgain } from '../store/steps.js';
import { checkUnderstood } from '../kinds/kinds.js';
import type { BegunRun, PreparedOrg } from './openRun.js';

type ResumeRequest = {
  readonly folder: string;
  /** Default: what the run was begun with. */
  readonly maxUsers: number | undefined;
  readonly strict: boolean;
  readonly allowWelcomeEmails: boolean;
  /** Also what nobody knows of, and may have been done. */
  readonly sendUnknownAgain: boolean;
};

/**
 * @param connect called with the run's own API version
 * @returns the run, to be driven
 * @throws RunFault notARunFolder, runLocked, runDamaged, runVersion, planIncomplete
 */
export async function resumeRun(
  request: ResumeRequest,
  connect: (apiVersion: string) => Promise<OrgClient>,
): Promise<BegunRun> {
  const folder = await findRunFolder(request.folder);
  const db = await openRunDatabase(folder);
  try {
    checkUnderstood(db);
    operationOf(db).checkRun(db);
    readRecord(db, folder);
    if (request.maxUsers !== undefined && operationRules[readOperation(db)].limitsInDefinition)
      throw new RunFault('maxUsersUnused', { folder });
    const isNew = !hasSent(db);
    const guards = {
      maxUsers: request.maxUsers ?? requireCount(db, 'maxUsers'),
      strict: request.strict || requireSwitch(db, 'strict'),
      allowWelcomeEmails: request.allowWelcomeEmails || requireSwitch(db, 'allowWelcomeEmails'),
    };
    const prepare: BegunRun['prepare'] = async (emit, connected) => {
      const client = await connect(requireMeta(db, 'apiVersion'));
      connected(client);
      checkOrgOfRun(db, folder, client, emit);
      forgetPauses(db);
      if (request.sendUnknownAgain) planUnknownAgain(db);
      writeMeta(db, { dryRun: 'false' });
      return prepareOrg(db, client, emit, isNew);
    };
    return { run: { folder, db }, prepare, guards, dryRun: false };
  } catch (error) {
    db.close();
    throw databaseFault(error, folder);
  }
}

/** A finished run needs nothing of the org. @throws ChecksFailed for a run that has not begun; OrgError */
async function prepareOrg(
  db: DatabaseSync,
  client: OrgClient,
  emit: Emit,
  isNew: boolean,
): Promise<PreparedOrg | undefined> {
  if (countOpen(db) === 0) return undefined;
  emit({ type: 'stage', stage: 'check' });
  const operation = operationOf(db);
  const facts = await readOrgFacts(client, operation.readsOfOrg(db));
  if (isNew) judgeChecks(operation.check(db, facts));
  return { client, facts, lookAgain: (stop, clock) => lookAgain({ client, db, facts, emit, stop, clock }) };
}

/** @throws RunFault otherOrg */
function checkOrgOfRun(db: DatabaseSync, folder: string, client: OrgClient, emit: Emit): void {
  const orgOfRun = requireMeta(db, 'orgId');
  if (!sameId(orgOfRun, client.orgId)) {
    throw new RunFault('otherOrg', { folder, orgOfRun, targetOrg: client.orgId, username: client.username });
  }
  const begunBy = requireMeta(db, 'username');
  if (!sameId(requireMeta(db, 'userId'), client.userId))
    emit({ type: 'otherUser', begunBy, drivenBy: client.username });
}
