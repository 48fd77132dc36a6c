/** The last step of every plan. */
import type { DatabaseSync } from 'node:sqlite';
import type { StopRequest } from '../model/runEnd.js';
import { endIfInterrupted } from '../cli/gracefulStop.js';
import { countRecords } from '../store/runCounts.js';
import { completePlan } from '../store/runDatabase.js';
import type { Emit } from '../model/events.js';

/** From now on there is a plan that can be applied. @throws RunFault interrupted */
export function endPlan(db: DatabaseSync, emit: Emit, stop: StopRequest): void {
  endIfInterrupted(stop);
  completePlan(db);
  const { planned, unchanged, refused } = countRecords(db).counts;
  emit({ type: 'planned', planned, unchanged, refused });
}
