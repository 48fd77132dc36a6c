/** The rows of `sf portal users runs`. */
import type { Mode } from '../model/modes.js';
import {
  canResume,
  type OperationName,
  type RememberedRun,
  type RunCounts,
  type RunState,
  waysBack,
} from '../model/result.js';
import { faultText } from './faults.js';

export type RunRow = {
  runDir: string;
  /** `inUse`: another command is working on it. `unreadable`: `problem` says why. In both cases, the fields below are missing. */
  state: RunState | 'inUse' | 'unreadable';
  operation?: OperationName;
  mode?: Mode;
  /** When the plan was complete, in UTC. */
  plannedAt?: string;
  orgId?: string;
  username?: string;
  counts?: RunCounts;
  /** `resume` has something to do. */
  canResume: boolean;
  /** `disable --from-run` or `enable --from-run` has something to undo. */
  canTakeBack: boolean;
  problem?: string;
};

export function runRow(remembered: RememberedRun): RunRow {
  const { folder: runDir, run, fault } = remembered;
  if (run === undefined) {
    const isInUse = fault.code === 'runLocked';
    const row: RunRow = { runDir, state: isInUse ? 'inUse' : 'unreadable', canResume: false, canTakeBack: false };
    return isInUse ? row : { ...row, problem: faultText(fault) };
  }
  const { operation, mode, plannedAt, orgId, username, state, counts } = run;
  const named = { operation, ...(mode !== undefined && { mode }), plannedAt, orgId, username };
  return { runDir, state, ...named, counts, canResume: canResume(run), canTakeBack: waysBack(run).length > 0 };
}
