/** Steps of a kind that are rows: by jobs side by side, by collections where they are few. */
import { OrgError } from '../model/orgError.js';
import { isUnsupported } from '../model/rowErrors.js';
import { families, type LicenseFamily, type Send } from '../model/steps.js';
import { forgetUndecidedCanaries, retractCanaries } from '../store/queries/canaries.js';
import { readMetaList, writeMeta } from '../store/meta.js';
import { giveBack, readSend } from '../store/sends.js';
import { waitingSteps } from '../store/steps.js';
import { judgeCanary, needsCanary } from './canary.js';
import { collectJob, sendCollection, type Collected } from './collect.js';
import { resumeJob, startJob, type JobContext } from './driveJob.js';
import type { Driving } from './driving.js';
import { lanesOf, mostByCollections } from './jobSize.js';
import type { RowKind } from './kind.js';
import { Lanes } from './lanes.js';
import { oneAtATime } from './oneAtATime.js';
import { planNextJob } from './planSend.js';

export class Jobs {
  private readonly driving: Driving;
  private readonly context: JobContext;
  private readonly lanes = new Lanes();
  private readonly oneCollection = oneAtATime();

  public constructor(driving: Driving) {
    this.driving = driving;
    this.context = { ...driving.context, seeAtWork: (job) => this.lanes.seeAtWork(job) };
  }

  /** Takes up a job that an earlier process has left; `rest` waits for it. */
  public takeUp(kind: RowKind, job: Send): void {
    this.track(kind, job, () => resumeJob(this.context, job));
  }

  /** Waits until every job has come to rest. */
  public async rest(): Promise<void> {
    await this.lanes.all();
    this.driving.ending.throwOn();
  }

  public async drive(kind: RowKind): Promise<void> {
    const { driving } = this;
    if (kind.hasCanary && !this.writesByCollections(kind)) await this.sendCanaries(kind);
    while (driving.mayStart()) {
      await driving.pauseAfterFruitless();
      if (this.writesByCollections(kind))
        await driving.callAfterCall(kind, () => sendCollection(driving.context, kind));
      else await this.startJobs(kind);
      if (!this.lanes.areEmpty()) await this.lanes.next();
      else if (!(await driving.waitForRows(kind))) break;
    }
  }

  /** What is few, or what the org has refused to take by a job. Never beside a job. */
  private writesByCollections(kind: RowKind): boolean {
    const { db } = this.driving.context;
    if (!kind.takesCollections || !this.lanes.areEmpty()) return false;
    if (readMetaList(db, 'byCollections').includes(kind.name)) return true;
    return (waitingSteps(db, kind.name)?.rows ?? 0) <= mostByCollections;
  }

  private async sendCanaries(kind: RowKind): Promise<void> {
    const { db } = this.driving.context;
    forgetUndecidedCanaries(db, kind.name);
    while (this.driving.mayStart() && needsCanary(db, kind.name)) {
      const verdict = judgeCanary(db, kind.name);
      if (verdict.verdict === 'stop') {
        retractCanaries(db, kind.name);
        this.driving.ending.stopAt(kind, 'org', verdict);
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

  private hasFreeLane(family: LicenseFamily): boolean {
    return this.lanes.count(family) < lanesOf(family, this.lanes.countAtWork(family));
  }

  /** Fills the free lanes of each family. */
  private async startJobs(kind: RowKind): Promise<void> {
    for (const family of families) {
      while (this.driving.mayStart() && this.hasFreeLane(family)) {
        const job = await this.plan(kind, family, false);
        if (job === undefined) break;
        this.track(kind, job, () => startJob(this.context, kind, job));
      }
    }
  }

  /** Undefined when nothing may be sent now. */
  private async plan(kind: RowKind, family: LicenseFamily, canary: boolean): Promise<Send | undefined> {
    try {
      const job = await planNextJob(this.driving.context, kind.name, family, canary);
      if (job === undefined) return undefined;
      this.driving.hasStarted();
      this.driving.context.emit({ type: 'jobPlanned', job: job.n, kind: kind.name, rows: job.size, family, canary });
      return job;
    } catch (error) {
      this.driving.ending.stopOn(error);
      return undefined;
    }
  }

  private track(kind: RowKind, job: Send, drive: () => Promise<Send | 'paused' | 'unsent'>): void {
    this.lanes.trackJob(job, this.follow(kind, job, drive));
  }

  /** From the job to its results. Never rejects: what goes wrong becomes the end of the run. */
  private async follow(kind: RowKind, job: Send, drive: () => Promise<Send | 'paused' | 'unsent'>): Promise<void> {
    try {
      const complete = await drive();
      if (typeof complete === 'string' || this.driving.context.isInterrupted()) return;
      this.lanes.track('collecting', this.collect(kind, complete));
    } catch (error) {
      if (!this.fallBack(kind, job, error)) this.driving.ending.stopOn(error);
    }
  }

  /** Results are large, so those of one job at a time; the org works on the next ones meanwhile. */
  private async collect(kind: RowKind, job: Send): Promise<void> {
    try {
      await this.oneCollection(async () => {
        // After a signal, what waits for its turn is left to resume.
        const collected = this.driving.context.isInterrupted()
          ? 'paused'
          : await collectJob(this.driving.context, kind, job);
        if (collected !== 'paused') this.afterJob(kind, job, collected);
      });
    } catch (error) {
      this.driving.ending.stopOn(error);
    }
  }

  /** An org that takes no such job by Bulk takes the rows by collections (docs/salesforce-facts.md, unproven). */
  private fallBack(kind: RowKind, job: Send, error: unknown): boolean {
    if (!kind.takesCollections || !(error instanceof OrgError) || !isUnsupported(error.code)) return false;
    this.useCollections(kind);
    giveBack(this.driving.context.db, job);
    return true;
  }

  private useCollections({ name }: RowKind): void {
    const { db } = this.driving.context;
    writeMeta(db, { byCollections: JSON.stringify([...readMetaList(db, 'byCollections'), name]) });
  }

  private afterJob(kind: RowKind, { n }: Send, collected: Collected): void {
    const { db, emit } = this.driving.context;
    const { succeeded, failed, again, stopped } = collected;
    emit({ type: 'jobCollected', job: n, succeeded, failed, again });
    this.driving.tellProgress();
    if (stopped !== undefined) this.driving.ending.stopAt(kind, stopped.cause, stopped);
    const { errorMessage: message = '' } = readSend(db, n);
    if (kind.takesCollections && isUnsupported(message)) this.useCollections(kind);
    else this.driving.ending.afterJob(kind, message, collected.isFruitless);
  }
}
