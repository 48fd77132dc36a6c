/** All jobs of the org, by Id. */
import { toId18 } from '../ids.ts';
import { JobFailure, parseUpload } from './csvIn.ts';
import type { IngestJob } from './ingestJob.ts';
import type { QueryJob } from './queryJob.ts';

export type JobShelf = {
  readonly ingest: Map<string, IngestJob>;
  readonly query: Map<string, QueryJob>;
  nextSerial(): number;
  findIngest(id: string): IngestJob | undefined;
  findQuery(id: string): QueryJob | undefined;
  /** A job aborted before it was worked on lists its upload as unprocessed. */
  readForResults(job: IngestJob): void;
};

export function createJobShelf(): JobShelf {
  const ingest = new Map<string, IngestJob>();
  const query = new Map<string, QueryJob>();
  let serial = 0;
  return {
    ingest,
    query,
    nextSerial: () => (serial += 1),
    findIngest: (id) => ingest.get(toId18(id) ?? ''),
    findQuery: (id) => query.get(toId18(id) ?? ''),
    readForResults,
  };
}

function readForResults(job: IngestJob): void {
  if (job.content === undefined || job.header.length > 0) return;
  try {
    const parsed = parseUpload(job.content, job.columnDelimiter, job.lineEnding);
    job.header = parsed.header;
    job.rows = parsed.rows;
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
  }
}
