/** `/sobjects/…`: describes, single records by Id or external id, and the password of a user. */
import { randomBytes } from 'node:crypto';
import type { FieldValue, OrgRequest, OrgResponse, RowResult, StoredRecord } from '../contracts.ts';
import { ApiError } from '../contracts.ts';
import { toId18 } from '../ids.ts';
import type { Org } from '../org.ts';
import { mayAccess } from '../soql/visibility.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/types.ts';
import { basicDescribe, globalDescribe, sobjectDescribe } from './describe.ts';
import type { JsonObject } from './json.ts';
import { isObject, readObject, toJson } from './json.ts';
import { attributes } from './query.ts';

export function handleRecords(org: Org, request: OrgRequest): OrgResponse | undefined {
  const [root, name, ...rest] = request.path.split('/').slice(1).map(decodeURIComponent);
  if (root !== 'sobjects') return undefined;
  if (name === undefined || name === '') return { status: 200, body: globalDescribe(org, request.apiVersion) };
  const object = org.schema.object(name);
  // What somebody can't access at all is no object for them (Object Reference, Special Access Rules).
  if (!object || !mayAccess(org, object, request.runningUserId)) throw notFound();
  const [first, second] = rest;
  if (first === undefined || first === '')
    return request.method === 'POST' ? create(org, request, object) : whole(request, object);
  if (first === 'describe' && second === undefined)
    return { status: 200, body: sobjectDescribe(org, object, request.apiVersion) };
  if (second === 'password' && object.name === 'User') return password(org, request, first);
  return second === undefined ? byId(org, request, object, first) : byExternalId(org, request, object, first, second);
}

export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');

function whole(request: OrgRequest, object: ObjectDefinition): OrgResponse {
  if (request.method !== 'GET') throw notAllowed(request.method, 'HEAD,GET,POST');
  return { status: 200, body: basicDescribe(object, request.apiVersion) };
}

function notAllowed(method: string, allowed: string): ApiError {
  return new ApiError(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are ${allowed}`);
}

function create(org: Org, request: OrgRequest, object: ObjectDefinition): OrgResponse {
  if (!object.traits.has('createable')) throw notAllowed('POST', 'HEAD,GET');
  const row = fieldValues(readObject(request.body));
  const result = oneRow(org, request, object, 'insert', row);
  return { status: 201, body: { id: result.id, success: true, errors: [] } };
}

function byId(org: Org, request: OrgRequest, object: ObjectDefinition, id: string): OrgResponse {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: retrieve(org, request, object, existing(org, object, id)) };
    case 'PATCH':
      if (!object.traits.has('updateable')) throw notAllowed('PATCH', 'HEAD,GET');
      oneRow(org, request, object, 'update', {
        ...fieldValues(readObject(request.body)),
        Id: existing(org, object, id).Id,
      });
      return { status: 204 };
    case 'DELETE':
      if (!object.traits.has('deletable')) throw notAllowed('DELETE', 'HEAD,GET');
      oneRow(org, request, object, 'delete', { Id: id });
      return { status: 204 };
    default:
      throw notAllowed(request.method, 'HEAD,GET,PATCH,DELETE');
  }
}

function existing(org: Org, object: ObjectDefinition, id: string): StoredRecord {
  const id18 = toId18(id);
  if (id18 === undefined || !object.traits.has('retrieveable'))
    throw new ApiError(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${id}`);
  const record = org.store.get(object.name, id18);
  if (record?.['IsDeleted'] === true) throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);
  if (record) return record;
  throw notFound();
}

function retrieve(org: Org, request: OrgRequest, object: ObjectDefinition, record: StoredRecord): JsonObject {
  const wanted = request.query.get('fields');
  const fields =
    wanted === null ? org.schema.fields(object) : wanted.split(',').map((name) => fieldOf(org, object, name.trim()));
  const values = fields.map((field) => [field.name, toJson(field, record[field.name] ?? null)] as const);
  return { attributes: attributes(object.name, record.Id, request.apiVersion), ...Object.fromEntries(values) };
}

