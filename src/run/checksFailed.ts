/** Ends a run that the preflight does not let begin. */
import type { CheckOutcome } from '../plan/checks.js';

/** Checks of the preflight that failed: the run can't begin. */
export class ChecksFailed extends Error {
  public readonly checks: readonly CheckOutcome[];

  public constructor(checks: readonly CheckOutcome[]) {
    super('checks failed');
    this.name = 'ChecksFailed';
    this.checks = checks;
  }
}
