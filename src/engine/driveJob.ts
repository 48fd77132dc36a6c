/**
 * One ingest job from its intent to its end in the org; its results are collected by the engine.
 *
 *     planned ─POST→ created ─PUT→ uploaded ─PATCH→ closed ─poll→ complete ─results→ collected
 *
 * The intent is durable before each call, the answer after it. A call whose answer is lost, or a process that died in
 * between, leaves a state from which `recover` goes on: an Open job is aborted and collected (its rows go back to the
 * plan), any other one is waited for.
 */
import {
  abortIngestJob,
  closeIngestJob,
  createIngestJob,
  readIngestJob,
  uploadIngestJob,
  type IngestJob,
} from '../org/bulk/bulkIngest.js';
import { malformed } from '../org/orgErrors.js';
import type { JobId } from '../model/ids.js';
import { OrgError } from '../model/orgError.js';
import { delayBefore } from '../org/retryPolicy.js';
import { nextPause, pauseBeforeFirst, type SeenPace } from '../org/bulk/pollPause.js';
import type { Emit } from '../model/events.js';
import type { Send } from '../model/steps.js';
import { giveBack, recordClosed, recordComplete, recordCreated, recordUploaded } from '../store/sends.js';
import { bodyOfJob } from './jobBody.js';
import type { AskContext, RowKind } from './kind.js';
import type { OneAtATime } from './oneAtATime.js';
import type { Planning } from './planSend.js';

export type JobContext = SendContext & {
  /** The org works on the job. */
  readonly seeAtWork: (job: Send) => void;
};

/** What each way of sending needs. */
export type SendContext = AskContext &
  Planning & {
    readonly emit: Emit;
    /** One body is in memory at a time, however many jobs run side by side. */
    readonly oneUpload: OneAtATime;
    readonly pace: SeenPace;
    /** By a signal: what is under way is finished, and no further step of the job is begun. */
    readonly isInterrupted: () => boolean;
  };

/** The job goes on in the org; its state is recorded. */
type Paused = 'paused';

/**
 * Drives a job that this process has just planned.
 * @returns the job, whose results can be had
 * @throws OrgError; a later call of `resumeJob` goes on
 */
export async function startJob(context: JobContext, kind: RowKind, job: Send): Promise<Send | Paused> {
  const created = await inTurn(context, () => createJob(context, kind, job));
  if (created === 'paused') {
    giveBack(context.db, job);
    return created;
  }
  try {
    const closed = await uploadRows(context, kind, created);
    return closed === 'paused' ? closed : await waitForEnd(context, closed, firstPause(context, job));
  } catch (error) {
    if (!isUncertain(error)) throw error;
    return waitForEnd(context, await recover(context, created), 0);
  }
}

/**
 * Drives a job on that an earlier process left in any state; rows that were not sent go back to the plan.
 * @returns the job, whose results can be had
 * @throws OrgError
 */
export async function resumeJob(context: JobContext, job: Send): Promise<Send | Paused | 'unsent'> {
  context.emit({ type: 'jobTakenUp', job: job.n, id: job.orgId, state: job.state });
  switch (job.state) {
    case 'planned':
      // The POST may have arrived: an empty job, without rows, is all that it can have left.
      context.emit({ type: 'jobMaybeLeft', job: job.n });
      giveBack(context.db, job);
      return 'unsent';
    case 'created':
    case 'uploaded':
      return waitForEnd(context, await recover(context, job), 0);
    case 'closed':
    case 'complete':
    case 'collected':
      return waitForEnd(context, job, 0);
  }
}

function firstPause({ pace }: JobContext, { size }: Send): number {
  return pauseBeforeFirst(size, pace.durationOf(size));
}

async function createJob({ client, db, emit, random, sleep }: JobContext, kind: RowKind, job: Send): Promise<Send> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { id, createdDate } = await createIngestJob(client, kind.request);
      return recordCreated(db, job.n, { id, createdDate, maker: client.userId });
    } catch (error) {
      if (!(error instanceof OrgError) || !error.lost || attempt >= mostTries) throw error;
      emit({ type: 'jobMaybeLeft', job: job.n });
      await sleep(delayBefore(attempt, random()));
    }
  }
}

/** Creating and aborting send no rows, so they may be repeated when their answer is lost. */
const mostTries = 5;

