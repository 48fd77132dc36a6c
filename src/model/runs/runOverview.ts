/** A run among the others of this machine. */
import type { SyncSummary } from '../definition/syncFacts.js';
import type { RunFault } from '../faults.js';
import type { Mode } from '../modes.js';
import type { NewUsers, OperationName, OrgKind, RunCounts, RunState } from '../result.js';

/** What `runs` and `sf doctor` say about a run. */
export type RunOverview = {
  readonly operation: OperationName;
  readonly mode: Mode | undefined;
  readonly state: RunState;
  /** When its plan was complete (ISO 8601, UTC). */
  readonly plannedAt: string;
  readonly orgId: string;
  readonly orgKind: OrgKind;
  readonly username: string;
  /** Somebody said yes to it, or nobody had to be asked. */
  readonly isAgreed: boolean;
  /** Flags that agree to what its plan leaves to be decided; none once it has started. */
  readonly openFlags: readonly string[];
  /** What holds its plan (--strict, the limits of a sync) asks for another one. */
  readonly needsNewPlan: boolean;
  readonly counts: RunCounts;
  /** As in its result. */
  readonly changedInPart: number;
  readonly newUsers: NewUsers | undefined;
  /** The folder of the run whose users it took. */
  readonly fromRun: string | undefined;
  /** Of a sync. */
  readonly sync: Pick<SyncSummary, 'given' | 'unfrozen' | 'taken'> | undefined;
  /** succeeded.csv, if its steps are of one kind, so that one command can take all of it back. */
  readonly undoFile: string | undefined;
};

/** A folder that this machine remembers: what is in it, or why it can't be read. */
export type RememberedRun = { readonly folder: string } & (
  | { readonly run: RunOverview; readonly fault?: undefined }
  | { readonly run?: undefined; readonly fault: RunFault }
);

/** `resume` has something to do. */
export function canResume({ counts, needsNewPlan }: RunOverview): boolean {
  return counts.pending > 0 && !needsNewPlan;
}
