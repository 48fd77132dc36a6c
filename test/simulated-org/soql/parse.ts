/** Parses SOQL into the tree of @jetstreamapp/soql-parser-js, and says in Salesforce's words what is wrong with it. */
import { parseQuery } from '@jetstreamapp/soql-parser-js';
import type { Query } from '@jetstreamapp/soql-parser-js';
import { malformed } from './errors.ts';
import type { LexedQuery } from './lexer.ts';
import { lex } from './lexer.ts';

export type ParsedQuery = LexedQuery & { readonly soql: string; readonly tree: Query };

const maximumLength = 100_000;

/** Each run asks the same again, in all orgs of a process. */
const parsedBefore = new Map<string, ParsedQuery>();
const mostKept = 500;

export function parseSoql(soql: string): ParsedQuery {
  const known = parsedBefore.get(soql);
  if (known !== undefined) return known;
  const parsed = parseAnew(soql);
  if (parsedBefore.size >= mostKept) parsedBefore.clear();
  parsedBefore.set(soql, parsed);
  return parsed;
}

function parseAnew(soql: string): ParsedQuery {
  if (soql.length > maximumLength)
    throw malformed({ soql, offset: undefined }, `SOQL statements cannot be longer than ${maximumLength} characters.`);
  const lexed = lex(soql);
  const first = lexed.tokens[0];
  if (!first) throw malformed({ soql, offset: undefined }, "unexpected token: '<EOF>'");
  // Recorded: a query that does not begin as one is refused without excerpt and quotes.
  if (first.text.toUpperCase() !== 'SELECT')
    throw malformed({ soql, offset: undefined }, `unexpected token: ${first.text}`);
  return { ...lexed, soql, tree: parseSafe(soql, lexed) };
}

function parseSafe(soql: string, lexed: LexedQuery): Query {
  try {
    return parseQuery(lexed.safeText);
  } catch (error) {
    throw refusal(soql, lexed, error instanceof Error ? error.message : String(error));
  }
}

/** The parser names the token it stumbled over in one of these ways. */
const tokenInMessage = /but found(?: -->|:) '([^]*?)'(?: <--)?$|but found: (\S+)$|unexpected character: ->([^])<-/;

function refusal(soql: string, lexed: LexedQuery, message: string): Error {
  const match = tokenInMessage.exec(message.trimEnd());
  const found = match?.[1] ?? match?.[2] ?? match?.[3] ?? '';
  if (found === '') return malformed({ soql, offset: undefined }, "unexpected token: '<EOF>'");
  const text = /^'?\d+'?$/.test(found) ? literalAt(lexed, found) : found;
  const token = lexed.tokens.findLast((each) => each.text.toLowerCase() === text.toLowerCase());
  return malformed({ soql, offset: token?.offset }, `unexpected token: '${text}'`);
}

/** In the safe text the literal was only a number in quotes. */
function literalAt(lexed: LexedQuery, found: string): string {
  const literal = lexed.literals[Number(found.replaceAll("'", ''))];
  return found.startsWith("'") && literal !== undefined ? `'${literal}'` : found;
}
