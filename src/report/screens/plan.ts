/** The plan of a run on one screen: what will be done where, to whom, what it takes, and who is left as they are. */
import path from 'node:path';
import { isForGood } from '../../model/modes.js';
import { deedOf, operationRules, type RunResult } from '../../model/result.js';
import { factLines } from './factLines.js';
import { refusedLines, unchangedLines, unreachedLines } from './groups.js';
import { columnsOf, namesText, twoEnds } from './layout.js';
import { bad, caution, good, quiet, strong } from './paint.js';
import { creationKey, orgText, roomOf, type RunView } from './runView.js';
import { printable, sharedText } from '../texts.js';
import { syncLines } from './syncLines.js';

/** The lines of a plan to which nothing is written yet. */
export function planLines(view: RunView): string[] {
  return [
    ...titleLines(view),
    '',
    ...toDoLines(view),
    ...(isShort(view)
      ? [...refusedLines(view, false).slice(0, 1), ...factLines(view, false, [])]
      : [...unchangedLines(view), ...refusedLines(view, false), ...factLines(view)]),
  ];
}

/** Where, and as whom. */
export function titleLines(view: Pick<RunView, 'result' | 'screen'>): string[] {
  const { counts, username } = view.result;
  const title = strong(sharedText('plan.title', orgText(view), username));
  return twoEnds(title, counts.planned === 0 ? '' : quiet(sharedText('plan.nothingWritten')), roomOf(view));
}

/** Of a sync that is not applied as it is, the groups and profiles say what is wrong; the reasons of others are in the files. */
function isShort({ result, screen, isHeld = false }: RunView): boolean {
  return isHeld && result.sync !== undefined && !screen.verbose;
}

function toDoLines(view: RunView): string[] {
  const texts = toDoTexts(view.result);
  const { sync } = view.result;
  const nothing = texts.length === 0 ? nothingLines(view) : [];
  if (sync !== undefined) return [...nothing, ...syncLines(view, sync)];
  return [...nothing, ...texts.flatMap(([action, text]) => actionLines(view, action, text))];
}

/** Where users of a list can still log in, that comes first: all is not well. */
function nothingLines({ result }: RunView): string[] {
  const unreached = unreachedLines(result);
  return unreached.length > 0 ? unreached : [`  ${quiet('=')} ${sharedText('plan.nothingToDo')}`];
}

type Action = keyof RunResult['actions'];

/** `189 users to create`; none where there is nothing to do. */
export function toDoTexts(result: RunResult): Array<readonly [action: Action, text: string]> {
  const { actions } = result;
  const work: ReadonlyArray<readonly [Action, string]> = [
    ['create', creationKey(result)],
    ['assign', 'assign'],
    ['change', deedOf(result)],
    ['release', operationRules[result.operation].takesAccess ? 'release' : 'giveBack'],
  ];
  return work.flatMap(([action, name]) => {
    const count = actions[action] ?? 0;
    return count === 0 ? [] : [[action, sharedText(`plan.${name}`, count, result.newUsers?.inactive ?? 0)] as const];
  });
}

/** How many, with which profiles, and who. */
function actionLines(view: RunView, action: Action, text: string): string[] {
  const { result, detail, screen } = view;
  const count = result.actions[action] ?? 0;
  const left = `  ${markOf(view)} ${strong(text)}`;
  // Those who only get permission sets have no row in it.
  const file = action === 'assign' ? '' : path.basename(result.files.users);
  const room = roomOf(view);
  const names = screen.columns === undefined ? '' : namesText(detail.people[action], count, room - 10 - file.length);
  const end = names === '' ? file : '';
  const heads = action === 'assign' ? [] : profilesTexts(view).map((profiles) => `${left}   ${profiles}`);
  const head = heads.find((each) => columnsOf(each) + columnsOf(end) + 2 <= room) ?? heads.at(-1) ?? left;
  return [...twoEnds(head, end, room), ...(names === '' ? [] : twoEnds(`${' '.repeat(8)}${names}`, file, room))];
}

/** What takes access away is a minus; what can't be undone is red. */
function markOf({ result: { mode, operation } }: RunView): string {
  if (mode !== undefined && isForGood(mode)) return bad('✖');
  return operationRules[operation].takesAccess ? caution('-') : good('+');
}

/**
 * `Acme Customer Portal, Customer Community`, then, for less room, without the license; of several profiles the first, with how
 * many others there are.
 */
function profilesTexts({ detail: { profiles } }: RunView): string[] {
  const [first, ...others] = profiles;
  if (first === undefined) return [];
  return [`${first.name}, ${first.license}`, first.name]
    .map(printable)
    .map((text) => (others.length === 0 ? text : sharedText('plan.profiles', text, others.length)));
}
