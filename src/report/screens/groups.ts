/** Contacts and users that are not changed, by reason: unchanged, refused, failed. */
import path from 'node:path';
import { countUnreached, rowsWithoutUser } from '../exitCodes.js';
import { adviceLines, columnsOf, namesText, shortPath, twoEnds } from './layout.js';
import { bad, caution, quiet, strong } from './paint.js';
import { roomOf, type RunView } from './runView.js';
import { groupAdvice, reasonShort, sharedText } from '../texts.js';
import type { Refusal, Unchanged } from '../../model/reasons.js';
import { deedOf, operationRules, type OperationName, type Person, type RunResult } from '../../model/result.js';

/** More reasons than these are left to the file and to --verbose: a plan fits on a screen, where a sync has groups and profiles, too. */
const [mostReasons, mostOfSync] = [8, 3];
/** Below the words of a reason. */
const adviceIndent = 11;

/** Contacts or users that stay as they are. */
export function unchangedLines(view: RunView): string[] {
  const { counts, sync, files, unchangedByReason } = view.result;
  if (counts.unchanged === 0) return [];
  const others = sync === undefined ? (unchangedByReason[otherProfile] ?? 0) : 0;
  const asWanted = counts.unchanged - others;
  const file = path.basename(files.unchanged);
  const line = (text: string): string[] => twoEnds(text, file, roomOf(view));
  const asWantedLines = asWanted === 0 ? [] : line(`  ${quiet('=')} ${unchangedText(view.result, asWanted)}`);
  if (sync !== undefined) return [...asWantedLines, ...reportedLines(view)];
  const { [otherProfile]: _others, ...asWantedReasons } = unchangedByReason;
  return [
    ...asWantedLines,
    ...unchangedAdvice(view, Object.keys(asWantedReasons)),
    // They have a user, but not the one that was asked for.
    ...(others === 0 ? [] : line(`  ${caution('!')} ${sharedText('unchanged.otherProfile', others)}`)),
    ...unchangedAdvice(view, others === 0 ? [] : [otherProfile]),
  ];
}

/** What to do, below the line of those whom it is for. */
function unchangedAdvice(view: RunView, reasons: readonly string[]): string[] {
  if (!view.screen.verbose) return [];
  return reasons.flatMap((reason) => adviceLines(adviceOf(reason, view, 'unchanged.csv'), adviceIndent));
}

/** Of a sync, how many need no change, so that the figures of those who are only reported add up. */
function unchangedText(result: RunResult, count: number): string {
  const asDefined = result.unchangedByReason['ALREADY_HAS_USER'] ?? 0;
  return result.sync === undefined || asDefined === count
    ? sharedText(`unchanged.${deedOf(result)}`, count)
    : sharedText('unchanged.syncOthers', count, asDefined, count - asDefined);
}

/** A sync tells why people are only reported, or it would look as if all were well. */
function reportedLines(view: RunView): string[] {
  const { ALREADY_HAS_USER: _asDefined, ...reported } = view.result.unchangedByReason;
  if (Object.keys(reported).length === 0) return [];
  return reasonLines(view, reported, view.detail.people.unchanged, reasonShort, (reason) =>
    adviceOf(reason, view, 'unchanged.csv'),
  );
}

const otherProfile = 'OTHER_PROFILE' satisfies Unchanged['reason'];
const activated = 'HAS_INACTIVE_USER' satisfies Refusal['reason'];

/** What an operation selects, as its texts say it. */
function selectedWord(operation: OperationName): 'contacts' | 'users' {
  return operationRules[operation].selects === 'Contact' ? 'contacts' : 'users';
}

/** Refused contacts or users, by reason. @param isOver the run is over, so it is told as what was */
export function refusedLines(view: RunView, isOver: boolean): string[] {
  const { counts, files, refusedByReason, operation, sync } = view.result;
  if (counts.refused === 0) return [];
  const { nobody, repeated } = rowsWithoutUser(view.result);
  const what = nobody + repeated > 0 ? 'rows' : selectedWord(operation);
  const text = sharedText(`${isOver ? 'refusedThen' : 'refused'}.${what}`, counts.refused);
  return [
    ...twoEnds(`  ${caution('!')} ${text}`, path.basename(files.refused), roomOf(view)),
    ...reasonLines(view, refusedByReason, view.detail.people.refused, reasonShort, (reason) =>
      // Its command stands under "What to do next" then.
      isOver && sync === undefined && reason === activated ? '' : adviceOf(reason, view, 'refused.csv'),
    ),
  ];
}

