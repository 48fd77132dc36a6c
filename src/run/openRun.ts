/** A run that a command drives. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../engine/clock.js';
import type { CheckOutcome } from '../model/checkOutcome.js';
import type { Emit } from '../model/events.js';
import type { StopRequest } from '../model/runEnd.js';
import type { OrgClient } from '../org/orgClient.js';
import type { GuardSettings } from '../preflight/guards.js';
import type { OrgFacts } from '../preflight/orgFacts.js';

/** A run folder that this process holds open. */
export type OpenRun = { readonly folder: string; readonly db: DatabaseSync };

export type PreparedOrg = {
  readonly client: OrgClient;
  readonly facts: OrgFacts;
  /** Of a plan that has just been made; one that was looked at again is checked again. */
  readonly checks?: readonly CheckOutcome[];
  /** Decides anew about what is still planned; for a run that is taken up again. */
  readonly lookAgain?: (stop: StopRequest, clock: Clock) => Promise<void>;
};

/** A run whose plan is complete, to be driven by src/run/drive.ts. */
export type BegunRun = {
  readonly run: OpenRun;
  /**
   * Connects to the org, looks at it, and brings the plan up to date; undefined when nothing is left to be done.
   * @param connected told before the first call, so that calls count also when one of them fails
   * @throws RunFault otherOrg, ChecksFailed, OrgError
   */
  readonly prepare: (emit: Emit, connected: (client: OrgClient) => void) => Promise<PreparedOrg | undefined>;
  readonly guards: GuardSettings;
  readonly dryRun: boolean;
};
