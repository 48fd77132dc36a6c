/** Collects a finished job: its three results, the org's word where they leave a doubt, one transaction for all rows. */
import type { DatabaseSync } from 'node:sqlite';
import { readIngestResults, type IngestResultKind, type IngestResultRow } from '../org/bulkIngest.js';
import type { OrgClient } from '../org/orgClient.js';
import { OrgError } from '../org/orgErrors.js';
import { parseRowError } from '../org/rowError.js';
import { recordOutcomes, sentRows, type Job, type SentRow } from './jobRecords.js';
import { askOrg } from './reconcile.js';
import { isQuestion, isUnanswered, judgeRow, type Answer, type RowOutcome } from './rowOutcome.js';

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
};

/** @throws OrgError; nothing is recorded then, and the job can be collected again */
export async function collectJob({ client, db, random, now }: CollectContext, job: Job): Promise<Collected> {
  const rows = sentRows(db, job.n);
  const answers = await readAnswers(client, job, rows);
  const doubtful = rows.filter((row) => isQuestion(answers.get(row.n)));
  const truths = await askOrg(client, doubtful, job);
  const outcomes = rows.map((row): readonly [SentRow, RowOutcome] => [
    row,
    judgeRow(row, answers.get(row.n), truths.get(row.n), random()),
  ]);
  recordOutcomes(db, job.n, outcomes, now());
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
 * By row number. Rows are matched by ContactId, as neither order nor columns of a result are promised (Bulk API 2.0).
 * A result that the org does not have any more (404) leaves its rows without an answer.
 */
async function readAnswers(client: OrgClient, job: Job, rows: readonly SentRow[]): Promise<Map<number, Answer>> {
  const byContact = new Map(rows.map((row) => [row.contactId.slice(0, 15), row.n]));
  const answers = new Map<number, Answer>();
  for (const [kind, answerOf] of readers) {
    try {
      for await (const slice of readIngestResults(client, job.id ?? '', kind)) {
        for (const result of slice) {
          const n = byContact.get((result['ContactId'] ?? '').slice(0, 15));
          const answer = answerOf(result);
          if (n !== undefined && answer !== undefined) answers.set(n, answer);
        }
      }
    } catch (error) {
      if (!(error instanceof OrgError) || error.kind !== 'gone') throw error;
    }
  }
  return answers;
}

/** Success last: should a row stand in two results, a user that exists is what counts. */
const readers: ReadonlyArray<readonly [IngestResultKind, (row: IngestResultRow) => Answer | undefined]> = [
  ['unprocessedrecords', () => 'unprocessed'],
  ['failedResults', (row) => ({ error: parseRowError(row['sf__Error'] ?? '') })],
  ['successfulResults', (row) => (row['sf__Id'] ? { userId: row['sf__Id'] } : undefined)],
];
