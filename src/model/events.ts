/** Everything that a run tells while it works: one closed union. Progress, plain lines and the log are its readers. */
import type { CheckOutcome } from './checkOutcome.js';
import type { LicenseFamily } from './steps.js';

export type RunStage = 'check' | 'read' | 'plan' | 'apply' | 'report';

export type RunEvent =
  /** A stage begins; the one before it is done. */
  | { readonly type: 'stage'; readonly stage: RunStage }
  /** The run goes on as another user of the same org. */
  | { readonly type: 'otherUser'; readonly begunBy: string; readonly drivenBy: string }
  /** Rows about which had to be decided anew, because the org has changed since the plan was made. */
  | { readonly type: 'drift'; readonly rows: number; readonly reasons: Readonly<Record<string, number>> }
  /** Rows of the run that is taken back, of which it is not known whether it did them: they are left out. */
  | { readonly type: 'uncertainSkipped'; readonly rows: number }
  /** A check of the preflight warns; the run goes on. */
  | { readonly type: 'checkWarned'; readonly check: CheckOutcome }
  /** Contacts or users decided about so far, while the plan is made. */
  | { readonly type: 'read'; readonly contacts: number }
  /** The plan is complete. */
  | { readonly type: 'planned'; readonly planned: number; readonly unchanged: number; readonly refused: number }
  /** The steps of a kind begin, or go on: so many are still to be sent. */
  | { readonly type: 'begun'; readonly kind: string; readonly rows: number }
  /** A job's intent is recorded; nothing is sent yet. */
  | {
      readonly type: 'jobPlanned';
      readonly job: number;
      readonly kind: string;
      readonly rows: number;
      readonly family: LicenseFamily;
      readonly canary: boolean;
    }
  /** The org has the job's rows and will process them. */
  | { readonly type: 'jobClosed'; readonly job: number; readonly id: string; readonly rows: number }
  /** The org's own counters, as of the last poll. */
  | { readonly type: 'jobProgress'; readonly job: number; readonly processed: number; readonly rows: number }
  /** Each row of the job has its outcome in run.db. */
  | {
      readonly type: 'jobCollected';
      readonly job: number;
      readonly succeeded: number;
      readonly failed: number;
      readonly again: number;
    }
  /** A job found on resume was taken up. */
  | { readonly type: 'jobTakenUp'; readonly job: number; readonly id: string | undefined; readonly state: string }
  /** A create call whose answer was lost may have left an empty job open in the org. */
  | { readonly type: 'jobMaybeLeft'; readonly job: number }
  /** Rows were written by a collection. */
  | { readonly type: 'collection'; readonly kind: string; readonly rows: number; readonly pending: number }
  /** Totals after a job or a reconciliation. */
  | {
      readonly type: 'progress';
      readonly planned: number;
      readonly succeeded: number;
      readonly failed: number;
      readonly pending: number;
    }
  /** Rows wait before they are sent again. */
  | { readonly type: 'waiting'; readonly rows: number; readonly milliseconds: number };

export type Emit = (event: RunEvent) => void;
