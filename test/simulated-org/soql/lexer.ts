/** Finds the words and string literals of a query with their places, and takes the literals out of the parser's way. */
import { malformed } from './errors.ts';

export type Token = { readonly text: string; readonly offset: number; readonly isString: boolean };

export type LexedQuery = {
  /** The query with every literal replaced by `'0'`, `'1'`, …: no character in a literal can then mislead the parser. */
  readonly safeText: string;
  /** The literals as they were written, without the quotes around them. */
  readonly literals: readonly string[];
  readonly tokens: readonly Token[];
};

const tokenPattern = /\s+|'(?:[^'\\]|\\[^])*'|[\p{L}_][\p{L}\p{N}_.]*|[-+]?\d[\w:.+-]*|<=|>=|!=|<>|[^]/gu;

export function lex(soql: string): LexedQuery {
  const literals: string[] = [];
  const tokens: Token[] = [];
  let safeText = '';
  for (const match of soql.matchAll(tokenPattern)) {
    const [text] = match;
    const isString = text.startsWith("'");
    if (text === "'")
      throw malformed(
        { soql, offset: undefined },
        lineMessage(soql, match.index, "mismatched character '<EOF>' expecting '''"),
      );
    safeText += isString ? `'${literals.length}'` : text;
    if (isString) literals.push(checkedLiteral(soql, text.slice(1, -1), match.index));
    if (text.trim() !== '') tokens.push({ text, offset: match.index, isString });
  }
  return { safeText, literals, tokens };
}

function checkedLiteral(soql: string, raw: string, offset: number): string {
  if (/[\n\r]/.test(raw)) throw malformed({ soql, offset }, 'line breaks not allowed in string literals');
  return raw;
}

function lineMessage(soql: string, offset: number, text: string): string {
  const lines = soql.slice(0, offset).split('\n');
  return `line ${lines.length}:${lines.at(-1)?.length ?? 0} ${text}`;
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** The text a literal stands for. Wildcards of LIKE that were escaped come back through `wildcard`. */
export function unescape(raw: string, wildcard: (character: string) => string = (character) => character): string {
  return raw.replace(/\\(u[0-9A-Fa-f]{4}|[^])/g, (whole: string, rest: string) => {
    if (rest.length === 5) return String.fromCharCode(Number.parseInt(rest.slice(1), 16));
    if (rest === '_' || rest === '%') return wildcard(rest);
    const character = escapes[rest];
    if (character === undefined)
      throw malformed(
        { soql: '', offset: undefined },
        `Invalid string literal '${raw}'. Illegal character sequence '${whole}' in string literal.`,
      );
    return character;
  });
}
