/** Reads the CSV file (or standard input) that `--file` names, in slices and in constant memory, and says exactly what is wrong with it. */
import { CsvError, type Info } from 'csv-parse';
import { csvReader } from './csvReader.js';
import { cellText } from './cellText.js';
import { dialectOf, readHead } from './inputDialect.js';
import { columnKey } from '../files/userColumns.js';
import type { Emit } from '../model/events.js';
import { isSalesforceId } from '../model/ids.js';
import { InputFileError } from '../model/inputFileError.js';
import { openInputText, readTexts, TextPosition } from './inputText.js';

/** A record of the file: its cells are aligned with the header and untrimmed. */
export type InputRow = {
  /** The physical line, from 1, on which the record starts. */
  readonly line: number;
  readonly cells: readonly string[];
};

/** A record as it is read. */
type ReadRecord = InputRow & { readonly isAfterBlank: boolean };

export type InputFile = {
  /** The column names as written, trimmed. */
  readonly header: readonly string[];
  /** Lines behind the last row that are no rows, as reports have them; known once `rows` are drained. */
  readonly footer: { lines: number };
  /** At least one row, in slices of about 1,000. Drain it or call `return()`: the file stays open until then. */
  readonly rows: AsyncGenerator<readonly InputRow[], void, undefined>;
};

const inputRowsPerSlice = 1000;
/** No field of Salesforce takes more (a long text area's 131,072 characters). */
const longestCell = 131_072;
/** Bytes of one record in memory; what is longer is a quote that swallows the file. */
const largestRecord = 16 * 1024 * 1024;

/**
 * Opens a CSV file: UTF-8 with or without BOM, lines ending in LF, CRLF or CR, cells parted by comma, semicolon or tab
 * (found out from the header line, or named by Excel's line `sep=;` above it), quoted where needed. Blank lines are ignored.
 *
 * @param path the file, or `-` for standard input
 * @param stdin where `-` reads from
 * @returns the header, and the rows as a stream
 * @throws InputFileError at once for a fault in the first slice, and from `rows` for one further down
 */
export async function openInputFile(path: string, stdin: NodeJS.ReadableStream = process.stdin): Promise<InputFile> {
  const header: string[] = [];
  const footer = { lines: 0 };
  const rows = readSlices(path, await openInputText(path, stdin), header, footer);
  await rows.next();
  return { header, footer, rows };
}

/** Says what was skipped at the end of a file that was read. */
export function tellFooter({ footer }: Pick<InputFile, 'footer'>, emit: Emit): void {
  if (footer.lines > 0) emit({ type: 'footerSkipped', lines: footer.lines });
}

/** Yields an empty slice as soon as the header and the first rows are known to be sound, and then the slices. */
async function* readSlices(
  path: string,
  stream: NodeJS.ReadableStream,
  header: string[],
  footer: InputFile['footer'],
): AsyncGenerator<readonly InputRow[], void, undefined> {
  let announced = false;
  let slice: InputRow[] = [];
  let footerRow: InputRow | undefined;
  for await (const records of readRecords(path, stream)) {
    for (const record of records) {
      if (isNothing(record)) continue;
      // Not by spreading: a file may have more columns than a call may have arguments.
      if (header.length === 0) for (const name of checkedHeader(path, record)) header.push(name);
      else if (isFooter(record, header, footerRow !== undefined)) {
        footerRow ??= record;
        footer.lines += 1;
      } else slice.push(checkedRow(path, footerRow ?? record, header));
      if (slice.length < inputRowsPerSlice) continue;
      if (!announced) yield [];
      announced = true;
      yield slice;
      slice = [];
    }
  }
  if (header.length === 0) throw new InputFileError('empty', { file: path });
  if (!announced && slice.length === 0) throw new InputFileError('noRows', { file: path });
  if (!announced) yield [];
  if (slice.length > 0) yield slice;
}

