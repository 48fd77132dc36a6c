/** The result of a run, as --json prints it: counts, reasons, files; never rows. */
import type { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import type { WelcomeEmails } from '../preflight/welcomeEmails.js';
import { findMode, type Mode } from '../model/modes.js';
import { exportNames } from './runFolder.js';
import { numberOf, selectRows, textOf } from './sqlite.js';
import { countAssignments, plannedAssignments } from './assignmentRecords.js';
import { readMeta } from './meta.js';
import { countRecords, countsBy, stateOf, type RunCounts, type RunState } from './runCounts.js';

export type LicenseUse = {
  name: string;
  /** Negative: unlimited. */
  total: number;
  used: number;
  needed: number;
};

export type Operation = 'create' | 'disable' | 'enable';

export type RunResult = {
  operation: Operation;
  /** What a disable or enable run writes. */
  mode?: Mode;
  state: RunState;
  dryRun: boolean;
  runDir: string;
  orgId: string;
  username: string;
  counts: RunCounts;
  /** What is planned: new users, existing ones that get permission sets, and existing ones that are changed. */
  actions: { create: number; assign: number; change: number };
  refusedByReason: Record<string, number>;
  unchangedByReason: Record<string, number>;
  failedByCode: Record<string, number>;
  licenses: LicenseUse[];
  welcomeEmails: WelcomeEmails;
  permissionSets: {
    assigned: number;
    failed: number;
    /** Who gets what by the plan: users by permission set or group. */
    planned: Array<{ name: string; users: number }>;
  };
  /** API calls of this run so far, all processes together. */
  apiCalls: number;
  /** What the plan was expected to take of the day's API calls and Bulk API batches, and what was left of them then. */
  apiBudget: { calls: number; batches: number; callsLeft?: number; batchesLeft?: number };
  jobs: Array<{ id: string; rows: number; state: string }>;
  files: {
    users: string;
    unchanged: string;
    refused: string;
    succeeded?: string;
    failed?: string;
    snapshot?: string;
    createAgain?: string;
    summary: string;
  };
};

export function readResult(db: DatabaseSync, folder: string): RunResult {
  const { counts, actions } = countRecords(db);
  const file = (name: keyof typeof exportNames): string => path.join(folder, exportNames[name]);
  const started = readMeta(db, 'startedAt') !== undefined;
  const mode = findMode(readMeta(db, 'mode'));
  return {
    operation: operationOf(db),
    ...(mode === undefined ? {} : { mode }),
    state: stateOf(db, counts),
    dryRun: readMeta(db, 'dryRun') === 'true' && !started,
    runDir: folder,
    orgId: readMeta(db, 'orgId') ?? '',
    username: readMeta(db, 'username') ?? '',
    counts,
    actions,
    refusedByReason: countsBy(db, 'reason', 'refused'),
    unchangedByReason: countsBy(db, 'reason', 'unchanged'),
    failedByCode: countsBy(db, 'errorCode', 'failed'),
    licenses: readLicenseUse(db),
    welcomeEmails: readWelcomeEmails(db),
    permissionSets: { ...countAssignments(db), planned: plannedAssignments(db) },
    apiCalls: Number(readMeta(db, 'apiCalls') ?? 0),
    apiBudget: readApiBudget(db),
    jobs: [...selectRows(db, 'SELECT id, size, coalesce(orgState, state) AS state FROM job ORDER BY n')].map((row) => ({
      id: textOf(row['id']),
      rows: numberOf(row['size']),
      state: textOf(row['state']),
    })),
    files: {
      users: file('users'),
      unchanged: file('unchanged'),
      refused: file('refused'),
      ...(started ? { succeeded: file('succeeded'), failed: file('failed') } : {}),
      ...(mode === undefined ? {} : { snapshot: file('snapshot') }),
      ...(mode === 'disable-portal' ? { createAgain: file('createAgain') } : {}),
      summary: file('summary'),
    },
  };
}

export function operationOf(db: DatabaseSync): Operation {
  const operation = readMeta(db, 'operation');
  return operation === 'disable' || operation === 'enable' ? operation : 'create';
}

/** Written by driveRun.ts; what is not of that shape is left out. */
function readLicenseUse(db: DatabaseSync): LicenseUse[] {
  const parsed: unknown = JSON.parse(readMeta(db, 'licenses') ?? '[]');
  return Array.isArray(parsed) ? parsed.filter(isLicenseUse) : [];
}

function isLicenseUse(value: unknown): value is LicenseUse {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    (['total', 'used', 'needed'] as const).every((key) => key in value && typeof Reflect.get(value, key) === 'number')
  );
}

function readApiBudget(db: DatabaseSync): RunResult['apiBudget'] {
  const parsed: unknown = JSON.parse(readMeta(db, 'apiBudget') ?? '{}');
  const number = (key: keyof RunResult['apiBudget']): number | undefined => {
    const value: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, key) : undefined;
    return typeof value === 'number' ? value : undefined;
  };
  const [callsLeft, batchesLeft] = [number('callsLeft'), number('batchesLeft')];
  return {
    calls: number('calls') ?? 0,
    batches: number('batches') ?? 0,
    ...(callsLeft === undefined ? {} : { callsLeft }),
    ...(batchesLeft === undefined ? {} : { batchesLeft }),
  };
}

function readWelcomeEmails(db: DatabaseSync): WelcomeEmails {
  const parsed: unknown = JSON.parse(readMeta(db, 'welcomeEmails') ?? '{}');
  const value = (key: keyof WelcomeEmails): unknown =>
    typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, key) : undefined;
  const sites = value('sites');
  return {
    possible: Number(value('possible') ?? 0),
    atLeast: value('atLeast') === true,
    sites: Array.isArray(sites) ? sites.map(String) : [],
  };
}
