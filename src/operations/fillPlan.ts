/** Makes a plan in run.db: the selection page by page, a decision for each subject, then what only all of them can tell. */
import type { DatabaseSync } from 'node:sqlite';
import { endIfInterrupted, unlessInterrupted } from '../engine/stop.js';
import type { Emit } from '../model/events.js';
import type { StopRequest } from '../model/runEnd.js';
import type { Amount } from '../selection/lookup.js';
import { measured, watched } from '../selection/pages.js';
import { countSubjects } from '../store/queries/counts.js';
import { completePlan, indexPlan } from '../store/runDatabase.js';
import { insertSubjects, type PlannedSubject } from '../store/subjects.js';

export type PlanMaker<Selected> = {
  readonly pages: AsyncGenerator<readonly Selected[]>;
  /** Of the rows that are selected in all. */
  readonly amount: Amount;
  /** @throws OrgError */
  readonly decide: (rows: readonly Selected[]) => Promise<PlannedSubject[]>;
  /** The rules that need the whole plan. @throws OrgError */
  readonly complete: () => Promise<void>;
};

/** @throws OrgError, InputFileError, RunFault conditionRejected, interrupted */
export async function fillPlan<Selected>(
  db: DatabaseSync,
  { pages, amount, decide, complete }: PlanMaker<Selected>,
  emit: Emit,
  stop: StopRequest,
): Promise<void> {
  emit({ type: 'stage', stage: 'read' });
  let next = 1;
  for await (const rows of measured(watched(pages, emit, stop), amount)) {
    insertSubjects(db, next, await unlessInterrupted(decide(rows), stop));
    next += rows.length;
  }
  emit({ type: 'stage', stage: 'plan' });
  indexPlan(db);
  await unlessInterrupted(complete(), stop);
  endIfInterrupted(stop);
  // From now on there is a plan that can be applied.
  completePlan(db);
  const { planned, unchanged, refused } = countSubjects(db);
  emit({ type: 'planned', planned, unchanged, refused });
}
