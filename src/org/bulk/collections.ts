/** sObject collections: up to 200 records in one call, each with its own answer (REST API guide). */
import { checkedId, readJsonList, type JsonReader } from '../jsonReader.js';
import type { OrgCall, OrgClient } from '../orgClient.js';
import { malformed } from '../orgErrors.js';
import type { IngestJobRequest } from './bulkIngest.js';

/** Rows of one call (REST API guide, sObject Collections). */
export const greatestCollection = 200;

type RowAnswer = { readonly error: { readonly code: string; readonly message: string } | undefined };

export type CollectionRecord = Readonly<Record<string, string | boolean>>;

/**
 * Inserts, updates, or deletes up to 200 records of one object, each for itself. The call is repeated when its answer is lost:
 * only for what may be done twice. @param records those that are deleted are known by their `Id`
 * @returns one answer per record, in order @throws OrgError
 */
export async function writeCollection(
  client: OrgClient,
  operation: IngestJobRequest['operation'],
  object: string,
  records: readonly CollectionRecord[],
): Promise<RowAnswer[]> {
  const answer = await client.call({ ...callFor(operation, object, records), repeatable: true });
  const answers = readJsonList(answer.body, object).map(readAnswer);
  if (answers.length !== records.length) throw malformed(`${object}: not one answer per record`);
  return answers;
}

function callFor(
  operation: IngestJobRequest['operation'],
  object: string,
  records: readonly CollectionRecord[],
): Pick<OrgCall, 'method' | 'path' | 'body'> {
  const path = '/composite/sobjects';
  if (operation === 'delete') {
    const ids = records.map(({ Id: id }) => checkedId(String(id), `${object}: what is deleted`));
    return { method: 'DELETE', path: `${path}?ids=${ids.join(',')}&allOrNone=false` };
  }
  const typed = records.map((record) => ({ attributes: { type: object }, ...record }));
  const body = JSON.stringify({ allOrNone: false, records: typed });
  return { method: operation === 'insert' ? 'POST' : 'PATCH', path, body };
}

function readAnswer(answer: JsonReader): RowAnswer {
  if (answer.object['success'] === true) return { error: undefined };
  const [first] = answer.objects('errors');
  if (first === undefined) throw malformed(`${answer.what}: a refusal without an error`);
  const code = first.text('statusCode');
  if (!/^[A-Z][A-Z0-9_]*$/iu.test(code)) throw malformed(`${answer.what}: "statusCode" is no code`);
  return { error: { code, message: first.textIfAny('message') ?? '' } };
}
