/** Reads what run.db says of a run, for its result. */
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isJsonObject } from '../model/facts.js';
import { isGuardFinding, type GuardFinding } from '../model/guards.js';
import { isForGood, modeNamed, type Mode } from '../model/modes.js';
import {
  operationNames,
  operationRules,
  orgKinds,
  selections,
  type OperationName,
  type OrgKind,
  type PasswordEmails,
  type RunRecord,
  type StepCounts,
} from '../model/result.js';
import {
  countByCode,
  countByReason,
  countRefusedSincePlan,
  countStepsByKind,
  countSubjects,
  runStateOf,
} from './queries/counts.js';
import { readCount, readMeta, readMetaJson, readSwitch, requireMeta } from './meta.js';
import { countSync, hasSyncFacts, readSyncSummary } from './queries/syncSteps.js';
import { countChangedInPart, countReleasedAlone } from './queries/assignmentSteps.js';
import { countPermissionSets } from './queries/permissionSetSteps.js';
import { readLicenseUse, readNewUsers, readWelcomeEmails } from './queries/takenOfOrg.js';
import { exportNames } from './runFolder.js';
import { damagedRun, numberOf, oneOf, optionalText, requiredText, selectRows } from './sqlite.js';

/** @throws RunFault runDamaged */
export function readRecord(db: DatabaseSync, folder: string): RunRecord {
  const counts = countSubjects(db);
  const steps = countStepsByKind(db);
  const started = readMeta(db, 'startedAt') !== undefined;
  const [operation, mode] = [readOperation(db), readMode(db)];
  const changedInPart = countChangedInPart(db);
  const newUsers = readNewUsers(db);
  const refusedSincePlan = countRefusedSincePlan(db);
  return {
    operation,
    ...(mode !== undefined && { mode }),
    ...(readSwitch(db, 'releaseLicenses') === true && { releaseLicenses: true as const }),
    state: runStateOf(db, counts),
    dryRun: readMeta(db, 'dryRun') === 'true' && !started,
    runDir: folder,
    orgId: requireMeta(db, 'orgId'),
    orgKind: readOrgKind(db),
    username: requireMeta(db, 'username'),
    selectedBy: oneOf(db, selections, requireMeta(db, 'selectedBy')),
    counts,
    ...(changedInPart > 0 && { changedInPart }),
    actions: actionsOf(db, steps, counts.planned),
    ...(newUsers !== undefined && { newUsers }),
    ...(hasSyncFacts(db) && { sync: readSyncSummary(db) }),
    steps,
    refusedByReason: countByReason(db, 'refused'),
    ...(refusedSincePlan !== undefined && { refusedSincePlan }),
    unchangedByReason: countByReason(db, 'unchanged'),
    failedByCode: countByCode(db),
    licenses: readLicenseUse(db, started),
    welcomeEmails: readWelcomeEmails(db, started),
    ...(readMeta(db, 'passwordEmails') !== undefined && { passwordEmails: readPasswordEmails(db) }),
    permissionSets: countPermissionSets(db),
    apiCalls: readCount(db, 'apiCalls'),
    apiBudget: readApiBudget(db),
    jobs: Array.from(
      selectRows(db, "SELECT orgId, size, coalesce(orgState, state) AS state FROM send WHERE way = 'job' ORDER BY n"),
      (row) => {
        const id = optionalText(row['orgId']);
        return { ...(id !== undefined && { id }), rows: numberOf(row['size']), state: requiredText(row['state']) };
      },
    ),
    files: filesOf(folder, started, operation, mode),
  };
}

function filesOf(
  folder: string,
  started: boolean,
  operation: OperationName,
  mode: Mode | undefined,
): RunRecord['files'] {
  const file = (name: keyof typeof exportNames): string => path.join(folder, exportNames[name]);
  return {
    users: file('users'),
    unchanged: file('unchanged'),
    refused: file('refused'),
    ...(started ? { succeeded: file('succeeded'), failed: file('failed') } : {}),
    ...(started && operationRules[operation].leavesUnknown ? { unknown: file('unknown') } : {}),
    ...(operationRules[operation].keepsSnapshot && { snapshot: file('snapshot') }),
    ...(mode !== undefined && isForGood(mode) ? { createAgain: file('createAgain') } : {}),
    summary: file('summary'),
    report: file('report'),
  };
}

