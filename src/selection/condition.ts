/** A condition that somebody typed: sent as written, and if Salesforce does not accept it, where in it the fault is. */
import { ConditionRejected, type Condition, type Place } from '../model/faults.js';
import type { OrgClient } from '../org/orgClient.js';
import { isRefusal } from '../org/orgErrors.js';
import { headOfWhere, queryPages, type QueryOptions, type QueryRow } from '../org/query.js';

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
    const { message, place } = readRefusal(error.message, headOfWhere(query));
    throw new ConditionRejected(condition, { code: error.code, message }, place);
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
