/** Gives the users their permission sets, in calls of 200; repeating any of it does no harm. */
import { assignPermissionSets, greatestCollection } from '../org/permissionSets.js';
import { delayBefore } from '../org/retryPolicy.js';
import {
  judgeAssignment,
  nextAssignments,
  recordAssignments,
  waitingAssignments,
  type AssignmentOutcome,
  type PlannedAssignment,
} from './assignmentRecords.js';
import type { JobContext } from './driveJob.js';

/** A refusal that every assignment would meet; undefined when none is left or the run is to stop. */
export type AssignStop = { readonly code: string; readonly message: string } | undefined;

/** @throws OrgError; what was answered until then is recorded */
export async function assignPlanned(context: JobContext): Promise<AssignStop> {
  const { client, db, emit, now, random, sleep, isStopping } = context;
  while (!isStopping()) {
    const rows = nextAssignments(db, greatestCollection, now());
    if (rows.length === 0) {
      const waiting = waitingAssignments(db);
      if (waiting.rows === 0) return undefined;
      emit({ type: 'waiting', rows: waiting.rows, milliseconds: waiting.time - now() });
      await sleep(Math.max(50, waiting.time - now()));
      continue;
    }
    const answers = await assignPermissionSets(client, rows);
    const outcomes = rows.map((row, index): readonly [PlannedAssignment, AssignmentOutcome] => [
      row,
      judgeAssignment(row, answers[index]?.error),
    ]);
    const attempts = Math.max(...rows.map((row) => row.attempts));
    recordAssignments(db, outcomes, now() + delayBefore(attempts + 1, random()));
    emit({ type: 'assigned', rows: rows.length, pending: waitingAssignments(db).rows });
    for (const [, outcome] of outcomes) if (outcome.outcome === 'stopped') return outcome;
  }
  return undefined;
}
