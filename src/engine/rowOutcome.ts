/**
 * The rules that turn a refusal, or no answer, into the outcome of a step: the same for every kind. A refusal that passes by
 * itself, or a nickname that is taken, counts up to `mostAttempts` (src/model/rowErrors.ts, with the codes), after pauses that
 * double from half a second to half a minute (src/org/retryPolicy.ts); what Salesforce did not get to is sent again at once, until
 * five jobs in a row have judged no row (src/engine/ending.ts).
 */
import type { RowRefusal, StepOutcome } from '../model/outcomes.js';
import { classifyRowError, mostAttempts } from '../model/rowErrors.js';
import type { Step } from '../model/steps.js';
import { delayBefore } from '../org/retryPolicy.js';

/**
 * What every row would meet can't be what single rows meet while others beside them succeed: those have failed for good,
 * and the run goes on.
 */
export function confineRefusals(
  outcomes: ReadonlyArray<readonly [Step, StepOutcome]>,
): ReadonlyArray<readonly [Step, StepOutcome]> {
  if (!outcomes.some(([, { outcome }]) => outcome === 'done')) return outcomes;
  return outcomes.map(([step, outcome]): readonly [Step, StepOutcome] => {
    if (outcome.outcome !== 'stopped' || outcome.cause !== 'org') return [step, outcome];
    return [step, { outcome: 'failed', code: outcome.code, message: outcome.message }];
  });
}

/** What Salesforce has refused. @param random 0 to 1, spreads the rows that are sent again */
export function judgeRefusal(step: Step, error: RowRefusal, random: number): StepOutcome {
  const errorClass = classifyRowError(error.code, error.message);
  switch (errorClass) {
    case 'again':
      return sendAgain(step, random, error);
    case 'licenses':
    case 'storage':
    case 'org':
      return { outcome: 'stopped', cause: errorClass, ...error };
    case 'repairNickname':
    case 'ask':
    case 'final':
      return { outcome: 'failed', ...error };
  }
}

/** Rows that Salesforce did not get to are sent at once, however often; rows that it refused for now wait. */
export function sendAgain(step: Step, random: number, error?: RowRefusal): StepOutcome {
  if (error === undefined) return { outcome: 'again', delay: 0 };
  if (isTriedEnough(step)) return { outcome: 'failed', ...error };
  return { outcome: 'again', delay: delayBefore(attemptOf(step), random), error };
}

/** Which time it is that Salesforce has refused the step. */
function attemptOf({ refusals }: Step): number {
  return refusals + 1;
}

export function isTriedEnough(step: Step): boolean {
  return attemptOf(step) >= mostAttempts;
}
