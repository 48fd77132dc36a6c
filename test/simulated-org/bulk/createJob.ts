/** The body of `POST /jobs/ingest`, checked as Salesforce does (docs/salesforce-facts.md#bulk-ingest-jobs). */
import { ApiError } from '../contracts.ts';
import type { OrgRequest } from '../contracts.ts';
import { makeId, otherPrefixes } from '../ids.ts';
import type { Org } from '../org.ts';
import { delimiters, lineEnds } from './csvIn.ts';
import type { ColumnDelimiter, IngestJob, IngestOperation, LineEnding } from './ingestJob.ts';
import { checkBulkSupports } from './supportedObjects.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const operations: readonly string[] = ['insert', 'update', 'upsert', 'delete', 'hardDelete'];
const knownKeys = new Set([
  'object',
  'operation',
  'contentType',
  'lineEnding',
  'columnDelimiter',
  'externalIdFieldName',
  'assignmentRuleId',
  'concurrencyMode',
]);

export function readJson(text: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'Unexpected character in the request body: it is not JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'A JSON object is expected');
  return body as JsonObject;
}

export function createIngestJob(org: Org, request: OrgRequest, body: JsonObject, serial: number): IngestJob {
  const unknown = Object.keys(body).find((key) => !knownKeys.has(key));
  if (unknown !== undefined) throw new ApiError(400, 'JSON_PARSER_ERROR', `Unrecognized field "${unknown}"`);
  const operation = oneOf(body, 'operation', operations, undefined, 'INVALIDOPERATION') as IngestOperation;
  oneOf(body, 'contentType', ['CSV'], 'CSV', 'CLIENTINPUTERROR');
  const object = checkBulkSupports(org, text(body, 'object') ?? '', 'ingest');
  if (operation === 'hardDelete' && !org.hasPermission(request.runningUserId, 'BulkApiHardDelete')) {
    throw new ApiError(
      400,
      'FEATURENOTENABLED',
      'hardDelete operation requires special user profile permission, please contact your system administrator',
    );
  }
  checkQuota(org);
  const now = org.clock.now();
  return {
    id: makeId(otherPrefixes.job, serial),
    operation,
    object: object.name,
    externalIdFieldName: externalIdField(org, body, operation, object.name),
    assignmentRuleId: text(body, 'assignmentRuleId'),
    createdById: request.runningUserId,
    createdMs: now,
    modifiedMs: now,
    stampMs: now,
    state: 'Open',
    apiVersion: request.apiVersion,
    lineEnding: oneOf(body, 'lineEnding', Object.keys(lineEnds), 'LF', 'CLIENTINPUTERROR') as LineEnding,
    columnDelimiter: oneOf(
      body,
      'columnDelimiter',
      Object.keys(delimiters),
      'COMMA',
      'CLIENTINPUTERROR',
    ) as ColumnDelimiter,
    content: undefined,
    header: [],
    rows: [],
    outcomes: [],
    processed: 0,
    failed: 0,
    retries: 0,
    totalProcessingTime: 0,
    apiActiveProcessingTime: 0,
    errorMessage: undefined,
    closedMs: undefined,
    recordedRows: undefined,
    endAfterRows: undefined,
  };
}

function text(body: JsonObject, key: string): string | undefined {
  const value = body[key];
  if (value !== undefined && typeof value !== 'string')
    throw new ApiError(400, 'JSON_PARSER_ERROR', `Cannot deserialize ${key}`);
  return value;
}

function oneOf(
  body: JsonObject,
  key: string,
  allowed: readonly string[],
  otherwise: string | undefined,
  code: string,
): string {
  const value = text(body, key) ?? otherwise;
  if (value === undefined || !allowed.includes(value))
    throw new ApiError(400, code, `${key} is invalid: ${value ?? 'not specified'}`);
  return value;
}

function externalIdField(org: Org, body: JsonObject, operation: IngestOperation, object: string): string | undefined {
  const name = text(body, 'externalIdFieldName');
  if (operation !== 'upsert') return undefined;
  const definition = org.schema.object(object);
  const field = name === undefined || definition === undefined ? undefined : org.schema.field(definition, name);
  if (field === undefined || !(field.externalId || field.idLookup)) {
    throw new ApiError(
      400,
      'CLIENTINPUTERROR',
      `Field name provided, ${name ?? 'null'} does not match an External ID for ${object}`,
    );
  }
  return name;
}

/** Batches of the day, shared with Bulk 1.0. */
function checkQuota(org: Org): void {
  if (org.limits.remaining('DailyBulkApiBatches') <= 0)
    throw new ApiError(400, 'EXCEEDEDQUOTA', 'ApiBatchItems Limit exceeded.');
}
