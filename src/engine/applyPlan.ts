/**
 * The engine: drives a plan from run.db until every row has its outcome, or until something stops it.
 *
 * Rows go `planned → sent → succeeded | failed`, or back to `planned` to be sent again. A large plan sends its canary
 * first, then jobs run side by side in as many lanes as the license family allows. What an earlier process left is
 * brought to its end before that (`takeUpJobs`). It knows no terminal: it emits events.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { maskAddresses, OrgError } from '../org/orgErrors.js';
import { SeenPace } from '../org/pollPause.js';
import { delayBefore } from '../org/retryPolicy.js';
import { lanesOf } from './jobSize.js';
import type { LicenseFamily } from '../model/reasons.js';
import { endOf, type ApplyEnd, type StopRequest } from '../model/runEnd.js';
import { forgetUndecidedCanaries, judgeCanary, needsCanary, retractCanaries } from './canary.js';
import { realClock, type Clock } from './clock.js';
import type { Collected } from './collectJob.js';
import { mostByCollections } from './collectionCalls.js';
import { resumeJob, startJob, type JobContext } from './driveJob.js';
import { readJob, unfinishedJobs, type Job } from '../store/jobRecords.js';
import { readMeta, writeMeta } from '../store/meta.js';
import { Lanes } from './lanes.js';
import { oneAtATime } from './oneAtATime.js';
import { isLimitJobError, isOrgLevelJobError, isUnsupported } from '../model/rowErrors.js';
import { countPending, countProgress, countRecordsToSend, hasUnsureRows } from '../store/runCounts.js';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import type { RowRefusal } from './rowOutcome.js';
import type { Work } from './work.js';

export type ApplyOptions = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  /** What the run writes, one after the other. */
  readonly works: readonly Work[];
  readonly emit: Emit;
  readonly stop: StopRequest;
  readonly clock?: Clock | undefined;
};

/** @returns why it ended; everything that is known is in run.db by then */
export async function applyPlan(options: ApplyOptions): Promise<ApplyEnd> {
  return engineOf(options).run();
}

/**
 * Brings what an earlier process left to a known state: jobs are waited for and collected, what was not sent goes back to
 * the plan. Afterwards it can be looked at anew; nothing is sent by this.
 * @returns why it ended before that; undefined when no doubt is left
 */
export async function takeUpJobs(options: ApplyOptions): Promise<ApplyEnd | undefined> {
  return engineOf(options).takeUp();
}

function engineOf({ client, db, works, emit, stop, clock = realClock }: ApplyOptions): Engine {
  return new Engine(
    {
      client,
      db,
      emit,
      random: Math.random,
      now: clock.now,
      isStopping: () => stop.signal.aborted,
      oneUpload: oneAtATime(),
      pace: new SeenPace(),
      isInterrupted: () => stop.interrupt.aborted,
      sleep: (milliseconds) => clock.sleep(milliseconds, stop.signal),
    },
    works,
    stop,
  );
}

/** Sending the same rows for ever would use up the day's batches. */
const mostFruitlessJobs = 5;

class Engine {
  private readonly context: JobContext;
  private readonly works: readonly Work[];
  private readonly stop: StopRequest;
  /** The first thing that ends the run; jobs that are under way still come to a safe point. */
  private end: ApplyEnd | undefined;
  private started = 0;
  /** Jobs in a row of which Salesforce judged no row. */
  private fruitless = 0;
  /** What is no end of a run. */
  private thrown: { readonly error: unknown } | undefined;
  private readonly lanes = new Lanes();
  private readonly oneCollection = oneAtATime();

  public constructor(context: JobContext, works: readonly Work[], stop: StopRequest) {
    this.context = { ...context, isStopping: () => this.thrown !== undefined || context.isStopping() };
    this.works = works;
    this.stop = stop;
  }

  public async run(): Promise<ApplyEnd> {
    // Users first: permission sets are for users that are there.
    for (const work of this.works) await this.drive(work);
    return this.certain(this.end ?? this.ending());
  }

