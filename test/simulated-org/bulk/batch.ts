/**
 * A batch of a job: how it is cut into chunks, and what they take on the org's clock
 * (docs/salesforce-facts.md#bulk-ingest-jobs).
 */
import type { Org } from '../org.ts';
import type { IngestJob } from './ingestJob.ts';

export type OrgForWork = Pick<Org, 'schema' | 'store' | 'switches' | 'clock' | 'rules' | 'limits' | 'executeDml'>;

export type Batch = {
  readonly job: IngestJob;
  /** Whose locks its chunks take. */
  readonly owner: string;
  readonly start: number;
  readonly end: number;
  /** The first row that was not worked on. */
  next: number;
  /** Since when it waits for a free place. */
  readyMs: number;
  /** When it got its place; a batch that goes back to the queue loses it. */
  startedMs: number;
  tries: number;
};

export function batchesOf(org: OrgForWork, job: IngestJob): Batch[] {
  const size = org.switches.bulk.rowsPerBatch;
  const batches: Batch[] = [];
  for (let start = 0; start < job.rows.length; start += size) {
    batches.push({
      job,
      owner: `${job.id}/${start}`,
      start,
      next: start,
      end: Math.min(start + size, job.rows.length),
      readyMs: job.modifiedMs,
      startedMs: job.modifiedMs,
      tries: 1,
    });
  }
  org.limits.use('DailyBulkApiBatches', batches.length);
  return batches;
}

/** Where the next chunk ends: 200 rows on, or where a switch ends the job. */
export function chunkEnd(org: OrgForWork, batch: Batch): number {
  const end = Math.min(batch.next + org.switches.bulk.rowsPerChunk, batch.end);
  const { endAfterRows } = batch.job;
  return endAfterRows === undefined
    ? end
    : Math.min(end, batch.next + Math.max(0, endAfterRows.rows - batch.job.processed));
}

/** What the next chunk takes, its first one with what the batch costs. */
export function costOf(org: OrgForWork, batch: Batch): number {
  const { msPerBatch, msPerRow } = org.switches.bulk;
  return (chunkEnd(org, batch) - batch.next) * msPerRow + (batch.next === batch.start ? msPerBatch : 0);
}

export function isTimedOut(org: OrgForWork, batch: Batch, now: number): boolean {
  const limit = org.switches.bulk.batchTimeoutMs;
  return limit !== null && batch.next < batch.end && now - batch.startedMs > limit;
}
