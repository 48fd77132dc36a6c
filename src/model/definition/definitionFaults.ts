/** What can be wrong with a definition file, as codes, facts and places. */
import type { Facts, FactTable } from '../facts.js';
import { KeyedFault, type RunFault } from '../faults.js';

/**
 * Every text of messages/definition.md, with its facts. `key`: the name of the key that the fault is about; `near`: names that
 * are meant, most likely; `choices`: all values that there are; `least` and `most`: bounds of a number.
 */
export const definitionFacts = {
  syntax: ['message'],
  'syntax.tab': [],
  tooDeep: [],
  notAMap: [],
  secondDocument: [],
  directive: [],
  alias: [],
  tag: [],
  hiddenCharacter: ['code'],
  keyTwice: ['key'],
  unknownKey: ['key', 'keys'],
  'unknownKey.near': ['key', 'near'],
  missingKey: ['key'],
  noValue: ['key'],
  'noValue.needed': ['key'],
  'noValue.ofGroup': ['key'],
  'expected.text': ['key'],
  'expected.quotes': ['key'],
  'expected.boolean': ['key'],
  'expected.list': ['key'],
  'expected.map': ['key'],
  'expected.number': ['key'],
  'expected.share': ['key'],
  'expected.choice': ['key', 'choices'],
  'expected.choice.near': ['key', 'value', 'near'],
  'expected.org': ['value'],
  'expected.org.near': ['value', 'near'],
  emptyList: ['key'],
  twice: ['key', 'value'],
  badField: ['field'],
  missingSyncUser: [],
  formerIsCurrent: ['profile'],
  releaseWithoutDeactivation: [],
  'condition.openQuote': ['key'],
  'condition.openBracket': ['key'],
  'condition.closingBracket': ['key'],
  'condition.clause': ['key', 'word'],
  'condition.limitInside': ['key', 'word'],
} as const satisfies FactTable;

export type DefinitionFaultKey = keyof typeof definitionFacts;

/** A place in a file: line and column, from 1. */
export type FilePlace = { readonly line: number; readonly column: number };

export type DefinitionFault = { readonly place: FilePlace } & (
  | { readonly key: DefinitionFaultKey; readonly facts: Facts }
  /** What is wrong with a value, in the words of the flag of `create` that is the same. */
  | { readonly ofFlag: RunFault }
);

/** A definition file that can't be used: everything that is wrong with it, in the order of the file. */
export class DefinitionRejected extends KeyedFault {
  public readonly file: string;
  public readonly faults: readonly DefinitionFault[];

  public constructor(file: string, faults: readonly DefinitionFault[]) {
    super('definitionRejected', { file, faults: faults.length });
    this.file = file;
    this.faults = faults.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  }
}
