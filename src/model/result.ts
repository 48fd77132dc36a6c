/** The result of a run, as --json prints it: counts, reasons, files; never rows. */
import type { SyncDeed, SyncSummary } from './definition/syncFacts.js';
import type { GuardKind } from './guards.js';
import type { Mode } from './modes.js';

/** selected = planned + unchanged + refused; planned = succeeded + failed + unknown + pending. */
export type RunCounts = {
  readonly selected: number;
  /** Contacts or users with at least one step, whatever has become of it: the number stays the same when the run is over. `steps.*.planned` counts steps that aren't finished. */
  readonly planned: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly succeeded: number;
  readonly failed: number;
  /** The outcome can't be found out. */
  readonly unknown: number;
  readonly pending: number;
  /** Users that this run is known to have created. */
  readonly created: number;
};

/** Steps of one kind, by what has become of them so far; together, they are all that the plan has of the kind. */
export type StepCounts = {
  /** Steps that wait or are being sent: 0 when the run is over. `counts.planned` counts contacts or users, and stays the same; `counts.pending` gets smaller as this does. */
  planned: number;
  done: number;
  failed: number;
  unknown: number;
};

export type RunState = 'planned' | 'running' | 'complete' | 'partial' | 'failed';

export const operationNames = ['create', 'disable', 'enable', 'sync', 'invite'] as const;
export type OperationName = (typeof operationNames)[number];

type OperationRule = {
  /** The object whose records are selected. */
  readonly selects: 'Contact' | 'User';
  /** Outside a terminal somebody has to have said yes (--no-prompt). */
  readonly needsConsent: boolean;
  /** Default of --max-users. */
  readonly maxUsers: number;
  /** Limits of its own, which no flag raises. */
  readonly limitsInDefinition: boolean;
  /** Users lose their access: those whom it does not reach can still log in. */
  readonly takesAccess: boolean;
  /** What is done can't be taken back, so a lost answer may leave users of whom nobody knows whether it was done. */
  readonly leavesUnknown: boolean;
  /** Users who exist are changed by it: the run folder keeps them as they were. */
  readonly keepsSnapshot: boolean;
  /** Which of its users count as changed by it. */
  readonly changes: 'created' | 'succeeded';
  /** The operation, with its flags, whose --from-run takes it back; none for one that is a way back itself. */
  readonly undo: { readonly operation: OperationName; readonly flags: readonly string[] } | undefined;
};

export const operationRules: Readonly<Record<OperationName, OperationRule>> = {
  create: {
    selects: 'Contact',
    needsConsent: false,
    maxUsers: 10_000,
    limitsInDefinition: false,
    takesAccess: false,
    leavesUnknown: false,
    keepsSnapshot: false,
    changes: 'created',
    undo: { operation: 'disable', flags: ['--mode deactivate'] },
  },
  disable: {
    selects: 'User',
    needsConsent: true,
    maxUsers: 500,
    limitsInDefinition: false,
    takesAccess: true,
    leavesUnknown: false,
    keepsSnapshot: true,
    changes: 'succeeded',
    undo: { operation: 'enable', flags: [] },
  },
  enable: {
    selects: 'User',
    needsConsent: true,
    maxUsers: 500,
    limitsInDefinition: false,
    takesAccess: false,
    leavesUnknown: false,
    keepsSnapshot: true,
    changes: 'succeeded',
    undo: undefined,
  },
  invite: {
    selects: 'User',
    needsConsent: true,
    maxUsers: 500,
    limitsInDefinition: false,
    takesAccess: false,
    leavesUnknown: true,
    keepsSnapshot: false,
    changes: 'succeeded',
    undo: undefined,
  },
  sync: {
    selects: 'Contact',
    needsConsent: true,
    maxUsers: Number.MAX_SAFE_INTEGER,
    limitsInDefinition: true,
    takesAccess: false,
    leavesUnknown: false,
    keepsSnapshot: true,
    changes: 'succeeded',
    undo: undefined,
  },
};

/** Template of --username. */
export const defaultUsername = '{Email}';

