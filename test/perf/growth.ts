/** What a run costs as it grows, on an org whose own work takes no time. */
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applySeconds } from './diary.ts';
import { measureFloor } from './floor.ts';
import {
  bytesIn,
  measuredCreate,
  measuredDisable,
  measuredList,
  measuredSync,
  startHostOrg,
  type HostOrg,
  type MeasuredCommand,
} from './hostOrg.ts';
import type { Usage } from './measuredRun.ts';
import type { CallCounts } from './orgProcess.ts';
import type { LargeWorldOptions } from '../simulated-org/world/largeOptions.ts';
import { mainProfile, mainSegment } from '../simulated-org/world/mainSegment.ts';

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

/** Of a command that is measured by what it reads. */
export type ReadingFigures = Usage & {
  /** All but the looks at running queries and jobs, and what jobs take. */
  readonly reads: number;
  readonly looks: number;
  readonly folderBytes: number;
};

/**
 * A `sync` of ten groups, with four users for ten contacts, and a leaver for a hundred: a dry run that would create all users that
 * are missing, and a run that freezes the leavers, while the other contacts have no address and get no users.
 */
export async function measureSync(
  contacts: number,
): Promise<{ readonly plan: ReadingFigures; readonly run: ReadingFigures; readonly leavers: number }> {
  const [users, leavers] = [Math.floor(contacts * 0.4), Math.floor(contacts / 100)];
  return onLargeOrg({ contacts, users, usersInSegment: users - leavers }, async (org) => {
    const file = definitionOfTen(org);
    // The world makes its users as the running user, who must not seem to have let them in just now.
    await org.rows(`UPDATE "UserLogin" SET "LastModifiedDate" = '2020-01-01T00:00:00.000Z'`);
    const planned = await measuredSync(org, '--definition-file', file, '--dry-run');
    expectCount('users to create', planned.result.actions.create, contacts - users + leavers);
    const plan = await syncFiguresOf(org, planned);
    await org.forgetCalls();
    await org.rows(
      'UPDATE "Contact" SET "Email" = NULL WHERE "Id" NOT IN (SELECT "ContactId" FROM "User" WHERE "ContactId" IS NOT NULL)',
    );
    const run = await measuredSync(org, '--definition-file', file);
    // One of ten users is inactive, and nobody freezes those.
    const [frozen] = await org.rows('SELECT count(*) AS "logins" FROM "UserLogin" WHERE "IsFrozen" = 1');
    expectCount('frozen users', Number(frozen?.['logins']), run.result.counts.succeeded);
    if (run.result.counts.succeeded === 0) throw new Error('nobody was frozen');
    expectCount('failed', run.result.counts.failed + run.result.counts.pending, 0);
    return { plan, run: await syncFiguresOf(org, run), leavers: run.result.counts.succeeded };
  });
}

/** Groups by the last digit of a key, without limits that would stop it. */
function definitionOfTen({ orgId, username, cwd }: HostOrg): string {
  const groups = Array.from({ length: 10 }, (_, digit) => ({
    name: `Group ${String(digit)}`,
    contacts: `${mainSegment} AND External_Key__c LIKE '%${String(digit)}'`,
    profile: mainProfile,
  }));
  const limits = { create: 9_999_999, takeAway: 9_999_999, takeAwayShare: 1 };
  const file = join(cwd, 'portal-users.json');
  const definition = { orgs: [orgId], syncUser: username, groups, leavers: { action: 'freeze' }, limits };
  writeFileSync(file, JSON.stringify(definition));
  return file;
}

async function syncFiguresOf(org: HostOrg, { result, usage }: MeasuredCommand): Promise<ReadingFigures> {
  const calls = await org.calls();
  const looks = sumOf(calls, /^GET \/jobs\/query\/\{id\}$/);
  const ofJobs = sumOf(calls, /^[A-Z]+ \/jobs\/ingest/);
  return { ...usage, reads: sumOf(calls, /./) - looks - ofJobs, looks, folderBytes: bytesIn(result.runDir) };
}

/** A `list` of all users. @param withSets also of what each of them holds: each holds one permission set */
export async function measureList(users: number, withSets: boolean): Promise<ReadingFigures> {
  return onLargeOrg({ contacts: 1, accounts: Math.ceil(users * 0.3), users }, async (org) => {
    if (withSets) await giveSet(org, 'Portal_Documents');
    await org.forgetCalls();
    const { usage, result } = await measuredList(org, ...(withSets ? ['--permission-sets'] : []));
    const { summary, files, outputDir } = result;
    expectCount('listed users', summary.users, users);
    const lines = await linesIn(files.users);
    expectCount('lines of users.csv', lines, users + 1);
    const calls = await org.calls();
    const looks = sumOf(calls, /^GET \/jobs\/query\/\{id\}$/);
    return { ...usage, reads: sumOf(calls, /./) - looks, looks, folderBytes: bytesIn(outputDir) };
  });
}

/** An assignment of a permission set for each portal user. */
async function giveSet(org: HostOrg, name: string): Promise<void> {
  const id = `'0Pa' || printf('%012d', row_number() OVER ()) || 'CAA'`;
  await org.rows(`INSERT INTO "PermissionSetAssignment" ("Id", "AssigneeId", "PermissionSetId")
    SELECT ${id}, "User"."Id", "PermissionSet"."Id" FROM "User" JOIN "PermissionSet" ON "PermissionSet"."Name" = '${name}'
    WHERE "ContactId" IS NOT NULL`);
  const [row] = await org.rows('SELECT count(*) AS "assignments" FROM "PermissionSetAssignment"');
  if (Number(row?.['assignments']) === 0) throw new Error(`nobody has got ${name}`);
}

async function linesIn(file: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(file)) for (const byte of chunk as Buffer) if (byte === 10) lines += 1;
  return lines;
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
