/** Steps that are calls of their own: no call is sent twice, whatever becomes of its answer (src/engine/kind.ts, `CallKind`). */
import { OrgError } from '../model/orgError.js';
import type { StepOutcome } from '../model/outcomes.js';
import type { Send, Step } from '../model/steps.js';
import { readMetaList, writeMeta } from '../store/meta.js';
import { giveBack } from '../store/sends.js';
import { stepsOfSend } from '../store/steps.js';
import { recordSend, type Collected } from './collect.js';
import type { AskContext, CallAnswer, CallKind } from './kind.js';
import { planNextCall, type Planning } from './planSend.js';

/** A call that was made. `lost`: its answer did not arrive, and what the org says of it is recorded. */
type MadeCall = Collected & { readonly lost: OrgError | undefined };

/**
 * Carries out the next steps by one call.
 * @returns undefined when no step may be sent now
 * @throws OrgError; nothing was done then, and the steps wait again, or the org could not be asked what was done: then
 *   `collectLostCall` finds it out
 */
export async function makeCall(context: AskContext & Planning, kind: CallKind): Promise<MadeCall | undefined> {
  const { client, db } = context;
  const { name, calls } = kind;
  const size = isOneByOne(context, kind) ? 1 : calls.size;
  const time = new Date(client.now()).toISOString();
  const send = await planNextCall(context, { kind: name, way: 'call', size, maker: client.userId, time });
  if (send === undefined) return undefined;
  const steps = stepsOfSend(db, send.n);
  const answers = await answersTo(context, kind, steps, send);
  if (answers === undefined) {
    takeOneByOne(context, kind);
    giveBack(db, send);
    return makeCall(context, kind);
  }
  if (answers instanceof OrgError) return { ...(await collectLostCall(context, kind, send)), lost: answers };
  return { ...(await collectCall(context, kind, send, steps, answers)), lost: undefined };
}

/** @returns the error of a call that may have been done @throws OrgError of a call that was not done: its steps wait again */
async function answersTo(
  context: AskContext,
  kind: CallKind,
  steps: readonly Step[],
  send: Send,
): Promise<readonly CallAnswer[] | OrgError | undefined> {
  const { client, db } = context;
  const [first] = steps;
  try {
    if (first !== undefined && isOneByOne(context, kind)) return [await kind.calls.one(client, first)];
    return await kind.calls.together(client, steps);
  } catch (error) {
    if (error instanceof OrgError && error.lost) return error;
    if (error instanceof OrgError) giveBack(db, send);
    throw error;
  }
}

/** What no answer came to is asked about; the others are judged by their answers. */
async function collectCall(
  context: AskContext,
  { judging }: CallKind,
  send: Send,
  steps: readonly Step[],
  answers: readonly CallAnswer[],
): Promise<Collected> {
  const lost = steps.filter((_step, index) => answers[index] === 'lost');
  const found = new Map(lost.length === 0 ? [] : await judging.judgeLost(context, send, lost));
  const spread = context.random();
  const judged = steps.map((step, index): readonly [Step, StepOutcome] => {
    const answer = answers[index];
    const isAnswered = answer !== undefined && answer !== 'lost';
    if (!isAnswered) return [step, found.get(step) ?? { outcome: 'unknown' }];
    return [step, judging.judgeCall(step, answer === 'done' ? undefined : answer.error, spread)];
  });
  const refusals = steps.flatMap((step, index) => {
    const answer = answers[index];
    if (answer === undefined || answer === 'lost') return [];
    return [[step.n, answer === 'done' ? { id: undefined } : answer] as const];
  });
  return recordSend(context, send, judged, new Map(refusals));
}

/** A collection or call whose answer was lost. @throws OrgError where the org can't be asked; nothing is recorded then */
export async function collectLostCall(
  context: AskContext,
  { judging }: { readonly judging: CallKind['judging'] },
  send: Send,
): Promise<Collected> {
  const steps = stepsOfSend(context.db, send.n);
  return recordSend(context, send, await judging.judgeLost(context, send, steps), new Map());
}

/** The org has refused to take several steps of the kind by one call. */
function isOneByOne({ db }: AskContext, { name }: CallKind): boolean {
  return readMetaList(db, 'oneByOne').includes(name);
}

function takeOneByOne({ db }: AskContext, { name }: CallKind): void {
  writeMeta(db, { oneByOne: JSON.stringify([...readMetaList(db, 'oneByOne'), name]) });
}