function fieldOf(org: Org, object: ObjectDefinition, name: string): FieldDefinition {
  const field = org.schema.field(object, name);
  if (!field) throw new ApiError(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
  return field;
}

function byExternalId(
  org: Org,
  request: OrgRequest,
  object: ObjectDefinition,
  fieldName: string,
  value: string,
): OrgResponse {
  const field = org.schema.field(object, fieldName);
  if (!field || !(field.externalId || field.idLookup)) {
    throw new ApiError(
      404,
      'NOT_FOUND',
      `Provided external ID field does not exist or is not accessible: ${fieldName}`,
    );
  }
  if (request.method === 'PATCH') return upsert(org, request, object, field, value);
  if (request.method !== 'GET') throw notAllowed(request.method, 'HEAD,GET,PATCH,DELETE');
  const rows = org.store.db
    .prepare(`SELECT "Id" FROM "${object.name}" WHERE "${field.name}" = ? LIMIT 2000`)
    .all(value);
  const [first] = rows;
  if (!first) throw notFound();
  if (rows.length > 1)
    return {
      status: 300,
      body: rows.map((row) => `/services/data/v${request.apiVersion}/sobjects/${object.name}/${String(row['Id'])}`),
    };
  return { status: 200, body: retrieve(org, request, object, existing(org, object, String(first['Id']))) };
}

function upsert(
  org: Org,
  request: OrgRequest,
  object: ObjectDefinition,
  field: FieldDefinition,
  value: string,
): OrgResponse {
  const row = { ...fieldValues(readObject(request.body)), [field.name]: value };
  const [result] = org.executeDml({
    sobject: object.name,
    operation: 'upsert',
    rows: [row],
    externalIdField: field.name,
    runningUserId: request.runningUserId,
    lockOwner: nextLockOwner(),
  });
  const done = succeeded(result);
  return { status: done.created ? 201 : 200, body: { id: done.id, success: true, errors: [], created: done.created } };
}

type Operation = 'insert' | 'update' | 'delete';

function oneRow(
  org: Org,
  request: OrgRequest,
  object: ObjectDefinition,
  operation: Operation,
  row: Record<string, FieldValue>,
): Extract<RowResult, { success: true }> {
  const [result] = org.executeDml({
    sobject: object.name,
    operation,
    rows: [row],
    runningUserId: request.runningUserId,
    lockOwner: nextLockOwner(),
  });
  return succeeded(result);
}

function succeeded(result: RowResult | undefined): Extract<RowResult, { success: true }> {
  if (result?.success === true) return result;
  const error = result?.error ?? { code: 'UNKNOWN_EXCEPTION', message: 'no result', fields: [] };
  throw new ApiError(error.code === 'ENTITY_IS_DELETED' ? 404 : 400, error.code, error.message, error.fields);
}

let lockOwners = 0;
export function nextLockOwner(): string {
  lockOwners += 1;
  return `rest-${lockOwners}`;
}

/** The fields of a JSON record; `attributes` only says of what type it is. */
export function fieldValues(record: JsonObject): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(record)) {
    if (name.toLowerCase() === 'attributes') continue;
    if (isObject(value) || Array.isArray(value)) {
      throw new ApiError(400, 'JSON_PARSER_ERROR', `Cannot deserialize instance of ${name} from an object or array`);
    }
    values[name] = value as FieldValue;
  }
  return values;
}

function password(org: Org, request: OrgRequest, id: string): OrgResponse {
  const user = existing(org, userObject(org), id);
  if (request.method === 'GET') return { status: 200, body: { IsExpired: false } };
  const allowed = ['ManageUsers', 'ResetPasswords'].some((permission) =>
    org.hasPermission(request.runningUserId, permission),
  );
  if (!allowed) throw new ApiError(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on cross-reference id');
  if (request.method !== 'DELETE') throw notAllowed(request.method, 'HEAD,GET,POST,DELETE');
  if (user['IsActive'] !== true)
    throw new ApiError(400, 'INVALID_OPERATION', 'Cannot reset the password of an inactive user');
  return { status: 200, body: { NewPassword: resetPassword(org, user) } };
}

/**
 * The current password is void, the user gets a mail with a link, and the caller a temporary password (REST API guide, sObject
 * User Password). "System email only" lets such mails through (Setup, Deliverability).
 */
function resetPassword(org: Org, user: StoredRecord): string {
  const { mail } = org.switches;
  const { mails, temporaryPasswords } = org.rules.outbox;
  const sentAt = org.clock.timestamp();
  if (mail.resetMovesDate) org.store.update('User', user.Id, { LastPasswordChangeDate: sentAt });
  if (mail.deliverability !== 'none') {
    mails.push({ kind: 'passwordReset', to: String(user['Email']), userId: user.Id, networkId: null, sentAt });
  }
  const temporary = `Tmp${randomBytes(9).toString('hex')}`;
  temporaryPasswords.push(temporary);
  return temporary;
}

function userObject(org: Org): ObjectDefinition {
  const object = org.schema.object('User');
  if (!object) throw notFound();
  return object;
}
