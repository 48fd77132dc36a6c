/** The rows of `sf portal users runs`. */
import { modeRule, type Mode } from '../model/modes.js';
import { operationRules, type OperationName, type OrgKind, type RunCounts, type RunState } from '../model/result.js';
import { canResume, type RememberedRun, type RunOverview } from '../model/runs/runOverview.js';
import { type WayBack, waysBack } from '../model/runs/waysBack.js';
import { faultText } from './faults.js';
import { undoCommand, undoOfEnable } from './next/nextCommands.js';
import { printedCommand, quoteArgument } from './next/printedCommand.js';

export type RunRow = {
  runDir: string;
  /** `inUse`: another command is working on it. `unreadable`: `problem` says why. In both cases, the fields below are missing. */
  state: RunState | 'inUse' | 'unreadable';
  operation?: OperationName;
  mode?: Mode;
  /** When the plan was complete, in UTC. */
  plannedAt?: string;
  orgId?: string;
  orgKind?: OrgKind;
  username?: string;
  counts?: RunCounts;
  /** `resume` has something to do. */
  canResume: boolean;
  /**
   * `disable --from-run` or `enable --from-run` has something to undo, and no later run has done so; or `disable --file` has,
   * after an enable run. No run remembers whose file it took, so this stays true.
   */
  canTakeBack: boolean;
  /** The commands that apply, resume, or undo it. */
  next: string[];
  problem?: string;
};

/** @param asks whether the commands can ask for what they need a yes to */
export function runRows(remembered: readonly RememberedRun[], asks: boolean): RunRow[] {
  const complete = remembered.flatMap(({ run }) => (run?.state === 'complete' ? [run] : []));
  return remembered.map((each) => runRow(each, complete, asks));
}

function runRow(
  { folder: runDir, run, fault }: RememberedRun,
  complete: readonly RunOverview[],
  asks: boolean,
): RunRow {
  if (run === undefined) {
    const isInUse = fault.code === 'runLocked';
    const row: RunRow = {
      runDir,
      state: isInUse ? 'inUse' : 'unreadable',
      canResume: false,
      canTakeBack: false,
      next: [],
    };
    return isInUse ? row : { ...row, problem: faultText(fault) };
  }
  const { operation, mode, plannedAt, orgId, orgKind, username, state, counts } = run;
  const isTaken = ({ operation: by, flags }: WayBack): boolean =>
    complete.some(
      (other) =>
        other.fromRun === runDir &&
        other.operation === by &&
        flags.every((flag) => flag === `--mode ${String(other.mode)}`),
    );
  const ways = waysBack(run).filter((way) => !isTaken(way));
  const named = { operation, ...(mode !== undefined && { mode }), plannedAt, orgId, orgKind, username };
  const resumes = canResume(run);
  const isConsentNeeded = operationRules[operation].needsConsent && !run.isAgreed;
  const agreement = asks ? [] : [...run.openFlags, ...(isConsentNeeded ? ['--no-prompt'] : [])];
  const next = resumes
    ? [printedCommand('resume', [`--run-dir ${quoteArgument(runDir)}`, ...agreement], username)]
    : [
        ...ways.map((way) => undoCommand(way, runDir, { asks, welcomes: mayWelcome(run) }, username)),
        ...undoOfEnable(run, asks, username),
      ];
  return { runDir, state, ...named, counts, canResume: resumes, canTakeBack: !resumes && next.length > 0, next };
}

/** Whether the undo of a run may send welcome emails. What a sync did in detail is not read. */
function mayWelcome({ mode, sync }: RunOverview): boolean {
  const back = mode && modeRule(mode).undo;
  return back === undefined ? sync !== undefined : modeRule(back).mails === true;
}
