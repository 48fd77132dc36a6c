/** sObject collections: up to 200 records in one call, each with its own answer (REST API guide). */
import { readJsonList, type JsonReader } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { malformed } from '../orgErrors.js';

/** Rows of one call (REST API guide, sObject Collections). */
export const greatestCollection = 200;

type RowAnswer = { readonly error: { readonly code: string; readonly message: string } | undefined };

export type CollectionRecord = Readonly<Record<string, string | boolean>>;

/**
 * Inserts or updates up to 200 records of one object, each for itself. The call is repeated when its answer is lost: only
 * for what may be done twice. @returns one answer per record, in order @throws OrgError
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
  const answers = readJsonList(answer.body, object).map(readAnswer);
  if (answers.length !== records.length) throw malformed(`${object}: not one answer per record`);
  return answers;
}

function readAnswer(answer: JsonReader): RowAnswer {
  if (answer.object['success'] === true) return { error: undefined };
  const [first] = answer.objects('errors');
  if (first === undefined) throw malformed(`${answer.what}: a refusal without an error`);
  const code = first.text('statusCode');
  if (!/^[A-Z][A-Z0-9_]*$/iu.test(code)) throw malformed(`${answer.what}: "statusCode" is no code`);
  return { error: { code, message: first.textIfAny('message') ?? '' } };
}
