/**
 * Works jobs off on the org's clock: 10,000-row batches, several at a time, in 200-row chunks (salesforce-wire §6).
 *
 * Time is cut into rounds. In a round each batch in work runs one chunk; chunks of one round count as running at the same
 * time, so their locks meet. A round takes what its longest chunk costs; with no costs all is done at the first look.
 */
import type { FieldValue } from '../contracts.ts';
import type { Org } from '../org.ts';
import { checkHeader } from './headerRules.ts';
import { JobFailure, parseUpload } from './csvIn.ts';
import { endJob, terminalStates } from './ingestJob.ts';
import type { IngestJob, RowOutcome } from './ingestJob.ts';
import { toDmlRow } from './toDmlRow.ts';

export type OrgForWork = Pick<Org, 'schema' | 'store' | 'switches' | 'clock' | 'rules' | 'limits' | 'executeDml'>;

type Batch = {
  readonly job: IngestJob;
  readonly end: number;
  readonly start: number;
  next: number;
  startedMs: number | undefined;
  tries: number;
};

export type Worker = {
  /** A closed job enters the queue. */
  enqueue(job: IngestJob): void;
  /** Does what is due by now, for at most so many real milliseconds; says whether more is due. */
  work(budgetMs?: number): boolean;
  /** Jobs are waiting or in work. */
  isBusy(): boolean;
};

export function createWorker(org: OrgForWork): Worker {
  let waitingJobs: IngestJob[] = [];
  let waiting: Batch[] = [];
  let active: Batch[] = [];
  let roundStart = 0;

  /** Jobs whose time in the queue is over are read, checked and cut into batches. */
  function admitJobs(now: number): void {
    for (const job of waitingJobs) {
      const due = (job.closedMs ?? now) + org.switches.bulk.msInQueue;
      if (job.state !== 'UploadComplete' || due > now) continue;
      waiting.push(...openJob(org, job, due));
    }
    waitingJobs = waitingJobs.filter((job) => job.state === 'UploadComplete');
  }

  function admitBatches(): void {
    waiting = waiting.filter((batch) => !terminalStates.has(batch.job.state));
    active = active.filter((batch) => !terminalStates.has(batch.job.state));
    active.push(...waiting.splice(0, Math.max(0, org.switches.bulk.parallelBatches - active.length)));
  }

  /** One round, if its end is due. */
  function round(now: number): boolean {
    admitJobs(now);
    admitBatches();
    if (active.length === 0 || org.switches.bulk.stuck) return false;
    roundStart = Math.max(
      roundStart,
      ...active.map((batch) => (batch.startedMs === undefined ? earliestStart(batch) : 0)),
    );
    for (const batch of active) batch.startedMs ??= roundStart;
    const end = roundStart + Math.max(...active.map((batch) => costOf(org, batch)));
    if (end > now) return false;
    org.rules.locks.beginRound(end);
    for (const batch of active) runChunk(org, batch, roundStart, end);
    org.rules.locks.endRound();
    roundStart = end;
    const requeued = active.filter((batch) => isTimedOut(org, batch, end));
    for (const batch of requeued) retryBatch(org, batch, end);
    waiting.push(...requeued.filter((batch) => !terminalStates.has(batch.job.state)));
    active = active.filter((batch) => batch.next < batch.end && !requeued.includes(batch));
    return true;
  }

  return {
    enqueue: (job) => void waitingJobs.push(job),
    isBusy: () => waitingJobs.length + waiting.length + active.length > 0,
    work(budgetMs = Number.POSITIVE_INFINITY) {
      const began = performance.now();
      while (round(org.clock.now())) {
        if (performance.now() - began > budgetMs) return true;
      }
      return false;
    },
  };
}

function earliestStart(batch: Batch): number {
  return batch.job.modifiedMs;
}

/** Reads the upload; a job that fails as a whole keeps all its rows unprocessed. */
function openJob(org: OrgForWork, job: IngestJob, now: number): Batch[] {
  job.state = 'InProgress';
  job.modifiedMs = now;
  try {
    readUpload(org, job);
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    endJob(job, 'Failed', now, error.message);
    return [];
  }
  if (job.rows.length === 0) {
    endEmptyJob(org, job, now);
    return [];
  }
  if (org.limits.remaining('DailyBulkApiBatches') < Math.ceil(job.rows.length / org.switches.bulk.rowsPerBatch)) {
    endJob(job, 'Failed', now, 'ExceededQuota : ApiBatchItems Limit exceeded.');
    return [];
  }
  takeEndOnDemand(org, job);
  return cutIntoBatches(org, job);
}

function readUpload(org: OrgForWork, job: IngestJob): void {
  const parsed = parseUpload(job.content ?? Buffer.alloc(0), job.columnDelimiter, job.lineEnding);
  job.header = parsed.header;
  job.rows = parsed.rows;
  job.outcomes = new Array<undefined>(parsed.rows.length).fill(undefined);
  const object = org.schema.object(job.object);
  if (object !== undefined) checkHeader(org.schema, object, parsed.header);
}

function endEmptyJob(org: OrgForWork, job: IngestJob, now: number): void {
  if (org.switches.bulk.emptyJobFails)
    endJob(job, 'Failed', now, 'ClientInputError : No records found in the uploaded content');
  else endJob(job, 'JobComplete', now);
}

