/** The intent of the next send: which rows go into it, and how many, once it is known that each is still to be written. */
import type { DatabaseSync } from 'node:sqlite';
import type { Dropped } from '../model/outcomes.js';
import type { LicenseFamily, Send, Step } from '../model/steps.js';
import { planCall, planJob, readLastJob, stepsForCall, stepsForJob, type WantedCall } from '../store/sends.js';
import { countDue, dropSteps } from '../store/steps.js';
import { firstJobSize, nextJobSize, shareOf } from './jobSize.js';

/**
 * Decides again about steps right before they are sent: what was planned minutes or hours ago may not be right any more.
 * @returns by their numbers, those that are not to be sent, and why
 * @throws OrgError, RunFault interrupted; nothing is recorded then
 */
export type Confirm = (kind: string, steps: readonly Step[]) => Promise<ReadonlyMap<number, Dropped>>;

/** Where it is planned, and by what. */
export type Planning = {
  readonly db: DatabaseSync;
  /** Milliseconds. */
  readonly now: () => number;
  /** Undefined: what is planned is sent. */
  readonly confirm: Confirm | undefined;
};

/**
 * Records the intent of the next job, with its steps.
 * @returns undefined when no step of the family may be sent now
 * @throws OrgError, RunFault interrupted
 */
export async function planNextJob(
  planning: Planning,
  kind: string,
  family: LicenseFamily,
  canary: boolean,
): Promise<Send | undefined> {
  const { db } = planning;
  const now = planning.now();
  const wanted = { kind, family, canary, ...(canary ? { size: 1, most: 1 } : sizeOfNext(db, kind, family, now)) };
  return planConfirmed(
    planning,
    kind,
    () => stepsForJob(db, wanted, now),
    (only) => planJob(db, wanted, now, only),
  );
}

function sizeOfNext(
  db: DatabaseSync,
  kind: string,
  family: LicenseFamily,
  now: number,
): { size: number; most: number } {
  const last = readLastJob(db, kind, family);
  const most = last === undefined ? firstJobSize(family) : nextJobSize(family, last);
  return { size: shareOf(family, most, countDue(db, kind, family, now)), most };
}

/**
 * Records the intent of the next call, with its steps.
 * @returns undefined when no step may be sent now
 * @throws OrgError, RunFault interrupted
 */
export async function planNextCall(planning: Planning, wanted: WantedCall): Promise<Send | undefined> {
  const { db } = planning;
  const now = planning.now();
  return planConfirmed(
    planning,
    wanted.kind,
    () => stepsForCall(db, wanted, now),
    (only) => planCall(db, wanted, now, only),
  );
}

/** What is not to be sent any more is recorded before the intent of the others. */
async function planConfirmed(
  { db, confirm }: Planning,
  kind: string,
  due: () => Step[],
  take: (only?: readonly number[]) => Send | undefined,
): Promise<Send | undefined> {
  if (confirm === undefined) return take();
  for (;;) {
    const steps = due();
    if (steps.length === 0) return undefined;
    const dropped = await confirm(kind, steps);
    dropSteps(
      db,
      steps.flatMap((step) => {
        const outcome = dropped.get(step.n);
        return outcome === undefined ? [] : [[step, outcome] as const];
      }),
    );
    const kept = steps.flatMap(({ n }) => (dropped.has(n) ? [] : n));
    const send = kept.length === 0 ? undefined : take(kept);
    // Where no row is left, the next ones are looked at.
    if (send !== undefined || dropped.size === 0) return send;
  }
}
