/**
 * Job bodies as recorded: which keys are present depends on the state and on the call
 * (docs/salesforce-facts.md#bulk-ingest-jobs).
 */
import type { IngestJob } from './ingestJob.ts';

type Body = Record<string, unknown>;

/** `2021-08-31T01:31:13.000+0000`: jobs are stamped to the second. */
export function jobTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000+0000`;
}

function common(job: IngestJob): Body {
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.createdById,
    createdDate: jobTime(job.createdMs),
    systemModstamp: jobTime(job.stampMs),
    state: job.state,
    ...(job.externalIdFieldName === undefined ? {} : { externalIdFieldName: job.externalIdFieldName }),
    ...(job.assignmentRuleId === undefined ? {} : { assignmentRuleId: job.assignmentRuleId }),
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.apiVersion),
  };
}

function contentUrl(job: IngestJob): Body {
  return { contentUrl: `services/data/v${job.apiVersion}/jobs/ingest/${job.id}/batches` };
}

function form(job: IngestJob): Body {
  return { lineEnding: job.lineEnding, columnDelimiter: job.columnDelimiter };
}

/** Form A: the answer to the POST. */
export function createdBody(job: IngestJob): Body {
  return { ...common(job), ...contentUrl(job), ...form(job) };
}

/** Form C: the answer to a PATCH. */
export function changedBody(job: IngestJob): Body {
  return common(job);
}

/** Forms B (open, nothing uploaded), B' (open, after the PUT) and D (later): the answer to a GET. */
export function statusBody(job: IngestJob): Body {
  const open = job.state === 'Open';
  const counters = { numberRecordsProcessed: job.processed, numberRecordsFailed: job.failed };
  return {
    ...common(job),
    jobType: 'V2Ingest',
    ...(open ? contentUrl(job) : {}),
    ...form(job),
    ...(open && job.content === undefined ? {} : counters),
    retries: job.retries,
    totalProcessingTime: job.totalProcessingTime,
    apiActiveProcessingTime: job.apiActiveProcessingTime,
    apexProcessingTime: 0,
    ...(!open && Number(job.apiVersion) >= 61 ? { isPkChunkingSupported: false } : {}),
    ...(job.state === 'Failed' && job.errorMessage !== undefined ? { errorMessage: job.errorMessage } : {}),
  };
}

/** In the list of jobs there are no counters. */
export function listedBody(job: IngestJob): Body {
  return { ...common(job), jobType: 'V2Ingest', ...form(job) };
}
