/** What a run costs as it grows, on an org whose own work takes no time. */
import { applySeconds } from './diary.ts';
import { measureFloor } from './floor.ts';
import {
  bytesIn,
  measuredCreate,
  measuredDisable,
  startHostOrg,
  type HostOrg,
  type MeasuredCommand,
} from './hostOrg.ts';
import type { Usage } from './measuredRun.ts';
import type { CallCounts } from './orgProcess.ts';
import type { LargeWorldOptions } from '../simulated-org/world/largeOptions.ts';

export type PlanFigures = Usage & {
  readonly calls: number;
  readonly folderBytes: number;
  /** Of the bare script; undefined where the plan is so small that it needs no bulk query. */
  readonly floor: Usage | undefined;
};

export type ApplyFigures = Usage & {
  /** From the complete plan to the end. */
  readonly applySeconds: number;
  readonly jobs: number;
  readonly calls: number;
  /** Asking how far a job is. */
  readonly polls: number;
  /** Before the first job. */
  readonly reads: number;
  readonly folderBytes: number;
};

/** A dry run. @param contacts all of whom are to get a user */
export async function measurePlan(contacts: number): Promise<PlanFigures> {
  return onLargeOrg({ contacts }, async (org) => {
    const { result, usage } = await measuredCreate(org, '--dry-run');
    expectCount('planned', result.counts.planned, contacts);
    const queries = await org.bulkQueries();
    return {
      ...usage,
      calls: result.apiCalls,
      folderBytes: bytesIn(result.runDir),
      floor: queries.length === 0 ? undefined : await measureFloor(org, queries),
    };
  });
}

/** A whole `create`. */
export async function measureApply(contacts: number): Promise<ApplyFigures> {
  return onLargeOrg({ contacts }, async (org) => {
    const before = await countUsers(org);
    const run = await measuredCreate(org);
    expectCount('new users', (await countUsers(org)) - before, contacts);
    return figuresOf(org, run);
  });
}

/** A whole `disable` that deactivates users, nine in ten of whom are active. */
export async function measureDisable(users: number): Promise<ApplyFigures> {
  return onLargeOrg({ contacts: 1, accounts: Math.ceil(users * 0.3), users }, async (org) => {
    const before = await countUsers(org, '"IsActive" = 1');
    const run = await measuredDisable(org, 'deactivate');
    expectCount('users that are left', await countUsers(org, '"IsActive" = 1'), 0);
    expectCount('succeeded', run.result.counts.succeeded, before);
    return figuresOf(org, run);
  });
}

async function figuresOf(org: HostOrg, { result, usage }: MeasuredCommand): Promise<ApplyFigures> {
  const calls = await org.calls();
  const polls = sumOf(calls, /^GET \/jobs\/ingest\/\{id\}$/);
  const ofJobs = sumOf(calls, /^[A-Z]+ \/jobs\/ingest/);
  expectCount('calls', sumOf(calls, /./), result.apiCalls);
  return {
    ...usage,
    applySeconds: applySeconds(result.runDir),
    jobs: result.jobs.length,
    calls: result.apiCalls,
    polls,
    reads: result.apiCalls - ofJobs,
    folderBytes: bytesIn(result.runDir),
  };
}

async function onLargeOrg<T>(large: LargeWorldOptions, measure: (org: HostOrg) => Promise<T>): Promise<T> {
  const org = await startHostOrg({ world: { welcomeEmails: false, large } });
  try {
    return await measure(org);
  } finally {
    await org.stop();
  }
}

async function countUsers(org: HostOrg, condition = 'true'): Promise<number> {
  const [row] = await org.rows(`SELECT count(*) AS "users" FROM "User" WHERE "ContactId" IS NOT NULL AND ${condition}`);
  return Number(row?.['users']);
}

function sumOf(calls: CallCounts, pattern: RegExp): number {
  return Object.entries(calls)
    .filter(([call]) => pattern.test(call))
    .reduce((sum, [, count]) => sum + count, 0);
}

/** A figure of a run that did something else would be worth nothing. */
function expectCount(what: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`${what}: ${String(found)} instead of ${String(expected)}`);
}