function checkedHeader(path: string, { line, cells }: InputRow): readonly string[] {
  const names = cells.map(cellText);
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    // Columns without a name mean nothing: spreadsheets leave some at the end, and others number the rows in the first.
    if (name === '') continue;
    if (name.length > longestCell) throw new InputFileError('cellTooLong', { file: path, line, column: index + 1 });
    const key = columnKey(name);
    if (seen.has(key)) throw new InputFileError('headerTwice', { file: path, line, column: name });
    seen.add(key);
  }
  return names;
}

function checkedRow(path: string, row: InputRow, header: readonly string[]): InputRow {
  const { line } = row;
  const isLonger = row.cells.slice(header.length).every((cell) => cell.trim() === '');
  const cells = isLonger ? row.cells.slice(0, header.length) : row.cells;
  if (cells.length !== header.length) {
    throw new InputFileError('ragged', { file: path, line, expected: header.length, found: cells.length });
  }
  const tooLong = header.find((_, index) => (cells[index]?.length ?? 0) > longestCell);
  if (tooLong !== undefined) throw new InputFileError('cellTooLong', { file: path, line, column: tooLong });
  return { line, cells };
}

/** A row without a value, as spreadsheets leave them at the end. */
function isNothing({ cells }: ReadRecord): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/**
 * Reports end in lines of one cell: their name, a copyright, who made them (docs/cases.md, 13). They
 * begin after a blank line, nothing but such lines follows, and none of them is an Id or an address.
 */
function isFooter({ cells, isAfterBlank }: ReadRecord, header: readonly string[], hasBegun: boolean): boolean {
  const [text = ''] = cells;
  const isKey = isSalesforceId(text.trim()) || text.includes('@');
  return header.length > 1 && cells.length === 1 && !isKey && (isAfterBlank || hasBegun);
}

/** Yields the records, header included, of each piece of text as soon as it is parsed. */
async function* readRecords(path: string, stream: NodeJS.ReadableStream): AsyncGenerator<readonly ReadRecord[]> {
  const position = new TextPosition();
  const texts = readTexts(path, stream, position);
  const lines = { next: 1, blank: 0 };
  const take = (cells: string[], info: Info): ReadRecord => {
    const isAfterBlank = info.empty_lines > lines.blank;
    const line = lines.next + info.empty_lines - lines.blank;
    lines.blank = info.empty_lines;
    lines.next = line + 1 + cells.reduce((sum, cell) => sum + lineBreaks(cell), 0);
    return { line, cells, isAfterBlank };
  };
  try {
    const head = await readHead(texts);
    const { preface, ...dialect } = dialectOf(head);
    const options = { ...dialect, relax_column_count: true, max_record_size: largestRecord };
    const read = csvReader(options, take);
    lines.next += lineBreaks(preface);
    yield await read(head.slice(preface.length));
    for await (const text of texts) yield await read(text);
    yield await read(undefined);
  } catch (error) {
    throw error instanceof CsvError ? quoteFault(path, error, position, lines.next) : error;
  } finally {
    await texts.return();
  }
}

/** Translates csv-parse's error, whose line counts CRLF within quotes twice and which holds the cell's text. */
function quoteFault(path: string, { code }: CsvError, position: TextPosition, recordLine: number): InputFileError {
  const isTooLong = code === 'CSV_MAX_RECORD_SIZE';
  if (isTooLong && position.openQuoteLine === undefined) {
    return new InputFileError('cellTooLong.record', { file: path, line: recordLine });
  }
  if (isTooLong || code === 'CSV_QUOTE_NOT_CLOSED') {
    return new InputFileError('unclosedQuote', { file: path, line: position.openQuoteLine ?? recordLine });
  }
  return new InputFileError('badQuote', { file: path, line: recordLine });
}

function lineBreaks(cell: string): number {
  return cell.match(/\r\n|\r|\n/g)?.length ?? 0;
}
