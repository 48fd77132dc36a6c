/**
 * Time that passes only while everybody waits: the org's clock jumps to the next moment at which somebody wakes. So hours
 * of polling take seconds, and no figure depends on how fast the machine is.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Clock as RunClock } from '../../lib/engine/clock.js';
import type { OrgClient } from '../../lib/org/orgClient.js';
import type { Clock } from '../simulated-org/clock.ts';

type Sleeper = { readonly until: number; readonly wake: () => void };

export class VirtualTime {
  private readonly clock: Clock;
  private sleepers: Sleeper[] = [];
  private calls = 0;
  private isTicking = false;

  constructor(clock: Clock) {
    this.clock = clock;
    clock.freeze(new Date('2026-11-22T20:00:00Z'));
  }

  /** The pauses and the clock of the plugin's engine, which runs in this process, become those of this time. */
  async rule<T>(work: () => Promise<T>): Promise<T> {
    const [pause, now] = [timers.setTimeout, Date.now];
    Object.assign(timers, { setTimeout: (milliseconds: number) => this.sleep(milliseconds) });
    Date.now = () => this.clock.now();
    syncBuiltinESMExports();
    try {
      return await work();
    } finally {
      Object.assign(timers, { setTimeout: pause });
      Date.now = now;
      syncBuiltinESMExports();
    }
  }

  /** What the engine goes by. */
  runClock(): RunClock {
    return { now: () => this.clock.now(), sleep: (milliseconds) => this.sleep(milliseconds) };
  }

  async sleep(milliseconds: number): Promise<void> {
    const slept = new Promise<void>((wake) => this.sleepers.push({ until: this.clock.now() + milliseconds, wake }));
    this.tick();
    await slept;
  }

  /** A client whose calls hold the time while they are under way. */
  hold(client: OrgClient): OrgClient {
    return {
      orgId: client.orgId,
      userId: client.userId,
      username: client.username,
      apiVersion: client.apiVersion,
      instanceUrl: client.instanceUrl,
      now: () => client.now(),
      get callsMade() {
        return client.callsMade;
      },
      call: async (call) => {
        this.calls += 1;
        try {
          return await client.call(call);
        } finally {
          this.calls -= 1;
        }
      },
    };
  }

  /** A few turns of the event loop in which nothing was called: everything that has something to do has done it. */
  private tick(quietTurns = 0): void {
    if (quietTurns === 0 && this.isTicking) return;
    this.isTicking = true;
    setImmediate(() => {
      if (this.calls > 0) this.tick(1);
      else if (quietTurns < 5) this.tick(quietTurns + 1);
      else this.wakeNext();
    });
  }

  private wakeNext(): void {
    this.isTicking = false;
    this.sleepers.sort((a, b) => a.until - b.until);
    const next = this.sleepers.shift();
    if (next === undefined) return;
    this.clock.advance(Math.max(0, next.until - this.clock.now()));
    next.wake();
    if (this.sleepers.length > 0) this.tick();
  }
}
