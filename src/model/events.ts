/** Everything that a run tells while it works: one closed union. Progress, plain lines and the log are its readers. */
import type { LicenseFamily } from './steps.js';
import type { JobId } from './ids.js';

export type RunStage = 'check' | 'read' | 'plan' | 'apply' | 'report';

/** The steps of a plan: all, those that need nothing more, and how many kinds there are. */
export type PlanWork = { readonly steps: number; readonly settled: number; readonly kinds: number };

export type RunEvent = Readonly<
  /** A stage begins; the one before it is done. */
  | { type: 'stage'; stage: RunStage }
  /** The run goes on as another user of the same org. */
  | { type: 'otherUser'; begunBy: string; drivenBy: string }
  /** Rows about which had to be decided anew, because the org has changed since the plan was made. */
  | { type: 'drift'; rows: number; reasons: Readonly<Record<string, number>> }
  /** Rows of the run that is taken back, of which it is not known whether it did them: they are left out. */
  | { type: 'uncertainSkipped'; rows: number }
  /** Users of the sync that is taken back who keep the license that it gave them: there is no way back. */
  | { type: 'upgradesStay'; users: number }
  /** Columns of the file that mean nothing. */
  | { type: 'columnsIgnored'; columns: string }
  /** A column of the file takes precedence over a flag, in each row that has a value in it. */
  | { type: 'flagOverruled'; flag: string; column: string }
  /** Lines at the end of the file that are no rows. */
  | { type: 'footerSkipped'; lines: number }
  /** A column of the file says who has access; `only`: its one value. Undefined where rows differ, and those marked count. */
  | { type: 'accessColumn'; column: string; only: string | undefined }
  /** Users that were cut off from their contacts, and kept their federation ids. */
  | { type: 'federationIdsKept'; users: number }
  /** The run has given many users roles, and sharing calculation is still deferred. */
  | { type: 'sharingStillDeferred'; users: number }
  /** Contacts or users decided about so far, while the plan is made. */
  | { type: 'read'; records: number }
  /** The plan is complete. */
  | { type: 'planned'; planned: number; unchanged: number; refused: number }
  /** The steps of a kind begin, or go on; with how far the whole plan is. */
  | ({ type: 'begun'; kind: string } & PlanWork)
  /** A job's intent is recorded; nothing is sent yet. */
  | { type: 'jobPlanned'; job: number; kind: string; rows: number; family: LicenseFamily; canary: boolean }
  /** The org has the job's rows and will process them. */
  | { type: 'jobClosed'; job: number; id: JobId; rows: number }
  /** The org's own counters, as of the last poll. */
  | { type: 'jobProgress'; job: number; processed: number; rows: number }
  /** Each row of the job has its outcome in run.db. */
  | { type: 'jobCollected'; job: number; succeeded: number; failed: number; again: number }
  /** A job found on resume was taken up. */
  | { type: 'jobTakenUp'; job: number; id: JobId | undefined; state: string }
  /** A create call whose answer was lost may have left an empty job open in the org. */
  | { type: 'jobMaybeLeft'; job: number }
  /** Rows were written by a collection. */
  | { type: 'collection'; kind: string; rows: number; pending: number }
  /** Totals after a job or a reconciliation. */
  | { type: 'progress'; planned: number; succeeded: number; failed: number; pending: number }
  /** Rows wait before they are sent again. */
  | { type: 'waiting'; rows: number; milliseconds: number }
>;

export type Emit = (event: RunEvent) => void;
