/** Reads a CSV answer of the Bulk API slice by slice, so that a page of 100,000 rows never is one array of objects. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { malformed, OrgError } from './orgErrors.js';

const rowsPerSlice = 100;
const charactersPerChunk = 65_536;

export type CsvRow = readonly string[];
export type CsvSlice = { readonly header: CsvRow; readonly rows: readonly CsvRow[] };

/**
 * The rows of a CSV with a header line, in slices of about 2,000. Nothing is yielded for an empty text or a header alone.
 *
 * @param what names the answer in errors
 * @throws OrgError network if the text breaks off within a row, malformed if it is no CSV
 */
export async function* csvSlices(csv: string, what: string): AsyncGenerator<CsvSlice> {
  const parser = Readable.from(chunks(csv), { objectMode: false }).pipe(
    parse({ bom: true, skip_empty_lines: true, relax_column_count: false, max_record_size: 0 }),
  );
  let header: CsvRow | undefined;
  let rows: CsvRow[] = [];
  try {
    for await (const record of parser) {
      const row = textRow(record, what);
      if (header === undefined) {
        header = row;
        continue;
      }
      rows.push(row);
      if (rows.length < rowsPerSlice) continue;
      yield { header, rows };
      rows = [];
    }
  } catch (error) {
    throw error instanceof CsvError ? csvError(error, what) : error;
  }
  if (header !== undefined && rows.length > 0) yield { header, rows };
}

function* chunks(text: string): Generator<Buffer> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + charactersPerChunk);
    // Never between the halves of a surrogate pair.
    if (end < text.length && /[\uD800-\uDBFF]/u.test(text.charAt(end - 1))) end++;
    yield Buffer.from(text.slice(start, end));
    start = end;
  }
}

function textRow(record: unknown, what: string): string[] {
  if (!Array.isArray(record)) throw malformed(`${what}: a CSV row was expected`);
  return record.map(String);
}

/** The parser's own message quotes the row, so it is not passed on. */
function csvError(error: CsvError, what: string): OrgError {
  const isCut = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';
  if (!isCut) return malformed(`${what}: the answer is not CSV (${error.code})`);
  return new OrgError({ kind: 'network', code: 'ROW_CUT', message: `${what}: a row is cut short` });
}
