/** What the ways of writing share: when a call may be begun, what is told of it, and how it ends a run. */
import type { OrgError } from '../model/orgError.js';
import { delayBefore } from '../org/retryPolicy.js';
import type { StopRequest } from '../model/runEnd.js';
import { countProgress } from '../store/queries/counts.js';
import { waitingSteps } from '../store/steps.js';
import type { Collected } from './collect.js';
import type { SendContext } from './driveJob.js';
import { Ending } from './ending.js';
import type { Kind } from './kind.js';

export class Driving {
  public readonly context: SendContext;
  public readonly ending: Ending;
  private readonly stop: StopRequest;
  private started = 0;

  public constructor(context: SendContext, stop: StopRequest) {
    this.ending = new Ending(context.db);
    this.context = { ...context, isStopping: () => this.ending.isThrown || context.isStopping() };
    this.stop = stop;
  }

  /** With `--wait 0` one job or call is still sent: otherwise nothing would ever begin. */
  public mayStart(): boolean {
    if (this.ending.isReached || this.stop.interrupt.aborted) return false;
    return this.stop.cause() === undefined || this.started === 0;
  }

  /** A job or a call was begun. */
  public hasStarted(): void {
    this.started++;
  }

  /** One call after the other, until no row may be sent now. @param call undefined: there is none */
  public async callAfterCall(
    kind: Kind,
    call: () => Promise<(Collected & { readonly lost?: OrgError | undefined }) | undefined>,
  ): Promise<void> {
    const { db, emit } = this.context;
    try {
      for (let wasLost = false; this.mayStart();) {
        const collected = await call();
        if (collected === undefined) return;
        this.hasStarted();
        const pending = waitingSteps(db, kind.name)?.rows ?? 0;
        emit({ type: 'collection', kind: kind.name, rows: collected.rows, pending });
        this.tellProgress();
        if (collected.stopped !== undefined) this.ending.stopAt(kind, collected.stopped.cause, collected.stopped);
        // One may be an accident; each further one would leave more of which nobody knows what became of them.
        if (collected.lost !== undefined && wasLost) throw collected.lost;
        wasLost = collected.lost !== undefined;
      }
    } catch (error) {
      this.ending.stopOn(error);
    }
  }

  public tellProgress(): void {
    const { planned, succeeded, failed, pending } = countProgress(this.context.db);
    this.context.emit({ type: 'progress', planned, succeeded, failed, pending });
  }

  /** After jobs of which Salesforce judged no row. */
  public async pauseAfterFruitless(): Promise<void> {
    const { fruitless } = this.ending;
    if (fruitless > 0) await this.context.sleep(delayBefore(fruitless, this.context.random()));
  }

  /** Waits until rows that were refused for now may be sent again; false when there are none. */
  public async waitForRows(kind: Kind): Promise<boolean> {
    const { db, emit, now, sleep } = this.context;
    const next = waitingSteps(db, kind.name);
    if (next === undefined) return false;
    const milliseconds = Math.max(50, next.time - now());
    emit({ type: 'waiting', rows: next.rows, milliseconds });
    await sleep(milliseconds);
    return !this.context.isStopping();
  }
}
