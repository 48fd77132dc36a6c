/** The pages of a selection on their way into a plan. */
import { setImmediate } from 'node:timers/promises';
import type { StopRequest } from '../model/runEnd.js';
import { endIfInterrupted, unlessInterrupted } from '../engine/stop.js';
import type { Emit } from '../model/events.js';
import { amountOf, type Amount } from './lookup.js';

/** Tells how many rows were read, and ends when the person has had enough. @throws RunFault interrupted */
export async function* watched<Row>(
  pages: AsyncGenerator<readonly Row[]>,
  emit: Emit,
  stop: StopRequest,
): AsyncGenerator<readonly Row[]> {
  let records = 0;
  for (;;) {
    const next = await unlessInterrupted(pages.next(), stop);
    if (next.done === true) return;
    const page = next.value;
    // Pages that are at hand leave no time for signals, or for the display.
    await setImmediate();
    endIfInterrupted(stop);
    records += page.length;
    emit({ type: 'read', records });
    yield page;
  }
}

/** Holds the first rows back until it is known whether there are many in all, and says so. */
export async function* measured<Row>(
  pages: AsyncGenerator<readonly Row[]>,
  amount: Amount,
): AsyncGenerator<readonly Row[]> {
  const held: Array<readonly Row[]> = [];
  let rows = 0;
  for await (const page of pages) {
    held.push(page);
    rows += page.length;
    amount.isMany ||= amountOf(rows).isMany;
    if (amount.isMany) yield* held.splice(0);
  }
  if (!amount.isMany) yield held.flat();
}
