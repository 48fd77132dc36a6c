/** The rows of `sf portal users runs`: for --json, and as a table. */
import type { Mode } from '../model/modes.js';
import {
  canResume,
  canTakeBack,
  type OperationName,
  type RememberedRun,
  type RunCounts,
  type RunState,
} from '../model/result.js';
import { faultText } from './faults.js';
import { printable, sharedText } from './texts.js';

export type RunRow = {
  runDir: string;
  /** `inUse`: another command is at work on it. `unreadable`: `problem` says why. The fields below are missing then. */
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
  /** `disable --from-run` or `enable --from-run` has something to take back. */
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
  return { runDir, state, ...named, counts, canResume: canResume(run), canTakeBack: canTakeBack(run) };
}

/** With the headings of the table as names. */
export function tableRow(row: RunRow): Record<string, string> {
  const { operation, mode, plannedAt, username, counts } = row;
  const number = (count: number | undefined): string => count?.toLocaleString('en-US') ?? '';
  const cells: ReadonlyArray<readonly [heading: string, cell: string]> = [
    [sharedText('runs.time'), plannedAt === undefined ? '' : localTime(plannedAt)],
    [sharedText('runs.org'), username ?? ''],
    [sharedText('runs.operation'), [operation, mode].filter(Boolean).join(' ')],
    [sharedText('runs.state'), sharedText(`runs.state.${row.state}`)],
    [sharedText('runs.done'), number(counts?.succeeded)],
    [sharedText('runs.refused'), number(counts?.refused)],
    [sharedText('runs.failed'), number(counts?.failed)],
    [sharedText('runs.next'), nextOf(row)],
    [sharedText('runs.folder'), row.runDir],
  ];
  return Object.fromEntries(cells.map(([heading, cell]) => [heading, printable(cell)]));
}

function nextOf({ canResume: resumes, canTakeBack: takesBack }: RunRow): string {
  if (resumes) return sharedText('runs.next.resume');
  return takesBack ? sharedText('runs.next.takeBack') : '';
}

/** On the clock of this machine: 2026-11-22 16:30. */
function localTime(time: string): string {
  const date = new Date(time);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
