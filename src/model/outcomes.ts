/** What an answer of the org means for a step. */
import type { NothingDone, UserValues } from './reasons.js';
import type { UserId } from './ids.js';

export type RowRefusal = { readonly code: string; readonly message: string };

/** What the results of a send say of a step; undefined where they say nothing. */
export type Answer = { readonly id: string | undefined } | { readonly error: RowRefusal } | 'unprocessed';

export type StepOutcome =
  /** Of a new user: its Id, and whether our job is known to have made it. */
  | {
      readonly outcome: 'done';
      readonly userId?: UserId;
      readonly created?: 'yes' | 'unknown';
      /** What a changed user holds afterwards, where it was read back. */
      readonly after?: UserValues;
    }
  | { readonly outcome: 'failed'; readonly code: string; readonly message?: string | undefined }
  /** The answer was lost, and nobody will ever know. It is not sent again, unless somebody says so. */
  | { readonly outcome: 'unknown' }
  /** To be sent again after `delay` milliseconds, perhaps with another nickname. */
  | { readonly outcome: 'again'; readonly delay: number; readonly nickname?: string; readonly error?: RowRefusal }
  /** Not sent again now: the refusal concerns every row. */
  | ({ readonly outcome: 'stopped'; readonly cause: 'org' | 'licenses' | 'storage' } & RowRefusal)
  | Dropped;

/**
 * Not this run's to do, for a reason. `continues`: what else is planned for the subject is still done, for the existing user.
 */
export type Dropped = {
  readonly outcome: 'dropped';
  readonly verdict: NothingDone;
  readonly continues: boolean;
};

/** Salesforce never judged the row, so it is no refusal. */
export function isUnanswered(outcome: StepOutcome): boolean {
  return outcome.outcome === 'again' && outcome.error === undefined;
}
