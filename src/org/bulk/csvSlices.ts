/** Reads answers of the Bulk API piece by piece, in slices, so that a page of many rows never is one array of objects. */
import { BadCsv, CsvRecords, type CsvRow } from './csvRecords.js';
import type { OrgAnswer } from '../orgClient.js';
import { malformed } from '../orgErrors.js';
import { OrgError } from '../../model/orgError.js';

/** They are looked up together, and written by one transaction. Of 1,000, many outlive the first garbage collections, and memory grows. */
const rowsPerSlice = 250;

export type CsvSlice = { readonly header: CsvRow; readonly rows: readonly CsvRow[] };

/**
 * The rows of a CSV answer with a header line, in slices of 250, however small the pieces are in which the text came: they are
 * used up before the garbage collector takes them for something that stays. Nothing is yielded for an empty text or a header alone.
 *
 * @param what names the answer in errors
 * @throws OrgError network if the text breaks off within a row, malformed if it is no CSV
 */
export function* csvSlices(answer: CsvAnswer, what: string): Generator<CsvSlice> {
  const records = new CsvRecords();
  // Takes a byte order mark away.
  const decoder = new TextDecoder();
  let header: CsvRow | undefined;
  let rows: CsvRow[] = [];
  for (const chunk of [...(answer.chunks ?? [Buffer.from(answer.body)]), undefined]) {
    const isLast = chunk === undefined;
    const parsed = recordsOf(records, decoder.decode(chunk, { stream: !isLast }), isLast, what);
    header ??= parsed.shift();
    rows = rows.length === 0 ? parsed : rows.concat(parsed);
    while (header !== undefined && rows.length >= (isLast ? 1 : rowsPerSlice)) {
      yield { header, rows: rows.slice(0, rowsPerSlice) };
      rows = rows.slice(rowsPerSlice);
    }
  }
}

/** What is read of an answer. */
type CsvAnswer = Pick<OrgAnswer, 'body' | 'chunks'>;

function recordsOf(records: CsvRecords, text: string, isLast: boolean, what: string): CsvRow[] {
  try {
    return records.take(text, isLast);
  } catch (error) {
    if (!(error instanceof BadCsv)) throw error;
    if (!error.isCut) throw malformed(`${what}: the answer is not CSV (${error.message})`);
    throw new OrgError({ kind: 'network', code: 'ROW_CUT', message: `${what}: a row is cut short` });
  }
}
