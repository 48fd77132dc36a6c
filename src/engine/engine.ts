/**
 * The engine: drives a plan from run.db until every step has its outcome, or until something stops it (src/model/steps.ts has
 * the states).
 *
 * Stage by stage, and in a stage one kind after the other. A large plan of a kind sends its canary first, then jobs run side by
 * side in as many lanes as the license family allows. What an earlier process left is brought to its end before that
 * (`takeUpSends`). It knows no terminal: it emits events.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { OrgError } from '../model/orgError.js';
import { SeenPace } from '../org/bulk/pollPause.js';
import { delayBefore } from '../org/retryPolicy.js';
import type { Emit } from '../model/events.js';
import { isUnsupported } from '../model/rowErrors.js';
import type { ApplyEnd, StopRequest } from '../model/runEnd.js';
import { families, type LicenseFamily, type Send } from '../model/steps.js';
import { forgetUndecidedCanaries, retractCanaries } from '../store/queries/canaries.js';
import { countOpen, countProgress, countWork } from '../store/queries/counts.js';
import { readMetaList, writeMeta } from '../store/meta.js';
import { giveBack, readSend, unfinishedSends } from '../store/sends.js';
import { damagedRun } from '../store/sqlite.js';
import { waitingKinds, waitingSteps } from '../store/steps.js';
import { judgeCanary, needsCanary } from './canary.js';
import { realClock, type Clock } from './clock.js';
import { collectJob, collectLostCall, sendCollection, type Collected } from './collect.js';
import { resumeJob, startJob, type JobContext } from './driveJob.js';
import { Ending } from './ending.js';
import { lanesOf, mostByCollections } from './jobSize.js';
import type { Kind } from './kind.js';
import { Lanes } from './lanes.js';
import { oneAtATime } from './oneAtATime.js';
import { planNextJob, type Confirm } from './planSend.js';

export type ApplyOptions = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  /** Those of the plan. */
  readonly kinds: readonly Kind[];
  /** Asked right before the intent of each send is recorded. */
  readonly confirm?: Confirm | undefined;
  /** The fields of User that can be seen; key: name in lower case. */
  readonly userFields: { has(name: string): boolean };
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
export async function takeUpSends(options: ApplyOptions): Promise<ApplyEnd | undefined> {
  return engineOf(options).takeUp();
}

function engineOf({ client, db, kinds, confirm, userFields, emit, stop, clock = realClock }: ApplyOptions): Engine {
  return new Engine(
    {
      client,
      db,
      userFields,
      confirm,
      emit,
      random: Math.random,
      now: clock.now,
      isStopping: () => stop.signal.aborted,
      oneUpload: oneAtATime(),
      pace: new SeenPace(),
      isInterrupted: () => stop.interrupt.aborted,
      sleep: (milliseconds) => clock.sleep(milliseconds, stop.signal),
    },
    kinds,
    stop,
  );
}

class Engine {
  private readonly context: JobContext;
  private readonly kinds: readonly Kind[];
  private readonly stop: StopRequest;
  private readonly ending: Ending;
  private started = 0;
  private readonly lanes = new Lanes();
  private readonly oneCollection = oneAtATime();

  public constructor(context: JobContext, kinds: readonly Kind[], stop: StopRequest) {
    this.ending = new Ending(context.db);
    this.context = { ...context, isStopping: () => this.ending.isThrown || context.isStopping() };
    this.kinds = kinds;
    this.stop = stop;
  }

  public async run(): Promise<ApplyEnd> {
    for (;;) {
      const waiting = waitingKinds(this.context.db);
      const kinds = this.kinds.filter(({ name }) => waiting.includes(name));
      for (const kind of kinds) await this.drive(kind);
      // What comes later rests on what comes first, also on what waits until the time is over.
      if (kinds.length === 0 || kinds.some(({ name }) => waitingSteps(this.context.db, name) !== undefined)) break;
    }
    return this.ending.first ?? this.rested();
  }

