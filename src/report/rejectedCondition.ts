/** A condition that Salesforce does not accept: as it was typed, with a caret below the fault, and what usually cures it. */
import type { FactTable } from '../model/facts.js';
import type { ConditionRejected } from '../model/faults.js';

/** Columns that a part of a condition takes on the screen. */
const widest = 72;

/** The line of the condition that the fault is in; a long one is cut to what stands around the fault. */
export function excerptOf({ condition, place }: ConditionRejected): string {
  const { line, index } = place ?? { line: 0, index: 0 };
  const text = (conditionLines(condition.where)[line] ?? '').replaceAll('\t', ' ');
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
  tooManyQuotes: [],
  missingQuotes: ['flag'],
  twoEquals: [],
  isNull: [],
  unknownField: ['from'],
  other: ['from'],
  try: ['from', 'where'],
} as const satisfies FactTable;

type Cure = Exclude<keyof typeof cureFacts, 'try'>;

export function cureOf({ condition, place, facts }: ConditionRejected): Cure {
  const { where } = condition;
  const { line, index } = place ?? { line: 0, index: -1 };
  const text = index < 0 ? '' : (conditionLines(where)[line] ?? '');
  const seen = {
    where,
    before: text.slice(0, Math.max(0, index)),
    at: text.slice(Math.max(0, index)),
    message: String(facts['message']),
  };
  return cures.find(([, fits]) => fits(seen))?.[0] ?? 'other';
}

type Seen = {
  readonly where: string;
  /** The line of the fault, parted there. */
  readonly before: string;
  readonly at: string;
  readonly message: string;
};

/** The first one that fits. */
const cures: ReadonlyArray<readonly [cure: Cure, fits: (seen: Seen) => boolean]> = [
  ['wholeQuery', ({ where }) => /^\s*SELECT\b/iu.test(where)],
  ['doubledWhere', ({ where }) => /^\s*WHERE\b/iu.test(where)],
  ['otherQuotes', ({ message }) => /(token|character):? '["“”„‘’`]'/u.test(message)],
  ['openQuote', ({ message }) => message.startsWith('mismatched character')],
  ['tooManyQuotes', ({ message }) => message.includes('should not be enclosed in quotes')],
  ['missingQuotes', ({ message }) => message.includes('should be enclosed in quotes')],
  ['twoEquals', ({ before, at }) => at.startsWith('=') && /[=!]\s*$/u.test(before)],
  ['missingQuotes', ({ before, at }) => /^[\p{L}\d]/u.test(at) && /([=<>]|\bLIKE|[(,])\s*$/iu.test(before)],
  ['isNull', ({ at }) => /^IS\s+(NOT\s+)?NULL\b/iu.test(at)],
  ['unknownField', ({ message }) => /^(No such column|Didn't understand relationship)/u.test(message)],
];

/** Whether a shell takes the condition between double quotes as it is. */
export function fitsInDoubleQuotes({ where }: ConditionRejected['condition']): boolean {
  return !/["$`\\!%\r\n]/u.test(where);
}

function conditionLines(where: string): string[] {
  return where.split(/\r\n|\r|\n/u);
}
