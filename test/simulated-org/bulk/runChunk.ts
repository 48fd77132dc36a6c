/** The rows of a chunk go through the rules, then the job's counters move. */
import type { FieldValue } from '../contracts.ts';
import { chunkEnd } from './batch.ts';
import type { Batch, OrgForWork } from './batch.ts';
import { endJob } from './ingestJob.ts';
import type { IngestJob, RowOutcome } from './ingestJob.ts';
import { toDmlRow } from './toDmlRow.ts';

/** The rows of a chunk that were worked on, and how many of them failed. */
export type WrittenChunk = { readonly until: number; readonly failed: number };

export function writeChunk(org: OrgForWork, batch: Batch): WrittenChunk {
  const until = chunkEnd(org, batch);
  return { until, failed: executeRows(org, batch.job, batch.next, until, batch.owner) };
}

/** The job's counters move, and it may be done. */
export function countChunk(org: OrgForWork, batch: Batch, chunk: WrittenChunk, startMs: number, endMs: number): void {
  const { job } = batch;
  job.failed += chunk.failed;
  job.processed += chunk.until - batch.next;
  batch.next = chunk.until;
  job.totalProcessingTime += Math.max(1, Math.round(endMs - startMs));
  job.apiActiveProcessingTime = Math.round(job.totalProcessingTime * 0.4);
  job.modifiedMs = endMs;
  job.stampMs = Math.max(endMs, org.clock.now());
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

/**
 * The server lost track and works on the batch once more: rows that it had committed now exist already
 * (docs/unproven.md#on-the-wire).
 */
function repeatOnDemand(org: OrgForWork, batch: Batch): void {
  if (org.switches.bulk.repeatBatches <= 0) return;
  org.switches.bulk.repeatBatches -= 1;
  batch.job.retries += 1;
  const size = org.switches.bulk.rowsPerChunk;
  for (let from = batch.start; from < batch.end; from += size) {
    executeRows(org, batch.job, from, Math.min(from + size, batch.end), `${batch.owner}/repeat`);
  }
  batch.job.failed = batch.job.outcomes.filter((outcome) => outcome?.kind === 'failure').length;
}
