/** A condition that Salesforce does not accept: as it was typed, with a caret below the fault, and what usually cures it. */
import type { Facts, FactTable } from '../model/facts.js';
import { isOfEnd, isOfOpenQuote, isOfOtherQuote } from '../model/definition/conditionMessages.js';
import { conditionLines, type Condition, type ConditionRejected } from '../model/faults.js';

/** Columns that a part of a condition takes on the screen. */
const widest = 72;

/** The line of the condition that the fault is in; a long one is cut to what stands around the fault. */
export function excerptOf({ condition, refusal: { place } }: ConditionRejected): string {
  const { line, index } = place ?? { line: 0, index: 0 };
  const text = (conditionLines(condition)[line] ?? '').replaceAll('\t', ' ');
  const start = Math.max(0, Math.min(index - Math.ceil(widest / 2), text.length - widest));
  const end = Math.min(text.length, start + widest);
  const [before, after] = [start > 0 ? '…' : '', end < text.length ? '…' : ''];
  const excerpt = `  ${before}${text.slice(start, end)}${after}`;
  if (place === undefined) return excerpt;
  return `${excerpt}\n${' '.repeat(2 + before.length + Math.min(index, text.length) - start)}^`;
}

/** What to do: the texts of messages/conditions.md, with what each needs to know of the condition. */
export const cureFacts = {
  wholeQuery: ['from'],
  doubledWhere: [],
  otherQuotes: ['flag'],
  openQuote: [],
  unfinished: [],
  tooManyQuotes: [],
  missingQuotes: ['flag'],
  twoEquals: [],
  isNull: [],
  unknownField: ['object'],
  unknownRelationship: [],
  other: ['from'],
  try: ['from', 'where'],
  near: ['near'],
} as const satisfies FactTable;

type CureKey = keyof typeof cureFacts;
type Cure = Exclude<CureKey, 'try' | 'near'>;

/** The texts that say what to do, and their facts. */
export function curesOf(rejected: ConditionRejected): { readonly keys: readonly CureKey[]; readonly facts: Facts } {
  const { condition, refusal } = rejected;
  const { object = condition.from, near = [] } = refusal.lacking ?? {};
  const cure = cureOf(rejected);
  const isNear = near.length > 0 && (cure === 'unknownField' || cure === 'unknownRelationship');
  const isTried = cure === 'other' && fitsInDoubleQuotes(condition);
  return {
    keys: [...(isNear ? (['near'] as const) : []), cure, ...(isTried ? (['try'] as const) : [])],
    facts: { from: condition.from, where: condition.where, flag: givenAs(condition), object, near: near.join('", "') },
  };
}

/** What stands before a condition in quotes: the flag, or the key of a definition. */
function givenAs({ flag, path }: Condition): string {
  const key = path?.at(-1);
  if (key === undefined) return flag;
  return typeof key === 'string' ? `${key}:` : '-';
}

function cureOf({ condition, refusal }: ConditionRejected): Cure {
  const { where } = condition;
  const { place, message, lacking } = refusal;
  const { line, index } = place ?? { line: 0, index: -1 };
  const text = index < 0 ? '' : (conditionLines(condition)[line] ?? '');
  const seen = {
    where,
    before: text.slice(0, Math.max(0, index)),
    at: text.slice(Math.max(0, index)),
    message,
    isLacking: lacking !== undefined,
  };
  return cures.find(([, fits]) => fits(seen))?.[0] ?? 'other';
}

type Seen = {
  readonly where: string;
  /** The line of the fault, parted there. */
  readonly before: string;
  readonly at: string;
  readonly message: string;
  /** Whether the object is known that lacks what the message names. */
  readonly isLacking: boolean;
};

/** The first one that fits. */
const cures: ReadonlyArray<readonly [cure: Cure, fits: (seen: Seen) => boolean]> = [
  ['wholeQuery', ({ where }) => /^\s*SELECT\b/iu.test(where)],
  ['doubledWhere', ({ where }) => /^\s*WHERE\b/iu.test(where)],
  ['otherQuotes', ({ message }) => isOfOtherQuote(message)],
  ['openQuote', ({ message }) => isOfOpenQuote(message)],
  ['openQuote', ({ where, message }) => message.startsWith('unexpected token') && /\p{L}''\p{L}/u.test(where)],
  ['unfinished', ({ message }) => isOfEnd(message)],
  ['tooManyQuotes', ({ message }) => message.includes('should not be enclosed in quotes')],
  ['missingQuotes', ({ message }) => message.includes('should be enclosed in quotes')],
  ['twoEquals', ({ before, at }) => at.startsWith('=') && /[=!]\s*$/u.test(before)],
  ['missingQuotes', ({ before, at }) => /^[\p{L}\d%]/u.test(at) && /([=<>]|\bLIKE|[(,])\s*$/iu.test(before)],
  ['isNull', ({ at }) => /^IS\s+(NOT\s+)?NULL\b/iu.test(at)],
  ['unknownField', ({ isLacking }) => isLacking],
  ['unknownRelationship', ({ message }) => message.startsWith("Didn't understand relationship")],
];

/** Whether a shell takes the condition between double quotes as it is. */
function fitsInDoubleQuotes({ where }: Condition): boolean {
  return !/["$`\\!%\r\n]/u.test(where);
}
