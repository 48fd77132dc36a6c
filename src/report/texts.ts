/** Words for codes: every text for people is in messages/, this finds and fills it. */
import { Messages } from '@salesforce/core/messages';
import type { CheckOutcome } from '../model/checkOutcome.js';
import type { AdviceIds } from '../model/fileTexts.js';
import { codeOf, type Facts } from '../model/facts.js';
import type { ReasonKey, Refusal } from '../model/reasons.js';
import type { OperationName } from '../model/result.js';
import { adviceName } from '../model/rowErrors.js';
import { inOrg, quoteArgument } from './next/printedCommand.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const checks = Messages.loadMessages('sf-portal-users', 'checks');
const conditions = Messages.loadMessages('sf-portal-users', 'conditions');
const definition = Messages.loadMessages('sf-portal-users', 'definition');
const faults = Messages.loadMessages('sf-portal-users', 'faults');
const guards = Messages.loadMessages('sf-portal-users', 'guards');
const inputFile = Messages.loadMessages('sf-portal-users', 'inputFile');
const reportPage = Messages.loadMessages('sf-portal-users', 'reportPage');
const reasons = Messages.loadMessages('sf-portal-users', 'reasons');
const rowErrors = Messages.loadMessages('sf-portal-users', 'rowErrors');
const userList = Messages.loadMessages('sf-portal-users', 'userList');
const shared = Messages.loadMessages('sf-portal-users', 'shared');

/** The texts of codes; `shared` has those that no code asks for. */
const bundles = { checks, conditions, definition, faults, guards, inputFile, reasons, reportPage, rowErrors, userList };
type Bundle = keyof typeof bundles;

/** Why, in words. */
export function reasonDetail(key: ReasonKey, facts: Facts): string {
  return fill('reasons', key, facts);
}

/** Why a row is refused, in words. */
export function refusalText({ reason, detail: { text, facts } }: Refusal): string {
  return fill('reasons', `${reason}.${text}`, facts);
}

/** A reason in a few words, for a line of a list. */
export function reasonShort(reason: string): string {
  return fill('reasons', `${reason}.short`);
}

/** What stands in a command of an advice, and what takes its place. */
const adviceTokens = [
  ['<ContactId>', 'contactId'],
  ['<AccountId>', 'accountId'],
  ['<UserId>', 'userId'],
  ['"<refused.csv>"', 'refusedFile'],
] as const satisfies ReadonlyArray<readonly [string, keyof AdviceIds]>;

/**
 * What to do about a reason. What is not given, such as the Ids on a screen, keeps its placeholder in the commands.
 * @param key a reason, or one of its details, which may have an advice of its own
 */
export function reasonAdvice(key: string, targetOrg: string, { isSync, ...given }: Partial<AdviceIds> = {}): string {
  const keys = [...(isSync === true ? [`${codeOf(key)}.adviceForSync`] : []), `${key}.advice`, `${codeOf(key)}.advice`];
  const [own = fill('reasons', `${codeOf(key)}.advice`)] = keys.flatMap((each) => fillList('reasons', each));
  const advice = inOrg(own, targetOrg);
  return adviceTokens.reduce((text, [token, name]) => {
    const value = given[name] ?? '';
    return name in given ? text.replaceAll(token, () => (token.startsWith('"') ? quoteArgument(value) : value)) : text;
  }, advice);
}

/**
 * What to do about a reason, for all whom it concerns. A command for one of them that has no Id here is left to the file.
 * @param file that says who they are
 */
export function groupAdvice(
  reason: string,
  targetOrg: string,
  given: Partial<AdviceIds>,
  file: 'refused.csv' | 'unchanged.csv',
): string {
  const lines = reasonAdvice(reason, targetOrg, given).split('\n');
  const needsId = (line = ''): boolean =>
    line.startsWith('sf ') && adviceTokens.some(([token]) => line.includes(token));
  return lines
    .flatMap((line, index) => {
      // No command follows that sentence.
      if (file === 'refused.csv' && needsId(lines[index + 1])) return line.replace(/:$/, '.');
      if (!needsId(line)) return line;
      // Only the rows of refused.csv have an advice.
      return file === 'refused.csv' ? sharedText('advice.eachRow', file) : [line, sharedText('advice.whichUser', file)];
    })
    .join('\n');
}

/** What to do about a row that failed for good. @param name of an advice (src/model/rowErrors.ts) */
export function rowAdvice(name: string, operation: OperationName): string {
  return namedAdvice(name, operation) ?? fill('rowErrors', 'advice.other');
}

