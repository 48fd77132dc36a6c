/** The time that the pauses of a run take; tests let it pass at once. */
import { setTimeout as wait } from 'node:timers/promises';

export type Clock = {
  /** Milliseconds; goes on evenly when somebody sets the machine's clock. */
  readonly now: () => number;
  /** Resolves early when the run is to stop. */
  readonly sleep: (milliseconds: number, stop: AbortSignal) => Promise<void>;
};

export const realClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
  async sleep(milliseconds, signal) {
    await wait(milliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  },
};
