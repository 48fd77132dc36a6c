/** The pages of a selection on their way into a plan. */
import { setImmediate } from 'node:timers/promises';
import type { StopRequest } from './applyEnd.js';
import { mostByLists } from './lookup.js';
import type { Emit } from './runEvents.js';
import { RunFault } from './runFault.js';

/** Tells how many rows were read, and ends when the person has had enough. @throws RunFault interrupted */
export async function* watched<Row>(
  pages: AsyncGenerator<readonly Row[]>,
  emit: Emit,
  stop: StopRequest,
): AsyncGenerator<readonly Row[]> {
  let contacts = 0;
  for (;;) {
    const next = await unlessInterrupted(pages.next(), stop);
    if (next.done === true) return;
    const page = next.value;
    // Pages that are at hand leave no time for signals, or for the display.
    await setImmediate();
    endIfInterrupted(stop);
    contacts += page.length;
    emit({ type: 'read', contacts });
    yield page;
  }
}

/** For what only reads, and may be left where it is: the org may take an hour for a query. @throws RunFault interrupted */
export async function unlessInterrupted<T>(reading: Promise<T>, stop: StopRequest): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const onStop = (): void => {
    if (stop.cause() === 'signal') interrupted.reject(new RunFault('interrupted'));
  };
  stop.signal.addEventListener('abort', onStop);
  try {
    endIfInterrupted(stop);
    return await Promise.race([reading, interrupted.promise]);
  } finally {
    stop.signal.removeEventListener('abort', onStop);
    // Nobody waits any more for what was left.
    reading.catch(() => undefined);
  }
}

/** A plan that is not complete is of no use to anybody who has had enough. @throws RunFault interrupted */
export function endIfInterrupted(stop: StopRequest): void {
  if (stop.cause() === 'signal') throw new RunFault('interrupted');
}

/**
 * Tells with each page whether there are more rows in all than IN lists are good for; the first rows are held back until
 * that is known.
 */
export async function* withSize<Row>(
  pages: AsyncGenerator<readonly Row[]>,
): AsyncGenerator<{ readonly rows: readonly Row[]; readonly isMany: boolean }> {
  let held: Array<readonly Row[]> = [];
  let rows = 0;
  for await (const page of pages) {
    held.push(page);
    rows += page.length;
    if (rows <= mostByLists) continue;
    for (const each of held) yield { rows: each, isMany: true };
    held = [];
  }
  if (rows <= mostByLists) yield { rows: held.flat(), isMany: false };
}
