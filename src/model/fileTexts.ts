/** The words of the files of a run. */
import type { Facts } from './facts.js';
import type { ReasonKey } from './reasons.js';
import type { RunResult } from './result.js';

/** The words of the files; the report layer has them. */
export type ExportTexts = {
  detail(key: ReasonKey, facts: Facts): string;
  /** What to do about it, with the row's own Ids in the commands. */
  advice(detail: ReasonKey, ids: AdviceIds): string;
  rowAdvice(code: string, message: string): string;
  /** What has to be known of an old user. @param held fields that it keeps from the new one @param wasInactive before */
  oldUser(userId: string, held: readonly string[], wasInactive: boolean): string;
  /** summary.md */
  summary(result: RunResult): string;
};

/** What the commands in an advice need to know of the row. */
export type AdviceIds = {
  readonly contactId: string | undefined;
  readonly accountId: string | undefined;
  readonly userId: string | undefined;
  /** Path of refused.csv. */
  readonly refusedFile: string;
};
