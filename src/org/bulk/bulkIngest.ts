/**
 * The calls of Bulk API 2.0 ingest jobs, one function each; what they mean together is the engine's business.
 * Source for all of this file: Bulk API 2.0 guide "Bulk API 2.0 Ingest".
 */
import { sameId, type JobId } from '../../model/ids.js';
import { csvSlices } from './csvSlices.js';
import { checkedId, readJson, type JsonReader } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { malformed } from '../orgErrors.js';

const states = ['Open', 'UploadComplete', 'InProgress', 'JobComplete', 'Failed', 'Aborted'] as const;

type IngestState = (typeof states)[number];

export type IngestJob = {
  readonly id: JobId;
  readonly state: IngestState;
  /** The org's clock, for example `2026-08-31T01:31:13.000+0000`. */
  readonly createdDate: string;
  /** Good and bad rows so far; 0 where the answer does not say (new and just closed jobs). */
  readonly processed: number;
  /** Only of a failed job. */
  readonly errorMessage: string | undefined;
  /** Milliseconds of all its batches together, which may have been worked on side by side (docs/salesforce-facts.md#bulk-ingest-jobs). */
  readonly totalProcessingTime: number;
};

export type IngestJobRequest = { readonly object: string; readonly operation: 'insert' | 'update' | 'delete' };

/**
 * Makes a job for comma-separated CSV with line feeds. Not repeated by itself when its answer is lost (OrgError `lost`):
 * an empty Open job may be left then. @throws OrgError
 */
export async function createIngestJob(client: OrgClient, { object, operation }: IngestJobRequest): Promise<IngestJob> {
  const body = JSON.stringify({ object, operation, contentType: 'CSV', lineEnding: 'LF', columnDelimiter: 'COMMA' });
  return readJob((await client.call({ method: 'POST', path: '/jobs/ingest', body })).body);
}

/** Uploads the whole CSV of an Open job; an org takes only one. Not repeated when its answer is lost. @throws OrgError */
export async function uploadIngestJob(client: OrgClient, jobId: JobId, csv: string): Promise<void> {
  const path = `${jobPath(jobId)}/batches`;
  await client.call({ method: 'PUT', path, body: csv, contentType: 'text/csv; charset=UTF-8', repeatable: false });
}

/** Lets the org begin. Not repeated when its answer is lost: read the job then. @throws OrgError */
export function closeIngestJob(client: OrgClient, jobId: JobId): Promise<IngestJob> {
  return patchState(client, jobId, 'UploadComplete');
}

/** Stops a job; rows done by then stay done. Not repeated when its answer is lost: read the job then. @throws OrgError */
export function abortIngestJob(client: OrgClient, jobId: JobId): Promise<IngestJob> {
  return patchState(client, jobId, 'Aborted');
}

async function patchState(client: OrgClient, jobId: JobId, state: IngestState): Promise<IngestJob> {
  const body = JSON.stringify({ state });
  return readJob((await client.call({ method: 'PATCH', path: jobPath(jobId), body })).body);
}

/** @throws OrgError kind `gone` if the org no longer knows the job */
export async function readIngestJob(client: OrgClient, jobId: JobId): Promise<IngestJob> {
  const job = readJob((await client.call({ method: 'GET', path: jobPath(jobId) })).body);
  if (!sameId(job.id, jobId)) throw malformed('ingest job: it is another one');
  return job;
}

function jobPath(jobId: JobId): string {
  return `/jobs/ingest/${checkedId(jobId, 'ingest job: what is asked for')}`;
}

function readJob(body: string): IngestJob {
  const job = readJson(body, 'ingest job');
  const told = job.text('state');
  const state = states.find((each) => each === told);
  if (state === undefined) throw malformed(`ingest job: unknown state "${told}"`);
  const createdDate = job.text('createdDate');
  // What users were made by the job is found out by it.
  if (Number.isNaN(Date.parse(createdDate))) throw malformed('ingest job: "createdDate" is no date');
  return {
    id: job.id('id'),
    state,
    createdDate,
    processed: counterOf(job, 'numberRecordsProcessed'),
    errorMessage: job.textIfAny('errorMessage'),
    totalProcessingTime: counterOf(job, 'totalProcessingTime'),
  };
}

function counterOf(job: JsonReader, key: string): number {
  return job.object[key] == null ? 0 : job.number(key);
}

/** The results of a job, and the column of each that says what became of a row (guide "Get Job Successful Record Results"). */
const toldBy = { successfulResults: 'sf__Id', failedResults: 'sf__Error', unprocessedrecords: undefined } as const;

export type IngestResultKind = keyof typeof toldBy;

/** Rows by header name. */
export type IngestResultRow = Readonly<Record<string, string>>;

/**
 * One of the three result files of a job in a terminal state, in small slices; no slice if it is empty.
 * The order of rows and columns means nothing. Must be read with the job's own API version.
 * @throws OrgError kind `network` if the file is cut short: slices may have been yielded, read it again from the start;
 * `malformed` without the column that says what became of a row
 */
export async function* readIngestResults(
  client: OrgClient,
  jobId: JobId,
  kind: IngestResultKind,
): AsyncGenerator<readonly IngestResultRow[]> {
  const answer = await client.call({ method: 'GET', path: `${jobPath(jobId)}/${kind}`, accept: 'text/csv' });
  const told = toldBy[kind];
  for (const { header, rows } of csvSlices(answer, kind)) {
    if (told !== undefined && header.filter((name) => name === told).length !== 1) {
      throw malformed(`${kind}: not one column "${told}"`);
    }
    yield rows.map((cells) => {
      const row: Record<string, string> = {};
      for (const [place, name] of header.entries()) {
        const cell = cells[place];
        if (cell !== undefined && cell !== '') row[name] = cell;
      }
      return row;
    });
  }
}

const listed = ['id', 'object', 'operation', 'state', 'createdById', 'createdDate', 'systemModstamp'] as const;

/** A job of any client. `createdDate`, and `systemModstamp` of the last change of state, are times of the org's clock. */
export type ListedIngestJob = Readonly<Record<(typeof listed)[number], string>>;

/** 1,000 jobs each. The day's 15,000 batches for seven days are more, but a list without an end must not use up the calls. */
const mostListPages = 20;

/**
 * The jobs that the org still knows, of every client; at most 20,000 of them, in no order. @throws OrgError
 * Source: guide "Get Information About All Ingest Jobs"; recorded in ListJobs.md of mohan-chinnappan-n/cli-dx.
 */
export async function listIngestJobs(client: OrgClient): Promise<ListedIngestJob[]> {
  const jobs: ListedIngestJob[] = [];
  let path: string | undefined = '/jobs/ingest?jobType=V2Ingest';
  for (let page = 1; path !== undefined && page <= mostListPages; page++) {
    const answer: JsonReader = readJson((await client.call({ method: 'GET', path })).body, 'list of ingest jobs');
    for (const job of answer.objects('records')) jobs.push(job.texts(listed));
    path = answer.boolean('done') ? undefined : answer.textIfAny('nextRecordsUrl');
  }
  return jobs;
}