  public async takeUp(): Promise<ApplyEnd | undefined> {
    for (const job of unfinishedJobs(this.context.db)) {
      const work = this.works.find(({ name }) => name === job.work);
      if (work === undefined) throw new Error(`job ${String(job.n)} is none of this run's works`);
      this.lanes.track(
        job.family,
        this.settle(work, job, () => resumeJob(this.context, work, job)),
      );
    }
    await this.rest();
    try {
      for (const work of this.works) await work.collections?.settle(this.context);
    } catch (error) {
      this.stopOn(error);
    }
    await this.rest();
    if (this.end !== undefined) return this.certain(this.end);
    return unfinishedJobs(this.context.db).length === 0 ? undefined : this.ending();
  }

  private async drive(work: Work): Promise<void> {
    if (work.hasCanary && !this.writesByCollections(work)) await this.sendCanaries(work);
    while (this.mayStart()) {
      if (this.fruitless > 0) await this.context.sleep(delayBefore(this.fruitless, this.context.random()));
      if (this.writesByCollections(work)) await this.sendCollections(work);
      else this.startJobs(work);
      if (!this.lanes.areEmpty()) await this.lanes.next();
      else if (!(await this.waitForRows(work))) break;
    }
    await this.rest();
  }

  /** What is few, or what the org has refused to take by a job. Never beside a job. */
  private writesByCollections(work: Work): boolean {
    const { db } = this.context;
    if (work.collections === undefined || !this.lanes.areEmpty()) return false;
    if (readMeta(db, 'byCollections') === work.request.object) return true;
    return (work.waiting(db)?.rows ?? 0) <= mostByCollections;
  }

  /** One call after the other, until no row may be sent now. */
  private async sendCollections(work: Work): Promise<void> {
    try {
      while (work.collections !== undefined && this.mayStart()) {
        const { rows, stopped } = await work.collections.send(this.context);
        if (rows === 0) return;
        this.started++;
        this.context.emit({
          type: 'collection',
          work: work.name,
          rows,
          pending: work.waiting(this.context.db)?.rows ?? 0,
        });
        this.tellProgress();
        if (stopped !== undefined) this.stopAt(stopped.cause, stopped);
      }
    } catch (error) {
      this.stopOn(error);
    }
  }

  private async sendCanaries(work: Work): Promise<void> {
    const { db } = this.context;
    forgetUndecidedCanaries(db);
    while (this.mayStart() && needsCanary(db)) {
      const verdict = judgeCanary(db);
      if (verdict.verdict === 'stop') {
        retractCanaries(db);
        this.stopAt('org', verdict);
      }
      if (verdict.verdict !== 'another') return;
      const job = this.plan(work, 'highVolume', true) ?? this.plan(work, 'roleBased', true);
      // Accounts may run out before three canaries are tried: the rest of the plan goes on without.
      if (job === undefined) return;
      await this.settle(work, job, () => startJob(this.context, work, job));
      await this.rest();
      if (this.writesByCollections(work)) return;
    }
  }

  /** Fills the free lanes of each family. */
  private startJobs(work: Work): void {
    for (const family of ['highVolume', 'roleBased'] as const) {
      while (this.mayStart() && this.lanes.count(family) < lanesOf(family)) {
        const job = this.plan(work, family, false);
        if (job === undefined) break;
        this.lanes.track(
          family,
          this.settle(work, job, () => startJob(this.context, work, job)),
        );
      }
    }
  }

  private plan(work: Work, family: LicenseFamily, canary: boolean): Job | undefined {
    const { db, emit, now } = this.context;
    const job = work.planJob(db, family, canary, now());
    if (job === undefined) return undefined;
    this.started++;
    emit({ type: 'jobPlanned', job: job.n, work: work.name, rows: job.size, family, canary });
    return job;
  }

  /** Never rejects: what goes wrong becomes the end of the run. */
  private async settle(work: Work, job: Job, drive: () => Promise<Job | 'paused' | 'unsent'>): Promise<void> {
    try {
      const complete = await drive();
      if (typeof complete === 'string' || this.context.isInterrupted()) return;
      this.lanes.track('collecting', this.collect(work, complete));
    } catch (error) {
      if (!this.fallBack(work, job, error)) this.stopOn(error);
    }
  }

