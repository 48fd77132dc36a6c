/**
 * The engine: drives a plan from run.db until every step has its outcome, or until something stops it (src/model/steps.ts has
 * the states).
 *
 * Stage by stage, and in a stage one kind after the other. A large plan of a kind sends its canary first, then jobs run side by
 * side in as many lanes as the license family allows. What an earlier process left is brought to its end before that
 * (`takeUpSends`). It knows no terminal: it emits events.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { SeenPace } from '../org/bulk/pollPause.js';
import type { Emit } from '../model/events.js';
import type { ApplyEnd, StopRequest } from '../model/runEnd.js';
import type { Send } from '../model/steps.js';
import { countOpen, countWork } from '../store/queries/counts.js';
import { unfinishedSends } from '../store/sends.js';
import { damagedRun } from '../store/sqlite.js';
import { waitingKinds, waitingSteps } from '../store/steps.js';
import { collectLostCall, makeCall } from './calls.js';
import { realClock, type Clock } from './clock.js';
import type { SendContext } from './driveJob.js';
import { Driving } from './driving.js';
import { Jobs } from './jobs.js';
import type { CallKind, Kind, RowKind } from './kind.js';
import { oneAtATime } from './oneAtATime.js';
import type { Confirm } from './planSend.js';

export type ApplyOptions = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  /** Those of the plan. */
  readonly kinds: readonly Kind[];
  /** Asked right before the intent of each send is recorded. */
  readonly confirm?: Confirm | undefined;
  /** The fields of User that can be seen; key: name in lower case. */
  readonly userFields: { has(name: string): boolean };
  readonly emit: Emit;
  readonly stop: StopRequest;
  readonly clock?: Clock | undefined;
};

/** @returns why it ended; everything that is known is in run.db by then */
export async function applyPlan(options: ApplyOptions): Promise<ApplyEnd> {
  return engineOf(options).run();
}

/**
 * Brings what an earlier process left to a known state: jobs are waited for and collected, what was not sent goes back to
 * the plan. Afterwards it can be looked at anew; nothing is sent by this.
 * @returns why it ended before that; undefined when no doubt is left
 */
export async function takeUpSends(options: ApplyOptions): Promise<ApplyEnd | undefined> {
  return engineOf(options).takeUp();
}

function engineOf({ client, db, kinds, confirm, userFields, emit, stop, clock = realClock }: ApplyOptions): Engine {
  return new Engine(
    {
      client,
      db,
      userFields,
      confirm,
      emit,
      random: Math.random,
      now: clock.now,
      isStopping: () => stop.signal.aborted,
      oneUpload: oneAtATime(),
      pace: new SeenPace(),
      isInterrupted: () => stop.interrupt.aborted,
      sleep: (milliseconds) => clock.sleep(milliseconds, stop.signal),
    },
    kinds,
    stop,
  );
}

class Engine {
  private readonly kinds: readonly Kind[];
  private readonly stop: StopRequest;
  private readonly driving: Driving;
  private readonly jobs: Jobs;

  public constructor(context: SendContext, kinds: readonly Kind[], stop: StopRequest) {
    this.kinds = kinds;
    this.stop = stop;
    this.driving = new Driving(context, stop);
    this.jobs = new Jobs(this.driving);
  }

  public async run(): Promise<ApplyEnd> {
    const { db } = this.driving.context;
    for (;;) {
      const waiting = waitingKinds(db);
      const kinds = this.kinds.filter(({ name }) => waiting.includes(name));
      for (const kind of kinds) await this.drive(kind);
      // What comes later rests on what comes first, also on what waits until the time is over.
      if (kinds.length === 0 || kinds.some(({ name }) => waitingSteps(db, name) !== undefined)) break;
    }
    return this.driving.ending.first ?? this.rested();
  }

  public async takeUp(): Promise<ApplyEnd | undefined> {
    const { context, ending } = this.driving;
    const { db, emit } = context;
    const left = unfinishedSends(db);
    for (const kind of new Set(left.map((send) => send.kind))) {
      emit({ type: 'begun', kind, ...countWork(db) });
    }
    for (const job of left.filter(({ way }) => way === 'job')) this.jobs.takeUp(this.kindOfJob(job), job);
    await this.jobs.rest();
    try {
      for (const call of left.filter(({ way }) => way !== 'job')) {
        await collectLostCall(context, this.kindOf(call), call);
      }
    } catch (error) {
      ending.stopOn(error);
    }
    await this.jobs.rest();
    return ending.first ?? (unfinishedSends(db).length === 0 ? undefined : this.rested());
  }

  private kindOf({ n, kind }: Send): Kind {
    const found = this.kinds.find(({ name }) => name === kind);
    if (found === undefined) throw new Error(`send ${String(n)} is of no kind of this plan`);
    return found;
  }

  private kindOfJob(job: Send): RowKind {
    const kind = this.kindOf(job);
    if (kind.calls !== undefined) throw new Error(`${kind.name} is not written by jobs`);
    return kind;
  }

  private async drive(kind: Kind): Promise<void> {
    const { driving } = this;
    if (!driving.mayStart()) return;
    driving.context.emit({ type: 'begun', kind: kind.name, ...countWork(driving.context.db) });
    await (kind.calls === undefined ? this.jobs.drive(kind) : this.driveCalls(kind));
    await this.jobs.rest();
  }

  private async driveCalls(kind: CallKind): Promise<void> {
    const { driving } = this;
    do await driving.callAfterCall(kind, () => makeCall(driving.context, kind));
    while (driving.mayStart() && (await driving.waitForRows(kind)));
  }

  /** @throws RunFault runDamaged where something is left and nothing has stopped the run: "done" would be a lie */
  private rested(): ApplyEnd {
    const { db } = this.driving.context;
    const end = countOpen(db) === 0 ? 'done' : this.stop.cause();
    if (end === undefined) throw damagedRun(db, 'steps are left that nothing sends');
    return { end };
  }
}