export type LicenseUse = {
  name: string;
  /** Not the license of a user, but one that is assigned besides: of permission sets, or of a managed package by its namespace. */
  of?: 'permissionSet' | 'package';
  /** Negative: unlimited. */
  total: number;
  /** In use before the run, also in its result: as the org said when the plan was made. Afterwards `used` + `done` are in use. */
  used: number;
  /** What the plan takes; negative: that it frees. */
  needed: number;
  /** What the run has taken until now; negative: that it has freed. Only of a run that has begun. */
  done?: number;
};

/** The sender of a site's welcome emails, and their email template if the running user can see it. */
export type EmailSender = { site: string; address: string; template?: string };

export type WelcomeEmails = {
  /** Of the plan: one for each active user and each site that the user becomes a member of. */
  possible: number;
  /** The same, of the steps that are done. Only of a run that has begun. */
  done?: number;
  /** The running user can't see all sites: there may be more. */
  atLeast: boolean;
  /** Names of the sites that would send them. */
  sites: string[];
  /** The addresses that they come from, if the running user can see the settings of the sites. */
  senders: EmailSender[];
};

/** What is known about the emails with a link to set a password before they are sent. */
export type PasswordEmails = {
  /** Live sites that the users are in, most users first; a user can be in several. */
  sites: Array<{
    name: string;
    users: number;
    /** Both only if the running user can see them. Salesforce doesn't document which sender it uses. */
    sender?: string;
    /** Name of the email template. */
    template?: string;
  }>;
  /** Users who are new, and may have a welcome email: the link in it stops working. */
  recentlyWelcomed: number;
  /** The time zone that most of the users have. */
  timeZone?: { name: string; users: number };
};

/** What a plan takes of the day's allowance: API calls, and internal batches of Bulk API. */
export type ApiBudget = { readonly calls: number; readonly batches: number };

/** What the records of a run were selected by. */
export const selections = ['where', 'file', 'inactiveFor', 'neverLoggedIn', 'fromRun', 'definition'] as const;
export type SelectedBy = (typeof selections)[number];

/** Scratch orgs are sandboxes; Developer Edition is production (Object Reference, Organization.IsSandbox). */
export const orgKinds = ['production', 'sandbox'] as const;
export type OrgKind = (typeof orgKinds)[number];

/** What a guard found, in words. */
export type Guard = {
  /** Code of the guard, or name of the check. */
  code: string;
  kind: GuardKind;
  message: string;
  /** What to do about it. */
  advice?: string;
  /** The flag that allows this without a question: `--max-users 12000`. */
  flag?: string;
  needed?: number;
  available?: number;
};

/** A command that can be copied as it is. */
export type NextCommand = {
  /**
   * `apply` carries the plan out, `resume` goes on with the run, `repeat` (with or without --strict, if that held it up) makes a new plan and applies it, `replan` only makes one,
   * `retry` takes the failed rows, `retryRefused` those that were refused,
   * `sendUnknownAgain` what nobody knows of, `invite` lets new users set their passwords, `inviteMembers` once
   * a site has them as members,
   * `activateCreated` turns on the users that the run has created inactive, `activateFound` those that refused contacts
   * have, `undo` takes the run back, `undoTaken` and `undoGiven` take the two sides of a sync
   * back, `createAgain` gives new users to people whose old ones can't be had back.
   */
  readonly purpose:
    | 'apply'
    | 'resume'
    | 'repeat'
    | 'repeatStrict'
    | 'repeatWithoutStrict'
    | 'replan'
    | 'retry'
    | 'retryRefused'
    | 'activateCreated'
    | 'activateFound'
    | 'sendUnknownAgain'
    | 'invite'
    | 'inviteMembers'
    | 'undo'
    | 'undoTaken'
    | 'undoGiven'
    | 'createAgain';
  readonly command: string;
};

export type NewUsers = { active: number; inactive: number };

export type RunResult = RunRecord & {
  /** Obstacles, decisions that somebody has to make, and warnings. */
  guards: Guard[];
  /** What to do about the rows that failed, by their code. */
  failedAdvice: Record<string, string>;
  /** Commands that continue, undo, or repeat the run. Each is complete. */
  next: string[];
};

