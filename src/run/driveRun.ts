/** From a complete plan to the end of a run: guards, consent, the engine, the files. Used by every command that writes. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { seatsTaken } from '../preflight/checks.js';
import { checkGuards, type GuardFailure, type GuardSettings } from '../preflight/guards.js';
import { applyPlan, takeUpJobs } from '../engine/applyPlan.js';
import type { ApplyEnd, StopRequest } from '../model/runEnd.js';
import { realClock, type Clock } from '../engine/clock.js';
import { exportOutcome, exportPlan, type ExportTexts } from '../files/exports.js';
import { apiBudgetOf, restBudgetOf, type RowsByWay } from '../engine/jobSize.js';
import { findMode, modeRule } from '../model/modes.js';
import { mostByCollections } from '../engine/collectionCalls.js';
import { expectedWelcomeEmails } from '../preflight/welcomeEmails.js';
import { recordingEvents } from '../store/eventRecords.js';
import { readMeta, readMetaList, writeMeta } from '../store/meta.js';
import type { OrgFacts } from '../preflight/orgFacts.js';
import { countPlannedAssignments } from '../store/assignmentRecords.js';
import { assignmentWork } from '../kinds/assignmentWork.js';
import { changeWork } from '../kinds/changeWork.js';
import { readJoiners } from '../store/joiners.js';
import { unfinishedJobs } from '../store/jobRecords.js';
import {
  countPending,
  countRecords,
  countRecordsToSend,
  countToSend,
  countToSendByFamily,
  hasSent,
  hasUnsureCalls,
} from '../store/runCounts.js';
import { userWork } from '../kinds/userWork.js';
import type { Work } from '../engine/work.js';
import { databaseFault } from '../store/diskFault.js';
import { closeRunDatabase } from '../store/runDatabase.js';
import type { Emit } from '../model/events.js';
import { faultOf, isCallFault, RunFault } from '../model/faults.js';
import { readResult, type LicenseUse, type RunResult } from '../store/runResult.js';
import { countSeats } from '../preflight/seats.js';
import { isInPlace } from '../store/sqlite.js';

/** A run folder that this process holds open. */
export type OpenRun = { readonly folder: string; readonly db: DatabaseSync };

export type DriveOptions = {
  readonly run: OpenRun;
  /**
   * Connects to the org, looks at it, and brings the plan up to date; undefined when nothing is left to be done.
   * @param connected told before the first call, so that calls count also when one of them fails
   */
  readonly prepare: (emit: Emit, connected: (client: OrgClient) => void) => Promise<PreparedOrg | undefined>;
  readonly guards: GuardSettings;
  readonly dryRun: boolean;
  /** Asked once, when the plan is complete and every guard has passed. */
  readonly consent: (result: RunResult) => Promise<boolean>;
  readonly stop: StopRequest;
  readonly clock?: Clock | undefined;
  readonly emit: Emit;
  readonly texts: ExportTexts;
  /** Writes summary.md. */
  readonly summarize: (result: RunResult) => Promise<void>;
};

export type PreparedOrg = {
  readonly client: OrgClient;
  readonly facts: OrgFacts;
  /** Decides anew about what is still planned; for a run that is taken up again. */
  readonly lookAgain?: (stop: StopRequest, clock: Clock) => Promise<void>;
};

export type DriveEnd =
  | ApplyEnd
  /** A dry run: the plan waits for `resume`. */
  | { readonly end: 'planned' }
  /** Nothing was written to the org. */
  | { readonly end: 'guards'; readonly failures: readonly GuardFailure[] }
  /** With what has to be said again to the command that applies the plan after all. */
  | { readonly end: 'declined'; readonly maxUsers: number | undefined; readonly allowWelcomeEmails: boolean };

/**
 * Never leaves the database open, and the files always say what run.db says.
 * @throws RunFault diskFull, folderNotWritable, ChecksFailed, OrgError, RunFault otherOrg: nothing was written to the org then
 */