async function uploadRows(context: JobContext, kind: RowKind, job: Send): Promise<Send | Paused> {
  const { client, db, emit } = context;
  const id = orgIdOf(job);
  const sent = await inTurn(context, () => uploadIngestJob(client, id, bodyOfJob(db, kind, job)));
  if (sent === 'paused') return sent;
  recordUploaded(db, job.n);
  await closeIngestJob(client, id);
  const closed = recordClosed(db, job.n);
  emit({ type: 'jobClosed', job: job.n, id, rows: job.size });
  return closed;
}

/**
 * One job after the other, as they were planned: the org works on them in this order. After a signal, what waits for its
 * turn is left to resume.
 */
async function inTurn<T>({ oneUpload, isInterrupted }: JobContext, step: () => Promise<T>): Promise<T | Paused> {
  return oneUpload(async () => (isInterrupted() ? 'paused' : step()));
}

/** The org may or may not have done what it was told: it is asked before anything is sent again. */
function isUncertain(error: unknown): boolean {
  return error instanceof OrgError && (error.lost || error.kind === 'refused' || error.kind === 'gone');
}

/**
 * Brings a job of which nobody knows how far it came to a state that can be waited for or collected.
 * @throws OrgError malformed where the job stays open although the org has aborted it
 */
async function recover(context: JobContext, job: Send): Promise<Send> {
  const { client, db, random, sleep } = context;
  const id = orgIdOf(job);
  for (let attempt = 1; ; attempt++) {
    const inOrg = await readOrGone(context, id);
    if (inOrg === undefined || isTerminal(inOrg)) return recordEnd(context, job, inOrg);
    if (inOrg.state !== 'Open') return recordClosed(db, job.n);
    if (attempt > mostTries) throw malformed(`job ${id}: it was aborted, and is open`);
    try {
      await abortIngestJob(client, id);
    } catch (error) {
      // Somebody may have closed or aborted it meanwhile, or the answer was lost: what counts is read again.
      if (!isUncertain(error) || attempt >= mostTries) throw error;
    }
    if (attempt > 1) await sleep(delayBefore(attempt, random()));
  }
}

/** @param pauseBefore milliseconds before the first look; with 0, it is looked at once even if the run is to stop */
async function waitForEnd(context: JobContext, job: Send, pauseBefore: number): Promise<Send | Paused> {
  if (job.state === 'complete') return job;
  let before = { time: context.now(), processed: 0 };
  for (let pause = pauseBefore; ;) {
    if (pause > 0) await context.sleep(pause);
    if (context.isInterrupted() || (pause > 0 && context.isStopping())) return 'paused';
    const inOrg = await readOrGone(context, orgIdOf(job));
    if (inOrg === undefined || isTerminal(inOrg)) return recordEnd(context, job, inOrg);
    const { processed } = inOrg;
    context.emit({ type: 'jobProgress', job: job.n, processed, rows: job.size });
    if (context.isStopping()) return 'paused';
    const now = { time: context.now(), processed };
    context.pace.see(before, now);
    if (processed > 0) context.seeAtWork(job);
    pause = nextPause(job.size, pause, before, now, context.pace.durationOf(job.size));
    before = now;
  }
}

/** From `created` on, a job has its Id. */
function orgIdOf({ n, orgId }: Send): JobId {
  if (orgId === undefined) throw new Error(`job ${String(n)} has no Id`);
  return orgId;
}

function isTerminal({ state }: IngestJob): boolean {
  return state === 'JobComplete' || state === 'Failed' || state === 'Aborted';
}

function recordEnd({ db }: JobContext, job: Send, inOrg: IngestJob | undefined): Send {
  return recordComplete(db, job.n, {
    orgState: inOrg?.state ?? 'gone',
    errorMessage: inOrg?.errorMessage,
    milliseconds: inOrg?.totalProcessingTime ?? 0,
  });
}

/** Jobs go after seven days; another user of the org may delete them earlier. One such answer alone proves nothing. */
async function readOrGone({ client, random, sleep }: JobContext, id: JobId): Promise<IngestJob | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readIngestJob(client, id);
    } catch (error) {
      if (!(error instanceof OrgError) || error.kind !== 'gone') throw error;
      if (attempt === 2) return undefined;
      await sleep(delayBefore(attempt, random()));
    }
  }
}
