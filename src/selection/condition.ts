/** A condition that somebody typed: sent as written, and if Salesforce does not accept it, where in it the fault is. */
import {
  conditionLines,
  ConditionRejected,
  type Condition,
  type ConditionRefusal,
  type Place,
} from '../model/faults.js';
import { isOfEnd, isOfOpenQuote, isOfOtherQuote } from '../model/definition/conditionMessages.js';
import { OrgError } from '../model/orgError.js';
import { describeFields } from '../org/facts/describe.js';
import type { OrgClient } from '../org/orgClient.js';
import { isRefusal } from '../org/orgErrors.js';
import { headOfWhere, queryPages, type QueryOptions, type QueryRow } from '../org/query.js';
import { nearestNames } from '../preflight/names.js';

/** The records that meet a condition, page by page. @throws ConditionRejected, OrgError */
export async function* rowsWhere(
  client: OrgClient,
  fields: readonly string[],
  condition: Condition,
  options: QueryOptions = {},
): AsyncGenerator<readonly QueryRow[]> {
  const query = { fields, from: condition.from, where: condition.where };
  try {
    yield* queryPages(client, query, options);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { message, place: told } = readRefusal(error.message, headOfWhere(query));
    const place = placeOfQuote(condition, message) ?? told ?? placeOfEnd(condition, message);
    const unknown = unknownIn(condition, message, place);
    const lacking = unknown && (await lackingOf(client, unknown));
    throw new ConditionRejected(condition, { code: error.code, message, place: unknown?.place ?? place, lacking });
  }
}

/** `…an excerpt of the query, and a caret below the fault… ERROR at Row:1:Column:60` (docs/salesforce-facts.md#queries). */
const quoted = /^[^]*ERROR at Row:(\d+):Column:(\d+)\s*/u;
/** What the lexer says of a text that never ends; its columns count from 0. */
const unlexed = /^line \d+:\d+ /u;

/**
 * What Salesforce says of a query, without the excerpt, and which place of the condition it means.
 * @param head what stands before the condition in the query; in it there is nothing that somebody typed
 */
function readRefusal(text: string, head: string): { message: string; place: Place | undefined } {
  const [excerpt = '', row, column] = quoted.exec(text) ?? [];
  const message = text.slice(excerpt.length).replace(unlexed, '').trim();
  if (row === undefined || column === undefined) return { message, place: undefined };
  const line = Number(row) - 1;
  const index = Number(column) - 1 - (line === 0 ? head.length : 0);
  return { message, place: index < 0 ? undefined : { line, index } };
}

/** A text in single quotes, or a character that takes part in what Salesforce says of quotes. */
const quotedOrQuote = /'(?:[^'\\]|\\.)*'|['"“”„‘’`]/gu;

/** Salesforce points behind a quote that is wrong, or nowhere: the first that begins no text, or a text that never ends. */
function placeOfQuote(condition: Condition, message: string): Place | undefined {
  if (!isOfOtherQuote(message) && !isOfOpenQuote(message)) return undefined;
  for (const [line, text] of conditionLines(condition).entries()) {
    const wrong = [...text.matchAll(quotedOrQuote)].find(([found]) => found.length === 1);
    if (wrong !== undefined) return { line, index: wrong.index };
  }
  return undefined;
}

/** More is expected behind the last character. */
function placeOfEnd(condition: Condition, message: string): Place | undefined {
  if (!isOfEnd(message)) return undefined;
  const lines = conditionLines({ where: condition.where.trimEnd() });
  return { line: lines.length - 1, index: lines.at(-1)?.length ?? 0 };
}

/** A name in a condition that the org does not know. */
type UnknownName = {
  readonly name: string;
  readonly isField: boolean;
  /** That lacks it; undefined for a relationship behind another one. */
  readonly object: string | undefined;
  readonly place: Place | undefined;
};

const unknownName = /^(?:(No such column)|Didn't understand relationship) '(\w+)'(?: on entity '(\w+)')?/u;

/** Salesforce points at the first name of a path, such as `Account.Foo__c`, whichever of its names it does not know. */
function unknownIn(condition: Condition, message: string, place: Place | undefined): UnknownName | undefined {
  const [, column, name, entity] = unknownName.exec(message) ?? [];
  if (name === undefined) return undefined;
  const written = place && conditionLines(condition)[place.line]?.slice(place.index);
  const names = (/^[\w.]+/u.exec(written ?? '')?.[0] ?? '').split('.');
  const at = names.findIndex((each) => each.toLowerCase() === name.toLowerCase());
  const before = names.slice(0, Math.max(0, at)).reduce((sum, each) => sum + each.length + 1, 0);
  return {
    name,
    isField: column !== undefined,
    object: entity ?? (at === 0 ? condition.from : undefined),
    place: place && { ...place, index: place.index + before },
  };
}

/** One more call, so that people need none to see what they meant. */
async function lackingOf(client: OrgClient, unknown: UnknownName): Promise<ConditionRefusal['lacking']> {
  const { object, name, isField } = unknown;
  if (object === undefined) return undefined;
  try {
    const fields = [...(await describeFields(client, object)).values()];
    const names = fields.flatMap((field) => (isField ? field.name : (field.relationshipName ?? [])));
    return { object, near: nearestNames(name, names) };
  } catch (error) {
    // What is wrong with the condition is said in any case.
    if (!(error instanceof OrgError)) throw error;
    return { object, near: [] };
  }
}
