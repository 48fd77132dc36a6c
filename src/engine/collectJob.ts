/** Collects a finished job: its three results, the org's word where they leave a doubt, one transaction for all rows. */
import type { DatabaseSync } from 'node:sqlite';
import { readIngestResults, type IngestResultKind, type IngestResultRow } from '../org/bulkIngest.js';
import type { OrgClient } from '../org/orgClient.js';
import { OrgError } from '../org/orgErrors.js';
import { delayBefore } from '../org/retryPolicy.js';
import { parseRowError } from '../org/rowError.js';
import { isSalesforceId } from '../model/ids.js';
import type { Job } from '../store/jobRecords.js';
import { confineRefusals, isUnanswered, type Answer, type RowOutcome } from './rowOutcome.js';
import type { SentRow } from './work.js';

/** What a collected job means for the run. */
export type Collected = {
  readonly succeeded: number;
  readonly failed: number;
  readonly again: number;
  /** Not one row was judged. */
  readonly isFruitless: boolean;
  /** The first refusal that concerns the whole org, or the licenses: nothing more is to be sent. */
  readonly stopped: Extract<RowOutcome, { outcome: 'stopped' }> | undefined;
};

export type CollectContext = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly random: () => number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Resolves early when the run is to stop. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly isStopping: () => boolean;
};

/** What is particular to the rows of one work. */
export type CollectRules<Row extends SentRow, Truth> = {
  readonly sent: (db: DatabaseSync, n: number) => readonly Row[];
  /** The key of a row in a result. */
  readonly keyOf: (result: IngestResultRow) => string;
  /** Whether the org has to be asked before a row with this answer can be judged. */
  readonly isQuestion: (answer: Answer | undefined) => boolean;
  /** What is true of the rows in question, by row number; undefined when the run is to stop before that is known. */
  readonly ask: (
    context: CollectContext,
    rows: readonly Row[],
    job: Job,
  ) => Promise<ReadonlyMap<number, Truth> | undefined>;
  readonly judge: (row: Row, answer: Answer | undefined, truth: Truth | undefined, random: number) => RowOutcome;
  readonly record: (
    db: DatabaseSync,
    n: number,
    outcomes: ReadonlyArray<readonly [Row, RowOutcome]>,
    now: number,
  ) => void;
};

/**
 * @returns `paused`: the run is to stop, and nothing is recorded
 * @throws OrgError; nothing is recorded then, and the job can be collected again
 */
export async function collectJob<Row extends SentRow, Truth>(
  context: CollectContext,
  job: Job,
  rules: CollectRules<Row, Truth>,
): Promise<Collected | 'paused'> {
  const { db, random, now } = context;
  const rows = rules.sent(db, job.n);
  const answers = await readAnswers(context, job, rows, rules.keyOf);
  const doubtful = rows.filter((row) => rules.isQuestion(answers.get(row.n)));
  const truths = await rules.ask(context, doubtful, job);
  if (truths === undefined) return 'paused';
  // One for all: rows that come due together go by one job.
  const spread = random();
  const outcomes = confineRefusals(
    rows.map((row): readonly [Row, RowOutcome] => [
      row,
      rules.judge(row, answers.get(row.n), truths.get(row.n), spread),
    ]),
  );
  rules.record(db, job.n, outcomes, now());
  const all = outcomes.map(([, outcome]) => outcome);
  const count = (wanted: RowOutcome['outcome']): number => all.filter(({ outcome }) => outcome === wanted).length;
  return {
    succeeded: count('succeeded'),
    failed: count('failed'),
    again: count('again') + count('stopped'),
    isFruitless: all.every(isUnanswered),
    stopped: all.find((outcome) => outcome.outcome === 'stopped'),
  };
}

/**
 * By row number. Rows are matched by their own key, as neither order nor columns of a result are promised (Bulk API 2.0).
 * A result that the org does not have any more (404) leaves its rows without an answer.
 */
async function readAnswers(
  context: CollectContext,
  job: Job,
  rows: readonly SentRow[],
  keyOf: (result: IngestResultRow) => string,
): Promise<Map<number, Answer>> {
  const byKey = new Map(rows.map((row) => [row.key, row.n]));
  const answers = new Map<number, Answer>();
  for (const [kind, answerOf] of readers) {
    await readResult(context, job, kind, (result) => {
      const n = byKey.get(keyOf(result));
      const answer = answerOf(result);
      if (n !== undefined && answer !== undefined) answers.set(n, answer);
    });
  }
  return answers;
}

/** A result that ends within a row is read again from its start: to take rows twice does no harm. */
async function readResult(
  { client, random, sleep }: CollectContext,
  job: Job,
  kind: IngestResultKind,
  take: (result: IngestResultRow) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const slice of readIngestResults(client, job.id ?? '', kind)) slice.forEach(take);
      return;
    } catch (error) {
      if (!(error instanceof OrgError)) throw error;
      if (error.kind === 'gone') return;
      if (error.code !== 'ROW_CUT' || attempt >= mostReads) throw error;
      await sleep(delayBefore(attempt, random()));
    }
  }
}

const mostReads = 5;

/** Success last: should a row stand in two results, what exists is what counts. */
const readers: ReadonlyArray<readonly [IngestResultKind, (row: IngestResultRow) => Answer | undefined]> = [
  ['unprocessedrecords', () => 'unprocessed'],
  ['failedResults', (row) => ({ error: parseRowError(row['sf__Error'] ?? '') })],
  ['successfulResults', ({ sf__Id: id = '' }) => (isSalesforceId(id) ? { id } : undefined)],
];
