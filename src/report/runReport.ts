/** Tells a person, a pipe or a script how a run ended: in words, and by the right exit code. */
import type { SfError } from '@salesforce/core';
import type { Guard, NextCommand, RunResult } from '../model/result.js';
import type { RunDetail } from '../model/pageData.js';
import type { DriveEnd } from '../model/runEnd.js';
import { exitCodeOf } from './exitCodes.js';
import { namedError, noticeText } from './faults.js';
import { nextText } from './next/nextCommands.js';
import type { Screen } from './screen.js';
import { adviceLines } from './screens/layout.js';
import { decisionsText, nextLines, withShortPath } from './screens/nextSteps.js';
import { outcomeLines } from './screens/outcome.js';
import { caution } from './screens/paint.js';
import { titleLines } from './screens/plan.js';
import { stopWarning } from './stopWarning.js';
import { isBegun } from './screens/runView.js';
import { sharedText } from './texts.js';

/** A run that a command has driven to its end. */
export type EndedRun = {
  readonly end: DriveEnd;
  readonly result: RunResult;
  readonly next: readonly NextCommand[];
  readonly detail: RunDetail;
};

/**
 * Says how a run ended and sets the exit code.
 * @param isPlanShown the plan is on the screen already
 * @throws SfError with the result when a guard stopped the run
 */
export function reportEnd(screen: Screen, { end, result, next, detail }: EndedRun, isPlanShown = false): RunResult {
  process.exitCode = exitCodeOf(end, result);
  // The plan has just been on the screen.
  if (end.end === 'declined') {
    for (const line of [sharedText('end.declined'), ...plainCommands(next, result)]) screen.note(line);
    return result;
  }
  const warning = stopWarning(end, result, screen.targetOrg);
  // The warnings of a document stand for themselves; a screen has the commands at its end.
  const onward = screen.json ? result.next : [];
  if (warning !== undefined) screen.warn({ ...warning, actions: [...(warning.actions ?? []), ...onward] });
  // Nothing selected is warned of.
  const view = { result, detail, screen, isHeld: end.end === 'guards' };
  const outcome = result.counts.selected === 0 ? [] : outcomeLines(view, isPlanShown);
  for (const line of outcome) screen.log(line);
  if (end.end === 'guards') throw guardError(result, next);
  for (const line of nextLines(next, result)) screen.log(line);
  return result;
}

/**
 * The warnings of the guards, for the place right above the question or, where none is asked, before the first write. On a
 * terminal they are lines of the plan: as sf prints them, one would take six.
 */
export function tellWarnings(screen: Screen, result: RunResult): void {
  const { warn, note, json, dialogColumns } = screen;
  const warnings = result.guards.filter(({ kind }) => kind === 'warning');
  // No plan is shown then, and the warning needs a title.
  if (result.counts.selected === 0 && dialogColumns !== undefined && !json)
    for (const line of [...titleLines({ result, screen: { ...screen, columns: dialogColumns } }), '']) note(line);
  for (const { code, message, advice } of warnings) {
    const name = `${code.charAt(0).toUpperCase()}${code.slice(1)}`;
    if (dialogColumns === undefined || json)
      warn({ name, message, ...(advice === undefined ? {} : { actions: [advice] }) });
    else
      for (const line of [`  ${caution('!')} ${message}`, ...(advice === undefined ? [] : adviceLines(advice, 4))])
        note(line);
  }
  if (dialogColumns !== undefined && warnings.length > 0) note('');
}

function plainCommands(next: readonly NextCommand[], { runDir }: RunResult): string[] {
  return next.map(({ command }) => `  ${withShortPath(command, runDir)}`);
}

/** What stands in the way, each on a line of its own; what is only to be decided is told behind it in a few words. */
function guardError(result: RunResult, next: readonly NextCommand[]): SfError {
  const open = result.guards.filter(({ kind }) => kind !== 'warning');
  const obstacles = open.filter(({ kind }) => kind === 'obstacle');
  const told = obstacles.length === 0 ? open : obstacles;
  const texts = [...told.map(({ message }) => message), ...(told === open ? [] : [decisionsText(result)])].filter(
    Boolean,
  );
  const advice = [...new Set(told.flatMap((guard: Guard) => guard.advice ?? []))];
  return namedError(
    'guardStopped',
    noticeText(isBegun(result) ? 'guardStopped.again' : 'guardStopped', {
      guards: texts.length === 1 ? ` ${texts.join('')}` : texts.map((text) => `\n- ${text}`).join(''),
    }),
    [...advice, ...next.flatMap((each) => [nextText(each, result), each.command])],
    result,
  );
}
