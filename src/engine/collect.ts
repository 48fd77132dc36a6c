/** Collects a job or a collection: its answers, the org's word where they leave a doubt, one transaction for all steps. */
import { readIngestResults, type IngestResultKind, type IngestResultRow } from '../org/bulk/bulkIngest.js';
import { greatestCollection, writeCollection } from '../org/bulk/collections.js';
import { OrgError } from '../model/orgError.js';
import { delayBefore } from '../org/retryPolicy.js';
import { parseRowError } from '../org/bulk/rowError.js';
import { isSalesforceId } from '../model/ids.js';
import { isUnanswered, type Answer, type StepOutcome } from '../model/outcomes.js';
import type { Send, Step } from '../model/steps.js';
import { recordOutcomes, stepsOfSend, valuesOfSend } from '../store/steps.js';
import type { AskContext, RowKind } from './kind.js';
import { planNextCall, type Planning } from './planSend.js';
import { confineRefusals } from './rowOutcome.js';

/** What a collected send means for the run. */
export type Collected = {
  readonly rows: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly again: number;
  /** Not one row was judged. */
  readonly isFruitless: boolean;
  /** The first refusal that concerns the whole org, or the licenses: nothing more is to be sent. */
  readonly stopped: Extract<StepOutcome, { outcome: 'stopped' }> | undefined;
};

/**
 * A job whose results can be had.
 * @returns `paused`: the run is to stop, and nothing is recorded
 * @throws OrgError; nothing is recorded then, and the job can be collected again
 */
export async function collectJob(context: AskContext, kind: RowKind, send: Send): Promise<Collected | 'paused'> {
  const steps = stepsOfSend(context.db, send.n);
  const answers = await readAnswers(context, kind, send, steps);
  const judged = await kind.judging.judge(context, send, steps, answers);
  if (judged === undefined) return 'paused';
  return recordSend(context, send, judged, answers);
}

/**
 * Writes the next steps by one call.
 * @returns undefined when no step may be sent now
 * @throws OrgError; the call has no known answer then, which `collectLostCall` finds out
 */
export async function sendCollection(context: AskContext & Planning, kind: RowKind): Promise<Collected | undefined> {
  const { client, db, random } = context;
  const send = await planNextCall(context, {
    ...{ kind: kind.name, way: 'collection', size: kind.collectionSize ?? greatestCollection, maker: client.userId },
    time: new Date(client.now()).toISOString(),
  } as const);
  if (send === undefined) return undefined;
  const sent = [...valuesOfSend(db, send.n)];
  const { object, operation } = kind.request;
  const replies = await writeCollection(client, operation, object, sent.map(kind.record));
  // One for all: rows that come due together go by one call.
  const spread = random();
  const answers = new Map<number, Answer>();
  const judged = sent.map(({ step }, index): readonly [Step, StepOutcome] => {
    const error = replies[index]?.error;
    answers.set(step.n, error === undefined ? { id: undefined } : { error });
    return [step, kind.judging.judgeCall(step, error, spread)];
  });
  return recordSend(context, send, judged, answers);
}

/** Every step of the send gets its outcome. */
export function recordSend(
  { db, now }: AskContext,
  send: Send,
  judged: ReadonlyArray<readonly [Step, StepOutcome]>,
  answers: ReadonlyMap<number, Answer>,
): Collected {
  const outcomes = confineRefusals(judged);
  recordOutcomes(
    db,
    send.n,
    outcomes.map(([step, outcome]) => ({ step, outcome, answer: answers.get(step.n) })),
    now(),
  );
  const all = outcomes.map(([, outcome]) => outcome);
  const count = (wanted: StepOutcome['outcome']): number => all.filter(({ outcome }) => outcome === wanted).length;
  return {
    rows: all.length,
    succeeded: count('done'),
    failed: count('failed'),
    again: count('again') + count('stopped'),
    isFruitless: all.every(isUnanswered),
    stopped: all.find((outcome) => outcome.outcome === 'stopped'),
  };
}

/**
 * By step number. Rows are matched by their own key, as neither order nor columns of a result are promised (Bulk API 2.0).
 * A result that the org does not have any more (404) leaves its rows without an answer.
 */
async function readAnswers(
  context: AskContext,
  kind: RowKind,
  send: Send,
  steps: readonly Step[],
): Promise<Map<number, Answer>> {
  const byKey = new Map(steps.map((step) => [kind.keyOfStep(step), step.n]));
  const answers = new Map<number, Answer>();
  for (const [result, answerOf] of readers) {
    if (answers.size === byKey.size) break;
    await readJobResult(context, send, result, (row) => {
      const key = kind.keyOfResult(row);
      const n = key === undefined ? undefined : byKey.get(key);
      const answer = answerOf(row);
      if (n !== undefined && answer !== undefined && !answers.has(n)) answers.set(n, answer);
    });
  }
  return answers;
}

/** A result that ends within a row is read again from its start: to take rows twice does no harm. */
async function readJobResult(
  { client, random, sleep }: AskContext,
  { n, orgId }: Send,
  kind: IngestResultKind,
  take: (result: IngestResultRow) => void,
): Promise<void> {
  if (orgId === undefined) throw new Error(`job ${String(n)} has no Id`);
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const slice of readIngestResults(client, orgId, kind)) slice.forEach(take);
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

/**
 * Success first: should a row stand in two results, what exists is what counts. And where it has every row, as in most jobs, the
 * other two cost no calls.
 */
const readers: ReadonlyArray<readonly [IngestResultKind, (row: IngestResultRow) => Answer | undefined]> = [
  ['successfulResults', ({ sf__Id: id }) => (id !== undefined && isSalesforceId(id) ? { id } : undefined)],
  ['failedResults', (row) => ({ error: parseRowError(row['sf__Error'] ?? '') })],
  ['unprocessedrecords', () => 'unprocessed'],
];
