/** What the org knows about one query job, and how it shows it (docs/salesforce-facts.md#bulk-query-jobs). */
import type { ColumnDelimiter, JobState, LineEnding } from './ingestJob.ts';
import { jobTime } from './jobBody.ts';
import type { ResultLines } from './resultLines.ts';

export type QueryJob = {
  readonly id: string;
  readonly operation: 'query' | 'queryAll';
  readonly object: string;
  readonly query: string;
  readonly createdById: string;
  readonly createdMs: number;
  modifiedMs: number;
  state: JobState;
  readonly apiVersion: string;
  readonly lineEnding: LineEnding;
  readonly columnDelimiter: ColumnDelimiter;
  /** Header line and rows, as the result pages have them. */
  header: string;
  readonly lines: ResultLines;
  errorMessage: string | undefined;
};

/** The answer to the POST and to a PATCH: no jobType yet. */
export function queryCreatedBody(job: QueryJob): Record<string, unknown> {
  return { ...common(job), lineEnding: job.lineEnding, columnDelimiter: job.columnDelimiter };
}

/** The answer to a GET; there is no numberRecordsFailed. */
export function queryStatusBody(job: QueryJob): Record<string, unknown> {
  return {
    ...queryListedBody(job),
    numberRecordsProcessed: job.lines.count,
    retries: 0,
    totalProcessingTime: Math.max(0, job.modifiedMs - job.createdMs),
    ...(Number(job.apiVersion) >= 60 ? { isPkChunkingSupported: true } : {}),
    ...(job.state === 'Failed' && job.errorMessage !== undefined ? { errorMessage: job.errorMessage } : {}),
  };
}

export function queryListedBody(job: QueryJob): Record<string, unknown> {
  return { ...common(job), jobType: 'V2Query', lineEnding: job.lineEnding, columnDelimiter: job.columnDelimiter };
}

function common(job: QueryJob): Record<string, unknown> {
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.createdById,
    createdDate: jobTime(job.createdMs),
    systemModstamp: jobTime(job.modifiedMs),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.apiVersion),
  };
}