/** What run.db says of a run. */
export type RunRecord = {
  operation: OperationName;
  /** What a disable or enable run writes. */
  mode?: Mode;
  /** A disable run that also takes away what the users hold besides their license. */
  releaseLicenses?: true;
  state: RunState;
  dryRun: boolean;
  runDir: string;
  orgId: string;
  orgKind: OrgKind;
  username: string;
  selectedBy: SelectedBy;
  counts: RunCounts;
  /** Users of a disable run with --release-licenses with whom something was done, but not all; only where there are any. */
  changedInPart?: number;
  /**
   * What is planned, each contact or user once; together they are `counts.planned`, also when the run is over. New users, existing
   * ones that get permission sets, existing ones that are changed (in an invite run: that get the email), and those that stay as
   * they are but lose what they hold (--release-licenses), or get it back.
   */
  actions: { create: number; assign: number; change: number; release?: number };
  /** Of a create run: the new users of its plan, by whether they can log in at once. */
  newUsers?: NewUsers;
  /** What a sync does, by group and by profile. */
  sync?: SyncSummary;
  /** The steps of the plan by their kind. */
  steps: Record<string, StepCounts>;
  /** Number of refused contacts or users by the first of their reasons. */
  refusedByReason: Record<string, number>;
  /** Those of them that were planned, and refused after the plan was made; only where there are any. */
  refusedSincePlan?: Record<string, number>;
  unchangedByReason: Record<string, number>;
  /** Number of failed contacts or users by Salesforce's code. If steps of one failed with different codes, it counts for each. */
  failedByCode: Record<string, number>;
  /** The licenses that the plan takes or frees. */
  licenses: LicenseUse[];
  welcomeEmails: WelcomeEmails;
  /** Only in an invite run. */
  passwordEmails?: PasswordEmails;
  permissionSets: {
    assigned: number;
    failed: number;
    /** Number of users by permission set or permission set group. */
    planned: Array<{ name: string; users: number }>;
    /** Taken from users, of a run that does so. */
    removed?: number;
    /** Number of users that lose one, by permission set or permission set group. */
    toRemove?: Array<{ name: string; users: number }>;
  };
  /** API calls of this run so far, all processes together. */
  apiCalls: number;
  /** How many of the day's API calls and Bulk API batches the plan was expected to need, and how many were left then. */
  apiBudget: { calls: number; batches: number; callsLeft?: number; batchesLeft?: number };
  /** `id` is the org's, and absent until the org has answered. */
  jobs: Array<{ id?: string; rows: number; state: string }>;
  files: {
    users: string;
    unchanged: string;
    refused: string;
    succeeded?: string;
    failed?: string;
    unknown?: string;
    snapshot?: string;
    createAgain?: string;
    summary: string;
    report: string;
  };
};

/** What a run does, as texts are found by it: its mode, or the operation of one that has none. */
export function deedOf({ mode, operation }: Pick<RunRecord, 'mode' | 'operation'>): Mode | OperationName {
  return mode ?? operation;
}

/** A contact or user, as people know them. */
export type Person = { readonly name: string; readonly accountName?: string | undefined };

/** The first few of each group, by what is planned for them, by reason or by error code. For a terminal: never for logs. */
export type People = Readonly<
  Record<'create' | 'assign' | 'change' | 'release', readonly Person[]> &
    Record<'unchanged' | 'refused' | 'refusedSincePlan' | 'failed', Readonly<Record<string, readonly Person[]>>>
>;

/** Of the users that a plan makes or changes. */
export type ProfileUse = { readonly name: string; readonly license: string; readonly users: number };

/** What a screen shows of a plan besides its numbers. */
export type PlanDetail = {
  readonly profiles: readonly ProfileUse[];
  readonly people: People;
  /** Of a sync: the first few by what is done to them, and by their group, or their profile if they have none. */
  readonly sync: ReadonlyArray<{ readonly does: SyncDeed; readonly place: string; readonly person: Person }>;
};
