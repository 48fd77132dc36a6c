/**
 * Resets passwords, each with Salesforce's own email to the user (REST API guide, sObject User Password). The answer holds a
 * temporary password: nothing of the body of a success is ever looked at, kept, or told.
 */
import { OrgError } from '../model/orgError.js';
import type { UserId } from '../model/ids.js';
import type { RowRefusal } from '../model/outcomes.js';
import { readJson, type JsonReader } from './jsonReader.js';
import type { OrgAnswer, OrgClient } from './orgClient.js';
import { errorOfAnswer, malformed } from './orgErrors.js';

/** Subrequests of one composite call, which counts as one call (REST API guide, Composite). */
export const greatestComposite = 25;

/** `lost`: nobody knows whether it was done. */
type ResetAnswer = 'done' | 'lost' | { readonly error: RowRefusal };

/**
 * Resets the passwords of up to 25 users by one call. It is never sent again.
 * @returns one answer per user, in order; undefined where the org takes no such call: nothing was done then
 * @throws OrgError; `lost`: everything may have been done, otherwise nothing was
 */
export async function resetTogether(
  client: OrgClient,
  userIds: readonly UserId[],
): Promise<readonly ResetAnswer[] | undefined> {
  const parts = userIds.map((id, index) => ({
    method: 'DELETE',
    url: `/services/data/v${client.apiVersion}${pathOf(id)}`,
    referenceId: referenceOf(index),
  }));
  const body = JSON.stringify({ allOrNone: false, compositeRequest: parts });
  const answer = await unlessUnsupported(client.call({ method: 'POST', path: '/composite', body, once: true }));
  const answers = answer && knownOrLost(() => answersIn(answer, userIds.length));
  return answers?.every(isUnsupportedPart) === true ? undefined : answers?.map(({ reset }) => reset);
}

/** Resets the password of one user. It is never sent again. @throws OrgError; `lost`: it may have been done */
export async function resetOne(client: OrgClient, userId: UserId): Promise<ResetAnswer> {
  try {
    await client.call({ method: 'DELETE', path: pathOf(userId), once: true });
    return 'done';
  } catch (error) {
    if (!(error instanceof OrgError) || error.lost || error.kind !== 'refused') throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

function pathOf(userId: UserId): string {
  return `/sobjects/User/${userId}/password`;
}

function referenceOf(index: number): string {
  return `user${String(index)}`;
}

/** An org that takes no composite call, or none of these in it, refuses it as a whole, or each part as no resource of its own. */
async function unlessUnsupported(call: Promise<OrgAnswer>): Promise<OrgAnswer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof OrgError && !error.lost && error.kind === 'refused') return undefined;
    throw error;
  }
}

type Part = { readonly status: number; readonly reset: ResetAnswer };

function isUnsupportedPart({ status }: Part): boolean {
  return status === 404 || status === 405;
}

/** The call was answered, so it was done: what can't be understood of the answer is no proof that it was not. */
function knownOrLost<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof OrgError)) throw error;
    const { kind, code, message } = error;
    throw new OrgError({ kind, code, message, lost: true });
  }
}

/** @throws OrgError malformed */
function answersIn({ body }: OrgAnswer, count: number): Part[] {
  const parts = readJson(body, 'composite').objects('compositeResponse');
  const byReference = new Map(parts.map((part) => [part.text('referenceId'), part]));
  return Array.from({ length: count }, (_, index) => {
    const part = byReference.get(referenceOf(index));
    if (part === undefined) throw malformed('composite: not one answer per part');
    return partOf(part);
  });
}

function partOf(part: JsonReader): Part {
  const status = part.number('httpStatusCode');
  if (status >= 200 && status < 300) return { status, reset: 'done' };
  if (status < 400 || status >= 500 || status === 408) return { status, reset: 'lost' };
  const { code, message } = errorOfAnswer(status, {}, JSON.stringify(part.object['body'] ?? []));
  return { status, reset: { error: { code, message } } };
}