  /** Results are large, so those of one job at a time; the org works on the next ones meanwhile. */
  private async collect(work: Work, job: Job): Promise<void> {
    try {
      await this.oneCollection(async () => {
        // After a signal, what waits for its turn is left to resume.
        const collected = this.context.isInterrupted() ? 'paused' : await work.collect(this.context, job);
        if (collected !== 'paused') this.afterJob(work, job, collected);
      });
    } catch (error) {
      this.stopOn(error);
    }
  }

  /** A failed call ends the run; anything else is thrown, once every lane has come to rest. */
  private stopOn(error: unknown): void {
    const end = endOf(error);
    if (end === undefined) this.thrown ??= { error };
    else this.end ??= end;
  }

  private async rest(): Promise<void> {
    await this.lanes.all();
    if (this.thrown !== undefined) throw this.thrown.error;
  }

  /** An org that takes no such job by Bulk takes the rows by collections (salesforce-wire §11, unproven). */
  private fallBack(work: Work, job: Job, error: unknown): boolean {
    if (work.collections === undefined || !(error instanceof OrgError) || !isUnsupported(error.code)) return false;
    this.useCollections(work);
    work.giveBack(this.context.db, job);
    return true;
  }

  private useCollections(work: Work): void {
    writeMeta(this.context.db, { byCollections: work.request.object });
  }

  private afterJob(work: Work, { n }: Job, collected: Collected): void {
    const { db, emit } = this.context;
    const { succeeded, failed, again, stopped } = collected;
    emit({ type: 'jobCollected', job: n, succeeded, failed, again });
    this.tellProgress();
    if (stopped !== undefined) this.stopAt(stopped.cause, stopped);
    const { errorMessage: message = '' } = readJob(db, n);
    if (work.collections !== undefined && isUnsupported(message)) {
      this.useCollections(work);
      return;
    }
    if (isLimitJobError(message)) this.end ??= endOf(new RunFault('orgLimit', { message }));
    this.fruitless = collected.isFruitless ? this.fruitless + 1 : 0;
    const isOver = this.fruitless >= mostFruitlessJobs || isOrgLevelJobError(message);
    if (isOver) this.stopAt('org', { code: 'JOB_FAILED', message });
  }

  /** What Salesforce says may quote the rows; addresses go on no screen and in no log. */
  private stopAt(cause: 'org' | 'licenses' | 'storage', { code, message: text }: RowRefusal): void {
    const message = maskAddresses(text);
    if (cause === 'org') this.end ??= { end: 'org', code, message };
    else if (cause === 'storage') this.end ??= { end: 'call', fault: new RunFault('storageFull', { message }) };
    else this.end ??= { end: 'licenses', code, message, missing: countRecordsToSend(this.context.db) };
  }

  private tellProgress(): void {
    this.context.emit({ type: 'progress', ...countProgress(this.context.db) });
  }

  /** With `--wait 0` one job is still sent: otherwise nothing would ever begin. */
  private mayStart(): boolean {
    if (this.end !== undefined || this.thrown !== undefined || this.stop.interrupt.aborted) return false;
    return this.stop.cause() === undefined || this.started === 0;
  }

  /** Waits until rows that were refused for now may be sent again; false when there are none. */
  private async waitForRows(work: Work): Promise<boolean> {
    const { db, emit, now, sleep } = this.context;
    const next = work.waiting(db);
    if (next === undefined) return false;
    const milliseconds = Math.max(50, next.time - now());
    emit({ type: 'waiting', rows: next.rows, milliseconds });
    await sleep(milliseconds);
    return !this.context.isStopping();
  }

  /** "Every row would be refused" says too much while it is not known what became of some. */
  private certain(end: ApplyEnd): ApplyEnd {
    if (end.end !== 'org' || !hasUnsureRows(this.context.db)) return end;
    return { end: 'call', fault: new RunFault('orgRefused', { code: end.code, message: end.message }) };
  }

  private ending(): ApplyEnd {
    return { end: countPending(this.context.db) === 0 ? 'done' : (this.stop.cause() ?? 'done') };
  }
}
