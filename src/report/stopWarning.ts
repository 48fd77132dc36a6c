/** Why a run has stopped, in words. */
import type { RunResult } from '../model/result.js';
import type { DriveEnd } from '../model/runEnd.js';
import { faultActions, faultText } from './faults.js';
import type { Warning } from './screen.js';
import { orgAdvice, sharedText } from './texts.js';

/** An end of a certain kind. */
type EndBy<Kind extends DriveEnd['end']> = Extract<DriveEnd, { end: Kind }>;

/** Why a run has stopped in the middle; undefined for one that has not. */
export function stopWarning(end: DriveEnd, result: RunResult, targetOrg: string): Warning | undefined {
  switch (end.end) {
    case 'wait':
    case 'signal':
      return { name: 'NotFinished', message: stoppedText(end.end, result) };
    case 'licenses':
      return { name: 'LicensesRanOut', message: sharedText('end.licenses', end.missing, end.code, end.message) };
    case 'org': {
      const actions = [orgAdvice(end.code, end.message, result.operation)];
      return { name: 'RefusedByOrg', message: sharedText('end.org', end.code, end.message), actions };
    }
    case 'call':
      return { name: 'Stopped', message: callText(end, result), actions: faultActions(end.fault, targetOrg) };
    default:
      return undefined;
  }
}

/** An interruption at the question has sent nothing. */
function stoppedText(end: 'wait' | 'signal', { state }: RunResult): string {
  return end === 'signal' && state === 'planned' ? sharedText('end.unasked') : sharedText(`end.${end}`);
}

function callText({ fault, rest }: EndBy<'call'>, { state, counts: { pending } }: RunResult): string {
  const what = faultText(fault);
  if (state === 'planned') return sharedText('end.callPlanned', what);
  if (rest === undefined) return sharedText('end.call', pending, what);
  return sharedText('end.limit', pending, what, rest.calls, rest.batches);
}
