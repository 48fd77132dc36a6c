/** What a run has done, as another run that takes it back asks for it. */
import type { DatabaseSync } from 'node:sqlite';
import type { SyncSummary } from '../../model/definition/syncFacts.js';
import type { ProfileId, UserId } from '../../model/ids.js';
import type { UserValues } from '../../model/reasons.js';
import type { TakenAssignment } from '../../model/access/assignments.js';
import { numberOf, optionalText, requiredText, selectNumber, textsOf, type Row } from '../sqlite.js';
import { pagesOf } from '../subjects.js';
import { isAssignmentStep, isRemoval, takenAssignments } from './assignmentSteps.js';

/** Subjects that were sent, and whose outcome is not recorded yet. */
export function countUnderWay(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(DISTINCT subject) FROM step WHERE state = 'sending'");
}

/** Users of whom the run will never know for certain that it made them. */
export function countUncertain(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(*) FROM step WHERE created = 'unknown'");
}

/** Of a sync: users who got a license of another family, from which there is no way back (src/kinds/setProfile.ts). */
export function countUpgraded(db: DatabaseSync): number {
  return selectNumber(db, `SELECT count(DISTINCT subject) FROM step WHERE ${isDone} AND ${isUpgrade}`);
}

/** Of a sync: the users to whom it has given access, and those from whom it has taken something that can be given back. */
export function countSyncUndo(db: DatabaseSync): Pick<SyncSummary, 'given' | 'unfrozen' | 'taken'> {
  const count = (condition: string): number =>
    selectNumber(db, `SELECT count(DISTINCT subject) FROM step WHERE ${isDone} AND (${condition})`);
  const given = count(gives);
  return { given, unfrozen: given - count(activates), taken: count(takes) };
}

const isDone = "step.state = 'done'";
const isUpgrade = "kind = 'setProfile' AND label = 'upgrade'";
const isOfAccess = "kind IN ('setFrozen', 'setActive')";

/** SQL: of the steps of a sync that are done, those that have made an active user. */
const activates = `created = 'yes' AND seats > 0 OR ${isOfAccess} AND fieldValues ->> '$.IsActive' = 'true'`;

/** SQL: those that have given access. */
const gives = `${activates} OR ${isOfAccess} AND fieldValues ->> '$.IsFrozen' = 'false'`;

/** SQL: those that have taken something that can be given back. */
const takes = `${isRemoval} OR kind = 'setProfile' AND label IS NOT 'upgrade'
  OR ${isOfAccess} AND (fieldValues ->> '$.IsActive' = 'false' OR fieldValues ->> '$.IsFrozen' = 'true')`;

export type DoneUser = { readonly userId: UserId; readonly snapshot: UserValues };

/** The users that the run is known to have made, in the order of its plan. */
export function* usersMade(db: DatabaseSync): Generator<DoneUser[]> {
  for (const rows of usersWith(db, "created = 'yes'")) yield rows.map(doneUser);
}

/** A user that the run has changed, or from whom it has taken what the user held. */
type ChangedRow = DoneUser & {
  /** A field of the user was written. */
  readonly isSwitched: boolean;
  readonly taken: readonly TakenAssignment[];
};

/** As they were before, in the order of the plan; also those with whom not all went well. */
export function* usersChanged(db: DatabaseSync): Generator<ChangedRow[]> {
  for (const rows of usersWith(db, 'true', 'snapshot IS NOT NULL')) {
    const taken = takenOnPage(db, rows);
    yield rows.map((row) => ({
      ...doneUser(row),
      isSwitched: numberOf(row['isSwitched']) === 1,
      taken: taken(row),
    }));
  }
}

/** Of a sync: the users to whom it has given access. */
export function* usersGiven(db: DatabaseSync): Generator<DoneUser[]> {
  for (const rows of usersWith(db, gives)) yield rows.map(doneUser);
}

export type TakenUser = DoneUser & {
  /** What the run wrote of the user that can be taken back: field → value. */
  readonly written: UserValues;
  /** The profile that the run gave the user, also one from which there is no way back. */
  readonly newProfileId: ProfileId | undefined;
  readonly taken: readonly TakenAssignment[];
};

/** Of a sync: the users from whom it has taken something that can be given back. */
export function* usersTaken(db: DatabaseSync): Generator<TakenUser[]> {
  for (const rows of usersWith(db, takes, 'snapshot IS NOT NULL')) {
    const taken = takenOnPage(db, rows);
    yield rows.map((row) => ({
      ...doneUser(row),
      written: textsOf(row['written']),
      newProfileId: optionalText(row['newProfileId']),
      taken: taken(row),
    }));
  }
}

/** @param steps SQL: a step that is done is one of these */
function usersWith(db: DatabaseSync, steps: string, subjects = 'true'): Generator<Row[]> {
  const isOfUser = `FROM step WHERE step.subject = subject.n AND +${isDone}`;
  const done = `${isOfUser} AND (${steps})`;
  const fields = `SELECT fieldValues ${done} AND NOT ${isAssignmentStep}`;
  const written = `SELECT json_group_object(each.key, each.value) FROM (${fields}), json_each(fieldValues) AS each`;
  const sql = `SELECT n, userId, snapshot, (${written}) AS written,
    (SELECT fieldValues ->> '$.ProfileId' ${isOfUser} AND kind = 'setProfile') AS newProfileId,
    EXISTS (SELECT 1 ${done} AND NOT ${isAssignmentStep}) AS isSwitched FROM subject
    WHERE userId IS NOT NULL AND ${subjects} AND EXISTS (SELECT 1 ${done}) AND n > ?`;
  return pagesOf(db, sql);
}

/** @returns what was taken from the user of a row */
function takenOnPage(db: DatabaseSync, rows: readonly Row[]): (row: Row) => readonly TakenAssignment[] {
  const taken = takenAssignments(db, numberOf(rows[0]?.['n']), numberOf(rows.at(-1)?.['n']));
  return (row) => taken.get(numberOf(row['n'])) ?? [];
}

function doneUser(row: Row): DoneUser {
  return { userId: requiredText(row['userId']), snapshot: textsOf(row['snapshot']) };
}
