/** Words for codes: every text for people is in messages/, this finds and fills it. */
import { Messages } from '@salesforce/core';
import type { CheckOutcome } from '../preflight/checks.js';
import type { AdviceIds, ExportTexts } from '../files/exports.js';
import { classifyRowError } from '../model/rowErrors.js';
import { printable } from './printable.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const reasons = Messages.loadMessages('sf-portal-users', 'reasons');
const rowErrors = Messages.loadMessages('sf-portal-users', 'rowErrors');
const checks = Messages.loadMessages('sf-portal-users', 'checks');
const shared = Messages.loadMessages('sf-portal-users', 'shared');

/** Detail, advice and row advice, as the CSV files show them. @param targetOrg for the commands in the advice */
export function exportTexts(targetOrg: string): ExportTexts {
  return {
    detail: reasonDetail,
    advice: (reason, ids) => reasonAdvice(reason, targetOrg, ids),
    rowAdvice,
    oldUser: (userId, held, wasInactive) =>
      [
        ...(held.length === 0 ? [] : [fill(shared, 'createAgain.stillHeld', [userId, held.join(', ')])]),
        ...(wasInactive ? [fill(shared, 'createAgain.wasInactive', [userId])] : []),
      ].join(' '),
  };
}

/** Why, in words. */
export function reasonDetail(reason: string, text: string, tokens: readonly string[]): string {
  return fill(reasons, `${reason}.${text}`, tokens);
}

/** What to do about a reason. Without Ids, as on the screen, the commands keep their placeholders. */
export function reasonAdvice(reason: string, targetOrg: string, ids?: AdviceIds): string {
  const advice = fill(reasons, `${reason}.advice`).replaceAll('<org>', targetOrg);
  if (ids === undefined) return advice;
  return advice
    .replaceAll('<ContactId>', ids.contactId ?? '')
    .replaceAll('<AccountId>', ids.accountId ?? '')
    .replaceAll('<UserId>', ids.userId ?? '')
    .replaceAll('<refused.csv>', ids.refusedFile);
}

/** What to do about a row that failed for good. */
export function rowAdvice(code: string, message: string): string {
  if (/standard external profiles/i.test(message)) return fill(rowErrors, 'org.gate');
  return classifyRowError(code, message) === 'again' ? fill(rowErrors, 'advice.again') : rowAdviceByCode(code);
}

/** What to do about all rows that failed with a code, where their messages differ. */
export function rowAdviceByCode(code: string): string {
  return optional(rowErrors, `advice.${code}`) ?? fill(rowErrors, 'advice.other');
}

/** What to do about a refusal that concerns every row. */
export function orgAdvice(code: string, message: string): string {
  if (/standard external profiles/i.test(message)) return fill(rowErrors, 'org.gate');
  if (/^INSUFFICIENT_ACCESS|modify all data|INVALID_FIELD/i.test(`${code} ${message}`))
    return fill(rowErrors, 'org.access');
  if (code.startsWith('PORTAL_')) return fill(rowErrors, 'org.features');
  return fill(rowErrors, code === 'JOB_FAILED' ? 'org.job' : 'org.other');
}

export function checkMessage({ text, tokens }: CheckOutcome): string {
  return fill(checks, text, tokens);
}

/** '' where nothing is to be done. */
export function checkAdvice({ text }: CheckOutcome): string {
  return optional(checks, `${text}.advice`) ?? '';
}

/** A text that several commands use. */
export function sharedText(key: string, ...tokens: ReadonlyArray<string | number>): string {
  return fill(shared, key, tokens);
}

/** Fills a text; numbers are written for people: 12,000. Tokens that it has no place for are left out. */
export function fill(messages: Messages<string>, key: string, tokens: ReadonlyArray<string | number> = []): string {
  const words = tokens.map((token) => (typeof token === 'number' ? token.toLocaleString('en-US') : token));
  return fillText(messages.getMessage(key), words);
}

/**
 * Puts tokens, without anything that would steer a terminal, in the places of a text, and has each `[one|many]` follow the number before it:
 * `%s [user|users]` → `1 user`, `2 users`.
 */
export function fillText(text: string, tokens: readonly string[]): string {
  let place = 0;
  return text.replace(/%s|\[([^|\]]*)\|([^|\]]*)\]/g, (found: string, one?: string, many?: string) => {
    if (found === '%s') {
      const token = tokens[place++];
      return token === undefined ? found : printable(token);
    }
    return (tokens[place - 1] === '1' ? one : many) ?? found;
  });
}

function optional(messages: Messages<string>, key: string): string | undefined {
  try {
    return messages.getMessage(key);
  } catch {
    return undefined;
  }
}
