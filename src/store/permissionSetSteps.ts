/** What a plan says of permission sets: who gets which, and which sites take whom in by it. */
import type { DatabaseSync } from 'node:sqlite';
import type { RunResult } from '../model/result.js';
import { numberOf, optionalText, requiredText, selectNumber, selectRows } from './sqlite.js';

const isAssignment = "kind = 'assignPermissionSet'";

export function countPermissionSets(db: DatabaseSync): RunResult['permissionSets'] {
  const count = (state: 'done' | 'failed'): number =>
    selectNumber(db, `SELECT count(*) FROM step WHERE ${isAssignment} AND state = ?`, state);
  const planned = `SELECT label, count(*) AS users FROM step JOIN subject ON subject.n = step.subject
    WHERE ${isAssignment} AND verdict = 'steps' GROUP BY label ORDER BY label`;
  return {
    assigned: count('done'),
    failed: count('failed'),
    planned: Array.from(selectRows(db, planned), (row) => ({
      name: requiredText(row['label']),
      users: numberOf(row['users']),
    })),
  };
}

/** Ids of the permission sets that somebody is still to get. */
export function wantedPermissionSetIds(db: DatabaseSync): string[] {
  const sql = `SELECT DISTINCT target FROM step WHERE ${isAssignment} AND state IN ('planned', 'sending')`;
  return Array.from(selectRows(db, sql), (row) => requiredText(row['target']));
}

/** Ids of the profiles that new users are still to get. */
export function wantedProfileIds(db: DatabaseSync): string[] {
  const sql = `SELECT DISTINCT profileId FROM step JOIN subject ON subject.n = step.subject
    WHERE kind = 'createUser' AND step.state = 'planned'`;
  return Array.from(selectRows(db, sql), (row) => requiredText(row['profileId']));
}

/** Active users of the plan whom the same sites take in. */
export type Joiners = {
  readonly users: number;
  /** Users who are there already joined the sites of their profile when they were made. */
  readonly areNew: boolean;
  readonly profileId: string;
  /** Permission sets and groups that they are to get, or hold when they come back. */
  readonly permissionSetIds: readonly string[];
};

/** As many groups as there are different wishes in the plan, which are few. */
export function readJoiners(db: DatabaseSync): Joiners[] {
  // Who comes back holds them already.
  const held = `replace(json_extract(snapshot, '$.PermissionSetIds'), ';', ',')`;
  const sql = `SELECT areNew, profileId, coalesce(sets, ${held}) AS sets, count(*) AS users FROM
    (SELECT subject, max(seats) > 0 AS areNew, max(NOT ${isAssignment}) AS isChanged, group_concat(iif(${isAssignment}, target, NULL)) AS sets FROM
      (SELECT subject, seats, kind, target FROM step WHERE state = 'planned' ORDER BY subject, target) GROUP BY subject)
    JOIN subject ON subject.n = subject
    WHERE areNew OR (sets IS NOT NULL AND NOT isChanged) GROUP BY 1, 2, 3`;
  return Array.from(selectRows(db, sql), (row) => ({
    users: numberOf(row['users']),
    areNew: numberOf(row['areNew']) === 1,
    profileId: requiredText(row['profileId']),
    permissionSetIds: optionalText(row['sets'])?.split(',') ?? [],
  }));
}