/** Users of the file whom the run was to keep out, and did not. A plan may still change. */
export function unreachedLines({ counts, mode, dryRun, ...result }: RunResult): string[] {
  const rows = countUnreached(result);
  if (dryRun || rows === 0 || !mode) return [];
  const { nobody, repeated } = rowsWithoutUser(result);
  const [users, refused] = [counts.selected - nobody - repeated, rows - nobody];
  const isNone = refused === users && users > 2;
  const who = sharedText(`unreached.${isNone ? 'all' : 'some'}`, refused);
  const texts = [
    ...(refused === 0 ? [] : [sharedText(`unreached.${mode}`, counts.succeeded, users, who)]),
    ...(nobody === 0 ? [] : [sharedText('unreached.nobody', nobody)]),
  ];
  return texts.map((text) => `  ${bad('!')} ${bad(text)}`);
}

/** Those that the plan had, and that were refused after it was shown. */
export function refusedSinceLines(view: RunView): string[] {
  const { files, refusedSincePlan = {}, operation } = view.result;
  const refused = Object.values(refusedSincePlan).reduce((sum, count) => sum + count, 0);
  if (refused === 0) return [];
  const text = sharedText(`refusedSince.${selectedWord(operation)}`, refused);
  const { refusedSincePlan: people } = view.detail.people;
  return [
    ...twoEnds(`  ${caution('!')} ${caution(text)}`, path.basename(files.refused), roomOf(view)),
    ...reasonLines(
      view,
      refusedSincePlan,
      people,
      reasonShort,
      (reason) => adviceOf(reason, view, 'refused.csv'),
      true,
    ),
  ];
}

/** Failed contacts or users, by Salesforce's code. */
export function failedLines(view: RunView): string[] {
  const { counts, files, failedByCode, failedAdvice, operation } = view.result;
  if (counts.failed === 0) return [];
  const head = `  ${bad('✖')} ${bad(sharedText(`failed.${selectedWord(operation)}`, counts.failed))}`;
  return [
    ...twoEnds(head, path.basename(files.failed ?? ''), roomOf(view)),
    ...reasonLines(view, failedByCode, view.detail.people.failed, String, (code) => failedAdvice[code] ?? '', true),
  ];
}

/**
 * `2  no email address  Nele Nomail (Juniper Health)`: names on a terminal; in a pipe, which may be kept, and with --verbose
 * the code.
 */
function reasonLines(
  view: RunView,
  counts: Readonly<Record<string, number>>,
  people: Readonly<Record<string, readonly Person[]>>,
  wordsOf: (reason: string) => string,
  adviceText: (reason: string) => string,
  isAdvised = view.screen.verbose,
): string[] {
  const { verbose, columns } = view.screen;
  const all = Object.entries(counts);
  // One more than fits takes no more room than to say that there is one more.
  const most = view.result.sync === undefined || columns === undefined ? mostReasons : mostOfSync;
  const shown = verbose || all.length <= most + 1 ? all : all.slice(0, most);
  const texts = shown.map(([reason]) => {
    const words = wordsOf(reason);
    return words !== reason && (verbose || columns === undefined) ? `${words} ${quiet(`(${reason})`)}` : words;
  });
  const longest = Math.max(...texts.map(columnsOf));
  const lines = shown.flatMap(([reason, count], index) => {
    const text = texts[index] ?? reason;
    const left = `${strong(count.toLocaleString('en-US').padStart(9))}  ${text}`;
    const names = columns === undefined ? '' : namesText(people[reason] ?? [], count, roomOf(view) - 13 - longest);
    const line = names === '' ? left : left + ' '.repeat(longest - columnsOf(text) + 2) + names;
    const advice = isAdvised ? adviceText(reason) : '';
    return advice === '' ? [line] : [line, ...adviceLines(advice, adviceIndent)];
  });
  const hidden = all.slice(shown.length).reduce((sum, [, count]) => sum + count, 0);
  return hidden === 0
    ? lines
    : [...lines, `${strong(hidden.toLocaleString('en-US').padStart(9))}  ${sharedText('refused.others')}`];
}

function adviceOf(reason: string, { result, detail, screen }: RunView, file: 'refused.csv' | 'unchanged.csv'): string {
  const given = { refusedFile: shortPath(result.files.refused), isSync: result.sync !== undefined };
  return groupAdvice(reason, screen.targetOrg, { ...detail.onlyOnes?.get(reason), ...given }, file);
}
