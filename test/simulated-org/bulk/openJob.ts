/**
 * A job whose time in the queue is over: its upload is read, checked and cut into batches
 * (docs/salesforce-facts.md#bulk-ingest-jobs).
 */
import { batchesOf } from './batch.ts';
import type { Batch, OrgForWork } from './batch.ts';
import { JobFailure, parseUpload } from './csvIn.ts';
import { checkHeader } from './headerRules.ts';
import { endJob } from './ingestJob.ts';
import type { IngestJob } from './ingestJob.ts';

/** Reads the upload; a job that fails as a whole keeps all its rows unprocessed. */
export function openJob(org: OrgForWork, job: IngestJob, now: number): Batch[] {
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
  return batchesOf(org, job);
}

function readUpload(org: OrgForWork, job: IngestJob): void {
  const parsed = parseUpload(job.content ?? Buffer.alloc(0), job.columnDelimiter, job.lineEnding);
  job.content = undefined;
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
    job.recordedRows = bulk.failNextJobUnrecordedAfter ?? undefined;
    Object.assign(bulk, { failNextJobAfterRows: null, failNextJobUnrecordedAfter: null });
  } else if (bulk.abortNextJobAfterRows !== null) {
    job.endAfterRows = { rows: bulk.abortNextJobAfterRows, state: 'Aborted', message: undefined };
    bulk.abortNextJobAfterRows = null;
  }
  if (job.endAfterRows?.rows === 0) endJob(job, job.endAfterRows.state, job.modifiedMs, job.endAfterRows.message);
}
