/** Queries by Bulk API 2.0: for results that would take many REST pages. */
import { setTimeout } from 'node:timers/promises';
import { csvSlices } from './csvSlices.js';
import { readJson } from '../jsonReader.js';
import type { OrgAnswer, OrgClient } from '../orgClient.js';
import { isRefusal, malformed, rowsMissing } from '../orgErrors.js';
import { OrgError } from '../../model/orgError.js';
import { nextPause } from './pollPause.js';
import { delayBefore } from '../retryPolicy.js';
import { rowsOfSlice, type QueryRow } from '../queryRow.js';

/** One or two pages are in memory at a time; each is a call. Rows of more fields are longer. */
const rowsPerPage = { ofFewFields: 100_000, ofMany: 50_000, sparing: 60_000 };
const fewFields = 12;
const firstPause = 500;
/** More than any org has of contacts or users: an answer without an end would use up the day's calls. */
const mostPages = 5_000;

export type BulkQueryOptions = {
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** How many rows there will be, about, where that is known. */
  readonly expectedRows?: number | undefined;
  /**
   * Rows that the org has counted (`totalSize`, `numberRecordsProcessed`) and does not give are an error, at the end: what is
   * missing must not be taken for what is not there.
   */
  readonly isWhole?: boolean | undefined;
  /** Whether pages are smaller, and the next one is fetched only when it is asked for: saves memory where rows are soon used up. */
  readonly isSparing?: boolean | undefined;
};

/**
 * Runs a query as a Bulk job and yields its rows in small slices. The job is not deleted; the org does that
 * after seven days.
 *
 * @param fields the select list as written in the query
 * @throws OrgError refused with code `BULK_QUERY_FAILED` if the job fails; network if a page comes short time and again
 * Source: Bulk API 2.0 guide "Query".
 */
export async function* bulkQueryPages(
  client: OrgClient,
  soql: string,
  fields: readonly string[],
  options: BulkQueryOptions = {},
): AsyncGenerator<readonly QueryRow[]> {
  const job = await createQueryJob(client, soql);
  const counted = await untilComplete(client, job, options);
  const isSparing = options.isSparing === true;
  const ofFew = isSparing ? rowsPerPage.sparing : rowsPerPage.ofFewFields;
  const pages = new ResultPages(client, job, fields.length > fewFields ? rowsPerPage.ofMany : ofFew, !isSparing);
  let rows = 0;
  for (let locator: string | undefined; ;) {
    const page = yield* readBulkPage(pages, locator, fields, options);
    rows += page.rows;
    if (page.next === undefined) break;
    locator = page.next;
  }
  if (options.isWhole === true && rows !== counted) throw rowsMissing(rows, counted);
}

type ResultPage = { readonly answer: OrgAnswer; readonly next: string | undefined };

/** The pages of a finished job by their locators. */
class ResultPages {
  private readonly client: OrgClient;
  private readonly path: string;
  private readonly readsAhead: boolean;
  private readonly begun = new Set<string | undefined>();
  private coming: { readonly locator: string; readonly answer: Promise<OrgAnswer> } | undefined;

  /** @param readsAhead while the rows of one page are used up, the next one is on its way */
  public constructor(client: OrgClient, job: string, rows: number, readsAhead: boolean) {
    this.client = client;
    this.readsAhead = readsAhead;
    this.path = `/jobs/query/${job}/results?maxRecords=${String(rows)}`;
  }

  /** @param locator undefined for the first page @throws OrgError */
  public async read(locator: string | undefined): Promise<ResultPage> {
    this.begun.add(locator);
    const answer = await (this.taken(locator) ?? this.call(locator));
    const { 'sforce-locator': next = '' } = answer.headers;
    if (next === '' || next === 'null') return { answer, next: undefined };
    if (this.begun.has(next) || this.begun.size >= mostPages) throw malformed('query results: pages without an end');
    if (this.readsAhead && this.coming?.locator !== next) this.begin(next);
    return { answer, next };
  }

  private taken(locator: string | undefined): Promise<OrgAnswer> | undefined {
    const { coming } = this;
    if (coming === undefined || coming.locator !== locator) return undefined;
    this.coming = undefined;
    return coming.answer;
  }

