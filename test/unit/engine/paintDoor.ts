/** A kind of step that only tests know: the engine knows none by name. */
import { judgingBy, type AskContext, type RowKind, type Rules } from '../../../lib/engine/kind.js';
import { judgeRefusal, sendAgain } from '../../../lib/engine/rowOutcome.js';
import type { Planning } from '../../../lib/engine/planSend.js';
import type { Clock } from '../../../lib/engine/clock.js';
import type { RunEvent } from '../../../lib/model/events.js';
import type { RunDb } from '../store/runDb.ts';
import type { FakeOrg } from './fakeOrg.ts';

/** @param org which doors are painted is asked there */
export function paintDoor(
  org: FakeOrg,
  changes: Partial<RowKind> = {},
  rules: Partial<Rules<'painted'>> = {},
): RowKind & { readonly asked: number[][] } {
  const asked: number[][] = [];
  return {
    name: 'paintDoor',
    request: { object: 'Door__c', operation: 'update' },
    takesCollections: false,
    hasCanary: false,
    columns: () => ['Id', 'Color__c'],
    row: ({ step, values }) => ({ Id: step.target, ...values }),
    record: ({ step, values }) => ({ Id: step.target, ...values }),
    keyOfStep: ({ target }) => target,
    keyOfResult: (result) => result['Id'] ?? '',
    judging: judgingBy<'painted'>({
      mustAsk: (answer) => answer === undefined,
      look: (_context, steps) => {
        asked.push(steps.map(({ n }) => n));
        const painted = new Set(org.written.map((row) => row['Id']));
        const done = steps.filter(({ target }) => painted.has(target));
        return Promise.resolve(new Map(done.map(({ n }) => [n, 'painted' as const])));
      },
      judge: (step, answer, truth, random) => {
        if (truth === 'painted') return { outcome: 'done' };
        if (answer === undefined || answer === 'unprocessed') return sendAgain(step, random);
        return 'error' in answer ? judgeRefusal(step, answer.error, random) : { outcome: 'done' };
      },
      isDoneBy: (_send, truth) => truth === 'painted',
      ...rules,
    }),
    asked,
    ...changes,
  };
}

/** Pauses take no time, but the clock goes on by them. */
export function patientClock(): Clock & { readonly pauses: number[] } {
  let now = 1_700_000_000_000;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => now,
    sleep: (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export function askContext(run: RunDb, org: FakeOrg, changes: Partial<AskContext> = {}): AskContext & Planning {
  const clock = patientClock();
  return {
    client: org.client,
    db: run.db,
    random: () => 0.5,
    now: clock.now,
    sleep: (milliseconds) => clock.sleep(milliseconds, new AbortController().signal),
    isStopping: () => false,
    userFields: new Set<string>(),
    confirm: undefined,
    ...changes,
  };
}

/** Keeps the events that were told, as their types. */
export function listening(): { readonly emit: (event: RunEvent) => void; readonly events: RunEvent[] } {
  const events: RunEvent[] = [];
  return { events, emit: (event) => void events.push(event) };
}
