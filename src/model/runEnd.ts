/** Why the engine stops. */
import { OrgError } from './orgError.js';
import { faultOf, isCallFault, type RunFault } from './faults.js';
import type { GuardFailure } from './guards.js';
import type { ApiBudget } from './result.js';

export type StopCause = 'wait' | 'signal';

/** Asks the engine to stop at the next safe point. `wait`: the time is over; `signal`: SIGINT or SIGTERM. */
export type StopRequest = {
  /** For either cause. */
  readonly signal: AbortSignal;
  /** For a signal only, also where the time was over before. */
  readonly interrupt: AbortSignal;
  readonly cause: () => StopCause | undefined;
  /** From now on the time counts. @param minutes undefined: no limit */
  readonly limit: (minutes: number | undefined) => void;
};

export type ApplyEnd =
  | { readonly end: 'done' }
  /** Stopped as asked; `resume` goes on. */
  | { readonly end: StopCause }
  /** Salesforce refuses every row, or a seat is missing for what is pending. */
  | { readonly end: 'org'; readonly code: string; readonly message: string }
  | { readonly end: 'licenses'; readonly code: string; readonly message: string; readonly missing: number }
  /** A call failed for good: session gone, network down, or limit used up, with what the rest still takes of it. */
  | { readonly end: 'call'; readonly fault: RunFault; readonly rest?: ApiBudget };

export type DriveEnd =
  | ApplyEnd
  /** A dry run: the plan waits for `resume`. */
  | { readonly end: 'planned' }
  /** Nothing was written to the org. */
  | { readonly end: 'guards'; readonly failures: readonly GuardFailure[] }
  /** Somebody said no. */
  | { readonly end: 'declined' };

/** What a failed call means for the run; undefined for anything else, such as a full disk or a bug. */
export function endOf(error: unknown): ApplyEnd | undefined {
  if (error instanceof OrgError && error.kind === 'refused') {
    return { end: 'org', code: error.code, message: error.message };
  }
  const fault = faultOf(error);
  return isCallFault(fault) ? { end: 'call', fault } : undefined;
}
