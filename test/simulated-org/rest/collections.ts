/** `/composite/sobjects`: up to 200 records of one call, all or none if so wished. */
import type { DmlOperation, FieldValue, OrgRequest, OrgResponse, RowResult } from '../contracts.ts';
import { ApiError } from '../contracts.ts';
import type { Org } from '../org.ts';
import type { JsonObject } from './json.ts';
import { isObject, readObject } from './json.ts';
import { fieldValues, nextLockOwner, notFound } from './records.ts';

const maximumRecords = 200;
const maximumTypeChunks = 10;

/** Objects whose records are set-up; they cannot be written together with others. */
const setupObjects = new Set([
  'User',
  'UserRole',
  'Group',
  'GroupMember',
  'PermissionSet',
  'PermissionSetAssignment',
  'PermissionSetGroup',
  'PermissionSetLicenseAssign',
  'UserLogin',
  'UserPackageLicense',
  'NetworkMemberGroup',
]);

type CollectionRow = { readonly sobject: string; readonly row: Record<string, FieldValue> };
type CollectionResult = { id?: string; success: boolean; errors: JsonObject[]; created?: boolean };

export function handleCollections(org: Org, request: OrgRequest): OrgResponse | undefined {
  const match = /^\/composite\/sobjects(?:\/([^/]+)\/([^/]+))?$/.exec(request.path);
  if (!match) return undefined;
  const [, object, externalId] = match;
  if (request.method === 'DELETE')
    return respond(org, request, 'delete', deletedRows(org, request), request.query.get('allOrNone') === 'true');
  const body = readObject(request.body);
  const rows = postedRows(org, body);
  const allOrNone = body['allOrNone'] === true;
  if (object !== undefined && externalId !== undefined) {
    if (request.method !== 'PATCH') throw notFound();
    return respond(org, request, 'upsert', rows, allOrNone, externalId);
  }
  if (request.method === 'POST') return respond(org, request, 'insert', rows, allOrNone);
  if (request.method === 'PATCH') return respond(org, request, 'update', rows, allOrNone);
  throw new ApiError(
    405,
    'METHOD_NOT_ALLOWED',
    `HTTP Method '${request.method}' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE`,
  );
}

function deletedRows(org: Org, request: OrgRequest): CollectionRow[] {
  const ids = (request.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  checkCount(ids.length);
  return ids.map((id) => {
    const object = org.schema.objectOfId(id);
    if (!object) throw new ApiError(400, 'MALFORMED_ID', `malformed id ${id}`);
    return { sobject: object.name, row: { Id: id } };
  });
}

function postedRows(org: Org, body: JsonObject): CollectionRow[] {
  const records = body['records'];
  if (!Array.isArray(records))
    throw new ApiError(400, 'REQUIRED_FIELD_MISSING', 'The records list is required', ['records']);
  checkCount(records.length);
  return records.map((record: unknown) => {
    if (!isObject(record)) throw new ApiError(400, 'JSON_PARSER_ERROR', 'Each record must be an object');
    const attributes = record['attributes'];
    const type = isObject(attributes) ? attributes['type'] : undefined;
    if (typeof type !== 'string')
      throw new ApiError(400, 'INVALID_INPUT', 'Include an entity type in the attributes of each record');
    const object = org.schema.object(type);
    if (!object) throw notFound();
    const id = record['id'];
    const row = fieldValues(record);
    return { sobject: object.name, row: typeof id === 'string' ? withId(row, id) : row };
  });
}

/** Collections take the key `id` as well as the field `Id`. */
function withId(row: Record<string, FieldValue>, id: string): Record<string, FieldValue> {
  const { id: _key, ...rest } = row;
  return { ...rest, Id: id };
}

function checkCount(count: number): void {
  if (count > maximumRecords)
    throw new ApiError(
      400,
      'EXCEEDED_ID_LIMIT',
      `record limit reached. cannot submit more than ${maximumRecords} records in this request`,
    );
}

function respond(
  org: Org,
  request: OrgRequest,
  operation: DmlOperation,
  rows: readonly CollectionRow[],
  allOrNone: boolean,
  externalIdField?: string,
): OrgResponse {
  const chunks = chunksOfOneType(rows);
  checkMixture(chunks);
  const run = (): CollectionResult[] =>
    chunks.flatMap((chunk) => writeChunk(org, request, operation, chunk, externalIdField));
  return { status: 200, body: allOrNone ? runAllOrNone(org, run) : run() };
}

function chunksOfOneType(rows: readonly CollectionRow[]): CollectionRow[][] {
  const chunks: CollectionRow[][] = [];
  for (const row of rows) {
    const last = chunks.at(-1);
    if (last?.[0]?.sobject === row.sobject) last.push(row);
    else chunks.push([row]);
  }
  if (chunks.length > maximumTypeChunks) {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      `Cannot have more than ${maximumTypeChunks} chunks in a single operation. Please rearrange the data to reduce chunking.`,
    );
  }
  return chunks;
}

function checkMixture(chunks: readonly CollectionRow[][]): void {
  const kinds = new Set(chunks.map((chunk) => setupObjects.has(chunk[0]?.sobject ?? '')));
  if (kinds.size > 1)
    throw new ApiError(
      400,
      'MIXED_DML_OPERATION',
      'DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa)',
    );
}

function writeChunk(
  org: Org,
  request: OrgRequest,
  operation: DmlOperation,
  chunk: readonly CollectionRow[],
  externalIdField?: string,
): CollectionResult[] {
  const sobject = chunk[0]?.sobject ?? '';
  const refused = refusalOfObject(org, sobject, operation);
  if (refused) return chunk.map(() => refused);
  const results = org.executeDml({
    sobject,
    operation,
    rows: chunk.map(({ row }) => row),
    runningUserId: request.runningUserId,
    lockOwner: nextLockOwner(),
    ...(externalIdField === undefined ? {} : { externalIdField }),
  });
  return results.map((result) => toResult(result, operation));
}

function refusalOfObject(org: Org, sobject: string, operation: DmlOperation): CollectionResult | undefined {
  const trait = ({ insert: 'createable', update: 'updateable', delete: 'deletable', upsert: 'createable' } as const)[
    operation
  ];
  if (org.schema.object(sobject)?.traits.has(trait)) return undefined;
  return failure(
    'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    `entity type cannot be ${operation === 'insert' ? 'inserted' : `${operation}d`}: ${sobject}`,
    [],
  );
}

function toResult(result: RowResult, operation: DmlOperation): CollectionResult {
  if (!result.success) return failure(result.error.code, result.error.message, result.error.fields);
  return { id: result.id, success: true, errors: [], ...(operation === 'upsert' ? { created: result.created } : {}) };
}

function failure(statusCode: string, message: string, fields: readonly string[]): CollectionResult {
  return { success: false, errors: [{ statusCode, message, fields }] };
}

/** One bad row undoes the good ones, which then read ALL_OR_NONE_OPERATION_ROLLED_BACK. */
function runAllOrNone(org: Org, run: () => CollectionResult[]): CollectionResult[] {
  org.store.db.exec('SAVEPOINT all_or_none');
  const results = run();
  const failed = results.some((result) => !result.success);
  org.store.db.exec(failed ? 'ROLLBACK TO all_or_none; RELEASE all_or_none' : 'RELEASE all_or_none');
  if (!failed) return results;
  return results.map((result) =>
    result.success
      ? {
          ...failure(
            'ALL_OR_NONE_OPERATION_ROLLED_BACK',
            'Record rolled back because not all records were valid and the request was using AllOrNone header',
            [],
          ),
          id: result.id ?? '',
        }
      : result,
  );
}
