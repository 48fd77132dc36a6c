/** What the org knows about one ingest job. */
import type { RowError } from '../contracts.ts';
import type { HeaderCell } from './csvIn.ts';

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed';

export type IngestOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'hardDelete';

export type LineEnding = 'LF' | 'CRLF';

export type ColumnDelimiter = 'COMMA' | 'BACKQUOTE' | 'CARET' | 'PIPE' | 'SEMICOLON' | 'TAB';

export type RowOutcome =
  | { readonly kind: 'success'; readonly id: string; readonly created: boolean }
  | { readonly kind: 'failure'; readonly id: string; readonly error: RowError };

export type IngestJob = {
  readonly id: string;
  readonly operation: IngestOperation;
  readonly object: string;
  readonly externalIdFieldName: string | undefined;
  readonly assignmentRuleId: string | undefined;
  readonly createdById: string;
  readonly createdMs: number;
  /** When its work came so far by the org's clock: due times, however late the worker was. */
  modifiedMs: number;
  /** When that was done: no row is younger than the end of its job. */
  stampMs: number;
  state: JobState;
  readonly apiVersion: string;
  readonly lineEnding: LineEnding;
  readonly columnDelimiter: ColumnDelimiter;
  /** The body as uploaded; one PUT only. */
  content: Buffer | undefined;
  header: readonly HeaderCell[];
  rows: ReadonlyArray<readonly string[]>;
  /** By row; undefined where the row was not worked on. */
  outcomes: Array<RowOutcome | undefined>;
  processed: number;
  failed: number;
  retries: number;
  totalProcessingTime: number;
  apiActiveProcessingTime: number;
  errorMessage: string | undefined;
  closedMs: number | undefined;
  /** Rows after which the results hold nothing. */
  recordedRows: number | undefined;
  /** Rows after which a switch ends the job, and how. */
  endAfterRows:
    | { readonly rows: number; readonly state: 'Failed' | 'Aborted'; readonly message: string | undefined }
    | undefined;
};

export const terminalStates: ReadonlySet<JobState> = new Set(['JobComplete', 'Aborted', 'Failed']);

export function endJob(
  job: IngestJob,
  state: 'JobComplete' | 'Aborted' | 'Failed',
  nowMs: number,
  errorMessage?: string,
): void {
  job.state = state;
  job.modifiedMs = nowMs;
  job.stampMs = Math.max(job.stampMs, nowMs);
  job.errorMessage = errorMessage;
}
