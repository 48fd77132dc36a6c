/** The one policy for repeating calls: what is repeated, how often, and after which pause. */
import { isCertificateCode } from './orgErrors.js';
import type { OrgError, OrgErrorKind } from '../model/orgError.js';

/** How often a call is tried in all (the first time included), by the kind of its failure. */
export const attemptsByKind: Readonly<Record<OrgErrorKind, number>> = {
  busy: 10,
  network: 10,
  // It is renewed before that.
  session: 1,
  // A used-up limit does not come back within minutes.
  limit: 1,
  refused: 1,
  gone: 1,
  malformed: 1,
};
/** Where one code differs from its kind: each time-out has already cost minutes. */
const attemptsByCode: Readonly<Record<string, number>> = { TIMEOUT: 3 };
/** For as long as the org has not answered: what is wrong then is more likely its address than the network. */
const attemptsToReach: Readonly<Record<string, number>> = { ENOTFOUND: 3, ERR_INVALID_URL: 1 };

// About two minutes of patience: 0.5, 1, 2, 4, 8, 16, 30, 30, 30 seconds. All are milliseconds.
const firstDelay = 500;
const greatestDelay = 30_000;
/** That a `Retry-After` header can make us wait. */
const greatestRetryAfter = 120_000;

/**
 * Milliseconds to wait before a repetition.
 * @param attempt 1 for the first repetition
 * @param random 0 to 1; spreads the pause over ±25 %, so that many clients do not come back at once
 * @param retryAfterSeconds what the server asked for; the pause is never shorter (up to two minutes)
 */
export function delayBefore(attempt: number, random: number, retryAfterSeconds?: number): number {
  const base = Math.min(greatestDelay, firstDelay * 2 ** Math.max(0, attempt - 1));
  const spread = base * (0.75 + random / 2);
  const asked = Math.min(greatestRetryAfter, (retryAfterSeconds ?? 0) * 1000);
  return Math.round(asked > spread ? asked + (spread - base * 0.75) : spread);
}

/**
 * Whether a call that failed is sent again.
 * @param attempt how often it was sent so far
 * @param repeatable whether sending it twice does no harm: a GET, a query job, a call of collections. Where the answer to another
 *   call of an ingest job is lost, src/engine/driveJob.ts asks the org what it has.
 * @param hasAnswered whether the org has answered any call before
 */
export function isRepeated(error: OrgError, attempt: number, repeatable: boolean, hasAnswered: boolean): boolean {
  if (error.lost && !repeatable) return false;
  if (error.kind === 'network' && isCertificateCode(error.code)) return false;
  const toReach = hasAnswered ? undefined : attemptsToReach[error.code];
  return attempt < (toReach ?? attemptsByCode[error.code] ?? attemptsByKind[error.kind]);
}
