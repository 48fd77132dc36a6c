/** Reads CSV piece by piece: answers of the Bulk API in slices, so that a page of 100,000 rows never is one array of objects. */
import { CsvError, parse, type Info, type Options } from 'csv-parse';
import type { OrgAnswer } from '../orgClient.js';
import { malformed } from '../orgErrors.js';
import { OrgError } from '../../model/orgError.js';

const rowsPerSlice = 500;

type CsvRow = readonly string[];
export type CsvSlice = { readonly header: CsvRow; readonly rows: readonly CsvRow[] };

/**
 * The rows of a CSV answer with a header line, in slices of about 500: they are used up before the garbage collector takes
 * them for something that stays. Nothing is yielded for an empty text or a header alone.
 *
 * @param what names the answer in errors
 * @throws OrgError network if the text breaks off within a row, malformed if it is no CSV
 */
export async function* csvSlices(answer: CsvAnswer, what: string): AsyncGenerator<CsvSlice> {
  const read = csvReader({ bom: true, max_record_size: 0 }, (cells): CsvRow => cells);
  let header: CsvRow | undefined;
  for (const chunk of [...(answer.chunks ?? [Buffer.from(answer.body)]), undefined]) {
    const parsed = await read(chunk).catch((error: unknown) => {
      throw error instanceof CsvError ? csvError(error, what) : error;
    });
    header ??= parsed.shift();
    while (header !== undefined && parsed.length > 0) yield { header, rows: parsed.splice(0, rowsPerSlice) };
  }
}

/** What is read of an answer. */
type CsvAnswer = Pick<OrgAnswer, 'body' | 'chunks'>;

/** Takes the next piece of a CSV text, or its end, and gives the records that end in it. @throws CsvError */
type CsvReader<Row> = (piece: string | Buffer | undefined) => Promise<Row[]>;

/** Blank lines are ignored. @param take makes what is given of the cells of a record */
export function csvReader<Row>(options: Options, take: (cells: string[], info: Info) => Row): CsvReader<Row> {
  const parsed: Row[] = [];
  const parser = parse({
    ...options,
    skip_empty_lines: true,
    on_record: (cells: string[], info) => {
      parsed.push(take(cells, info));
      return null;
    },
  });
  // Faults come back from each piece; without a listener they would also end the process.
  parser.on('error', () => undefined);
  return (piece) =>
    new Promise((resolve, reject) => {
      const done = (error?: Error | null): void => {
        if (error) reject(error);
        else resolve(parsed.splice(0));
      };
      if (piece === undefined) parser.once('error', done).once('finish', done).end();
      else parser.write(piece, done);
    });
}

/** The parser's own message quotes the row, so it is not passed on. */
function csvError(error: CsvError, what: string): OrgError {
  const isCut = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';
  if (!isCut) return malformed(`${what}: the answer is not CSV (${error.code})`);
  return new OrgError({ kind: 'network', code: 'ROW_CUT', message: `${what}: a row is cut short` });
}
