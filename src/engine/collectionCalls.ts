/** Writes rows by sObject collections, 200 in a call: what is few, or what the org does not take by Bulk (DESIGN §4). */
import type { DatabaseSync } from 'node:sqlite';
import { greatestCollection, type RowAnswer } from '../org/collections.js';
import type { OrgClient } from '../org/orgClient.js';
import { confineRefusals, type RowOutcome } from './rowOutcome.js';

/** Above this, a job costs fewer calls and less time. */
export const mostByCollections = 2_000;

export type CollectionContext = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly random: () => number;
  /** Milliseconds. */
  readonly now: () => number;
};

export type CollectionEnd = {
  /** 0: none may be sent now. */
  readonly rows: number;
  /** A refusal that every row would meet. */
  readonly stopped: Extract<RowOutcome, { outcome: 'stopped' }> | undefined;
};

export type CollectionRules<Row> = {
  readonly next: (db: DatabaseSync, limit: number, now: number) => readonly Row[];
  /** One answer per row, in order. */
  readonly write: (client: OrgClient, rows: readonly Row[]) => Promise<readonly RowAnswer[]>;
  readonly judge: (row: Row, error: RowAnswer['error'], random: number) => RowOutcome;
  readonly record: (db: DatabaseSync, outcomes: ReadonlyArray<readonly [Row, RowOutcome]>, now: number) => void;
};

/** One call. @throws OrgError; nothing is recorded then, and the rows are sent again */
export async function sendCollection<Row>(
  { client, db, random, now }: CollectionContext,
  rules: CollectionRules<Row>,
): Promise<CollectionEnd> {
  const rows = rules.next(db, greatestCollection, now());
  if (rows.length === 0) return { rows: 0, stopped: undefined };
  const answers = await rules.write(client, rows);
  // One for all: rows that come due together go by one call.
  const spread = random();
  const outcomes = confineRefusals(
    rows.map((row, index): readonly [Row, RowOutcome] => [row, rules.judge(row, answers[index]?.error, spread)]),
  );
  rules.record(db, outcomes, now());
  const stopped = outcomes.map(([, outcome]) => outcome).find((outcome) => outcome.outcome === 'stopped');
  return { rows: rows.length, stopped };
}
