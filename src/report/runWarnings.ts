/** The warnings among the events of a run. */
import type { RunEvent } from '../model/events.js';
import { faultActions, noticeText } from './faults.js';
import type { Screen, Warning } from './screen.js';

export class RunWarnings {
  private readonly screen: Pick<Screen, 'warn' | 'targetOrg'>;
  private jobsLeft = 0;
  private readonly atEnd: Warning[] = [];

  public constructor(screen: Pick<Screen, 'warn' | 'targetOrg'>) {
    this.screen = screen;
  }

  /** Warns at once, or keeps what would stand in the middle of the progress. @returns whether the event is a warning */
  public see(event: RunEvent): boolean {
    switch (event.type) {
      case 'otherUser':
        this.screen.warn({ name: 'OtherUser', message: noticeText('otherUser', event) });
        return true;
      case 'drift':
        this.screen.warn({ name: 'PlanChanged', message: driftText(event) });
        return true;
      case 'uncertainSkipped':
        this.screen.warn({ name: 'UncertainRows', message: noticeText('uncertainSkipped', event) });
        return true;
      case 'upgradesStay':
        this.screen.warn({ name: 'UpgradesStay', message: noticeText('upgradesStay', event) });
        return true;
      case 'columnsIgnored':
        this.screen.warn({ name: 'ColumnsIgnored', message: noticeText('columnsIgnored', event) });
        return true;
      case 'flagOverruled':
        this.screen.warn({ name: 'FlagOverruled', message: noticeText('flagOverruled', event) });
        return true;
      case 'footerSkipped':
        this.screen.warn({ name: 'FooterSkipped', message: noticeText('footerSkipped', event) });
        return true;
      case 'accessColumn':
        this.screen.warn({ name: 'AccessColumn', message: accessText(event) });
        return true;
      case 'jobMaybeLeft':
        this.jobsLeft += 1;
        return true;
      case 'federationIdsKept':
      case 'sharingStillDeferred':
        this.atEnd.push(this.warningOf(event));
        return true;
      default:
        return false;
    }
  }

  private warningOf(event: Extract<RunEvent, { type: 'federationIdsKept' | 'sharingStillDeferred' }>): Warning {
    const { type: key, users } = event;
    return {
      name: key === 'federationIdsKept' ? 'FederationIdsKept' : 'SharingStillDeferred',
      message: noticeText(key, { users }),
      actions: faultActions({ key, facts: {} }, this.screen.targetOrg),
    };
  }

  /** Tells what was kept: before the question, or at the end. */
  public tell(): void {
    const { warn, targetOrg } = this.screen;
    for (const warning of this.atEnd.splice(0)) warn(warning);
    if (this.jobsLeft === 0) return;
    const message = noticeText('jobMaybeLeft', { times: this.jobsLeft });
    warn({ name: 'EmptyJobs', message, actions: faultActions({ key: 'jobMaybeLeft', facts: {} }, targetOrg) });
    this.jobsLeft = 0;
  }
}

function driftText({ rows, reasons }: Extract<RunEvent, { type: 'drift' }>): string {
  const texts = Object.entries(reasons).map(([reason, times]) => `${reason} ${times}`);
  return noticeText('planChanged', { rows, reasons: texts.join(', ') });
}

function accessText({ column, only }: Extract<RunEvent, { type: 'accessColumn' }>): string {
  return only === undefined
    ? noticeText('accessColumn.marks', { column })
    : noticeText('accessColumn.state', { column, value: only });
}
