/** The exit codes: one table, for the commands and for their help (src/cli/helpSections.ts). */
import type { DriveEnd } from '../model/runEnd.js';
import type { Refusal } from '../model/reasons.js';
import { operationRules, type RunResult } from '../model/result.js';

export const exitCodes = { done: 0, stopped: 1, flags: 2, partial: 68, resumable: 69, interrupted: 130 } as const;

type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Most faults stop a run before anything was written. */
const faultExitCodes: Readonly<Record<string, ExitCode>> = {
  interrupted: exitCodes.interrupted,
  diskFull: exitCodes.resumable,
  folderGone: exitCodes.resumable,
  modeNeeded: exitCodes.flags,
  releaseUnused: exitCodes.flags,
};

export function exitCodeOfFault(code: string): ExitCode {
  return faultExitCodes[code] ?? exitCodes.stopped;
}

/** The same user as that of another row. */
const repeated = 'DUPLICATE_USER' satisfies Refusal['reason'];
/** A row that names no user whom the running user can see. */
const nobody = 'USER_NOT_FOUND' satisfies Refusal['reason'];
/** Refused on purpose, or reached by another row. */
const excused: readonly string[] = [repeated, 'PROTECTED', 'CONTRADICTED'];

type Listed = Pick<RunResult, 'operation' | 'selectedBy' | 'refusedByReason'>;

/** Rows of the file of a `disable` run that were refused: these people can still log in, which is not what a list is for. */
export function countUnreached({ operation, selectedBy, refusedByReason }: Listed): number {
  if (!operationRules[operation].takesAccess || selectedBy !== 'file') return 0;
  return Object.entries(refusedByReason)
    .filter(([reason]) => !excused.includes(reason))
    .reduce((sum, [, users]) => sum + users, 0);
}

/** Rows of a file that are no users of their own: `nobody` names none, and `repeated` the user of another row. */
export function rowsWithoutUser({ selectedBy, refusedByReason }: Listed): { nobody: number; repeated: number } {
  const rows = (reason: string): number => (selectedBy === 'file' ? (refusedByReason[reason] ?? 0) : 0);
  return { nobody: rows(nobody), repeated: rows(repeated) };
}

export function exitCodeOf({ end }: DriveEnd, result: RunResult): ExitCode {
  const { counts } = result;
  switch (end) {
    case 'done':
      return counts.failed + counts.unknown + countUnreached(result) > 0 ? exitCodes.partial : exitCodes.done;
    case 'planned':
      return exitCodes.done;
    case 'guards':
    case 'declined':
      return exitCodes.stopped;
    case 'org':
      // Nothing but refusals so far: as good as not begun.
      return counts.succeeded > 0 ? exitCodes.resumable : exitCodes.stopped;
    case 'wait':
    case 'licenses':
    case 'call':
      return exitCodes.resumable;
    case 'signal':
      return exitCodes.interrupted;
  }
}
