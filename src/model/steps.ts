/**
 * The words of the state machine in run.db, and its shape. Every transition is made in store/, in one transaction with all
 * its rows.
 *
 *     subject  verdict `steps`:        open ──────────────► succeeded | failed | unknown     (follows from its steps)
 *              verdict `unchanged`, `refused`: nothing is done, for a reason
 *
 *     step     planned ──► sending ──► done | failed | unknown
 *                 ▲            │
 *                 └────────────┘  to be sent again                   planned ──► dropped   (not needed, not allowed any more,
 *                                                                                             or what it rests on is not done)
 *
 *     send     by job:        planned ─POST► created ─PUT► uploaded ─PATCH► closed ─poll► complete ─results► collected
 *              by collection: planned ─one call──────────────────────────────────────────────────────────► collected
 *              by call:       the same; a call is never repeated: what its lost answer leaves in doubt becomes `unknown`
 *
 * The intent (`planned` of a send, `sending` of its steps) is durable before the call that it announces, the answer after
 * it. Which send carried which step, and what it answered, is kept in `sending`.
 *
 * Steps go stage by stage, whatever their kinds: nothing of a stage is sent while anything of an earlier one waits or is under
 * way. A subject's steps of one stage don't concern each other. Those of a later stage rest on what came before: when a step has
 * failed, or nobody will know whether it is done, the subject's steps that rest on its stage are dropped (`restsOn`), and
 * `droppedFor` in run.db says because of which step. What was left to somebody else, who has done it, is as good as done.
 */
import type { JobId, UserId } from './ids.js';

export const verdicts = ['steps', 'unchanged', 'refused'] as const;

export const subjectStates = ['open', 'succeeded', 'failed', 'unknown'] as const;
export type SubjectState = (typeof subjectStates)[number];

export const stepStates = ['planned', 'sending', 'done', 'failed', 'unknown', 'dropped'] as const;
export type StepState = (typeof stepStates)[number];

export const sendStates = ['planned', 'created', 'uploaded', 'closed', 'complete', 'collected'] as const;
type SendState = (typeof sendStates)[number];

export const sendWays = ['job', 'collection', 'call'] as const;
export type SendWay = (typeof sendWays)[number];

export const families = ['highVolume', 'roleBased'] as const;

/** High-volume users have no role; role-based ones live below the account owner in the role hierarchy. */
export type LicenseFamily = (typeof families)[number];

/** One write that the plan wants for one subject. */
export type PlannedStep = {
  readonly kind: string;
  /** Steps of an earlier stage come first. A kind may be at several stages of a plan. */
  readonly stage: number;
  /**
   * The last stage that the step rests on: it is dropped when a step of its subject is not done that is of this stage or an
   * earlier one. Default: all stages before its own; 0: it is done whatever became of the others.
   */
  readonly restsOn?: number | undefined;
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

/** One ingest job, collection call, or call of another kind. */
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
  /** The org's clock: when the job was made, or right before the call. */
  readonly createdDate: string | undefined;
  readonly errorMessage: string | undefined;
};