  public async takeUp(): Promise<ApplyEnd | undefined> {
    const { db, emit } = this.context;
    const left = unfinishedSends(db);
    for (const kind of new Set(left.map((send) => send.kind))) {
      emit({ type: 'begun', kind, ...countWork(db) });
    }
    for (const job of left.filter(({ way }) => way === 'job')) {
      const kind = this.kindOf(job);
      this.lanes.track(
        job.family,
        this.follow(kind, job, () => resumeJob(this.context, job)),
      );
    }
    await this.rest();
    try {
      for (const call of left.filter(({ way }) => way === 'collection')) {
        await collectLostCall(this.context, this.kindOf(call), call);
      }
    } catch (error) {
      this.ending.stopOn(error);
    }
    await this.rest();
    return this.ending.first ?? (unfinishedSends(db).length === 0 ? undefined : this.rested());
  }

  private kindOf({ n, kind }: Send): Kind {
    const found = this.kinds.find(({ name }) => name === kind);
    if (found === undefined) throw new Error(`send ${String(n)} is of no kind of this plan`);
    return found;
  }

  private async drive(kind: Kind): Promise<void> {
    if (!this.mayStart()) return;
    this.context.emit({ type: 'begun', kind: kind.name, ...countWork(this.context.db) });
    if (kind.hasCanary && !this.writesByCollections(kind)) await this.sendCanaries(kind);
    while (this.mayStart()) {
      const { fruitless } = this.ending;
      if (fruitless > 0) await this.context.sleep(delayBefore(fruitless, this.context.random()));
      if (this.writesByCollections(kind)) await this.sendCollections(kind);
      else await this.startJobs(kind);
      if (!this.lanes.areEmpty()) await this.lanes.next();
      else if (!(await this.waitForRows(kind))) break;
    }
    await this.rest();
  }

  /** What is few, or what the org has refused to take by a job. Never beside a job. */
  private writesByCollections(kind: Kind): boolean {
    const { db } = this.context;
    if (!kind.takesCollections || !this.lanes.areEmpty()) return false;
    if (readMetaList(db, 'byCollections').includes(kind.name)) return true;
    return (waitingSteps(db, kind.name)?.rows ?? 0) <= mostByCollections;
  }

  /** One call after the other, until no row may be sent now. */
  private async sendCollections(kind: Kind): Promise<void> {
    const { db, emit } = this.context;
    try {
      while (this.mayStart()) {
        const collected = await sendCollection(this.context, kind);
        if (collected === undefined) return;
        this.started++;
        const pending = waitingSteps(db, kind.name)?.rows ?? 0;
        emit({ type: 'collection', kind: kind.name, rows: collected.rows, pending });
        this.tellProgress();
        if (collected.stopped !== undefined) this.ending.stopAt(kind, collected.stopped.cause, collected.stopped);
      }
    } catch (error) {
      this.ending.stopOn(error);
    }
  }

  private async sendCanaries(kind: Kind): Promise<void> {
    const { db } = this.context;
    forgetUndecidedCanaries(db, kind.name);
    while (this.mayStart() && needsCanary(db, kind.name)) {
      const verdict = judgeCanary(db, kind.name);
      if (verdict.verdict === 'stop') {
        retractCanaries(db, kind.name);
        this.ending.stopAt(kind, 'org', verdict);
      }
      if (verdict.verdict !== 'another') return;
      const job = (await this.plan(kind, 'highVolume', true)) ?? (await this.plan(kind, 'roleBased', true));
      // Accounts may run out before three canaries are tried: the rest of the plan goes on without.
      if (job === undefined) return;
      await this.follow(kind, job, () => startJob(this.context, kind, job));
      await this.rest();
      if (this.writesByCollections(kind)) return;
    }
  }

  /** Fills the free lanes of each family. */
  private async startJobs(kind: Kind): Promise<void> {
    for (const family of families) {
      while (this.mayStart() && this.lanes.count(family) < lanesOf(family)) {
        const job = await this.plan(kind, family, false);
        if (job === undefined) break;
        this.lanes.track(
          family,
          this.follow(kind, job, () => startJob(this.context, kind, job)),
        );
      }
    }
  }

