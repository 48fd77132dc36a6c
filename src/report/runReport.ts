/** Tells a person, a pipe or a script how a run ended: in words, and by the right exit code. */
import type { GuardFailure } from '../model/guardFailure.js';
import type { DriveEnd } from '../model/runEnd.js';
import type { RunResult } from '../model/result.js';
import { exitCodeOf } from './exitCodes.js';
import { faultActions, faultError, faultText, namedError, noticeText } from './faults.js';
import type { Screen } from './screen.js';
import { nothingSelected, summaryLines } from './summary.js';
import { fill, orgAdvice, plain, sharedText } from './texts.js';
import { Messages } from '@salesforce/core';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const guards = Messages.loadMessages('sf-portal-users', 'guards');

/**
 * Says how a run ended and sets the exit code.
 * @param asks whether this command may ask: where it may not, printed commands must not want to ask either
 * @throws SfError with the result when nothing was written to the org
 */
export function reportEnd(screen: Screen, end: DriveEnd, result: RunResult, asks = true): RunResult {
  const resumeFlags = asks || result.operation === 'create' ? screen.targetOrg : `${screen.targetOrg} --no-prompt`;
  // Who declined has just seen the plan.
  if (end.end === 'declined') {
    const flags = [
      ...(end.maxUsers === undefined ? [] : [`--max-users ${String(end.maxUsers)}`]),
      ...(end.allowWelcomeEmails ? ['--allow-welcome-emails'] : []),
    ];
    const resumeTarget = [resumeFlags, ...flags].join(' ');
    throw faultError('declined', { folder: result.runDir, resumeTarget }, result);
  }
  for (const line of summaryLines(result, screen.targetOrg)) screen.log(line);
  if (end.end === 'guards') throw guardError(end.failures, result, screen.targetOrg, resumeFlags);
  if (result.counts.selected === 0) {
    screen.warn({ name: 'NothingSelected', message: nothingSelected(result) });
  }
  if (end.end === 'planned' && result.counts.planned > 0) {
    screen.log(sharedText('summary.next', sharedText('next.resume', result.runDir, resumeFlags)));
  }
  warnOfStop(screen, end, result, resumeFlags);
  process.exitCode = exitCodeOf(end, result);
  return result;
}

/** @param resumeFlags the target org, and what else the resume command has to have */
function warnOfStop(
  screen: Screen,
  end: Exclude<DriveEnd, { end: 'guards' }>,
  result: RunResult,
  resumeFlags: string,
): void {
  const resume = sharedText('end.resume', result.runDir, resumeFlags);
  switch (end.end) {
    case 'done':
    case 'planned':
    case 'declined':
      return;
    case 'wait':
    case 'signal':
      screen.warn({
        name: 'NotFinished',
        message: stoppedText(end.end, result),
        actions: [sharedText('next.resume', result.runDir, resumeFlags)],
      });
      return;
    case 'licenses':
      screen.warn({
        name: 'LicensesRanOut',
        message: sharedText('end.licenses', end.missing, end.code, end.message),
        actions: [resume],
      });
      return;
    case 'org':
      screen.warn({
        name: 'RefusedByOrg',
        message: sharedText('end.org', end.code, end.message),
        actions: [orgAdvice(end.code, end.message), resume],
      });
      return;
    case 'call':
      screen.warn({
        name: 'Stopped',
        message: stopText(result, end),
        actions: [...faultActions(end.fault, screen.targetOrg), resume],
      });
  }
}

/** Who interrupts at the question has sent nothing. */
function stoppedText(end: 'wait' | 'signal', { state, counts }: RunResult): string {
  return end === 'signal' && state === 'planned' ? sharedText('end.unasked') : sharedText(`end.${end}`, counts.pending);
}

function stopText(
  { state, counts: { pending } }: RunResult,
  { fault, rest }: Extract<DriveEnd, { end: 'call' }>,
): string {
  const what = faultText(fault);
  if (state === 'planned') return sharedText('end.callPlanned', what);
  if (rest === undefined) return sharedText('end.call', pending, what);
  return sharedText('end.limit', pending, what, rest.calls, rest.batches);
}

function guardError(
  failures: readonly GuardFailure[],
  result: RunResult,
  targetOrg: string,
  resumeTarget: string,
): Error {
  const messages = failures.map(({ guard, facts }) => fill(guards, guard, facts));
  const object = result.operation === 'create' ? 'Contact' : 'User';
  const ofRun = { folder: result.runDir, resumeTarget, object, targetOrg };
  const advice = failures.map(({ guard, facts }) => fill(guards, `${guard}.advice`, { ...ofRun, ...plain(facts) }));
  const flags = failures.flatMap(flagsPast);
  if (flags.length > 1) advice.push(fill(guards, 'several.advice', { ...ofRun, flags: flags.join(' ') }));
  return namedError('guardStopped', noticeText('guardStopped', { guards: messages.join(' ') }), advice, result);
}

/** What says that a guard may be passed. */
function flagsPast({ guard, facts }: GuardFailure): string[] {
  if (guard === 'maxUsers') return [`--max-users ${facts.planned}`];
  return guard.startsWith('welcomeEmails') ? ['--allow-welcome-emails'] : [];
}
