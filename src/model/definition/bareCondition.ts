/**
 * The conditions of a definition: what stands behind WHERE, and nothing else, so that `(condition) AND Id IN (…)` means what
 * it says. Pure: what Salesforce makes of fields and values is left to Salesforce.
 */
import { isSalesforceId, type ContactId, type UserId } from '../ids.js';
import type { DefinitionFaultKey } from './definitionFaults.js';

type ConditionFault = {
  readonly key: Extract<DefinitionFaultKey, `condition.${string}`>;
  /** The word that does not belong there. */
  readonly word?: string;
  /** Index of the character in the condition. */
  readonly offset: number;
};

type Token = { readonly text: string; readonly offset: number };

/** Literals with their escapes, quotes that do not end, brackets, and words with dots; the rest means nothing here. */
const lexemes = /'(?:[^'\\]|\\.)*'|'|[()]|[\p{L}_][\p{L}\d_.]*|,/gsu;

function tokensOf(condition: string): Token[] {
  return [...condition.matchAll(lexemes)].map((match) => ({ text: match[0], offset: match.index }));
}

/** Words that begin something other than a condition (SOQL reference, "SOQL SELECT Syntax"). */
const clauses: ReadonlySet<string> = new Set(
  'SELECT FROM WHERE WITH GROUP HAVING ORDER LIMIT OFFSET FOR USING UPDATE'.split(' '),
);
/** They make a sub-select a part of itself, which may be another one each time. */
const cutting: ReadonlySet<string> = new Set(['LIMIT', 'OFFSET']);

/** Whatever keeps a text from being a bare condition; nothing is looked for in literals. */
export function faultsOfCondition(condition: string): ConditionFault[] {
  const faults: ConditionFault[] = [];
  const tokens = tokensOf(condition);
  /** The brackets that are open, and whether each is one of a sub-select. */
  const open: Array<{ readonly offset: number; readonly isSubSelect: boolean }> = [];
  for (const [index, { text, offset }] of tokens.entries()) {
    const word = text.toUpperCase();
    const isInside = open.some(({ isSubSelect }) => isSubSelect);
    // What follows is a part of the literal.
    if (text === "'") return [...faults, { key: 'condition.openQuote', offset }];
    if (text === '(') open.push({ offset, isSubSelect: isWord(tokens[index + 1], 'SELECT') });
    else if (text === ')' && open.pop() === undefined) faults.push({ key: 'condition.closingBracket', offset });
    else if (isInside && cutting.has(word)) faults.push({ key: 'condition.limitInside', word, offset });
    else if (!isInside && clauses.has(word)) faults.push({ key: 'condition.clause', word, offset });
    else if (!isInside && word === 'ALL' && isWord(tokens[index + 1], 'ROWS'))
      faults.push({ key: 'condition.clause', word: 'ALL ROWS', offset });
  }
  faults.push(...open.map(({ offset }): ConditionFault => ({ key: 'condition.openBracket', offset })));
  return faults;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.text.toUpperCase() === word;
}

/** A query of so many Ids, and conditions of 10,000 characters, stays below the 100,000 of a SOQL statement. */
export const mostIdsOfQuery = 4_000;

/** The records among those of some Ids that meet a condition, as a condition. @param condition a bare one */
export function conditionAmong(condition: string, ids: ReadonlyArray<ContactId | UserId>): string {
  if (faultsOfCondition(condition).length > 0 || !ids.every(isSalesforceId))
    throw new Error('Only a bare condition and Ids can be combined.');
  return `${asOperand(condition)} AND Id IN (${ids.map((id) => `'${id}'`).join(',')})`;
}

/** As it may stand beside AND: in brackets, but where it has a sub-select, which Salesforce takes at the top level only. */
export function asOperand(condition: string): string {
  return hasSubSelect(condition) && !hasOuterOr(condition) ? condition : `(${condition})`;
}

