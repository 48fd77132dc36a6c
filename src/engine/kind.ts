/** What the engine has to know of a kind of step; it knows none by name. */
import type { DatabaseSync } from 'node:sqlite';
import type { CollectionRecord } from '../org/bulk/collections.js';
import type { IngestJobRequest, IngestResultRow } from '../org/bulk/bulkIngest.js';
import type { OrgClient } from '../org/orgClient.js';
import type { Answer, RowRefusal, StepOutcome } from '../model/outcomes.js';
import type { Send, Step } from '../model/steps.js';
import type { StepValues } from '../store/steps.js';

/** What is needed to ask the org, and to wait for it. */
export type AskContext = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  /** 0 to 1. */
  readonly random: () => number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Resolves early when the run is to stop. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly isStopping: () => boolean;
  /** The fields of User that can be seen; key: name in lower case. */
  readonly userFields: { has(name: string): boolean };
};

/** A kind of step: its steps are rows of jobs and collections, or calls of their own. */
export type Kind = RowKind | CallKind;

export type RowKind = {
  readonly name: string;
  readonly request: IngestJobRequest;
  /** Few go by collections, and all where the org takes no such job; their calls may be repeated. */
  readonly takesCollections: boolean;
  /** The most rows of a collection, where they are fewer than Salesforce takes. */
  readonly collectionSize?: number;
  /** Whether a large plan tries single rows first. */
  readonly hasCanary: boolean;
  /** The columns of a job's upload; the upload skips those without a value in any row. */
  readonly columns: (db: DatabaseSync) => readonly string[];
  readonly row: (step: StepValues) => Readonly<Record<string, string>>;
  /** Of a collection: what is typed there. */
  readonly record: (step: StepValues) => CollectionRecord;
  /** Identifies a step in the results of a job. */
  readonly keyOfStep: (step: Step) => string;
  /** Undefined for a row that names none. */
  readonly keyOfResult: (result: IngestResultRow) => string | undefined;
  readonly judging: Judging;
  readonly calls?: undefined;
};

/** What is no row, and can't be taken back: no call is sent twice, and a lost answer may leave a step `unknown`. */
export type CallKind = {
  readonly name: string;
  readonly calls: Calls;
  readonly judging: Omit<Judging, 'judge'>;
};

export type Calls = {
  /** Steps of one call. */
  readonly size: number;
  /**
   * Makes the call, once.
   * @returns what was answered to each step, in order; undefined where the org takes them one by one only: nothing was done then
   * @throws OrgError; `lost`: everything may have been done, otherwise nothing was
   */
  readonly together: (client: OrgClient, steps: readonly Step[]) => Promise<readonly CallAnswer[] | undefined>;
  /** The same for one step. @throws OrgError; `lost`: it may have been done */
  readonly one: (client: OrgClient, step: Step) => Promise<CallAnswer>;
};

export type CallAnswer = 'done' | 'lost' | { readonly error: RowRefusal };

/** How answers are judged, with what the org says where they leave a doubt. */
export type Judging = {
  /** @returns undefined when the run is to stop before it is known @throws OrgError */
  readonly judge: (
    context: AskContext,
    send: Send,
    steps: readonly Step[],
    answers: ReadonlyMap<number, Answer>,
  ) => Promise<ReadonlyArray<readonly [Step, StepOutcome]> | undefined>;
  /** The answer to a step of a collection or a call. @param random 0 to 1, spreads what is sent again */
  readonly judgeCall: (step: Step, error: RowRefusal | undefined, random: number) => StepOutcome;
  /** Steps of a collection or a call whose answer was lost. @throws OrgError */
  readonly judgeLost: (
    context: AskContext,
    send: Send,
    steps: readonly Step[],
  ) => Promise<ReadonlyArray<readonly [Step, StepOutcome]>>;
};

/** The rules of one kind; `Truth` is what the org is asked for. */
export type Rules<Truth> = {
  /** Whether the org has to be asked before a step with this answer can be judged. */
  readonly mustAsk: (answer: Answer | undefined) => boolean;
  /** What is true of the steps, by their numbers; undefined when the run is to stop before that is known. */
  readonly look: (
    context: AskContext,
    steps: readonly Step[],
    send: Send,
  ) => Promise<ReadonlyMap<number, Truth> | undefined>;
  readonly judge: (step: Step, answer: Answer | undefined, truth: Truth | undefined, random: number) => StepOutcome;
  /** Whether a call whose answer was lost has done it. */
  readonly isDoneBy: (send: Send, truth: Truth | undefined) => boolean;
};

export function judgingBy<Truth>(rules: Rules<Truth>): Judging {
  return {
    async judge(context, send, steps, answers) {
      const doubtful = steps.filter((step) => rules.mustAsk(answers.get(step.n)));
      const truths = await rules.look(context, doubtful, send);
      if (truths === undefined) return undefined;
      // One for all: rows that come due together go by one job.
      const spread = context.random();
      return steps.map((step) => [step, rules.judge(step, answers.get(step.n), truths.get(step.n), spread)]);
    },
    judgeCall: (step, error, random) =>
      rules.judge(step, error === undefined ? { id: undefined } : { error }, undefined, random),
    async judgeLost(context, send, steps) {
      const truths = (await rules.look(context, steps, send)) ?? new Map<number, Truth>();
      return steps.map((step) => {
        const isDone = rules.isDoneBy(send, truths.get(step.n));
        return [step, isDone ? { outcome: 'done' } : { outcome: 'again', delay: 0 }];
      });
    },
  };
}