/** Each planned subject once, by the first thing that is done for it: only who needs nothing else gets permission sets alone. */
function actionsOf(db: DatabaseSync, steps: RunRecord['steps'], planned: number): RunRecord['actions'] {
  if (operationRules[readOperation(db)].selects === 'User') {
    const release = countReleasedAlone(db);
    return { create: 0, assign: 0, change: planned - release, ...(release > 0 && { release }) };
  }
  const kinds = Object.keys(steps).filter((kind) => kind !== 'assignPermissionSet');
  // A person can have steps of several kinds.
  if (kinds.length > 1) {
    const { create, assign } = countSync(db);
    return { create, assign, change: planned - create - assign };
  }
  const count = kinds.reduce((sum, kind) => sum + stepsOf(steps[kind]), 0);
  const isNew = kinds.includes('createUser');
  return { create: isNew ? count : 0, assign: planned - count, change: isNew ? 0 : count };
}

function stepsOf(
  { planned, done, failed, unknown }: StepCounts = { planned: 0, done: 0, failed: 0, unknown: 0 },
): number {
  return planned + done + failed + unknown;
}

/** @throws RunFault runDamaged for one that this version does not know */
export function readOperation(db: DatabaseSync): OperationName {
  return oneOf(db, operationNames, requireMeta(db, 'operation'));
}

/** @throws RunFault runDamaged for one that this version does not know */
export function readOrgKind(db: DatabaseSync): OrgKind {
  return oneOf(db, orgKinds, requireMeta(db, 'orgKind'));
}

/** Undefined for a run that has none. @throws RunFault runDamaged for one that this version does not know */
export function readMode(db: DatabaseSync): Mode | undefined {
  const name = readMeta(db, 'mode');
  if (name === undefined) return undefined;
  const mode = modeNamed(name);
  if (!mode) throw damagedRun(db, `mode ${name}`);
  return mode;
}

/** What the guards found last, before anything was sent. @throws RunFault runDamaged */
export function readFindings(db: DatabaseSync): GuardFinding[] {
  const list = readMetaJson(db, 'guards') ?? [];
  if (!Array.isArray(list) || !list.every(isGuardFinding)) throw damagedRun(db, 'meta: guards');
  return list;
}

/** @throws RunFault runDamaged for what src/preflight/guards.ts does not write; so for those below */
function readApiBudget(db: DatabaseSync): RunRecord['apiBudget'] {
  const budget = readMetaJson(db, 'apiBudget') ?? { calls: 0, batches: 0 };
  if (!isApiBudget(budget)) throw damagedRun(db, 'meta: apiBudget');
  return budget;
}

function isApiBudget(value: unknown): value is RunRecord['apiBudget'] {
  if (!isJsonObject(value) || typeof value['calls'] !== 'number' || typeof value['batches'] !== 'number') return false;
  return ['callsLeft', 'batchesLeft'].every((key) => value[key] === undefined || typeof value[key] === 'number');
}

/** @throws RunFault runDamaged where there are none */
export function readPasswordEmails(db: DatabaseSync): PasswordEmails {
  const emails = readMetaJson(db, 'passwordEmails');
  if (!isPasswordEmails(emails)) throw damagedRun(db, 'meta: passwordEmails');
  return emails;
}

function isPasswordEmails(value: unknown): value is PasswordEmails {
  if (!isJsonObject(value) || !Array.isArray(value['sites'])) return false;
  const isCounted = (each: unknown): boolean =>
    isJsonObject(each) && typeof each['name'] === 'string' && typeof each['users'] === 'number';
  const isSite = (site: unknown): boolean =>
    isCounted(site) && isJsonObject(site) && isOptionalText(site['sender']) && isOptionalText(site['template']);
  const isOfZone = value['timeZone'] === undefined || isCounted(value['timeZone']);
  return value['sites'].every(isSite) && typeof value['recentlyWelcomed'] === 'number' && isOfZone;
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}
