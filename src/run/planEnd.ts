/** The last step of every plan. */
import type { DatabaseSync } from 'node:sqlite';
import type { StopRequest } from './applyEnd.js';
import { endIfInterrupted } from './gracefulStop.js';
import { countRecords } from './runCounts.js';
import { completePlan } from './runDatabase.js';
import type { Emit } from './runEvents.js';

/** From now on there is a plan that can be applied. @throws RunFault interrupted */
export function endPlan(db: DatabaseSync, emit: Emit, stop: StopRequest): void {
  endIfInterrupted(stop);
  completePlan(db);
  const { planned, unchanged, refused } = countRecords(db).counts;
  emit({ type: 'planned', planned, unchanged, refused });
}
