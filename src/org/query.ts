/** Runs SOQL: by REST in pages, and by Bulk API where the result or the query is too large for that. */
import { bulkQueryPages, isUnsupportedInBulk, type BulkQueryOptions } from './bulk/bulkQuery.js';
import { readJsonKeepingNumbers } from './jsonReader.js';
import type { OrgClient } from './orgClient.js';
import { isRefusal, malformed, rowsMissing } from './orgErrors.js';
import { rowOfRecord, type QueryRow } from './queryRow.js';
import { encodeSoql, inClauses } from './soql.js';

export type { QueryRow } from './queryRow.js';

/**
 * Salesforce takes 16,384 bytes of URI and headers together (help article 000386264, status codes 414 and 431); the rest
 * is for the headers, whose token can be a JWT of 2,000 characters and more.
 */
const greatestUri = 12_000;
/** Results of more rows are read by Bulk API. */
const mostByRest = 10_000;

/** From here on, reading the whole object takes fewer calls than asking for each value by an IN list. */
export const mostByLists = 10_000;

/** What is read of an object. `fields`: the select list, keys of the rows; `where`: a SOQL condition, all rows without one. */
export type Query = { readonly fields: readonly string[]; readonly from: string; readonly where?: string };

export type QueryOptions = BulkQueryOptions & {
  /** Called before the first row when the result is so large that it is read by Bulk API. */
  readonly onLarge?: (() => void) | undefined;
};

/**
 * Runs a query of any size and yields its rows page by page (about 2,000 rows).
 * By REST; by Bulk API if the first page says that there are more than 10,000 rows, if as many are expected, or if the URI would
 * be too long. If the org cannot run the query as a Bulk job it is read by REST after all, where the URI allows.
 * @throws OrgError; when it is thrown between pages (kind `gone`: the cursor ended), the query must be started again
 */
export async function* queryPages(
  client: OrgClient,
  query: Query,
  options: QueryOptions = {},
): AsyncGenerator<readonly QueryRow[]> {
  const { fields, where } = query;
  const soql = where === undefined ? selectFrom(query) : `${headOfWhere(query)}${where}`;
  if (uriLength(client, soql) > greatestUri) {
    yield* bulkQueryPages(client, soql, fields, options);
    return;
  }
  if ((options.expectedRows ?? 0) > mostByRest && (yield* inBulk(client, soql, fields, options))) return;
  const first = await readRestPage(client, queryPath(soql));
  if (first.next !== undefined && first.totalSize > mostByRest) {
    options.onLarge?.();
    try {
      yield* bulkQueryPages(client, soql, fields, { ...options, expectedRows: first.totalSize });
      return;
    } catch (error) {
      // The org says so before the first row: when the job is made, or when it fails as a whole.
      if (!isUnsupportedInBulk(error)) throw error;
    }
  }
  yield* byRest(client, first, fields, options);
}

/** @returns false if the org refuses before the first row: a REST query has better words for what is wrong with it, or succeeds */
async function* inBulk(
  client: OrgClient,
  soql: string,
  fields: readonly string[],
  options: QueryOptions,
): AsyncGenerator<readonly QueryRow[], boolean> {
  let hasRows = false;
  try {
    for await (const rows of bulkQueryPages(client, soql, fields, options)) {
      hasRows = true;
      yield rows;
    }
    return true;
  } catch (error) {
    if (hasRows || !isRefusal(error)) throw error;
    return false;
  }
}

function selectFrom({ fields, from }: Query): string {
  return `SELECT ${fields.join(',')} FROM ${from}`;
}

/** What stands before the condition of a query. */
export function headOfWhere(query: Query): string {
  return `${selectFrom(query)} WHERE `;
}

/** All rows of a small result. @throws OrgError */
export function queryRows(client: OrgClient, query: Query): Promise<QueryRow[]> {
  return allRows(queryPages(client, query));
}

/** The rows of a few pages, together. */
export async function allRows(pages: AsyncIterable<readonly QueryRow[]>): Promise<QueryRow[]> {
  const rows: QueryRow[] = [];
  for await (const page of pages) for (const row of page) rows.push(row);
  return rows;
}

