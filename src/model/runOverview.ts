/** A run among the others of this machine: what `runs` and `sf doctor` say about it. */
import type { RunFault } from './faults.js';
import { modeRule, type Mode } from './modes.js';
import type { OperationName, RunCounts, RunState } from './result.js';

export type RunOverview = {
  readonly operation: OperationName;
  readonly mode: Mode | undefined;
  readonly state: RunState;
  /** When its plan was complete (ISO 8601, UTC). */
  readonly plannedAt: string;
  readonly orgId: string;
  readonly username: string;
  readonly counts: RunCounts;
};

/** A folder that this machine remembers: what is in it, or why it can't be read. */
export type RememberedRun = { readonly folder: string } & (
  { readonly run: RunOverview; readonly fault?: undefined } | { readonly run?: undefined; readonly fault: RunFault }
);

/** `resume` has something to do. */
export function canResume({ counts }: RunOverview): boolean {
  return counts.pending > 0;
}

/** `--from-run` has something to take back, and nothing of it is under way. */
export function canTakeBack({ operation, mode, counts }: RunOverview): boolean {
  if (counts.pending > 0) return false;
  if (operation === 'create') return counts.created > 0;
  return mode !== undefined && modeRule(mode).undo !== undefined && counts.succeeded > 0;
}
