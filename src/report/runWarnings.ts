/** The warnings among the events of a run. */
import type { CheckOutcome } from '../model/checkOutcome.js';
import type { RunEvent } from '../model/events.js';
import { checkWarning, driftWarning, jobsLeftWarning, otherUserWarning, uncertainWarning } from './faults.js';
import type { Screen } from './screen.js';

export class RunWarnings {
  private readonly screen: Pick<Screen, 'warn' | 'targetOrg'>;
  private readonly checks: CheckOutcome[] = [];
  private jobsLeft = 0;

  public constructor(screen: Pick<Screen, 'warn' | 'targetOrg'>) {
    this.screen = screen;
  }

  /** Warns at once, or keeps what would stand in the middle of the progress. @returns whether the event is a warning */
  public see(event: RunEvent): boolean {
    switch (event.type) {
      case 'otherUser':
        this.screen.warn(otherUserWarning(event));
        return true;
      case 'drift':
        this.screen.warn(driftWarning(event));
        return true;
      case 'uncertainSkipped':
        this.screen.warn(uncertainWarning(event.rows));
        return true;
      case 'checkWarned':
        this.checks.push(event.check);
        return true;
      case 'jobMaybeLeft':
        this.jobsLeft += 1;
        return true;
      default:
        return false;
    }
  }

  /** Tells what was kept: before the question, or at the end. */
  public tell(): void {
    for (const check of this.checks.splice(0)) this.screen.warn(checkWarning(check, this.screen.targetOrg));
    if (this.jobsLeft > 0) this.screen.warn(jobsLeftWarning(this.jobsLeft, this.screen.targetOrg));
    this.jobsLeft = 0;
  }
}
