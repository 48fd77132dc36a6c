/** Tells a person, a pipe or a script how a run ended: in words, and by the right exit code. */
import type { SfError } from '@salesforce/core';
import type { Guard, NextCommand, RunResult, PlanDetail } from '../model/result.js';
import type { DriveEnd } from '../model/runEnd.js';
import { exitCodeOf } from './exitCodes.js';
import { faultActions, faultText, namedError, noticeText } from './faults.js';
import type { Screen, Warning } from './screen.js';
import { nextLines } from './screens/nextSteps.js';
import { outcomeLines } from './screens/outcome.js';
import { caution } from './screens/paint.js';
import { orgAdvice, sharedText } from './texts.js';

/** An end of a certain kind. */
type EndBy<Kind extends DriveEnd['end']> = Extract<DriveEnd, { end: Kind }>;

/** A run that a command has driven to its end. */
export type EndedRun = {
  readonly end: DriveEnd;
  readonly result: RunResult;
  readonly next: readonly NextCommand[];
  readonly detail: PlanDetail;
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
    for (const line of [sharedText('end.declined'), ...plainCommands(next)]) screen.note(line);
    return result;
  }
  const warning = stopWarning(end, result, screen.targetOrg);
  // The warnings of a document stand for themselves; a screen has the commands at its end.
  const onward = screen.json ? result.next : [];
  if (warning !== undefined) screen.warn({ ...warning, actions: [...(warning.actions ?? []), ...onward] });
  // Nothing selected is warned of.
  const outcome = result.counts.selected === 0 ? [] : outcomeLines({ result, detail, screen }, isPlanShown);
  for (const line of outcome) screen.log(line);
  if (end.end === 'guards') throw guardError(result, next);
  for (const line of [...decisionLines(result), ...nextLines(next, result)]) screen.log(line);
  return result;
}

/** The warnings of the guards, for the place right above the question or, where none is asked, before the first write. */
export function tellWarnings({ warn }: Pick<Screen, 'warn'>, { guards }: RunResult): void {
  for (const { code, kind, message, advice } of guards) {
    if (kind !== 'warning') continue;
    const name = `${code.charAt(0).toUpperCase()}${code.slice(1)}`;
    warn({ name, message, ...(advice === undefined ? {} : { actions: [advice] }) });
  }
}

/** What a dry run leaves to be decided. */
function decisionLines({ guards }: RunResult): string[] {
  const decisions = guards.filter(({ kind }) => kind === 'decision').map(({ message }) => `  ${message}`);
  return decisions.length === 0 ? [] : ['', caution(sharedText('end.decisions')), ...decisions];
}

function plainCommands(next: readonly NextCommand[]): string[] {
  return next.map(({ command }) => `  ${command}`);
}

/** Why a run has stopped in the middle; undefined for one that has not. */
function stopWarning(end: DriveEnd, result: RunResult, targetOrg: string): Warning | undefined {
  switch (end.end) {
    case 'wait':
    case 'signal':
      return { name: 'NotFinished', message: stoppedText(end.end, result) };
    case 'licenses':
      return { name: 'LicensesRanOut', message: sharedText('end.licenses', end.missing, end.code, end.message) };
    case 'org': {
      const actions = [orgAdvice(end.code, end.message)];
      return { name: 'RefusedByOrg', message: sharedText('end.org', end.code, end.message), actions };
    }
    case 'call':
      return { name: 'Stopped', message: callText(end, result), actions: faultActions(end.fault, targetOrg) };
    default:
      return undefined;
  }
}

/** An interruption at the question has sent nothing. */
function stoppedText(end: 'wait' | 'signal', { state, counts }: RunResult): string {
  return end === 'signal' && state === 'planned' ? sharedText('end.unasked') : sharedText(`end.${end}`, counts.pending);
}

function callText({ fault, rest }: EndBy<'call'>, { state, counts: { pending } }: RunResult): string {
  const what = faultText(fault);
  if (state === 'planned') return sharedText('end.callPlanned', what);
  if (rest === undefined) return sharedText('end.call', pending, what);
  return sharedText('end.limit', pending, what, rest.calls, rest.batches);
}

function guardError(result: RunResult, next: readonly NextCommand[]): SfError {
  const open = result.guards.filter(({ kind }) => kind !== 'warning');
  const guards = open.map(({ message }) => message).join(' ');
  const advice = [...new Set(open.flatMap((guard: Guard) => guard.advice ?? []))];
  return namedError(
    'guardStopped',
    noticeText('guardStopped', { guards }),
    [...advice, ...next.flatMap(({ purpose, command }) => [sharedText(`next.${purpose}`), `  ${command}`])],
    result,
  );
}
