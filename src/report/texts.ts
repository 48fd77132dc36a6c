/** Words for codes: every text for people is in messages/, this finds and fills it. */
import { Messages } from '@salesforce/core';
import type { CheckOutcome } from '../model/checkOutcome.js';
import type { AdviceIds } from '../model/fileTexts.js';
import type { Facts } from '../model/facts.js';
import type { ReasonKey, Refusal } from '../model/reasons.js';
import { classifyRowError, concernsStandardProfiles } from '../model/rowErrors.js';
import { printable } from './printable.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const reasons = Messages.loadMessages('sf-portal-users', 'reasons');
const rowErrors = Messages.loadMessages('sf-portal-users', 'rowErrors');
const checks = Messages.loadMessages('sf-portal-users', 'checks');
const shared = Messages.loadMessages('sf-portal-users', 'shared');

/** Why, in words. */
export function reasonDetail(key: ReasonKey, facts: Facts): string {
  return fill(reasons, key, facts);
}

/** Why a row is refused, in words. */
export function refusalText({ reason, detail: { text, facts } }: Refusal): string {
  return fill(reasons, `${reason}.${text}`, facts);
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
  if (concernsStandardProfiles(message)) return fill(rowErrors, 'org.gate');
  return classifyRowError(code, message) === 'again' ? fill(rowErrors, 'advice.again') : rowAdviceByCode(code);
}

/** What to do about all rows that failed with a code, where their messages differ. */
export function rowAdviceByCode(code: string): string {
  return optional(rowErrors, `advice.${code}`) ?? fill(rowErrors, 'advice.other');
}

/** What to do about a refusal that concerns every row. */
export function orgAdvice(code: string, message: string): string {
  if (concernsStandardProfiles(message)) return fill(rowErrors, 'org.gate');
  if (/^INSUFFICIENT_ACCESS|modify all data|INVALID_FIELD/i.test(`${code} ${message}`))
    return fill(rowErrors, 'org.access');
  if (code.startsWith('PORTAL_')) return fill(rowErrors, 'org.features');
  return fill(rowErrors, code === 'JOB_FAILED' ? 'org.job' : 'org.other');
}

export function checkMessage({ key, facts }: CheckOutcome): string {
  return fill(checks, key, facts);
}

/** '' where nothing is to be done. */
export function checkAdvice({ key }: CheckOutcome): string {
  return optional(checks, `${key}.advice`) ?? '';
}

/** A text that several commands use; its tokens fill the places (`%s`) in their order. */
export function sharedText(key: string, ...tokens: ReadonlyArray<string | number>): string {
  let place = 0;
  const text = shared.getMessage(key).replaceAll('%s', () => `%{${place++}}`);
  return fillText(text, Object.fromEntries(tokens.entries()));
}

export function fill(messages: Messages<string>, key: string, facts: Facts = {}): string {
  return fillText(messages.getMessage(key), facts);
}

/**
 * Puts facts, without anything that would steer a terminal, in the places of a text that have their names. Numbers are
 * written for people: 12,000; `[one|many]` follows the number before it: `%{rows} [row|rows]` → `1 row`, `2 rows`.
 */
export function fillText(text: string, facts: Facts): string {
  let last: string | undefined;
  return text.replace(/%\{(\w+)\}|\[([^|\]]*)\|([^|\]]*)\]/g, (found, name?: string, one?: string, many?: string) => {
    if (name === undefined) return (last === '1' ? one : many) ?? found;
    const fact = facts[name];
    last = typeof fact === 'number' ? fact.toLocaleString('en-US') : fact;
    return last === undefined ? found : printable(last);
  });
}

/** The facts with numbers as commands take them: 12000. */
export function plain(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, String(fact)]));
}

function optional(messages: Messages<string>, key: string): string | undefined {
  try {
    return messages.getMessage(key);
  } catch {
    return undefined;
  }
}
