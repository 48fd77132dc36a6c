/** From a complete plan to the end of a run: guards, consent, the engine, the files. Used by every command that writes. */
import type { DatabaseSync } from 'node:sqlite';
import { realClock, type Clock } from '../engine/clock.js';
import { applyPlan, takeUpSends, type ApplyOptions } from '../engine/engine.js';
import { restBudgetOf } from '../engine/jobSize.js';
import { exportOutcome, exportPlan, exportSummary, type ExportSource } from '../files/exports.js';
import type { ExportTexts } from '../model/fileTexts.js';
import { kindsOf } from '../kinds/kinds.js';
import type { Emit } from '../model/events.js';
import { faultOf, isCallFault, RunFault } from '../model/faults.js';
import { guardFigures } from '../model/guards.js';
import type { RunDetail } from '../model/pageData.js';
import type { RunResult } from '../model/result.js';
import type { ApplyEnd, DriveEnd, StopRequest } from '../model/runEnd.js';
import { operationOf } from '../operations/operations.js';
import type { OrgClient } from '../org/orgClient.js';
import { guardAgain, guardPlan, rowsByWay } from '../preflight/guards.js';
import { usersWithoutSharing } from '../preflight/sharingAfterwards.js';
import { countFederationIdsKept, countOpen, hasSent } from '../store/queries/counts.js';
import { databaseFault } from '../store/diskFault.js';
import { recordingEvents } from '../store/eventRecords.js';
import { readCount, readMeta, writeMeta } from '../store/meta.js';
import { closeRunDatabase } from '../store/runDatabase.js';
import { readFindings } from '../store/runResult.js';
import { unfinishedSends } from '../store/sends.js';
import { isInPlace } from '../store/sqlite.js';
import type { BegunRun, PreparedOrg } from './openRun.js';
import { readRunDetail } from './runDetail.js';
import { needsYes, openDecisions, standingOf, whatHolds, type RunStanding } from './standing.js';

export type DriveOptions = BegunRun & {
  /** Whether somebody is asked: decisions are then part of the question. */
  readonly asks: boolean;
  /** Whether a command that is given here can ask, whatever this one was told: that is, how the commands that follow are printed. */
  readonly isTerminal: boolean;
  /**
   * Asked once, when the plan is complete and no obstacle stands in its way.
   * @param isNeeded whether somebody has to say yes, in a terminal or by --no-prompt
   * @throws RunFault needsNoPrompt
   */
  readonly consent: (result: RunResult, isNeeded: boolean) => Promise<boolean>;
  /** Minutes after the first write at which the run is to stop; undefined: when it is done. */
  readonly wait?: number | undefined;
  readonly stop: StopRequest;
  readonly clock?: Clock | undefined;
  readonly emit: Emit;
  readonly texts: ExportTexts;
};

/** A run at the end of a command. */
type DrivenRun = RunStanding & {
  readonly end: DriveEnd;
  /** What a screen shows besides. */
  readonly detail: RunDetail;
};

/**
 * Never leaves the database open, and the files always say what run.db says.
 * @throws RunFault diskFull, folderNotWritable, runDamaged, ChecksFailed, OrgError, RunFault otherOrg: nothing was written to
 * the org then
 */
export async function driveRun(given: DriveOptions): Promise<DrivenRun> {
  const { run } = given;
  const options = { ...given, emit: recordingEvents(run.db, given.emit) };
  try {
    const end = withRest(run.db, await prepareAndApply(options));
    if (end.end !== 'declined') options.emit({ type: 'stage', stage: 'report' });
    if (hasBegun(run.db)) await exportOutcome(exportSource(options));
    tellFederationIdsKept(options);
    const driven = drivenRun(options, end);
    await exportSummary(exportSource(options), driven);
    return driven;
  } catch (error) {
    const fault = faultOfRun(options, error);
    const isOfFolder = fault instanceof RunFault && ['diskFull', 'folderNotWritable'].includes(fault.code);
    if (!isOfFolder || !hasBegun(run.db)) throw fault;
    return drivenRun(options, { end: 'call', fault });
  } finally {
    closeRunDatabase(run.db);
  }
}

/** create-again.csv can't have the ids that the users keep. */
function tellFederationIdsKept({ run: { db }, emit }: DriveOptions): void {
  const users = operationOf(db).files(db).hasCreateAgain ? countFederationIdsKept(db) : 0;
  if (users > 0) emit({ type: 'federationIdsKept', users });
}

/** Also where all that was left was to read the results of the last job. */
async function tellSharingDeferred({ run: { db }, emit }: DriveOptions, { client, facts }: PreparedOrg): Promise<void> {
  const users = await usersWithoutSharing(db, client, facts.permissions);
  if (users !== undefined) emit({ type: 'sharingStillDeferred', users });
}

function drivenRun(options: DriveOptions, end: DriveEnd): DrivenRun {
  const standing = standingOf(options, end);
  return { end, ...standing, detail: readRunDetail(options.run.db, standing.result) };
}

