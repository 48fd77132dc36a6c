/** An org in memory that takes any object by ingest jobs and collections; what it says of each row is up to the test. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { OrgAnswer, OrgCall, OrgClient } from '../../../lib/org/orgClient.js';
import { OrgError, type OrgErrorKind } from '../../../lib/model/orgError.js';
import { stubIdentity } from '../org/stubClient.ts';

export type SentRow = Readonly<Record<string, string>>;

export type FakeJob = {
  readonly id: string;
  readonly object: string;
  state: string;
  rows: SentRow[];
  errorMessage?: string;
  /** Looks at it before it has ended. */
  looks: number;
  readonly results: { done: SentRow[]; failed: Array<{ row: SentRow; error: string }>; unprocessed: SentRow[] };
};

/** What a test has done with a call: `lost` after it, or refused before it. */
export type Disturb = (call: string, count: number) => 'lost' | OrgError | undefined;

export function orgError(kind: OrgErrorKind, code: string = kind.toUpperCase(), lost = false): OrgError {
  return new OrgError({ kind, code, message: `about ${code}`, lost });
}

export class FakeOrg {
  /** As `POST /jobs/ingest`. */
  readonly calls: string[] = [];
  readonly jobs = new Map<string, FakeJob>();
  /** Rows that the org has written, as often as it did. */
  readonly written: SentRow[] = [];
  /** What the org refuses a row with (`CODE:message:--`), `unprocessed`, or nothing. */
  answer: (row: SentRow, job: FakeJob | undefined) => string | undefined = () => undefined;
  /** Called before a job's rows are worked on. */
  fail: (job: FakeJob) => string | undefined = () => undefined;
  disturb: Disturb = () => undefined;
  looks = 0;

  readonly client: OrgClient = {
    ...stubIdentity,
    call: (call) => this.#call(call),
  };

  count(call: RegExp): number {
    return this.calls.filter((each) => call.test(each)).length;
  }

  async #call({ method, path, body = '' }: OrgCall): Promise<OrgAnswer> {
    const name = `${method} ${path}`;
    this.calls.push(name);
    // As calls do: others go on meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    const trouble = this.disturb(name, this.count(new RegExp(`^${method} `)));
    if (trouble instanceof OrgError) throw trouble;
    const answer = this.#answer(method, path, body);
    if (trouble === 'lost') throw orgError('network', 'ECONNRESET', true);
    return { status: 200, headers: {}, body: typeof answer === 'string' ? answer : JSON.stringify(answer) };
  }

  #answer(method: string, path: string, body: string): unknown {
    if (path === '/composite/sobjects') return this.#collection(body);
    const [, id = '', part = ''] = /^\/jobs\/ingest\/?([^/]*)\/?(.*)$/.exec(path) ?? [];
    if (method === 'POST') return this.#create(body);
    const job = this.jobs.get(id);
    if (job === undefined) throw orgError('gone', 'NOT_FOUND');
    if (method === 'PUT') {
      if (job.rows.length > 0) throw orgError('refused', 'InvalidBatch');
      job.rows = parse(body, { columns: true });
      return '';
    }
    if (method === 'PATCH') return this.#change(job, (JSON.parse(body) as { state: string }).state);
    if (part !== '') return this.#results(job, part);
    if (job.state === 'InProgress' && job.looks-- <= 0) this.#work(job);
    return told(job);
  }

  #create(body: string): unknown {
    const { object } = JSON.parse(body) as { object: string };
    const id = `750${String(this.jobs.size + 1).padStart(12, '0')}AAA`;
    const results = { done: [], failed: [], unprocessed: [] };
    const job: FakeJob = { id, object, state: 'Open', rows: [], looks: this.looks, results };
    this.jobs.set(id, job);
    return told(job);
  }

  #change(job: FakeJob, state: string): unknown {
    if (job.state !== 'Open') throw orgError('refused', 'INVALIDJOBSTATE');
    job.state = state === 'UploadComplete' ? 'InProgress' : state;
    if (state === 'Aborted') job.results.unprocessed = job.rows;
    return told(job);
  }

  #work(job: FakeJob): void {
    const errorMessage = this.fail(job);
    if (errorMessage !== undefined) {
      Object.assign(job, { state: 'Failed', errorMessage });
      job.results.unprocessed = job.rows;
      return;
    }
    job.state = 'JobComplete';
    for (const row of job.rows) {
      const error = this.answer(row, job);
      if (error === 'unprocessed') job.results.unprocessed.push(row);
      else if (error === undefined) {
        this.written.push(row);
        job.results.done.push(row);
      } else job.results.failed.push({ row, error });
    }
  }

  #results(job: FakeJob, part: string): string {
    const { done, failed, unprocessed } = job.results;
    const csv = (rows: SentRow[]): string => (rows.length === 0 ? '' : stringify(rows, { header: true }));
    if (part === 'unprocessedrecords') return csv(unprocessed);
    if (part === 'failedResults')
      return csv(failed.map(({ row, error }) => ({ sf__Id: '', sf__Error: error, ...row })));
    return csv(done.map((row) => ({ sf__Id: row['Id'] ?? '', sf__Created: 'false', ...row })));
  }

  #collection(body: string): unknown {
    const { records } = JSON.parse(body) as { records: Array<SentRow & { attributes?: unknown }> };
    return records.map(({ attributes: _, ...row }) => {
      const error = this.answer(row, undefined);
      if (error === undefined) {
        this.written.push(row);
        return { success: true, id: row['Id'] };
      }
      const [statusCode = '', message = ''] = error.split(':');
      return { success: false, errors: [{ statusCode, message }] };
    });
  }
}

function told({ id, state, errorMessage, rows }: FakeJob): unknown {
  return {
    id,
    state,
    createdDate: '2026-01-01T00:00:00.000+0000',
    numberRecordsProcessed: state === 'JobComplete' ? rows.length : 0,
    totalProcessingTime: 5,
    errorMessage,
  };
}
