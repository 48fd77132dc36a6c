/** Stopping a run at a safe point: a signal came, or the time is over. */
import { RunFault } from '../model/faults.js';
import type { StopCause, StopRequest } from '../model/runEnd.js';

export class GracefulStop implements StopRequest {
  private readonly timeOver = new AbortController();
  private readonly interrupted = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  public readonly interrupt: AbortSignal = this.interrupted.signal;
  public readonly signal: AbortSignal = AbortSignal.any([this.timeOver.signal, this.interrupt]);

  /** A signal outranks the end of the wait time. */
  public cause(): StopCause | undefined {
    if (this.interrupt.aborted) return 'signal';
    return this.timeOver.signal.aborted ? 'wait' : undefined;
  }

  public request(cause: StopCause): void {
    (cause === 'signal' ? this.interrupted : this.timeOver).abort();
  }

  /**
   * Counts from the first call that writes (src/run/drive.ts). Then no job is begun any more (with 0, one), those under way go on
   * in the org, and the exit code is 69.
   * @param minutes undefined: no limit
   */
  public limit(minutes: number | undefined): void {
    if (minutes === undefined || this.timer !== undefined) return;
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

/** For what only reads, and may be left where it is: the org may take an hour for a query. @throws RunFault interrupted */
export async function unlessInterrupted<T>(reading: Promise<T>, stop: StopRequest): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  const onInterrupt = (): void => {
    interrupted.reject(new RunFault('interrupted'));
  };
  stop.interrupt.addEventListener('abort', onInterrupt);
  try {
    endIfInterrupted(stop);
    return await Promise.race([reading, interrupted.promise]);
  } finally {
    stop.interrupt.removeEventListener('abort', onInterrupt);
    // Nobody waits any more for what was left.
    reading.catch(() => undefined);
  }
}

/** A plan that is not complete is of no use to anybody who has had enough. @throws RunFault interrupted */
export function endIfInterrupted(stop: StopRequest): void {
  if (stop.interrupt.aborted) throw new RunFault('interrupted');
}