export async function driveRun(given: DriveOptions): Promise<{ readonly end: DriveEnd; readonly result: RunResult }> {
  const { run } = given;
  const options = { ...given, emit: recordingEvents(run.db, given.emit) };
  try {
    const end = withRest(run.db, await prepareAndApply(options));
    if (end.end !== 'declined') options.emit({ type: 'stage', stage: 'report' });
    if (hasBegun(run.db)) await exportOutcome(exportSource(options));
    const result = readResult(run.db, run.folder);
    await options.summarize(result);
    return { end, result };
  } catch (error) {
    const { folder } = run;
    const fault = isInPlace(run.db) ? databaseFault(faultOf(error), folder) : new RunFault('folderGone', { folder });
    const isOfFolder = fault instanceof RunFault && ['diskFull', 'folderNotWritable'].includes(fault.code);
    if (!isOfFolder || !hasBegun(run.db)) throw fault;
    return { end: { end: 'call', fault }, result: readResult(run.db, run.folder) };
  } finally {
    closeRunDatabase(run.db);
  }
}

async function prepareAndApply(options: DriveOptions): Promise<DriveEnd> {
  const { db } = options.run;
  const callsBefore = Number(readMeta(db, 'apiCalls') ?? 0);
  let client: OrgClient | undefined;
  const countCalls = (): void => {
    if (client !== undefined) writeMeta(db, { apiCalls: String(callsBefore + client.callsMade) });
  };
  const emit: Emit = (event) => {
    countCalls();
    options.emit(event);
  };
  try {
    const prepared = await options.prepare(emit, (connected) => (client = connected));
    if (prepared === undefined) {
      // The process that finished the run may have died before it wrote the files.
      await exportPlan(exportSource(options));
      return { end: 'done' };
    }
    client = prepared.client;
    const end = await apply({ ...options, emit }, prepared, countCalls);
    countCalls();
    return end;
  } catch (error) {
    const fault = faultOf(error);
    if (!isCallFault(fault)) throw error;
    countCalls();
    // With a plan there is always a result, and a way to go on; a finished run needs nothing of the org any more.
    return hasBegun(db) && countPending(db) === 0 ? { end: 'done' } : { end: 'call', fault };
  }
}

/** Who waits for a new day wants to know how much of it the rest will take. */
function withRest(db: DatabaseSync, end: DriveEnd): DriveEnd {
  if (end.end !== 'call' || end.fault.code !== 'orgLimit') return end;
  return { ...end, rest: restBudgetOf(rowsByWay(db), unfinishedJobs(db).length) };
}

/** @param countCalls writes down how many there were until now */
async function apply(
  options: DriveOptions,
  { client, facts, lookAgain }: PreparedOrg,
  countCalls: () => void,
): Promise<DriveEnd> {
  const { db } = options.run;
  const works = worksOf(db, facts);
  const left = await takeUp(options, client, works);
  if (left !== undefined) return left;
  const { stop, clock = realClock } = options;
  if (await wasInterrupted(lookAgain?.(stop, clock))) return { end: stop.cause() ?? 'signal' };
  await exportPlan(exportSource(options));
  // Once something was sent, Salesforce itself says what is missing.
  const failures = hasSent(db) ? [] : await guard(options, client, facts);
  countCalls();
  if (failures.length > 0) return { end: 'guards', failures };
  if (options.dryRun) return { end: 'planned' };
  if (countPending(db) === 0) return { end: 'done' };
  if (!(await hasConsent(options))) return options.stop.interrupt.aborted ? { end: 'signal' } : declined(options);
  if (!hasBegun(db)) writeMeta(db, { startedAt: new Date().toISOString() });
  // After a hard end, summary.md must not say that nothing is written yet.
  await options.summarize(readResult(db, options.run.folder));
  options.emit({ type: 'stage', stage: 'apply' });
  options.emit({ type: 'begun', work: works[0].name, rows: countRecordsToSend(db) });
  return applyPlan({ client, db, works, emit: options.emit, stop: options.stop, clock: options.clock });
}

/** What was decided anew until then is recorded; the rest is asked again by the next resume. */
async function wasInterrupted(looking: Promise<void> | undefined): Promise<boolean> {
  try {
    await looking;
    return false;
  } catch (error) {
    if (error instanceof RunFault && error.code === 'interrupted') return true;
    throw error;
  }
}

