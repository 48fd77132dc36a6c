/** The three result files of a job, quoted as recorded (docs/salesforce-facts.md#bulk-csv). */
import { stringify } from 'csv-stringify/sync';
import type { RowError } from '../contracts.ts';
import type { BulkSwitches } from '../ruleSwitches.ts';
import { delimiters, lineEnds } from './csvIn.ts';
import type { HeaderCell } from './csvIn.ts';
import type { IngestJob } from './ingestJob.ts';

/** `CODE:message:Field1, Field2 --`, or `CODE:message:--` without fields. */
export function errorText(error: RowError): string {
  return `${error.code}:${error.message}:${error.fields.join(', ')}${error.fields.length > 0 ? ' ' : ''}--`;
}

function recorded({ rows, recordedRows }: IngestJob): IngestJob['rows'] {
  return rows.slice(0, recordedRows);
}

type ResultRow = { readonly added: readonly string[]; readonly cells: readonly string[] };

export function successfulResults(job: IngestJob, switches: BulkSwitches): string {
  const rows = recorded(job).flatMap((cells, index): ResultRow[] => {
    const outcome = job.outcomes[index];
    return outcome?.kind === 'success' ? [{ added: [outcome.id, String(outcome.created)], cells }] : [];
  });
  return resultFile(job, switches, ['sf__Id', 'sf__Created'], rows);
}

export function failedResults(job: IngestJob, switches: BulkSwitches): string {
  const rows = recorded(job).flatMap((cells, index): ResultRow[] => {
    const outcome = job.outcomes[index];
    if (outcome?.kind !== 'failure') return [];
    return [{ added: [failedId(job, switches, outcome.id), errorText(outcome.error)], cells }];
  });
  return resultFile(job, switches, ['sf__Id', 'sf__Error'], rows);
}

/** Empty for an insert; the row's own Id for an update, documented from v53. */
function failedId(job: IngestJob, switches: BulkSwitches, id: string): string {
  return job.operation !== 'insert' && switches.failedUpdateKeepsId && Number(job.apiVersion) >= 53 ? id : '';
}

export function unprocessedRecords(job: IngestJob, switches: BulkSwitches): string {
  const rows = recorded(job).flatMap((cells, index): ResultRow[] =>
    job.outcomes[index] === undefined ? [{ added: [], cells }] : [],
  );
  // The recording with alphabetical headers kept the uploaded order here.
  return resultFile(job, { ...switches, alphabeticalResultHeaders: false }, [], rows);
}

function resultFile(
  job: IngestJob,
  switches: BulkSwitches,
  added: readonly string[],
  rows: readonly ResultRow[],
): string {
  if (rows.length === 0 && switches.emptyBodyForEmptyResult) return '';
  const order = columnOrder(job.header, switches.alphabeticalResultHeaders);
  const delimiter = delimiters[job.columnDelimiter];
  const lineEnd = lineEnds[job.lineEnding];
  const names = order.map((index) => headerText(job.header[index]));
  const head = [...added.map((name) => `"${name}"`), ...names].join(delimiter) + lineEnd;
  const shown = switches.shuffledResultRows ? shuffled(rows) : rows;
  const cells = shown.map((row) => [...row.added, ...order.map((index) => row.cells[index] ?? '')]);
  return head + stringify(cells, { delimiter, record_delimiter: lineEnd, quoted: true, quoted_empty: true });
}

function headerText(cell: HeaderCell | undefined): string {
  const name = cell?.name ?? '';
  return cell?.quoted === true ? `"${name.replaceAll('"', '""')}"` : name;
}

function columnOrder(header: readonly HeaderCell[], alphabetical: boolean): number[] {
  const order = header.map((_cell, index) => index);
  const nameAt = (index: number): string => header[index]?.name ?? '';
  return alphabetical ? order.sort((left, right) => (nameAt(left) < nameAt(right) ? -1 : 1)) : order;
}

/** No order is promised; this one is always the same, so that a failing test can be repeated. */
function shuffled<T>(rows: readonly T[]): T[] {
  const mixed = [...rows];
  let seed = 12_345;
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = seed % (last + 1);
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
