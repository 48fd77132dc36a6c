/** Tells a person, a pipe or a script how a run ended: in words, and by the right exit code. */
import type { SfError } from '@salesforce/core';
import type { GuardFailure } from '../model/guardFailure.js';
import type { DriveEnd } from '../model/runEnd.js';
import { operationRules, type RunResult } from '../model/result.js';
import { exitCodeOf } from './exitCodes.js';
import { faultActions, faultError, faultText, namedError, noticeText } from './faults.js';
import type { Screen, Warning } from './screen.js';
import { nothingSelected, summaryLines } from './summary.js';
import { fill, orgAdvice, plain, sharedText } from './texts.js';

/** An end of a certain kind. */
type EndBy<Kind extends DriveEnd['end']> = Extract<DriveEnd, { end: Kind }>;

/**
 * Says how a run ended and sets the exit code.
 * @param asks whether this command may ask: where it may not, printed commands must not want to ask either
 * @throws SfError with the result when nothing was written to the org
 */
export function reportEnd(screen: Screen, end: DriveEnd, result: RunResult, asks = true): RunResult {
  const { targetOrg } = screen;
  // The target org, and what else the resume command has to have.
  const mayAsk = asks || !operationRules[result.operation].needsConsent;
  const resumeTarget = mayAsk ? targetOrg : `${targetOrg} --no-prompt`;
  // Somebody who declined has just seen the plan.
  if (end.end === 'declined') throw declinedError(end, result, resumeTarget);
  for (const line of summaryLines(result, targetOrg)) screen.log(line);
  if (end.end === 'guards') throw guardError(end.failures, result, targetOrg, resumeTarget);
  if (result.counts.selected === 0) screen.warn({ name: 'NothingSelected', message: nothingSelected(result) });
  const resume = sharedText('next.resume', result.runDir, resumeTarget);
  if (end.end === 'planned' && result.counts.planned > 0) screen.log(sharedText('summary.next', resume));
  const warning = stopWarning(end, result, targetOrg, resumeTarget);
  if (warning !== undefined) screen.warn(warning);
  process.exitCode = exitCodeOf(end, result);
  return result;
}

/** An interruption at the question has sent nothing. */
function stoppedText(end: 'wait' | 'signal', { state, counts }: RunResult): string {
  return end === 'signal' && state === 'planned' ? sharedText('end.unasked') : sharedText(`end.${end}`, counts.pending);
}

/** Why a run has stopped in the middle, and how it goes on; undefined for one that has not. */
function stopWarning(
  end: DriveEnd,
  result: RunResult,
  targetOrg: string,
  resumeTarget: string,
): Required<Warning> | undefined {
  const resume = sharedText('end.resume', result.runDir, resumeTarget);
  switch (end.end) {
    case 'wait':
    case 'signal': {
      const actions = [sharedText('next.resume', result.runDir, resumeTarget)];
      return { name: 'NotFinished', message: stoppedText(end.end, result), actions };
    }
    case 'licenses': {
      const message = sharedText('end.licenses', end.missing, end.code, end.message);
      return { name: 'LicensesRanOut', message, actions: [resume] };
    }
    case 'org': {
      const message = sharedText('end.org', end.code, end.message);
      return { name: 'RefusedByOrg', message, actions: [orgAdvice(end.code, end.message), resume] };
    }
    case 'call': {
      const actions = [...faultActions(end.fault, targetOrg), resume];
      return { name: 'Stopped', message: callText(end, result), actions };
    }
    default:
      return undefined;
  }
}

function callText({ fault, rest }: EndBy<'call'>, { state, counts: { pending } }: RunResult): string {
  const what = faultText(fault);
  if (state === 'planned') return sharedText('end.callPlanned', what);
  if (rest === undefined) return sharedText('end.call', pending, what);
  return sharedText('end.limit', pending, what, rest.calls, rest.batches);
}

function declinedError(end: EndBy<'declined'>, result: RunResult, resumeTarget: string): SfError {
  const flags = [
    ...(end.maxUsers === undefined ? [] : [`--max-users ${end.maxUsers}`]),
    ...(end.allowWelcomeEmails ? ['--allow-welcome-emails'] : []),
  ];
  return faultError('declined', { folder: result.runDir, resumeTarget: [resumeTarget, ...flags].join(' ') }, result);
}

function guardError(
  failures: readonly GuardFailure[],
  result: RunResult,
  targetOrg: string,
  resumeTarget: string,
): SfError {
  const guards = failures.map(({ guard, facts }) => fill('guards', guard, facts)).join(' ');
  const object = operationRules[result.operation].selects;
  const ofRun = { folder: result.runDir, resumeTarget, object, targetOrg };
  const advice = failures.map(({ guard, facts }) => fill('guards', `${guard}.advice`, { ...ofRun, ...plain(facts) }));
  const flags = failures.flatMap(flagsPast);
  if (flags.length > 1) advice.push(fill('guards', 'several.advice', { ...ofRun, flags: flags.join(' ') }));
  return namedError('guardStopped', noticeText('guardStopped', { guards }), advice, result);
}

/** What says that a guard may be passed. */
function flagsPast({ guard, facts }: GuardFailure): string[] {
  if (guard === 'maxUsers') return [`--max-users ${facts.planned}`];
  return guard.startsWith('welcomeEmails') ? ['--allow-welcome-emails'] : [];
}