  /** Undefined when nothing may be sent now. */
  private async plan(kind: Kind, family: LicenseFamily, canary: boolean): Promise<Send | undefined> {
    try {
      const job = await planNextJob(this.context, kind.name, family, canary);
      if (job === undefined) return undefined;
      this.started++;
      this.context.emit({ type: 'jobPlanned', job: job.n, kind: kind.name, rows: job.size, family, canary });
      return job;
    } catch (error) {
      this.ending.stopOn(error);
      return undefined;
    }
  }

  /** From the job to its results. Never rejects: what goes wrong becomes the end of the run. */
  private async follow(kind: Kind, job: Send, drive: () => Promise<Send | 'paused' | 'unsent'>): Promise<void> {
    try {
      const complete = await drive();
      if (typeof complete === 'string' || this.context.isInterrupted()) return;
      this.lanes.track('collecting', this.collect(kind, complete));
    } catch (error) {
      if (!this.fallBack(kind, job, error)) this.ending.stopOn(error);
    }
  }

  /** Results are large, so those of one job at a time; the org works on the next ones meanwhile. */
  private async collect(kind: Kind, job: Send): Promise<void> {
    try {
      await this.oneCollection(async () => {
        // After a signal, what waits for its turn is left to resume.
        const collected = this.context.isInterrupted() ? 'paused' : await collectJob(this.context, kind, job);
        if (collected !== 'paused') this.afterJob(kind, job, collected);
      });
    } catch (error) {
      this.ending.stopOn(error);
    }
  }

  private async rest(): Promise<void> {
    await this.lanes.all();
    this.ending.throwOn();
  }

  /** An org that takes no such job by Bulk takes the rows by collections (docs/salesforce-facts.md, unproven). */
  private fallBack(kind: Kind, job: Send, error: unknown): boolean {
    if (!kind.takesCollections || !(error instanceof OrgError) || !isUnsupported(error.code)) return false;
    this.useCollections(kind);
    giveBack(this.context.db, job);
    return true;
  }

  private useCollections({ name }: Kind): void {
    const { db } = this.context;
    writeMeta(db, { byCollections: JSON.stringify([...readMetaList(db, 'byCollections'), name]) });
  }

  private afterJob(kind: Kind, { n }: Send, collected: Collected): void {
    const { db, emit } = this.context;
    const { succeeded, failed, again, stopped } = collected;
    emit({ type: 'jobCollected', job: n, succeeded, failed, again });
    this.tellProgress();
    if (stopped !== undefined) this.ending.stopAt(kind, stopped.cause, stopped);
    const { errorMessage: message = '' } = readSend(db, n);
    if (kind.takesCollections && isUnsupported(message)) this.useCollections(kind);
    else this.ending.afterJob(kind, message, collected.isFruitless);
  }

  private tellProgress(): void {
    const { planned, succeeded, failed, pending } = countProgress(this.context.db);
    this.context.emit({ type: 'progress', planned, succeeded, failed, pending });
  }

  /** With `--wait 0` one job is still sent: otherwise nothing would ever begin. */
  private mayStart(): boolean {
    if (this.ending.isReached || this.stop.interrupt.aborted) return false;
    return this.stop.cause() === undefined || this.started === 0;
  }

  /** Waits until rows that were refused for now may be sent again; false when there are none. */
  private async waitForRows(kind: Kind): Promise<boolean> {
    const { db, emit, now, sleep } = this.context;
    const next = waitingSteps(db, kind.name);
    if (next === undefined) return false;
    const milliseconds = Math.max(50, next.time - now());
    emit({ type: 'waiting', rows: next.rows, milliseconds });
    await sleep(milliseconds);
    return !this.context.isStopping();
  }

  /** @throws RunFault runDamaged where something is left and nothing has stopped the run: "done" would be a lie */
  private rested(): ApplyEnd {
    const { db } = this.context;
    const end = countOpen(db) === 0 ? 'done' : this.stop.cause();
    if (end === undefined) throw damagedRun(db, 'steps are left that nothing sends');
    return { end };
  }
}
