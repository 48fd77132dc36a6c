/** The CSV of Bulk API answers, and only that: comma, double quotes (RFC 4180), lines that end in LF or CRLF. */

export type CsvRow = readonly string[];

/** The text is no CSV, or breaks off within a row. */
export class BadCsv extends Error {
  public readonly isCut: boolean;

  /** @param why names the rule, and quotes nothing of the text */
  public constructor(why: string, isCut: boolean) {
    super(why);
    this.isCut = isCut;
  }
}

const [quote, comma, lineFeed, carriageReturn] = [0x22, 0x2c, 0x0a, 0x0d];

/**
 * Takes a text piece by piece, and gives the records that end in each. Blank lines are ignored. All records have as many cells as
 * the first one.
 */
export class CsvRecords {
  private text = '';
  private at = 0;
  private width = 0;
  /** So much text is waited for: a long record is not begun anew with each of its pieces. */
  private enough = 0;

  /** @param isLast nothing follows @throws BadCsv */
  public take(piece: string, isLast: boolean): CsvRow[] {
    this.text = this.text.slice(this.at) + piece;
    this.at = 0;
    const records: CsvRow[] = [];
    if (this.text.length < this.enough && !isLast) return records;
    for (let record = this.next(isLast); record !== undefined; record = this.next(isLast)) records.push(record);
    this.enough = 2 * (this.text.length - this.at);
    return records;
  }

  /** The next record, or undefined when no other ends in the text. */
  private next(isLast: boolean): CsvRow | undefined {
    const { text } = this;
    let at = this.at;
    while (lineEndAt(text, at) > 0) at += lineEndAt(text, at);
    if (at >= text.length) return undefined;
    const cells: string[] = [];
    for (;;) {
      const end = text.charCodeAt(at) === quote ? endOfQuoted(text, at) : endOfPlain(text, at);
      const lineEnd = lineEndAt(text, end);
      // What ends with the text may go on in the next piece.
      if (end >= text.length - 1 && lineEnd === 0 && !isLast) return undefined;
      if (end > text.length) throw new BadCsv('a quote is not closed', true);
      cells.push(cellBetween(text, at, end));
      at = end + 1;
      if (lineEnd > 0 || end === text.length) {
        this.at = end + lineEnd;
        return this.checked(cells);
      }
      if (text.charCodeAt(end) !== comma) throw new BadCsv('text follows a closing quote', false);
    }
  }

  private checked(cells: CsvRow): CsvRow {
    this.width ||= cells.length;
    if (cells.length !== this.width) throw new BadCsv('a row has not as many cells as the header', true);
    return cells;
  }
}

/** How long the end of a line at this place is; 0: there is none. */
function lineEndAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === lineFeed) return 1;
  return code === carriageReturn && text.charCodeAt(at + 1) === lineFeed ? 2 : 0;
}

/** The place behind the closing quote; one beyond the text if there is none. */
function endOfQuoted(text: string, at: number): number {
  for (let close = text.indexOf('"', at + 1); close !== -1; close = text.indexOf('"', close + 2)) {
    if (text.charCodeAt(close + 1) !== quote) return close + 1;
  }
  return text.length + 1;
}

/** The place of the comma or line end that follows. */
function endOfPlain(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === comma || code === lineFeed || (code === carriageReturn && lineEndAt(text, at) > 0)) return at;
    if (code === quote) throw new BadCsv('a quote stands within a cell', false);
  }
  return text.length;
}

function cellBetween(text: string, at: number, end: number): string {
  if (text.charCodeAt(at) !== quote) return text.slice(at, end);
  const cell = text.slice(at + 1, end - 1);
  return cell.includes('"') ? cell.replaceAll('""', '"') : cell;
}
