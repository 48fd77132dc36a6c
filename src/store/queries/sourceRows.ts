/** What a run has done, as another run that takes it back asks for it. */
import type { DatabaseSync } from 'node:sqlite';
import type { UserId } from '../../model/ids.js';
import type { UserValues } from '../../model/reasons.js';
import { requiredText, selectNumber, textsOf } from '../sqlite.js';
import { pagesOf } from '../subjects.js';

/** Subjects that were sent, and whose outcome is not recorded yet. */
export function countUnderWay(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(DISTINCT subject) FROM step WHERE state = 'sending'");
}

/** Users of whom the run will never know for certain that it made them. */
export function countUncertain(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(*) FROM step WHERE created = 'unknown'");
}

type DoneUser = { readonly userId: UserId; readonly snapshot: UserValues };

/** The users that the run is known to have made, in the order of its plan. */
export function* usersMade(db: DatabaseSync): Generator<DoneUser[]> {
  yield* doneUsers(db, "created = 'yes' AND userId IS NOT NULL");
}

/** The users that the run has changed, as they were before, in the order of its plan. */
export function* usersChanged(db: DatabaseSync): Generator<DoneUser[]> {
  yield* doneUsers(db, "+subject.state = 'succeeded' AND step.state = 'done' AND snapshot IS NOT NULL");
}

function* doneUsers(db: DatabaseSync, condition: string): Generator<DoneUser[]> {
  const sql = `SELECT subject.n, userId, snapshot FROM subject JOIN step ON step.subject = subject.n
    WHERE ${condition} AND subject.n > ?`;
  for (const rows of pagesOf(db, sql)) {
    yield rows.map((row) => ({ userId: requiredText(row['userId']), snapshot: textsOf(row['snapshot']) }));
  }
}