function faultOfRun({ run: { db, folder } }: DriveOptions, error: unknown): unknown {
  if (!isInPlace(db)) return new RunFault('folderGone', { folder });
  return databaseFault(faultOf(error), folder);
}

async function prepareAndApply(options: DriveOptions): Promise<DriveEnd> {
  const { db } = options.run;
  const callsBefore = readCount(db, 'apiCalls');
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
    if (end.end === 'done') await tellSharingDeferred(options, prepared);
    countCalls();
    return end;
  } catch (error) {
    const fault = faultOf(error);
    if (!isCallFault(fault)) throw error;
    countCalls();
    // With a plan there is always a result, and a way to go on; a finished run needs nothing of the org any more.
    return hasBegun(db) && countOpen(db) === 0 ? { end: 'done' } : { end: 'call', fault };
  }
}

/** Somebody who waits for a new day wants to know how much of it the rest will take. */
function withRest(db: DatabaseSync, end: DriveEnd): DriveEnd {
  if (end.end !== 'call' || end.fault.code !== 'orgLimit') return end;
  return { ...end, rest: restBudgetOf(rowsByWay(db), unfinishedSends(db).length) };
}

/** @param countCalls writes down how many there were until now */
async function apply(
  options: DriveOptions,
  { client, facts, checks, lookAgain }: PreparedOrg,
  countCalls: () => void,
): Promise<DriveEnd> {
  const { run, guards, emit, stop, clock = realClock } = options;
  const { db } = run;
  const { confirm } = operationOf(db);
  const again = { client, db, facts, emit, stop, clock };
  const engine: ApplyOptions = {
    ...{ client, db, kinds: kindsOf(db), userFields: facts.userFields, emit, stop, clock },
    confirm: confirm?.(again),
  };
  const left = await takeUp(options, engine);
  if (left !== undefined) return left;
  if (await wasInterrupted(lookAgain?.(stop, clock))) return { end: stop.cause() ?? 'signal' };
  await exportPlan(exportSource(options));
  const { check, guard } = operationOf(db);
  const ofOperation = guard?.(db) ?? [];
  // Once something was sent, Salesforce itself says what is missing, but not what the operation demands.
  if (hasSent(db)) guardAgain(db, ofOperation);
  else await guardPlan(db, client, facts, guards, { checks: checks ?? check(db, facts), ofOperation });
  countCalls();
  const failures = whatHolds(options);
  if (failures.length > 0) return { end: 'guards', failures };
  if (options.dryRun) return { end: 'planned' };
  if (countOpen(db) === 0) return { end: 'done' };
  if (!(await hasConsent(options))) return { end: stop.interrupt.aborted ? 'signal' : 'declined' };
  if (!hasBegun(db)) writeMeta(db, { startedAt: new Date().toISOString() });
  // After a hard end, summary.md must not say that nothing is written yet.
  await exportSummary(exportSource(options), standingOf(options));
  beginApplying(options);
  return applyPlan({ ...engine, kinds: kindsOf(db) });
}

/** Neither planning nor the time for an answer is waiting for Salesforce. */
function beginApplying({ emit, stop, wait }: DriveOptions): void {
  emit({ type: 'stage', stage: 'apply' });
  stop.limit(wait);
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
async function takeUp(options: DriveOptions, engine: ApplyOptions): Promise<ApplyEnd | undefined> {
  if (unfinishedSends(engine.db).length === 0) return undefined;
  beginApplying(options);
  return takeUpSends(engine);
}

function hasBegun(db: DatabaseSync): boolean {
  return readMeta(db, 'startedAt') !== undefined;
}

/** Consent that was given is in the run folder, and asked for again only where something new is to be decided. */
async function hasConsent(options: DriveOptions): Promise<boolean> {
  const { db } = options.run;
  const decisions = openDecisions(db);
  if (readMeta(db, 'consentAt') !== undefined && decisions.length === 0) return true;
  const now = (): string => new Date().toISOString();
  if (!(await options.consent(standingOf(options).result, needsYes(db)))) {
    // An interruption is no answer.
    if (!options.stop.interrupt.aborted) writeMeta(db, { declinedAt: now() });
    return false;
  }
  const { maxUsers, allowWelcomeEmails } = options.guards;
  const findings = readFindings(db).filter((finding) => !decisions.includes(guardFigures(finding).code));
  writeMeta(db, {
    consentAt: now(),
    maxUsers: String(decisions.includes('maxUsers') ? countOpen(db) : maxUsers),
    allowWelcomeEmails: String(allowWelcomeEmails || decisions.includes('welcomeEmails')),
    guards: JSON.stringify(findings),
  });
  return true;
}

function exportSource({ run, texts }: DriveOptions): ExportSource {
  return { ...run, files: operationOf(run.db).files(run.db), texts };
}
