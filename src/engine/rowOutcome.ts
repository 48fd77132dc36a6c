/** The rules that turn an answer of the org, or the lack of one, into the outcome of a row. */
import { delayBefore } from '../org/retryPolicy.js';
import { nextNickname } from '../operations/identities.js';
import type { UserValues } from '../model/reasons.js';
import { classifyRowError, mostAttempts } from '../model/rowErrors.js';
import type { OthersUser } from '../model/orgFacts.js';
import type { SentUser, Truth } from '../kinds/userReconcile.js';
import type { SentRow } from './work.js';

export type RowRefusal = { readonly code: string; readonly message: string };

/** What the results of a job say of a row; undefined where they say nothing. */
export type Answer = { readonly id: string } | { readonly error: RowRefusal } | 'unprocessed';

export type RowOutcome =
  /** Of a new user: its Id, and whether our job is known to have made it. */
  | {
      readonly outcome: 'succeeded';
      readonly userId?: string;
      readonly created?: 'yes' | 'unknown';
      /** What a changed user holds afterwards, where it was read back. */
      readonly after?: UserValues;
    }
  | ({ readonly outcome: 'failed' } & RowRefusal)
  /** To be sent again after `delay` milliseconds, perhaps with another nickname. */
  | { readonly outcome: 'again'; readonly delay: number; readonly nickname?: string; readonly error?: RowRefusal }
  /** Not sent again now: the refusal concerns every row. */
  | ({ readonly outcome: 'stopped'; readonly cause: 'org' | 'licenses' | 'storage' } & RowRefusal)
  /** Salesforce never lets this be done to the row. */
  | { readonly outcome: 'refused'; readonly reason: 'PORTAL_ADMINISTRATOR' }
  /** Somebody else gave the contact a user meanwhile. */
  | { readonly outcome: 'unchanged'; readonly user: OthersUser };

/**
 * Whether the org has to be asked before the row of a new user can be judged. A nickname that was made up of the ContactId
 * and is taken may be that of the contact's own user: nobody has documented which of its checks Salesforce does first.
 */
export function isQuestion(answer: Answer | undefined): boolean {
  if (answer === undefined) return true;
  if (answer === 'unprocessed' || 'id' in answer) return false;
  return ['ask', 'repairNickname'].includes(classifyRowError(answer.error.code, answer.error.message));
}

/** Salesforce never judged the row, so it was no attempt. */
export function isUnanswered(outcome: RowOutcome): boolean {
  return outcome.outcome === 'again' && outcome.error === undefined;
}

/**
 * What every row would meet can't be what single rows meet while others beside them succeed: those have failed for good,
 * and the run goes on.
 */
export function confineRefusals<Row>(
  outcomes: ReadonlyArray<readonly [Row, RowOutcome]>,
): ReadonlyArray<readonly [Row, RowOutcome]> {
  if (!outcomes.some(([, { outcome }]) => outcome === 'succeeded')) return outcomes;
  return outcomes.map(([row, outcome]): readonly [Row, RowOutcome] => {
    if (outcome.outcome !== 'stopped' || outcome.cause !== 'org') return [row, outcome];
    return [row, { outcome: 'failed', code: outcome.code, message: outcome.message }];
  });
}

/** A new user. @param random 0 to 1, spreads the rows that are sent again */
export function judgeUser(
  row: SentUser,
  answer: Answer | undefined,
  truth: Truth | undefined,
  random: number,
): RowOutcome {
  if (truth?.truth === 'ours') return { outcome: 'succeeded', userId: truth.userId, created: 'unknown' };
  if (truth?.truth === 'someoneElses') return { outcome: 'unchanged', user: truth.user };
  if (truth?.truth === 'contested') return judgeContested(answer, truth.user);
  if (answer === undefined || answer === 'unprocessed') return sendAgain(row, random);
  if ('id' in answer) return { outcome: 'succeeded', userId: answer.id, created: 'yes' };
  const isNickname = classifyRowError(answer.error.code, answer.error.message) === 'repairNickname';
  return isNickname ? repairNickname(row, answer.error) : judgeRefusal(row, answer.error, random);
}

/** Refused because the user was there: the other run made it. Not answered: one of the two did. */
function judgeContested(answer: Answer | undefined, user: OthersUser): RowOutcome {
  if (answer !== undefined) return { outcome: 'unchanged', user };
  return { outcome: 'succeeded', userId: user.id, created: 'unknown' };
}

/** What Salesforce has refused. @param random 0 to 1, spreads the rows that are sent again */
export function judgeRefusal(row: SentRow, error: RowRefusal, random: number): RowOutcome {
  const errorClass = classifyRowError(error.code, error.message);
  switch (errorClass) {
    case 'again':
      return sendAgain(row, random, error);
    case 'licenses':
    case 'storage':
    case 'org':
      return { outcome: 'stopped', cause: errorClass, ...error };
    case 'repairNickname':
    case 'ask':
    case 'final':
      return { outcome: 'failed', ...error };
  }
}

/** Rows that Salesforce did not get to are sent at once, however often; rows that it refused for now wait. */
export function sendAgain(row: SentRow, random: number, error?: RowRefusal): RowOutcome {
  if (error === undefined) return { outcome: 'again', delay: 0 };
  if (row.attempts >= mostAttempts) return { outcome: 'failed', ...error };
  return { outcome: 'again', delay: delayBefore(row.attempts, random), error };
}

/** Only a nickname that we made up may become another one. */
function repairNickname(row: SentUser, error: RowRefusal): RowOutcome {
  if (row.nicknameIsGiven || row.attempts >= mostAttempts) return { outcome: 'failed', ...error };
  const base = row.nickname.replace(/-\d+$/, '');
  return { outcome: 'again', delay: 0, nickname: nextNickname(base, row.attempts, nicknameLength), error };
}

/** Object Reference, User.CommunityNickname. */
const nicknameLength = 40;
