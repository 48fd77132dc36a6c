/** The pages of a selection on their way into a plan. */
import { setImmediate } from 'node:timers/promises';
import type { StopRequest } from '../model/runEnd.js';
import { endIfInterrupted, unlessInterrupted } from '../engine/stop.js';
import { mostByLists } from '../org/query.js';
import type { Emit } from '../model/events.js';

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
