/** Ends a run at a safe point when a signal comes or the time is over. */
import type { StopCause, StopRequest } from './applyEnd.js';
import { RunFault } from './runFault.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

/**
 * Runs `work` with the signals in our hands. SfCommand's own listeners throw in the middle of whatever is being done, so
 * they are set aside meanwhile. The first signal asks `work` to stop; the second leaves at once.
 *
 * The seats of those set aside stay taken: signal-exit (the display's, proper-lockfile's) counts the listeners of a
 * signal, and where it finds none beside its own it sends the signal to the process again.
 * @param leaving called before that: the last chance to say something
 */
export async function withGracefulStop<T>(
  work: (stop: GracefulStop) => Promise<T>,
  leaving: () => void = () => undefined,
): Promise<T> {
  const stop = new GracefulStop();
  const set = signals.map((signal) => ({ signal, listeners: process.rawListeners(signal) }));
  const onSignal = (): void => {
    if (stop.cause() === 'signal') {
      leaving();
      process.exit(130);
    }
    stop.request('signal');
  };
  const add = process.on.bind(process);
  const keepSeat = (): void => undefined;
  for (const { signal, listeners } of set) {
    process.removeAllListeners(signal).on(signal, onSignal);
    listeners.forEach(() => process.on(signal, keepSeat));
  }
  try {
    return await work(stop);
  } finally {
    stop.release();
    for (const { signal, listeners } of set) {
      process.removeListener(signal, onSignal);
      for (const listener of listeners) {
        process.removeListener(signal, keepSeat);
        Reflect.apply(add, undefined, [signal, listener]);
      }
    }
  }
}

/**
 * For work that only reads, and may be left where it is.
 * @throws RunFault interrupted when a signal comes first
 */
export async function untilSignal<T>(work: () => Promise<T>): Promise<T> {
  return withGracefulStop(({ signal }) =>
    Promise.race([
      work(),
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new RunFault('interrupted'));
        });
      }),
    ]),
  );
}

export class GracefulStop implements StopRequest {
  private readonly controller = new AbortController();
  private requested: StopCause | undefined;
  private timer: NodeJS.Timeout | undefined;

  public get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** A signal outranks the end of the wait time. */
  public cause(): StopCause | undefined {
    return this.requested;
  }

  public request(cause: StopCause): void {
    if (this.requested !== 'signal') this.requested = cause;
    this.controller.abort();
  }

  /** @param minutes undefined: no limit */
  public limit(minutes: number | undefined): void {
    if (minutes === undefined) return;
    // Node's timers end at 24.8 days; nobody waits that long.
    const milliseconds = Math.min(minutes * 60_000, 2 ** 31 - 1);
    if (milliseconds === 0) this.request('wait');
    else
      this.timer = setTimeout(() => {
        this.request('wait');
      }, milliseconds).unref();
  }

  public release(): void {
    clearTimeout(this.timer);
  }
}
