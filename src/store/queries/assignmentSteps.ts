/** Steps of run.db that take from users what they hold, or give it back: how many, of what. */
import type { DatabaseSync } from 'node:sqlite';
import {
  assignKindNames,
  assignmentRules,
  removeKindNames,
  typeRemovedBy,
  type AssignmentType,
  type TakenAssignment,
} from '../../model/access/assignments.js';
import { readSwitch } from '../meta.js';
import { numberOf, requiredText, selectNumber, selectRows, textsOf, type Row } from '../sqlite.js';

/** SQL: a list of words. */
function listed(words: readonly string[]): string {
  return `(${words.map((word) => `'${word}'`).join(', ')})`;
}

/** SQL: the step takes what a user holds, or gives it; it is no write to the user. */
export const isAssignmentStep = `kind IN ${listed([...assignKindNames, ...removeKindNames])}`;

/** SQL: the step gives a user something to hold. */
export const isAssigning = `kind IN ${listed(assignKindNames)}`;

/** SQL: the step takes what a user holds. */
export const isRemoval = `kind IN ${listed(removeKindNames)}`;

/** What steps take of an assignable license; negative: what they free. */
type LicenseShare = { readonly type: AssignmentType; readonly id: string; readonly seats: number };

/** Licenses of permission sets and packages that the steps take or free: those that wait, or those that are done. */
export function countAssignable(db: DatabaseSync, state: 'planned' | 'done'): LicenseShare[] {
  return (['permissionSetLicense', 'packageLicense'] as const).flatMap((type) => {
    const { holds, assigns, removes } = assignmentRules[type];
    const sql = `SELECT json_extract(fieldValues, '$.${holds[0]}') AS id, sum(CASE kind WHEN '${assigns}' THEN 1 ELSE -1 END) AS seats
      FROM step WHERE kind IN ${listed([assigns, removes])} AND state = ? GROUP BY 1`;
    return Array.from(selectRows(db, sql, state), (row) => ({
      type,
      id: requiredText(row['id']),
      seats: numberOf(row['seats']),
    }));
  });
}

const takesSet = `kind = '${assignmentRules.permissionSet.removes}'`;

/** Permission sets and groups that the run takes from users, most users first. */
export function countRemovedSets(db: DatabaseSync): Array<{ name: string; users: number }> {
  const sql = `SELECT label, count(*) AS users FROM step
    WHERE ${takesSet} AND state <> 'dropped' GROUP BY 1 ORDER BY 2 DESC, 1`;
  return Array.from(selectRows(db, sql), (row) => ({
    name: requiredText(row['label']),
    users: numberOf(row['users']),
  }));
}

/** How many of them it has taken. */
export function countSetsTaken(db: DatabaseSync): number {
  return selectNumber(db, `SELECT count(*) FROM step WHERE ${takesSet} AND state = 'done'`);
}

/**
 * SQL: a license that was not to be removed any more, but may be gone with a permission set that needed it
 * (docs/salesforce-facts.md#licenses-of-permission-sets-and-packages).
 */
const mayBeGone = `state = 'dropped' AND kind = '${assignmentRules.permissionSetLicense.removes}'
  AND EXISTS (SELECT 1 FROM subject WHERE subject.n = step.subject AND subject.state IS NOT 'succeeded')
  AND EXISTS (SELECT 1 FROM step AS other WHERE other.subject = step.subject AND other.${takesSet} AND +other.state = 'done')`;

/** What the run has taken, by subject. @param first, last numbers of subjects */
export function takenAssignments(
  db: DatabaseSync,
  first: number,
  last: number,
): ReadonlyMap<number, readonly TakenAssignment[]> {
  const sql = `SELECT subject, kind, label, fieldValues FROM step
    WHERE ${isRemoval} AND (state = 'done' OR ${mayBeGone}) AND subject BETWEEN ? AND ? ORDER BY n`;
  const taken = Array.from(selectRows(db, sql, first, last), (row) => ({
    subject: numberOf(row['subject']),
    ...takenOf(row),
  }));
  return Map.groupBy(taken, ({ subject }) => subject);
}

function takenOf(row: Row): TakenAssignment {
  const kind = requiredText(row['kind']);
  const type = typeRemovedBy(kind);
  if (type === undefined) throw new Error(`${kind} takes nothing`);
  return { type, label: requiredText(row['label']), values: textsOf(row['fieldValues']) };
}

/** Users of a plan who only lose what they hold, or only get it back: no field of theirs is written. */
export function countReleasedAlone(db: DatabaseSync): number {
  const hasOther = `EXISTS (SELECT 1 FROM step WHERE step.subject = subject.n AND NOT ${isAssignmentStep} AND +state <> 'dropped')`;
  const isConcerned = `EXISTS (SELECT 1 FROM step WHERE ${isAssignmentStep})`;
  // Most plans have none.
  if (selectNumber(db, `SELECT ${isConcerned}`) === 0) return 0;
  return selectNumber(db, `SELECT count(*) FROM subject WHERE verdict = 'steps' AND NOT ${hasOther}`);
}

/**
 * Users with whom a run that releases licenses has done something, but not all of it: a step failed, or the rest was refused.
 * The way back takes them, too (`usersChanged`). A user who was activated before anything was taken has nothing to get back.
 */
export function countChangedInPart(db: DatabaseSync): number {
  if (readSwitch(db, 'releaseLicenses') !== true) return 0;
  const isInPart = "(state = 'failed' OR (state IS NULL AND verdict = 'refused'))";
  const isActiveAgain = "reason IS 'CHANGED_SINCE' AND detailText IS 'active'";
  const wasChanged = `EXISTS (SELECT 1 FROM step WHERE step.subject = subject.n AND +step.state = 'done'
    AND (${isRemoval} OR NOT (${isActiveAgain})))`;
  return selectNumber(db, `SELECT count(*) FROM subject WHERE ${isInPart} AND ${wasChanged}`);
}
