/**
 * The words of the state machine in run.db, and its shape. Every transition is made in store/, in one transaction with all
 * its rows.
 *
 *     subject  verdict `steps`:        open ──────────────► succeeded | failed | unknown     (follows from its steps)
 *              verdict `unchanged`, `refused`: nothing is done, for a reason
 *
 *     step     planned ──► sending ──► done | failed | unknown
 *                 ▲            │
 *                 └────────────┘  to be sent again                   planned ──► dropped   (not needed, or not allowed any more)
 *
 *     send     by job:        planned ─POST► created ─PUT► uploaded ─PATCH► closed ─poll► complete ─results► collected
 *              by collection: planned ─one call──────────────────────────────────────────────────────────► collected
 *
 * The intent (`planned` of a send, `sending` of its steps) is durable before the call that it announces, the answer after
 * it. Which send carried which step, and what it answered, is kept in `sending`.
 */
import type { JobId, UserId } from './ids.js';

export const verdicts = ['steps', 'unchanged', 'refused'] as const;

export const subjectStates = ['open', 'succeeded', 'failed', 'unknown'] as const;
export type SubjectState = (typeof subjectStates)[number];

export const stepStates = ['planned', 'sending', 'done', 'failed', 'unknown', 'dropped'] as const;
export type StepState = (typeof stepStates)[number];

export const sendStates = ['planned', 'created', 'uploaded', 'closed', 'complete', 'collected'] as const;
export type SendState = (typeof sendStates)[number];

export const sendWays = ['job', 'collection'] as const;
export type SendWay = (typeof sendWays)[number];

export const families = ['highVolume', 'roleBased'] as const;

/** High-volume users have no role; role-based ones live below the account owner in the role hierarchy. */
export type LicenseFamily = (typeof families)[number];

/** One write that the plan wants for one subject. */
export type PlannedStep = {
  readonly kind: string;
  /** Kinds of an earlier stage come first. */
  readonly stage: number;
  /** What is written, or what the new record is known by: the Id of a record, a contact or a permission set. */
  readonly target: string;
  /** What people call it, where the kind alone does not say. */
  readonly label?: string | undefined;
  /** Field → value as it is sent. */
  readonly values: Readonly<Record<string, string>>;
  /** Licenses that it takes (1) or frees (-1). */
  readonly seats: -1 | 0 | 1;
  readonly family: LicenseFamily;
  /** Steps with the same lock are never in two jobs that run at a time. */
  readonly lock?: string | undefined;
  /** Of a new user: what nobody else may have. */
  readonly identity?: StepIdentity | undefined;
};

export type StepIdentity = {
  readonly username: string | undefined;
  readonly nickname: string | undefined;
  /** From the file or a flag, in lower case: made-up nicknames are repaired, given ones are refused when taken. */
  readonly givenNickname: string | undefined;
  readonly givenFederationId: string | undefined;
};

/** A step under way, without its values: there may be 50,000 at a time in memory. */
export type Step = {
  readonly n: number;
  readonly subject: number;
  readonly target: string;
  /** The user of the subject, where there is one. */
  readonly userId: UserId | undefined;
  readonly nickname: string | undefined;
  readonly nicknameIsGiven: boolean;
  /** Times that Salesforce has refused it for now. */
  readonly refusals: number;
};

/** One ingest job or collection call. */
export type Send = {
  readonly n: number;
  readonly kind: string;
  readonly way: SendWay;
  readonly state: SendState;
  /** Of the job in the org. */
  readonly orgId: JobId | undefined;
  readonly family: LicenseFamily;
  readonly size: number;
  readonly canary: boolean;
  /** Id of the user whose session made it. */
  readonly maker: UserId | undefined;
  /** The org's clock. */
  readonly createdDate: string | undefined;
  readonly errorMessage: string | undefined;
};
