/** How long one run of a sweep may take: what hangs is wrong, and must not keep the others waiting for hours. */
// Not the global one, which hastyTimeouts.ts replaces.
import { setTimeout, clearTimeout } from 'node:timers';

export const patience = 5 * 60_000;

/** @throws when the work takes too long; it is left behind then */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`is not done after ${String(patience / 60_000)} minutes`));
    }, patience);
  });
  return Promise.race([work, tooLong]).finally(() => {
    clearTimeout(timer);
  });
}
