/** What report.html and a screen show of a run besides its result: people and jobs. */
import type { ContactId, JobId, UserId } from './ids.js';
import type { PlanDetail } from './result.js';

/** What a subject has come to, those with trouble first. */
export const personStates = ['failed', 'unknown', 'refused', 'pending', 'succeeded', 'unchanged'] as const;
export type PersonState = (typeof personStates)[number];

export type PagePerson = {
  readonly state: PersonState;
  readonly name: string | undefined;
  readonly accountName: string | undefined;
  readonly username: string | undefined;
  /** The kinds of its steps, in their order. */
  readonly kinds: readonly string[];
  /** Code of the first reason, or of Salesforce's errors. */
  readonly codes: readonly string[];
  /** Why, in words: all that is wrong. */
  readonly detail: string | undefined;
  readonly contactId: ContactId | undefined;
  readonly userId: UserId | undefined;
};

/** Times are milliseconds since 1970, by the clock of this machine. */
export type JobSpan = {
  /** In the org; undefined for one whose creation was not answered. */
  readonly id: JobId | undefined;
  /** Of its steps. */
  readonly kind: string;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  readonly isFailed: boolean;
};

export type PageData = {
  /** At most `mostPeople`. */
  readonly people: readonly PagePerson[];
  readonly jobs: readonly JobSpan[];
  /** When the plan was complete, as ISO 8601. */
  readonly plannedAt: string;
};

/** More make a page that browsers open slowly. */
export const mostPeople = 20_000;

/** What a screen shows of a run besides its result. */
export type RunDetail = PlanDetail & {
  /** By its reason: the Ids of who is the only one that is refused or unchanged for it. */
  readonly onlyOnes?: ReadonlyMap<string, OnlyOne>;
  /** When the plan was made or looked at again, by the org's clock, in milliseconds; of an invite run. */
  readonly orgTime?: number;
};

/** Those that are known. */
export type OnlyOne = { readonly contactId?: ContactId; readonly userId?: UserId };
