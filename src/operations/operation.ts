/** What an operation is: a selection and a decision, its checks, what is looked at again, its files. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import type { Clock } from '../engine/clock.js';
import type { Confirm } from '../engine/planSend.js';
import type { RunFiles } from '../files/exports.js';
import type { Emit } from '../model/events.js';
import type { TypedFlag } from '../model/fileTexts.js';
import type { GuardFailure } from '../model/guards.js';
import type { OperationName } from '../model/result.js';
import type { StopRequest } from '../model/runEnd.js';
import type { CheckOutcome } from '../model/checkOutcome.js';
import type { OrgFacts, SiteReads } from '../preflight/orgFacts.js';
import type { RunDescription } from '../store/meta.js';

/** What every operation is asked for besides its selection. */
export type RunRequest = {
  /** From --output-dir. */
  readonly outputDir: string | undefined;
  readonly dryRun: boolean;
  readonly maxUsers: number;
  readonly strict: boolean;
  readonly allowWelcomeEmails: boolean;
  /** All flags of the command; none where no command asks. */
  readonly typed: readonly TypedFlag[];
};

/** A run that is asked for, once everything that needs no call is known to be in order. */
export type Beginning = {
  readonly operation: OperationName;
  readonly request: RunRequest;
  /**
   * Looks at the org, and decides how the plan is made.
   * @throws RunFault, ChecksFailed, OrgError
   */
  readonly survey: (client: OrgClient, emit: Emit) => Promise<Draft>;
};

/** A plan that can be made. */
export type Draft = {
  readonly facts: OrgFacts;
  /** What `resume` and the files need to know later. */
  readonly description: RunDescription;
  /**
   * Fills run.db with a decision for every selected contact or user. Nothing is written to the org.
   * @throws OrgError, InputFileError, RunFault conditionRejected, interrupted
   */
  readonly fill: (db: DatabaseSync, emit: Emit, stop: StopRequest) => Promise<void>;
};

/** What a run of an operation needs after its plan is made. */
export type Operation = {
  /** What it reads of a run exists, and is as it was written. @throws RunFault runDamaged */
  readonly checkRun: (db: DatabaseSync) => void;
  /** What it needs to know of the org's sites. */
  readonly readsOfOrg: (db: DatabaseSync) => SiteReads;
  /** The preflight for a plan that is made. */
  readonly check: (db: DatabaseSync, facts: OrgFacts) => CheckOutcome[];
  /** What of its own stands in the way of a plan. */
  readonly guard?: (db: DatabaseSync) => readonly GuardFailure[];
  /** Decides anew about what is still planned. @throws OrgError, RunFault interrupted */
  readonly lookAgain: (again: LookAgain) => Promise<void>;
  /** How it is decided again about steps right before the call that writes them, where minutes matter. */
  readonly confirm?: (again: LookAgain) => Confirm;
  readonly files: (db: DatabaseSync) => RunFiles;
};

export type LookAgain = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly facts: OrgFacts;
  readonly emit: Emit;
  readonly stop: StopRequest;
  readonly clock: Clock;
};
