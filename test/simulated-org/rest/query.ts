/** `GET /query` and `/queryAll`: pages of records, cursors, and column metadata. */
import type { OrgRequest, OrgResponse } from '../contracts.ts';
import { ApiError } from '../contracts.ts';
import { makeId, otherPrefixes } from '../ids.ts';
import type { Org } from '../org.ts';
import type { Schema } from '../schema/schema.ts';
import { runQuery } from '../soql/runQuery.ts';
import type { QueryColumn, QueryResult, QueryRow } from '../soql/types.ts';
import { columnMetadata } from './columnMetadata.ts';
import { toJson } from './json.ts';
import type { JsonObject } from './json.ts';

/** A query whose rows are given out page by page. */
type Cursor = {
  readonly userId: string;
  readonly result: QueryResult;
  readonly total: number;
  rows: readonly QueryRow[] | undefined;
};

/** What is larger is read when its second page is asked for: most clients turn to Bulk after the first. */
const mostReadAtOnce = 50_000;

const greatestPage = 2000;
const smallestWish = 200;
const openCursors = 10;

export class QueryResource {
  private readonly org: Org;
  private readonly cursors = new Map<string, Cursor>();
  private cursorCount = 0;

  constructor(org: Org) {
    this.org = org;
  }

  handle(request: OrgRequest): OrgResponse | undefined {
    const match = /^\/(query|queryAll)(?:\/(.*))?$/.exec(request.path);
    if (!match) return undefined;
    if (request.method !== 'GET')
      throw new ApiError(
        405,
        'METHOD_NOT_ALLOWED',
        `HTTP Method '${request.method}' not allowed. Allowed are HEAD,GET`,
      );
    const locator = match[2] ?? '';
    const resource = match[1] ?? 'query';
    return {
      status: 200,
      body: locator === '' ? this.first(request, resource) : this.next(request, resource, locator),
    };
  }

  private first(request: OrgRequest, resource: string): JsonObject {
    const soql = request.query.get('q');
    if (soql === null) throw new ApiError(400, 'MALFORMED_QUERY', 'SOQL statement was missing');
    const result = runQuery(this.org, soql, request);
    if (request.query.get('columns') === 'true') return columnMetadata(result);
    if (result.kind === 'count') return { totalSize: result.count(), done: true, records: [] };
    const cursor = openCursor(request.runningUserId, result);
    const size = this.pageSize(request);
    const first = [...take(cursor.rows ?? result.rows(), size)];
    if (cursor.total <= size) return this.page(request, cursor, first);
    const id = makeId(otherPrefixes.queryCursor, (this.cursorCount += 1));
    this.cursors.set(id, cursor);
    this.dropOldest(request.runningUserId);
    return this.page(request, cursor, first, `${resource}/${id}-${size}`);
  }

  private next(request: OrgRequest, resource: string, locator: string): JsonObject {
    const [id = '', offsetText = ''] = locator.split('-');
    const cursor = this.cursors.get(id);
    const offset = Number(offsetText);
    const valid = cursor?.userId === request.runningUserId && /^\d+$/.test(offsetText) && offset < cursor.total;
    if (!cursor || !valid) throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    const end = offset + this.pageSize(request);
    const more = end < cursor.total ? `${resource}/${id}-${end}` : undefined;
    cursor.rows ??= [...cursor.result.rows()];
    return this.page(request, cursor, cursor.rows.slice(offset, end), more);
  }

  private page(request: OrgRequest, cursor: Cursor, rows: readonly QueryRow[], next?: string): JsonObject {
    const { result, total } = cursor;
    const more = next === undefined ? {} : { nextRecordsUrl: `/services/data/v${request.apiVersion}/${next}` };
    const records = rows.map((row) =>
      result.kind === 'aggregate'
        ? aggregateRecord(result, row)
        : record(result, row, { schema: this.org.schema, apiVersion: request.apiVersion }),
    );
    return { totalSize: total, done: next === undefined, ...more, records };
  }

  /** A user has so many cursors open; a further one closes the oldest. */
  private dropOldest(userId: string): void {
    const open = [...this.cursors].filter(([, cursor]) => cursor.userId === userId);
    const [oldest] = open;
    if (oldest && open.length > openCursors) this.cursors.delete(oldest[0]);
  }

  /** The client's wish counts between 200 and 2,000; the org may give less. */
  private pageSize(request: OrgRequest): number {
    const { queryPageSize, honorsBatchSizeWish } = this.org.switches;
    const wish = /batchSize=(\d+)/i.exec(request.headers['sforce-query-options'] ?? '')?.[1];
    if (wish === undefined || !honorsBatchSizeWish) return Math.min(greatestPage, queryPageSize);
    return Math.min(Math.max(Number(wish), smallestWish), greatestPage, queryPageSize);
  }
}

function openCursor(userId: string, result: QueryResult): Cursor {
  const total = result.kind === 'rows' ? result.count() : 0;
  if (total > mostReadAtOnce) return { userId, result, total, rows: undefined };
  const rows = [...result.rows()];
  return { userId, result, total: rows.length, rows };
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const item of items) {
    if (taken >= count) return;
    taken += 1;
    yield item;
  }
}

/** What names a record in an answer. */
type Naming = { readonly schema: Schema; readonly apiVersion: string };

/** A record nested by its paths, in the order of the select list. */
function record(result: QueryResult, row: QueryRow, naming: Naming): JsonObject {
  const record: JsonObject = { attributes: attributes(result.object.name, row[result.idAt], naming.apiVersion) };
  result.columns.forEach((column, index) => place(record, column, row, index, naming));
  return record;
}

function place(record: JsonObject, column: QueryColumn, row: QueryRow, index: number, naming: Naming): void {
  let into = record;
  for (const [step, parent] of column.parents.entries()) {
    const name = column.path[step] ?? '';
    const id = row[parent.idAt];
    if (id === null || id === undefined) {
      into[name] = null;
      return;
    }
    // A parent behind a reference to several objects is named by what its Id says it is.
    const type = naming.schema.objectOfId(String(id))?.name ?? parent.object.name;
    into = (into[name] ??= { attributes: attributes(type, id, naming.apiVersion) }) as JsonObject;
  }
  into[column.path.at(-1) ?? ''] = toJson(column.field, row[index] ?? null);
}

function aggregateRecord(result: QueryResult, row: QueryRow): JsonObject {
  const values = result.columns.map(
    (column, index) => [column.path.at(-1) ?? '', toJson(column.field, row[index] ?? null)] as const,
  );
  return { attributes: { type: 'AggregateResult' }, ...Object.fromEntries(values) };
}

export function attributes(type: string, id: unknown, apiVersion: string): JsonObject {
  return { type, url: `/services/data/v${apiVersion}/sobjects/${type}/${String(id)}` };
}
