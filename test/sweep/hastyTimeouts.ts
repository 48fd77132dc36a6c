/** Time-outs of minutes strike when a test says so: nothing is waited for, and nothing slow is taken for lost. */

/** Milliseconds. Only calls to the org may take half a minute and more. */
const shortest = 30_000;

export type HastyTimeouts = {
  /** Everything that waits for a time-out has waited long enough. */
  readonly strike: () => void;
  readonly restore: () => void;
};

export function hastenTimeouts(): HastyTimeouts {
  const real = globalThis.setTimeout;
  const waiting = new Map<NodeJS.Timeout, () => void>();
  const replaced = (callback: (...values: unknown[]) => void, delay?: number, ...values: unknown[]): NodeJS.Timeout => {
    const timer = real(callback, delay, ...values);
    if ((delay ?? 0) >= shortest) waiting.set(timer, () => callback(...values));
    return timer;
  };
  globalThis.setTimeout = Object.assign(replaced, real);
  const realSignal = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (delay: number): AbortSignal => {
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(new DOMException('The time is over', 'TimeoutError'));
    }, delay).unref();
    return controller.signal;
  };
  return {
    strike() {
      for (const [timer, callback] of waiting) {
        // One that was cleared is destroyed.
        const isOver = Reflect.get(timer, '_destroyed') === true;
        clearTimeout(timer);
        if (!isOver) callback();
      }
      waiting.clear();
    },
    restore() {
      globalThis.setTimeout = real;
      AbortSignal.timeout = realSignal;
    },
  };
}
