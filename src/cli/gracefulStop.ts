/** Ends a run at a safe point when a signal comes or the time is over. */
import { GracefulStop, unlessInterrupted } from '../engine/stop.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

/**
 * One key press can arrive twice: the terminal signals the whole process group, and npm or `timeout` hand their signal on
 * to a child that has it already. That takes about a millisecond, and nobody presses a key twice so fast.
 */
const echoMs = 30;

/** What a command says at signals. */
export type SignalWords = {
  /** At the first: the running step is finished, which may take a while. */
  readonly stopping?: () => void;
  /** At the second: the last chance to say something. */
  readonly leaving?: () => void;
};

/**
 * Runs `work` with the signals in our hands. SfCommand's own listeners throw in the middle of whatever is being done, so
 * they are set aside meanwhile. The first signal asks `work` to stop; the second leaves at once. A terminal that is closed
 * sends SIGHUP, often twice (the shell, then the system): that only asks to stop.
 *
 * Their places stay taken: signal-exit (the display's, proper-lockfile's) counts the listeners of a
 * signal, and where it finds none beside its own it sends the signal to the process again.
 */
export async function withGracefulStop<T>(
  work: (stop: GracefulStop) => Promise<T>,
  words: SignalWords = {},
): Promise<T> {
  const stop = new GracefulStop();
  const set = signals.map((signal) => ({ signal, listeners: process.rawListeners(signal) }));
  let first: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.cause() !== 'signal') {
      first = performance.now();
      stop.request('signal');
      words.stopping?.();
      return;
    }
    const isEcho = first !== undefined && performance.now() - first < echoMs;
    if (isEcho || signal === 'SIGHUP') return;
    words.leaving?.();
    process.exit(130);
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

/** For work that only reads, and may be left where it is. @throws RunFault interrupted when a signal comes first */
export async function untilSignal<T>(work: () => Promise<T>): Promise<T> {
  return withGracefulStop((stop) => unlessInterrupted(work(), stop));
}
