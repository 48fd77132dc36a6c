/** Keeps the worker going between requests, in small steps, so that a long job does not stop the server from answering. */
import type { Org } from '../org.ts';
import type { Worker } from './worker.ts';

export type Pump = {
  /** Before a request: a small job is done before its first poll; under a stopped clock all that is due is done. */
  catchUp(): void;
  /** After a request: goes on in the background while there is work. */
  wake(): void;
};

const requestBudgetMs = 40;
const stepBudgetMs = 15;
const idleMs = 20;

export function startPump(org: Pick<Org, 'store' | 'clock'>, worker: Worker): Pump {
  let timer: NodeJS.Timeout | undefined;
  let isBehind = false;

  function step(): void {
    timer = undefined;
    // The org may have been stopped while jobs were in work.
    if (!org.store.db.isOpen) return;
    isBehind = worker.work(stepBudgetMs);
    if (worker.isBusy()) schedule(isBehind ? 0 : idleMs);
  }

  function schedule(delayMs: number): void {
    timer ??= setTimeout(step, delayMs).unref();
  }

  return {
    catchUp() {
      if (org.clock.isFrozen()) worker.work();
      // With much to do a request would only wait longer for its answer.
      else if (!isBehind) isBehind = worker.work(requestBudgetMs);
    },
    wake() {
      if (worker.isBusy()) schedule(0);
    },
  };
}
