/** The words of the files of a run. */
import type { Facts } from './facts.js';
import type { PageData } from './pageData.js';
import type { ReasonKey } from './reasons.js';
import type { GuardFinding } from './guards.js';
import type { Guard, NextCommand, OperationName, RunRecord, RunResult } from './result.js';
import type { DriveEnd } from './runEnd.js';
import type { AccountId, ContactId, UserId } from './ids.js';

/** The words of the files; the report layer has them. */
export type ExportTexts = {
  detail(key: ReasonKey, facts: Facts): string;
  /** What to do about it, with the row's own Ids in the commands. */
  advice(detail: ReasonKey, ids: AdviceIds): string;
  /** What to do about a row that failed for good. @param name of an advice (src/model/rowErrors.ts) */
  rowAdvice(name: string, operation: OperationName): string;
  /** What has to be known of an old user. */
  oldUser(userId: UserId, old: OldUser): string;
  /** @param isSync flags of create stand in a definition */
  guards(findings: readonly GuardFinding[], isSync: boolean): Guard[];
  /** The commands that continue, undo, or repeat the run. */
  next(record: RunRecord, outlook: Outlook): NextCommand[];
  /** summary.md */
  summary(result: RunResult, facts: SummaryFacts): string;
  /** report.html. @param next the result's commands, each with what it is for */
  page(result: RunResult, data: PageData, next: readonly NextCommand[]): Iterable<string>;
};

/** What a new user for the same contact doesn't get from the old one. */
export type OldUser = {
  /** Fields whose values the old user still has. */
  readonly held: readonly string[];
  /** Permission sets with an end, each with it: `create` would give them forever. */
  readonly ending: readonly string[];
  /** Of permission sets and of packages, where they were read: `create` assigns none. */
  readonly licenses: readonly string[];
  readonly wasInactive: boolean;
};

/** What summary.md tells besides the result. */
export type SummaryFacts = {
  /** When the plan was complete (ISO 8601, UTC). */
  readonly plannedAt: string;
  /** --where, as it was typed. */
  readonly condition: string | undefined;
  /** Folder of the run whose users were selected. */
  readonly fromRun: string | undefined;
  /** ISO 8601, UTC: of --inactive-for and --never-logged-in. */
  readonly inactiveSince: string | undefined;
  readonly neverLoggedInSince: string | undefined;
  /** Undefined while the run goes on. */
  readonly end: DriveEnd | undefined;
  readonly next: readonly NextCommand[];
};

/** A flag of the command that began the run, as it was typed. One that is on or off has no value. */
export type TypedFlag = { readonly name: string; readonly value?: string };

/** What the commands that are printed depend on besides the run itself. */
export type Outlook = {
  readonly findings: readonly GuardFinding[];
  /** What `resume` has to be told, as run.db does not know it: `--allow-welcome-emails`. */
  readonly resumeFlags: readonly string[];
  /** Of --permission-set: users.csv and failed.csv have none but those of a column. */
  readonly permissionSets: readonly string[];
  readonly typed: readonly TypedFlag[];
  /** Folder of --from-run. */
  readonly fromRun: string | undefined;
  /** Whether somebody can be asked where the command runs; elsewhere commands need --no-prompt. */
  readonly asks: boolean;
};

/** What an advice needs to know of the row. */
export type AdviceIds = {
  /** Values come from contacts and a definition, not from a file and flags. */
  readonly isSync: boolean;
  readonly contactId: ContactId | undefined;
  readonly accountId: AccountId | undefined;
  readonly userId: UserId | undefined;
  /** Path of refused.csv. */
  readonly refusedFile: string;
};
