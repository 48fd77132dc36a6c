/** The body of `POST /jobs/query`, and the queries that Bulk refuses (docs/salesforce-facts.md#bulk-query-jobs). */
import { ApiError } from '../contracts.ts';
import type { OrgRequest } from '../contracts.ts';
import { makeId, otherPrefixes } from '../ids.ts';
import type { Org } from '../org.ts';
import { runQuery } from '../soql/runQuery.ts';
import type { QueryResult } from '../soql/types.ts';
import { delimiters, lineEnds } from './csvIn.ts';
import type { ColumnDelimiter, LineEnding } from './ingestJob.ts';
import type { QueryJob } from './queryJob.ts';
import { ResultLines } from './resultLines.ts';
import { checkBulkSupports } from './supportedObjects.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export function createQueryJob(org: Org, request: OrgRequest, body: JsonObject, serial: number): QueryJob {
  const { operation, query, lineEnding = 'LF', columnDelimiter = 'COMMA' } = body;
  if (operation !== 'query' && operation !== 'queryAll')
    throw new ApiError(400, 'INVALIDOPERATION', `operation is invalid: ${String(operation)}`);
  if (typeof query !== 'string' || query.trim() === '')
    throw new ApiError(400, 'CLIENTINPUTERROR', 'query is not specified');
  if (typeof lineEnding !== 'string' || !(lineEnding in lineEnds))
    throw new ApiError(400, 'CLIENTINPUTERROR', `lineEnding is invalid: ${String(lineEnding)}`);
  if (typeof columnDelimiter !== 'string' || !(columnDelimiter in delimiters)) {
    throw new ApiError(400, 'CLIENTINPUTERROR', `columnDelimiter is invalid: ${String(columnDelimiter)}`);
  }
  checkQuota(org);
  refuseClauses(query);
  const result = runQuery(org, query, request);
  refuseShape(result);
  checkBulkSupports(org, result.object.name, 'query');
  org.limits.use('DailyBulkV2QueryJobs');
  const now = org.clock.now();
  return {
    id: makeId(otherPrefixes.job, serial),
    operation,
    object: result.object.name,
    query,
    createdById: request.runningUserId,
    createdMs: now,
    modifiedMs: now,
    state: 'UploadComplete',
    apiVersion: request.apiVersion,
    lineEnding: lineEnding as LineEnding,
    columnDelimiter: columnDelimiter as ColumnDelimiter,
    header: '',
    lines: new ResultLines(),
    errorMessage: undefined,
  };
}

function checkQuota(org: Org): void {
  if (org.limits.remaining('DailyBulkV2QueryJobs') > 0) return;
  const most = org.limits.max('DailyBulkV2QueryJobs');
  throw new ApiError(400, 'EXCEEDEDQUOTA', `Max bulk v2 query jobs (${most}) per 24 hrs has been exceeded`);
}

/** Judged by the words, quoted text left out. */
function refuseClauses(query: string): void {
  const words = query.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  const refused = ['GROUP BY', 'OFFSET', 'TYPEOF'].find((clause) =>
    new RegExp(`\\b${clause.replace(' ', '\\s+')}\\b`, 'i').test(words),
  );
  if (refused !== undefined) throw new ApiError(400, 'API_ERROR', `${refused} is not supported in Bulk Query`);
  const selected = /^\s*select\b(.*?)\bfrom\b/is.exec(words)?.[1] ?? '';
  if (/\(\s*select\b/i.test(selected))
    throw new ApiError(400, 'API_ERROR', 'Aggregate Relationships not supported in Bulk Query');
}

function refuseShape(result: QueryResult): void {
  if (result.kind !== 'rows')
    throw new ApiError(400, 'API_ERROR', 'Aggregate functions are not supported in Bulk Query');
  if (result.columns.some((column) => column.field?.type === 'address')) {
    throw new ApiError(400, 'API_ERROR', 'Selecting compound data not supported in Bulk Query');
  }
}
