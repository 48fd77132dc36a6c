/** sObject collections: up to 200 records in one call, each with its own answer (REST API guide). */
import { asArray, asObject, optionalText, parseJson, textOf } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { malformed } from '../orgErrors.js';

/** Rows of one call (REST API guide, sObject Collections). */
export const greatestCollection = 200;

export type RowAnswer = { readonly error: { readonly code: string; readonly message: string } | undefined };

export type CollectionRecord = Readonly<Record<string, string | boolean>>;

/**
 * Inserts or updates up to 200 records of one object, each for itself. The call is repeated when its answer is lost: only
 * for what may be done twice.
 * @returns one answer per record, in order
 * @throws OrgError
 */
export async function writeCollection(
  client: OrgClient,
  operation: 'insert' | 'update',
  object: string,
  records: readonly CollectionRecord[],
): Promise<RowAnswer[]> {
  const typed = records.map((record) => ({ attributes: { type: object }, ...record }));
  const answer = await client.call({
    method: operation === 'insert' ? 'POST' : 'PATCH',
    path: '/composite/sobjects',
    body: JSON.stringify({ allOrNone: false, records: typed }),
    repeatable: true,
  });
  const answers = asArray(parseJson(answer.body, object), object).map((value) => readAnswer(value, object));
  if (answers.length !== records.length) throw malformed(`${object}: not one answer per record`);
  return answers;
}

function readAnswer(value: unknown, object: string): RowAnswer {
  const answer = asObject(value, object);
  if (answer['success'] === true) return { error: undefined };
  const [first] = asArray(answer['errors'], object).map((error) => asObject(error, object));
  if (first === undefined) throw malformed(`${object}: a refusal without an error`);
  const code = textOf(first, 'statusCode', object);
  if (!/^[A-Z][A-Z0-9_]*$/iu.test(code)) throw malformed(`${object}: "statusCode" is no code`);
  return { error: { code, message: optionalText(first, 'message', object) ?? '' } };
}
