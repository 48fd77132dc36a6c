/** What can be wrong with an input file, as codes and facts. */
import { KeyedError, type FactsConstructor, type FactTable } from './facts.js';

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
  cellTooLong: ['file', 'line', 'column'],
  'cellTooLong.record': ['file', 'line'],
} as const satisfies FactTable;

type InputFileKey = keyof typeof inputFileFacts;

class KeyedInputFileError extends KeyedError<InputFileKey> {
  public override readonly name = 'InputFileError';
}

/** An input file that cannot be used. Its message is the fault's key; no cell of the file is in it. */
export type InputFileError = KeyedInputFileError;
export const InputFileError: FactsConstructor<typeof inputFileFacts, InputFileError> = KeyedInputFileError;