/** What to do about a refusal that concerns every row. */
export function orgAdvice(code: string, message: string, operation: OperationName): string {
  return namedAdvice(adviceName(code, message), operation) ?? fill('rowErrors', 'org.other');
}

/** An operation may have words of its own, as its flags or keys are others. */
function namedAdvice(name: string, operation: OperationName): string | undefined {
  const of = (key: string): string | undefined => fillList('rowErrors', key)[0];
  return of(`advice.${name}.${operation}`) ?? of(`advice.${name}`);
}

export function checkMessage({ key, facts }: Pick<CheckOutcome, 'key' | 'facts'>): string {
  return fill('checks', key, facts);
}

/** '' where there is nothing to do. @param isSync what there is to be said stands in a definition, not in flags of create */
export function checkAdvice({ key }: Pick<CheckOutcome, 'key'>, isSync = false): string {
  const keys = [...(isSync ? [`${key}.adviceForSync`] : []), `${key}.advice`];
  return keys.flatMap((each) => fillList('checks', each))[0] ?? '';
}

/** A text that several commands use; its tokens fill the places (`%s`) in their order. */
export function sharedText(key: string, ...tokens: ReadonlyArray<string | number>): string {
  let place = 0;
  const text = shared.getMessage(key).replaceAll('%s', () => `%{${place++}}`);
  return fillText(text, Object.fromEntries(tokens.entries()));
}

export function fill(bundle: Bundle, key: string, facts: Facts = {}): string {
  return fillText(bundles[bundle].getMessage(key), facts);
}

/** The texts of a list; none where there is no such key. */
export function fillList(bundle: Bundle, key: string, facts: Facts = {}): string[] {
  try {
    return bundles[bundle].getMessages(key).map((text) => fillText(text, facts));
  } catch {
    return [];
  }
}

/**
 * Puts facts, without anything that would steer a terminal, in the places of a text that have their names. Numbers are
 * written for people: 12,000; `[one|many]` follows the number before it: `%{rows} [row|rows]` → `1 row`, `2 rows`. In a line
 * that is a command, they are written for a shell.
 */
export function fillText(text: string, facts: Facts): string {
  let last: string | undefined;
  const fillWords = (line: string): string =>
    line.replace(/%\{(\w+)\}|\[([^|\]]*)\|([^|\]]*)\]/g, (found, name?: string, one?: string, many?: string) => {
      if (name === undefined) return (last === '1' ? one : many) ?? found;
      const fact = facts[name];
      last = typeof fact === 'number' ? fact.toLocaleString('en-US') : fact && quotedList(name, fact);
      return last === undefined ? found : printable(last);
    });
  return text
    .split('\n')
    .map((line) => (line.trimStart().startsWith('sf ') ? fillCommand(line, facts) : fillWords(line)))
    .join('\n');
}

/** Facts of several names, which come with quotation marks between them: `A", "B`. */
const listTypes: ReadonlyMap<string, 'conjunction' | 'disjunction'> = new Map([
  ['near', 'disjunction'],
  ['profiles', 'conjunction'],
]);

/** For a place between quotation marks: `A", "B", or "C`. */
function quotedList(name: string, fact: string): string {
  const type = listTypes.get(name);
  if (type === undefined) return fact;
  const names = fact.split('", "').map((each) => `"${each}"`);
  return new Intl.ListFormat('en-US', { type }).format(names).slice(1, -1);
}

/**
 * What stands in double quotes, and each place outside of them, is one argument, whatever a fact holds; it keeps its quotes only
 * where a shell needs them.
 */
function fillCommand(line: string, facts: Facts): string {
  return line.replace(/"[^"]*%\{\w+\}[^"]*"|%\{\w+\}/g, (argument) => {
    const value = argument.replaceAll('"', '').replace(/%\{(\w+)\}/g, (place, name: string) => {
      const fact = facts[name];
      return fact === undefined ? place : printable(String(fact));
    });
    if (value === argument) return argument;
    return quoteArgument(value);
  });
}

/** The facts with numbers as commands take them: 12000. */
export function plain(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, String(fact)]));
}

/** Control characters but tab and line feed (C0, DEL, C1), and those that turn the direction of what follows. */
const steering = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text from an org, a file or a run folder as it may be shown: an escape sequence in a name could hide lines of a plan, or
 * have the terminal type something.
 */
export function printable(text: string): string {
  return text.replace(steering, '\ufffd');
}
