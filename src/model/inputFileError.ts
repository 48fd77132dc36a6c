/** What can be wrong with an input file, as codes and facts. */

/** What can be wrong with an input file; the texts are in messages/, by these codes. */
export type InputFileFault =
  | 'missing'
  | 'folder'
  | 'unreadable'
  | 'empty'
  | 'noRows'
  | 'utf16'
  | 'binary'
  | 'notUtf8'
  | 'ragged'
  | 'unclosedQuote'
  | 'badQuote'
  | 'headerTwice'
  | 'emptyHeader'
  | 'cellTooLong';

type FaultFacts = {
  /** The physical line, from 1. */
  readonly line?: number;
  /** The name of the column, or its number from 1 where it has none. */
  readonly column?: string | number;
  /** Cells in the header. */
  readonly expected?: number;
  /** Cells in the record. */
  readonly found?: number;
};

/** An input file that cannot be used. Its message is the fault's code; no cell of the file is in it. */
export class InputFileError extends Error {
  public override readonly name = 'InputFileError';
  public readonly fault: InputFileFault;
  public readonly file: string;
  public readonly line?: number;
  public readonly column?: string | number;
  public readonly expected?: number;
  public readonly found?: number;

  public constructor(fault: InputFileFault, file: string, facts: FaultFacts = {}) {
    super(fault);
    this.fault = fault;
    this.file = file;
    if (facts.line !== undefined) this.line = facts.line;
    if (facts.column !== undefined) this.column = facts.column;
    if (facts.expected !== undefined) this.expected = facts.expected;
    if (facts.found !== undefined) this.found = facts.found;
  }
}
