/**
 * The org's time: real by default, and movable so that tests can let days pass. It never goes back, though a machine's
 * own clock may, when it is set: jobs are worked off by this time.
 */

export interface Clock {
  /** Milliseconds since the epoch, as the org sees them. */
  now(): number;
  /** `2026-11-22T15:30:12.000Z`, as date-times are stored; never the same or earlier than before within a millisecond. */
  timestamp(): string;
  /** Lets this much time pass at once. */
  advance(milliseconds: number): void;
  /** Stops the clock at this time; `advance` still moves it. */
  freeze(at: Date): void;
  /** Only `advance` moves it: nothing may depend on how fast the machine is. */
  isFrozen(): boolean;
}

export function createClock(): Clock {
  let offset = 0;
  let frozenAt: number | undefined;
  const now = (): number => (frozenAt ?? Math.floor(performance.timeOrigin + performance.now())) + offset;
  return {
    now,
    timestamp: () => new Date(now()).toISOString(),
    advance(milliseconds) {
      offset += milliseconds;
    },
    freeze(at) {
      frozenAt = at.getTime();
      offset = 0;
    },
    isFrozen: () => frozenAt !== undefined,
  };
}
