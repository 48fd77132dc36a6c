/** How a run is taken back. */
import { isForGood } from '../modes.js';
import { operationRules, type OperationName } from '../result.js';
import type { RunOverview } from './runOverview.js';

/** A command whose `--from-run` takes a run back, or a part of it. */
export type WayBack = {
  readonly purpose: 'undo' | 'undoTaken' | 'undoGiven';
  readonly operation: OperationName;
  readonly flags: readonly string[];
  /** At most. */
  readonly users: number;
};

/** The ways back of a run that has changed something that can be taken back, while nothing of it is under way. */
export function waysBack({ operation, mode, counts, changedInPart = 0, newUsers, sync }: WayBackFacts): WayBack[] {
  const { changes, undo } = operationRules[operation];
  // Inactive users can't log in anyway.
  if (newUsers?.active === 0) return [];
  const offAgain = sync?.given === sync?.unfrozen ? 'freeze' : 'deactivate';
  const ways: readonly WayBack[] = [
    { purpose: 'undoTaken', operation: 'enable', flags: [], users: sync?.taken ?? 0 },
    { purpose: 'undoGiven', operation: 'disable', flags: [`--mode ${offAgain}`], users: sync?.given ?? 0 },
    ...(undo === undefined || (mode !== undefined && isForGood(mode))
      ? []
      : [{ purpose: 'undo', ...undo, users: counts[changes] + changedInPart } as const]),
  ];
  return counts.pending > 0 ? [] : ways.filter(({ users }) => users > 0);
}

type WayBackFacts = Partial<RunOverview> & Pick<RunOverview, 'operation' | 'counts'>;
