/** `/jobs/query`, since version 47.0: create, poll, result pages, abort, delete, list (docs/salesforce-facts.md#bulk-query-jobs). */
import { ApiError } from '../contracts.ts';
import type { OrgRequest, OrgResponse, Route } from '../contracts.ts';
import type { Org } from '../org.ts';
import { readJson } from './createJob.ts';
import { createQueryJob } from './createQueryJob.ts';
import { terminalStates } from './ingestJob.ts';
import type { JobShelf } from './jobShelf.ts';
import { queryCreatedBody, queryListedBody, queryStatusBody } from './queryJob.ts';
import type { QueryJob } from './queryJob.ts';
import { createQueryWork } from './queryWork.ts';

const defaultPageRows = 50_000;
const parallelPages = 5;
const pageSize = 1000;

export function createQueryRoute(org: Org, shelf: JobShelf): Route {
  const work = createQueryWork(org);
  return (request) => {
    const [, area, kind, id, rest, ...more] = request.path.split('/');
    if (area !== 'jobs' || kind !== 'query' || more.length > 0 || Number(request.apiVersion) < 47) return undefined;
    return id === undefined || id === '' ? collection(request) : single(request, findJob(id), rest);
  };

  function collection(request: OrgRequest): OrgResponse | undefined {
    if (request.method === 'GET') return list(request);
    if (request.method !== 'POST') return undefined;
    const job = createQueryJob(org, request, readJson(request.body.toString('utf8')), shelf.nextSerial());
    shelf.query.set(job.id, job);
    return { status: 200, body: queryCreatedBody(job) };
  }

  function list(request: OrgRequest): OrgResponse {
    const offset = Number(request.query.get('queryLocator') ?? '0');
    const jobs = [...shelf.query.values()];
    const done = offset + pageSize >= jobs.length;
    const nextRecordsUrl = done
      ? null
      : `/services/data/v${request.apiVersion}/jobs/query?queryLocator=${offset + pageSize}`;
    return {
      status: 200,
      body: { done, records: jobs.slice(offset, offset + pageSize).map(queryListedBody), nextRecordsUrl },
    };
  }

  function findJob(id: string): QueryJob {
    const job = shelf.findQuery(id);
    const expired =
      job !== undefined &&
      terminalStates.has(job.state) &&
      org.clock.now() - job.modifiedMs > org.switches.bulk.resultsKeptMs;
    if (job === undefined || expired) throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
    work.moveOn(job);
    return job;
  }

  function single(request: OrgRequest, job: QueryJob, rest: string | undefined): OrgResponse | undefined {
    if (rest === 'results' && request.method === 'GET') return results(request, job);
    if (rest === 'resultPages' && request.method === 'GET') return resultPages(request, job);
    // A recording asked for failedResults of a query job and got a header line.
    if (rest === 'failedResults') return csv(`"sf__Id","sf__Error",${job.header}`);
    if (rest !== undefined && rest !== '') return undefined;
    if (request.method === 'GET') return { status: 200, body: queryStatusBody(job) };
    if (request.method === 'DELETE') return remove(job);
    return request.method === 'PATCH' ? abort(request, job) : undefined;
  }

  function abort(request: OrgRequest, job: QueryJob): OrgResponse {
    if (readJson(request.body.toString('utf8'))['state'] !== 'Aborted')
      throw new ApiError(400, 'INVALIDJOBSTATE', 'Invalid job state');
    if (terminalStates.has(job.state))
      throw new ApiError(400, 'INVALIDJOBSTATE', 'Aborting already Completed Job not allowed');
    job.state = 'Aborted';
    job.modifiedMs = org.clock.now();
    return { status: 200, body: queryCreatedBody(job) };
  }

  function remove(job: QueryJob): OrgResponse {
    if (job.state === 'InProgress') throw new ApiError(400, 'INVALIDJOBSTATE', 'Deleting InProgress Job not allowed');
    shelf.query.delete(job.id);
    return { status: 204 };
  }

  function results(request: OrgRequest, job: QueryJob): OrgResponse {
    checkResults(request, job);
    const start = offsetOf(request.query.get('locator'));
    const end = Math.min(start + pageRows(request), job.lines.count);
    return csv(Buffer.concat([Buffer.from(job.header), job.lines.slice(start, end)]), {
      'Sforce-Locator': end < job.lines.count ? locatorOf(end) : 'null',
      'Sforce-NumberOfRecords': String(end - start),
    });
  }

  function checkResults(request: OrgRequest, job: QueryJob): void {
    if (Number(request.apiVersion) !== Number(job.apiVersion)) {
      throw new ApiError(
        409,
        'INVALIDVERSION',
        `The API version of the request doesn't match that of the job: ${job.apiVersion}`,
      );
    }
    if (job.state !== 'JobComplete')
      throw new ApiError(400, 'INVALIDJOBSTATE', `Results of a job in state ${job.state} are not available`);
  }

  /** `maxRecords` is a ceiling: the server may give less. */
  function pageRows(request: OrgRequest): number {
    const wanted = Number(request.query.get('maxRecords') ?? defaultPageRows);
    if (!Number.isInteger(wanted) || wanted < 1)
      throw new ApiError(400, 'CLIENTINPUTERROR', 'maxRecords must be a positive number');
    return Math.min(wanted, org.switches.bulk.queryPageRows);
  }

  function resultPages(request: OrgRequest, job: QueryJob): OrgResponse {
    checkResults(request, job);
    const base = `/services/data/v${request.apiVersion}/jobs/query/${job.id}`;
    const size = pageRows(request);
    let next = offsetOf(request.query.get('locator'));
    const pages: Array<{ resultUrl: string }> = [];
    for (; pages.length < parallelPages && next < Math.max(1, job.lines.count); next += size) {
      pages.push({ resultUrl: `${base}/results?locator=${locatorOf(next)}&maxRecords=${size}` });
    }
    const done = next >= job.lines.count;
    return {
      status: 200,
      body: {
        resultPages: pages,
        nextRecordsUrl: done ? null : `${base}/resultPages?locator=${locatorOf(next)}`,
        done,
      },
    };
  }
}

function csv(body: string | Buffer, headers: Record<string, string> = {}): OrgResponse {
  return { status: 200, body, headers: { 'Content-Type': 'text/csv', ...headers } };
}

/** `MTAwMDA` is 10000 in base64, as the documentation shows it; clients must not read it. */
function locatorOf(offset: number): string {
  return Buffer.from(String(offset)).toString('base64').replace(/=+$/, '');
}

function offsetOf(locator: string | null): number {
  if (locator === null || locator === '' || locator === 'null') return 0;
  const offset = Number(Buffer.from(locator, 'base64').toString('utf8'));
  if (!Number.isInteger(offset)) throw new ApiError(400, 'INVALIDQUERYLOCATOR', 'invalid query locator');
  return offset;
}