  private begin(locator: string): void {
    const answer = this.call(locator);
    // The code that reads that page learns of its failure.
    answer.catch(() => undefined);
    this.coming = { locator, answer };
  }

  private call(locator: string | undefined): Promise<OrgAnswer> {
    const after = locator === undefined ? '' : `&locator=${encodeURIComponent(locator)}`;
    return this.client.call({ method: 'GET', path: this.path + after, accept: 'text/csv' });
  }
}

/** Yields the rows of a page, and returns how many there were and the locator of the next one. A page that breaks off is read again from where it did. */
async function* readBulkPage(
  pages: ResultPages,
  locator: string | undefined,
  fields: readonly string[],
  { sleep = setTimeout }: BulkQueryOptions,
): AsyncGenerator<readonly QueryRow[], { readonly rows: number; readonly next: string | undefined }> {
  let yielded = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      const { answer, next } = await pages.read(locator);
      const { 'sforce-numberofrecords': announced = '' } = answer.headers;
      let read = 0;
      for (const { header, rows } of csvSlices(answer, 'query results')) {
        const fresh = rows.slice(Math.max(0, yielded - read));
        read += rows.length;
        yielded += fresh.length;
        if (fresh.length > 0) yield rowsOfSlice({ header, rows: fresh }, fields);
      }
      if (/^\d+$/u.test(announced) && read !== Number(announced)) throw wrongPage(read, Number(announced));
      return { rows: yielded, next };
    } catch (error) {
      const isCut = error instanceof OrgError && ['ROW_CUT', 'BODY_CUT'].includes(error.code);
      if (!isCut || attempt >= mostReads) throw error;
      await sleep(delayBefore(attempt, Math.random()));
    }
  }
}

const mostReads = 5;

/**
 * Whether the org refuses a query only because Bulk cannot run it (aggregates, compound fields, objects outside Bulk).
 * Codes and texts: docs/salesforce-facts.md#bulk-ingest-jobs, #bulk-query-jobs.
 */
export function isUnsupportedInBulk(error: unknown): boolean {
  if (!isRefusal(error)) return false;
  return (
    ['INVALIDENTITY', 'FEATURENOTENABLED', 'API_DISABLED_FOR_ORG'].includes(error.code) ||
    /not supported (in|by) (the )?Bulk/iu.test(error.message)
  );
}

/** A query job that was made twice because the first answer was lost does no harm. */
async function createQueryJob(client: OrgClient, soql: string): Promise<string> {
  const form = { contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' };
  const body = JSON.stringify({ operation: 'query', query: soql, ...form });
  const answer = await client.call({ method: 'POST', path: '/jobs/query', body, repeatable: true });
  return readJson(answer.body, 'query job').id('id');
}

/** @returns how many rows the org has found; NaN where it does not say */
async function untilComplete(
  client: OrgClient,
  job: string,
  { sleep = setTimeout, expectedRows = 0 }: BulkQueryOptions,
): Promise<number> {
  let before = { time: Date.now(), processed: 0 };
  for (let pause = firstPause; ;) {
    const { body } = await client.call({ method: 'GET', path: `/jobs/query/${job}` });
    const status = readJson(body, 'query job');
    const state = status.text('state');
    const { numberRecordsProcessed: processed = NaN } = status.object;
    if (state === 'JobComplete') return Number(processed);
    if (state === 'Failed' || state === 'Aborted') throw failed(state, status.textIfAny('errorMessage'));
    if (state !== 'UploadComplete' && state !== 'InProgress') throw malformed(`query job: unknown state "${state}"`);
    await sleep(pause);
    const now = { time: Date.now(), processed: typeof processed === 'number' && processed > 0 ? processed : 0 };
    pause = nextPause(expectedRows, pause, before, now);
    before = now;
  }
}

function failed(state: string, reason: string | undefined): OrgError {
  return new OrgError({
    kind: 'refused',
    code: state === 'Failed' ? 'BULK_QUERY_FAILED' : 'BULK_QUERY_ABORTED',
    message: reason ?? `the query job is ${state}`,
  });
}

function wrongPage(rows: number, announced: number): OrgError {
  const message = `query results: ${String(rows)} rows instead of ${String(announced)}`;
  return rows > announced ? malformed(message) : new OrgError({ kind: 'network', code: 'BODY_CUT', message });
}