/** One-shot switches: the next job ends before its time. */
function takeEndOnDemand(org: OrgForWork, job: IngestJob): void {
  const { bulk } = org.switches;
  if (bulk.failNextJobAfterRows !== null) {
    job.endAfterRows = { rows: bulk.failNextJobAfterRows, state: 'Failed', message: bulk.failNextJobMessage };
    bulk.failNextJobAfterRows = null;
  } else if (bulk.abortNextJobAfterRows !== null) {
    job.endAfterRows = { rows: bulk.abortNextJobAfterRows, state: 'Aborted', message: undefined };
    bulk.abortNextJobAfterRows = null;
  }
  if (job.endAfterRows?.rows === 0) endJob(job, job.endAfterRows.state, job.modifiedMs, job.endAfterRows.message);
}

function cutIntoBatches(org: OrgForWork, job: IngestJob): Batch[] {
  const size = org.switches.bulk.rowsPerBatch;
  const batches: Batch[] = [];
  for (let start = 0; start < job.rows.length; start += size) {
    batches.push({
      job,
      start,
      next: start,
      end: Math.min(start + size, job.rows.length),
      startedMs: undefined,
      tries: 1,
    });
  }
  org.limits.use('DailyBulkApiBatches', batches.length);
  return batches;
}

function chunkEnd(org: OrgForWork, batch: Batch): number {
  const end = Math.min(batch.next + org.switches.bulk.rowsPerChunk, batch.end);
  const { endAfterRows } = batch.job;
  return endAfterRows === undefined
    ? end
    : Math.min(end, batch.next + Math.max(0, endAfterRows.rows - batch.job.processed));
}

function costOf(org: OrgForWork, batch: Batch): number {
  const { msPerBatch, msPerRow } = org.switches.bulk;
  return (chunkEnd(org, batch) - batch.next) * msPerRow + (batch.next === batch.start ? msPerBatch : 0);
}

function runChunk(org: OrgForWork, batch: Batch, startMs: number, endMs: number): void {
  const { job } = batch;
  if (terminalStates.has(job.state)) return;
  const until = chunkEnd(org, batch);
  const from = batch.next;
  job.failed += executeRows(org, job, from, until, `${job.id}/${batch.start}`);
  batch.next = until;
  job.processed += until - from;
  job.totalProcessingTime += Math.max(1, Math.round(endMs - startMs));
  job.apiActiveProcessingTime = Math.round(job.totalProcessingTime * 0.4);
  job.modifiedMs = endMs;
  if (batch.next >= batch.end) repeatOnDemand(org, batch);
  const { endAfterRows } = job;
  if (endAfterRows !== undefined && job.processed >= endAfterRows.rows)
    endJob(job, endAfterRows.state, endMs, endAfterRows.message);
  else if (job.processed >= job.rows.length) endJob(job, 'JobComplete', endMs);
}

/** Returns how many rows failed. */
function executeRows(org: OrgForWork, job: IngestJob, from: number, until: number, lockOwner: string): number {
  const names = job.header.map((cell) => cell.name);
  const rows: Array<Record<string, FieldValue>> = job.rows
    .slice(from, until)
    .map((cells) => toDmlRow(names, cells, job.operation));
  const results = org.executeDml({
    sobject: job.object,
    operation: job.operation === 'hardDelete' ? 'delete' : job.operation,
    rows,
    ...(job.externalIdFieldName === undefined ? {} : { externalIdField: job.externalIdFieldName }),
    runningUserId: job.createdById,
    lockOwner,
  });
  results.forEach((result, index) => {
    const outcome: RowOutcome = result.success
      ? { kind: 'success', id: result.id, created: result.created }
      : { kind: 'failure', id: result.id, error: result.error };
    job.outcomes[from + index] = outcome;
  });
  return results.filter((result) => !result.success).length;
}

/** The server lost track and works on the batch once more: rows that it had committed now exist already (§9.10). */
function repeatOnDemand(org: OrgForWork, batch: Batch): void {
  if (org.switches.bulk.repeatBatches <= 0) return;
  org.switches.bulk.repeatBatches -= 1;
  batch.job.retries += 1;
  const size = org.switches.bulk.rowsPerChunk;
  for (let from = batch.start; from < batch.end; from += size) {
    executeRows(org, batch.job, from, Math.min(from + size, batch.end), `${batch.job.id}/${batch.start}/repeat`);
  }
  batch.job.failed = batch.job.outcomes.filter((outcome) => outcome?.kind === 'failure').length;
}

function isTimedOut(org: OrgForWork, batch: Batch, now: number): boolean {
  const limit = org.switches.bulk.batchTimeoutMs;
  return limit !== null && batch.next < batch.end && batch.startedMs !== undefined && now - batch.startedMs > limit;
}

/** A batch that takes too long goes back to the queue; after its last try the job fails and the rest stays unprocessed. */
function retryBatch(org: OrgForWork, batch: Batch, now: number): void {
  batch.tries += 1;
  batch.startedMs = undefined;
  batch.job.retries += 1;
  if (batch.tries <= org.switches.bulk.batchTries) return;
  endJob(batch.job, 'Failed', now, 'InternalServerError : Batch took too long to process. Batch will not be retried.');
}