/** Before anything is decided anew, what an earlier process has sent is known. */
async function takeUp(
  { run: { db }, emit, stop, clock }: DriveOptions,
  client: OrgClient,
  works: readonly [Work, ...Work[]],
): Promise<ApplyEnd | undefined> {
  if (unfinishedJobs(db).length === 0 && !hasUnsureCalls(db)) return undefined;
  emit({ type: 'stage', stage: 'apply' });
  emit({ type: 'begun', work: works[0].name, rows: countRecordsToSend(db) });
  return takeUpJobs({ client, db, works, emit, stop, clock });
}

/** What a run of this kind writes. */
function worksOf(db: DatabaseSync, { userFields }: OrgFacts): readonly [Work, ...Work[]] {
  const mode = findMode(readMeta(db, 'mode'));
  return mode === undefined ? [userWork, assignmentWork] : [changeWork(mode, userFields)];
}

function hasBegun(db: DatabaseSync): boolean {
  return readMeta(db, 'startedAt') !== undefined;
}

async function guard({ run, guards }: DriveOptions, client: OrgClient, facts: OrgFacts): Promise<GuardFailure[]> {
  const { counts } = countRecords(run.db);
  const seats = await countSeats(client, run.db, facts);
  const licenses = seats.licenses.map((license): LicenseUse => ({
    name: license.name,
    total: license.total,
    used: seatsTaken(license),
    needed: seats.needed.get(license.id) ?? 0,
  }));
  const welcomeEmails = expectedWelcomeEmails(facts.siteMembers, readJoiners(run.db), facts.permissions);
  const apiBudget = apiBudgetOf(rowsByWay(run.db));
  const { dailyApiRequests, dailyBulkApiBatches } = facts;
  writeMeta(run.db, {
    licenses: JSON.stringify(licenses),
    welcomeEmails: JSON.stringify(welcomeEmails),
    apiBudget: JSON.stringify({
      ...apiBudget,
      callsLeft: dailyApiRequests?.remaining,
      batchesLeft: dailyBulkApiBatches?.remaining,
    }),
  });
  return checkGuards(
    {
      selected: counts.selected,
      planned: countToSend(run.db),
      refused: counts.refused,
      apiBudget,
      seatsNeeded: seats.needed,
      licenses: seats.licenses,
      welcomeEmails,
      dailyApiRequests,
      dailyBulkApiBatches,
    },
    guards,
  );
}

/** Few rows of what collections take go by collections, everything else by jobs. */
function rowsByWay(db: DatabaseSync): RowsByWay {
  const { highVolume, roleBased } = countToSendByFamily(db);
  const assignments = countPlannedAssignments(db);
  const mode = findMode(readMeta(db, 'mode'));
  const takesFew = mode !== undefined && modeRule(mode).object === 'UserLogin';
  const records = takesFew && highVolume <= mostByCollections ? 0 : highVolume;
  const byJob = assignments > mostByCollections ? assignments : 0;
  return {
    highVolume: records + byJob,
    roleBased,
    byCollections: highVolume - records + assignments - byJob,
  };
}

/** Consent that was given is in the run folder and not asked for again. */
async function hasConsent({ run, consent, guards }: DriveOptions): Promise<boolean> {
  if (readMeta(run.db, 'consentAt') !== undefined) return true;
  if (!(await consent(readResult(run.db, run.folder)))) return false;
  writeMeta(run.db, {
    consentAt: new Date().toISOString(),
    allowWelcomeEmails: String(guards.allowWelcomeEmails),
  });
  return true;
}

/** What the guards were told by this command and the run does not know: nothing was agreed to. */
function declined({ run: { db }, guards }: DriveOptions): DriveEnd {
  const { maxUsers, allowWelcomeEmails } = guards;
  return {
    end: 'declined',
    maxUsers: maxUsers > Number(readMeta(db, 'maxUsers')) ? maxUsers : undefined,
    allowWelcomeEmails: allowWelcomeEmails && readMeta(db, 'allowWelcomeEmails') !== 'true',
  };
}

function exportSource({ run, texts }: DriveOptions): Parameters<typeof exportPlan>[0] {
  return {
    db: run.db,
    folder: run.folder,
    columns: readMetaList(run.db, 'columns'),
    keyColumn: readMeta(run.db, 'keyColumn') ?? 'ContactId',
    mode: findMode(readMeta(run.db, 'mode')),
    givenColumns: readMetaList(run.db, 'givenColumns'),
    texts,
  };
}
