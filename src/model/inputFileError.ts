/** What can be wrong with an input file, as codes and facts. */
import { codeOf, type CodeOf, type Facts, type FactsConstructor, type FactTable } from './facts.js';

/**
 * Every text of messages/inputFile.md, with its facts. `line`: the physical line, from 1; `column`: its name, or its
 * number from 1 where it has none; `found` and `expected`: cells of the record and of the header.
 */
export const inputFileFacts = {
  missing: ['file'],
  folder: ['file'],
  unreadable: ['file'],
  empty: ['file'],
  noRows: ['file'],
  utf16: ['file'],
  binary: ['file'],
  notUtf8: ['file', 'line'],
  ragged: ['file', 'line', 'found', 'expected'],
  unclosedQuote: ['file', 'line'],
  badQuote: ['file', 'line'],
  headerTwice: ['file', 'line', 'column'],
  emptyHeader: ['file', 'line', 'column'],
  cellTooLong: ['file', 'line', 'column'],
  'cellTooLong.record': ['file', 'line'],
} as const satisfies FactTable;

export type InputFileKey = keyof typeof inputFileFacts;

class KeyedInputFileError extends Error {
  public override readonly name = 'InputFileError';
  public readonly fault: CodeOf<InputFileKey>;
  /** Of the text in messages/inputFile.md. */
  public readonly key: InputFileKey;
  public readonly facts: Facts;

  public constructor(key: InputFileKey, facts: Facts = {}) {
    super(key);
    this.fault = codeOf(key);
    this.key = key;
    this.facts = facts;
  }
}

/** An input file that cannot be used. Its message is the fault's key; no cell of the file is in it. */
export type InputFileError = KeyedInputFileError;
export const InputFileError: FactsConstructor<typeof inputFileFacts, InputFileError> = KeyedInputFileError;