function hasOuterOr(condition: string): boolean {
  let depth = 0;
  return tokensOf(condition).some((token) => {
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    return depth === 0 && isWord(token, 'OR');
  });
}

/**
 * As few conditions as select the same records together: Salesforce takes no sub-selects beside OR, and no condition that is
 * longer. @param conditions bare ones @param most characters
 */
export function anyOf(conditions: readonly string[], most: number): string[] {
  const joined: string[] = [];
  for (const condition of conditions.filter((each) => !hasSubSelect(each))) {
    const last = joined.at(-1);
    const both = `${last ?? ''} OR (${condition})`;
    if (last === undefined || both.length > most) joined.push(`(${condition})`);
    else joined[joined.length - 1] = both;
  }
  return [...joined, ...conditions.filter(hasSubSelect)];
}

function hasSubSelect(condition: string): boolean {
  return tokensOf(condition).some((token) => isWord(token, 'SELECT'));
}

/** Records that a condition looks at: those of an object, or those that relationships lead to from there. */
export type ReachedRecords = {
  /** API name of the object that the condition is about, or that a sub-select names. */
  readonly object: string;
  /** Names of relationships, from that object on: `['Account', 'Parent']`. None: the records of the object itself. */
  readonly relationships: readonly string[];
};

/** A query: its words with dots in them, and what it reads from. */
type Frame = { readonly paths: string[]; readonly sources: Token[][]; isInFrom: boolean };

/**
 * Every object whose records a condition depends on, each once: that of the condition, those of its sub-selects, and those that
 * relationships reach, whose names only the org can resolve.
 * @param condition a bare one @param object that it is about
 */
export function recordsReached(condition: string, object: string): ReachedRecords[] {
  const reached: ReachedRecords[] = [];
  const close = ({ paths, sources }: Frame): void => {
    for (const [source, alias] of sources) {
      if (source === undefined) continue;
      reached.push({ object: source.text, relationships: [] });
      for (const path of paths) {
        const names = path.split('.').slice(0, -1);
        const isOwn = [source, alias].some((token) => isWord(token, names[0]?.toUpperCase() ?? ''));
        const relationships = isOwn ? names.slice(1) : names;
        // A path is resolved for each level that it passes.
        for (let length = 1; length <= relationships.length; length++)
          reached.push({ object: source.text, relationships: relationships.slice(0, length) });
      }
    }
  };
  const outer: Frame = { paths: [], sources: [[{ text: object, offset: 0 }]], isInFrom: false };
  const frames: Frame[] = [outer];
  const tokens = tokensOf(condition);
  for (const [index, token] of tokens.entries()) {
    const frame = frames.at(-1) ?? outer;
    if (token.text === '(') frames.push(isWord(tokens[index + 1], 'SELECT') ? newFrame() : frame);
    else if (token.text === ')') {
      const left = frames.pop();
      if (left !== undefined && !frames.includes(left)) close(left);
    } else readWord(frame, token);
  }
  close(outer);
  return unique(reached);
}

function newFrame(): Frame {
  return { paths: [], sources: [], isInFrom: false };
}

function readWord(frame: Frame, token: Token): void {
  const { text } = token;
  if (isWord(token, 'FROM')) {
    frame.isInFrom = true;
    frame.sources.push([]);
  } else if (frame.isInFrom && clauses.has(text.toUpperCase())) frame.isInFrom = false;
  else if (frame.isInFrom && text === ',') frame.sources.push([]);
  else if (frame.isInFrom && !isWord(token, 'AS')) frame.sources.at(-1)?.push(token);
  else if (!text.startsWith("'") && text.includes('.')) frame.paths.push(text);
}

function unique(reached: readonly ReachedRecords[]): ReachedRecords[] {
  const nameOf = ({ object, relationships }: ReachedRecords): string =>
    [object, ...relationships].join('.').toLowerCase();
  return [...new Map([...reached].reverse().map((each) => [nameOf(each), each])).values()].reverse();
}