/** Finds the rows that hold one of the values, page by page. @throws OrgError */
export type FindRows = (values: readonly string[]) => AsyncGenerator<readonly QueryRow[]>;

export type QueryIn = Query & {
  /** The field that must be one of the values. */
  readonly field: string;
  readonly values: readonly string[];
  /** The field is a number: its values are not quoted. */
  readonly isNumeric?: boolean;
  /** Values that differ in case only are different ones. */
  readonly isCaseSensitive?: boolean;
};

/**
 * Rows whose field is one of many values, by as many REST queries as the length of a URI asks for. Values are compared
 * as Salesforce does; values that differ only in case can bring the same row twice. @throws OrgError
 */
export async function* queryIn(client: OrgClient, query: QueryIn): AsyncGenerator<readonly QueryRow[]> {
  for (const soql of queriesIn(client, query)) {
    yield* byRest(client, await readRestPage(client, queryPath(soql)), query.fields, {});
  }
}

/** The queries that `queryIn` runs: at least as many calls. */
export function queriesIn(client: OrgClient, query: QueryIn): string[] {
  const start = `SELECT ${query.fields.join(',')} FROM ${query.from} WHERE ${query.field} IN `;
  const end = query.where === undefined ? '' : ` AND (${query.where})`;
  const room = greatestUri - uriLength(client, start + end);
  return inClauses(query.values, room, query.isNumeric).map((list) => start + list + end);
}

/** The groups of a query with GROUP BY, which are few. @param columns what is read of each, by its name or alias @throws OrgError */
export async function queryGroups(client: OrgClient, soql: string, columns: readonly string[]): Promise<QueryRow[]> {
  return allRows(byRest(client, await readRestPage(client, queryPath(soql)), columns, {}));
}

/** The number of rows. @param soqlFromWhere for instance `User WHERE IsActive = true` @throws OrgError */
export async function countRows(client: OrgClient, soqlFromWhere: string): Promise<number> {
  return (await readRestPage(client, queryPath(`SELECT COUNT() FROM ${soqlFromWhere}`))).totalSize;
}

function queryPath(soql: string): string {
  return `/query?q=${encodeSoql(soql)}`;
}

function uriLength(client: OrgClient, soql: string): number {
  return `${client.instanceUrl}/services/data/v${client.apiVersion}${queryPath(soql)}`.length;
}

type Page = { readonly totalSize: number; readonly records: readonly unknown[]; readonly next: string | undefined };

async function* byRest(
  client: OrgClient,
  first: Page,
  fields: readonly string[],
  { isWhole = false }: QueryOptions,
): AsyncGenerator<readonly QueryRow[]> {
  const seen = new Set<string>();
  let rows = 0;
  for (let page = first; ; page = await readRestPage(client, page.next)) {
    rows += page.records.length;
    // An answer that leads in circles would use up the day's calls.
    if (rows > first.totalSize || (page.next !== undefined && (seen.has(page.next) || page.records.length === 0))) {
      throw malformed('query: pages without an end');
    }
    // Later pages may lack rows that are deleted meanwhile, the first can't.
    if (first.next === undefined && rows < first.totalSize) throw malformed('query: rows are missing');
    seen.add(page.next ?? '');
    if (page.records.length > 0) yield page.records.map((record) => rowOfRecord(record, fields));
    if (page.next !== undefined) continue;
    if (isWhole && rows !== first.totalSize) throw rowsMissing(rows, first.totalSize);
    return;
  }
}

/** Source: REST API guide "Query" and "Query More Results". */
async function readRestPage(client: OrgClient, path: string): Promise<Page> {
  const { body } = await client.call({ method: 'GET', path });
  const answer = readJsonKeepingNumbers(body, 'query');
  const next = answer.textIfAny('nextRecordsUrl');
  const done = answer.boolean('done');
  if (!done && (next === undefined || !isNextPage(next))) throw malformed('query: no way to the next page');
  return {
    totalSize: answer.number('totalSize'),
    records: answer.list('records', []),
    next: done ? undefined : next,
  };
}

/** A path of the API, never another host, nor anything else that a call could reach. */
function isNextPage(path: string): boolean {
  return /^\/services\/data\/v\d+\.\d+\/query\/[\w-]+$/u.test(path);
}
