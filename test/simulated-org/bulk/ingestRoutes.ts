/** `/jobs/ingest`: create, upload, close, poll, results, abort, delete, list (docs/salesforce-facts.md#bulk-ingest-jobs). */
import { ApiError } from '../contracts.ts';
import type { OrgRequest, OrgResponse, Route } from '../contracts.ts';
import type { Org } from '../org.ts';
import { createIngestJob, readJson } from './createJob.ts';
import { failedResults, successfulResults, unprocessedRecords } from './csvOut.ts';
import { endJob, terminalStates } from './ingestJob.ts';
import type { IngestJob } from './ingestJob.ts';
import { changedBody, createdBody, listedBody, statusBody } from './jobBody.ts';
import type { JobShelf } from './jobShelf.ts';
import { readMultipart } from './multipart.ts';
import { startPump } from './pump.ts';
import { createWorker } from './worker.ts';

const dayMs = 86_400_000;
const uploadLimit = 150_000_000;

export function createIngestRoute(org: Org, shelf: JobShelf): Route {
  const worker = createWorker(org);
  const pump = startPump(org, worker);
  return (request) => {
    const [, area, kind, id, rest, ...more] = request.path.split('/');
    if (area !== 'jobs' || kind !== 'ingest' || more.length > 0 || Number(request.apiVersion) < 41) return undefined;
    pump.catchUp();
    const response = id === undefined || id === '' ? collection(request) : single(request, id, rest);
    pump.wake();
    return response;
  };

  function collection(request: OrgRequest): OrgResponse | undefined {
    if (request.method === 'POST') return create(request);
    return request.method === 'GET' ? list(request) : undefined;
  }

  function create(request: OrgRequest): OrgResponse {
    const contentType = request.headers['content-type'] ?? '';
    if (!contentType.startsWith('multipart/')) {
      const job = createIngestJob(org, request, readJson(request.body.toString('utf8')), shelf.nextSerial());
      shelf.ingest.set(job.id, job);
      return { status: 200, body: createdBody(job) };
    }
    const parts = readMultipart(contentType, request.body);
    const job = createIngestJob(org, request, readJson(parts.job), shelf.nextSerial());
    shelf.ingest.set(job.id, job);
    job.content = parts.content;
    close(job);
    return { status: 200, body: changedBody(job) };
  }

  /** All jobs that are still known, in no order, a page at a time; a locator keeps what was asked for. */
  function list(request: OrgRequest): OrgResponse {
    const { jobList, jobListPage } = org.switches.bulk;
    if (jobList === 'refused')
      throw new ApiError(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on object id');
    const locator = request.query.get('queryLocator');
    const { jobType, offset } =
      locator === null ? { jobType: request.query.get('jobType'), offset: 0 } : readLocator(locator);
    if (jobType !== null && !jobTypes.has(jobType))
      throw new ApiError(400, 'CLIENTINPUTERROR', `jobType is invalid: ${jobType}`);
    const jobs = [...shelf.ingest.values()].filter(
      (job) => !isExpired(job) && (jobList === 'all' || job.createdById === request.runningUserId),
    );
    const shown = jobType === null || jobType === 'V2Ingest' ? jobs.sort(byNothing) : [];
    const end = offset + jobListPage;
    const next = `/services/data/v${request.apiVersion}/jobs/ingest?queryLocator=${makeLocator(jobType, end)}`;
    const done = end >= shown.length;
    const records = shown.slice(offset, end).map(listedBody);
    return { status: 200, body: { done, records, nextRecordsUrl: done ? null : next } };
  }

  function single(request: OrgRequest, id: string, rest: string | undefined): OrgResponse | undefined {
    const job = findJob(id);
    if (rest === undefined || rest === '') return jobItself(request, job);
    if (rest === 'batches') return request.method === 'PUT' ? upload(request, job) : undefined;
    return request.method === 'GET' ? results(request, job, rest) : undefined;
  }

  function findJob(id: string): IngestJob {
    const job = shelf.findIngest(id);
    if (job === undefined || isExpired(job))
      throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
    return job;
  }

  /** Jobs in a terminal state and their results are kept for seven days. */
  function isExpired(job: IngestJob): boolean {
    return terminalStates.has(job.state) && org.clock.now() - job.modifiedMs > org.switches.bulk.resultsKeptMs;
  }

  function jobItself(request: OrgRequest, job: IngestJob): OrgResponse | undefined {
    if (request.method === 'GET') return { status: 200, body: statusBody(job) };
    if (request.method === 'DELETE') return remove(job);
    return request.method === 'PATCH' ? change(request, job) : undefined;
  }

  function upload(request: OrgRequest, job: IngestJob): OrgResponse {
    if (job.state !== 'Open') throw invalidState(`Can't upload content to the job in state ${job.state}`);
    if (org.clock.now() - job.createdMs > dayMs) throw invalidState('The job has been open for more than 24 hours');
    if (job.content !== undefined) {
      const advice =
        "please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.";
      throw new ApiError(400, 'CLIENTINPUTERROR', `Found multiple contents for job: <${job.id}>, ${advice}`);
    }
    if (!(request.headers['content-type'] ?? '').startsWith('text/csv'))
      throw new ApiError(415, 'CLIENTINPUTERROR', 'Content-Type must be text/csv');
    // The limit holds after base64, which makes four characters of three bytes.
    if (request.body.length * (4 / 3) > uploadLimit)
      throw new ApiError(413, 'CLIENTINPUTERROR', 'Uploaded content exceeds 150 MB');
    job.content = request.body;
    return { status: 201 };
  }

  function change(request: OrgRequest, job: IngestJob): OrgResponse {
    const { state } = readJson(request.body.toString('utf8'));
    if (state === 'UploadComplete') close(job);
    else if (state === 'Aborted') abort(request, job);
    else throw new ApiError(400, 'INVALIDJOBSTATE', `Invalid job state: ${String(state)}`);
    return { status: 200, body: changedBody(job) };
  }

  function close(job: IngestJob): void {
    if (job.state !== 'Open') throw invalidState(`Closing already ${wordFor(job)} Job not allowed`);
    job.state = 'UploadComplete';
    job.closedMs = org.clock.now();
    job.modifiedMs = job.closedMs;
    job.stampMs = job.closedMs;
    worker.enqueue(job);
  }

  /** By the creator, or with Manage Data Integrations. */
  function abort(request: OrgRequest, job: IngestJob): void {
    if (terminalStates.has(job.state)) throw invalidState(`Aborting already ${wordFor(job)} Job not allowed`);
    if (
      job.createdById !== request.runningUserId &&
      !org.hasPermission(request.runningUserId, 'ManageDataIntegrations')
    ) {
      throw new ApiError(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on object id');
    }
    shelf.readForResults(job);
    endJob(job, 'Aborted', org.clock.now());
  }

  /** Documented: only in UploadComplete, JobComplete, Aborted, Failed. */
  function remove(job: IngestJob): OrgResponse {
    if (job.state === 'Open' || job.state === 'InProgress') throw invalidState(`Deleting ${job.state} Job not allowed`);
    if (job.state === 'UploadComplete') endJob(job, 'Aborted', org.clock.now());
    shelf.ingest.delete(job.id);
    return { status: 204 };
  }

  function results(request: OrgRequest, job: IngestJob, rest: string): OrgResponse | undefined {
    const file = resultFiles[rest];
    if (file === undefined) return undefined;
    if (Number(request.apiVersion) !== Number(job.apiVersion)) {
      throw new ApiError(
        409,
        'INVALIDVERSION',
        `The API version of the request doesn't match that of the job: ${job.apiVersion}`,
      );
    }
    if (!terminalStates.has(job.state)) throw invalidState(`Results of a job in state ${job.state} are not available`);
    return { status: 200, body: file(job, org.switches.bulk), headers: { 'Content-Type': 'text/csv' } };
  }
}

const resultFiles: Readonly<Record<string, typeof successfulResults>> = {
  successfulResults,
  failedResults,
  unprocessedrecords: unprocessedRecords,
};

/** Of ingest jobs (Bulk API 2.0 guide, Get Information About All Ingest Jobs). */
const jobTypes: ReadonlySet<string> = new Set(['BigObjectIngest', 'Classic', 'V2Ingest']);

/** Lists are unordered; this order is neither that of age nor its reverse, and always the same. */
function byNothing(left: IngestJob, right: IngestJob): number {
  const key = ({ id }: IngestJob): string => [...id.slice(0, 15)].reverse().join('');
  return key(left) < key(right) ? 1 : -1;
}

function makeLocator(jobType: string | null, offset: number): string {
  return Buffer.from(`${jobType ?? ''} ${offset}`).toString('base64url');
}

function readLocator(locator: string): { readonly jobType: string | null; readonly offset: number } {
  const [, jobType = '', offset = ''] = /^(\w*) (\d+)$/.exec(Buffer.from(locator, 'base64url').toString('utf8')) ?? [];
  if (offset === '') throw new ApiError(400, 'INVALIDQUERYLOCATOR', 'invalid query locator');
  return { jobType: jobType === '' ? null : jobType, offset: Number(offset) };
}

/** The recorded text says "Completed". */
function wordFor(job: IngestJob): string {
  return job.state === 'JobComplete' ? 'Completed' : job.state;
}

function invalidState(message: string): ApiError {
  return new ApiError(400, 'INVALIDJOBSTATE', message);
}
