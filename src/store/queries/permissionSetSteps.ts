/** What a plan says of permission sets: the users of each, and the sites that they join by it. */
import type { DatabaseSync } from 'node:sqlite';
import type { PermissionSetId, ProfileId } from '../../model/ids.js';
import type { RunResult } from '../../model/result.js';
import { countRemovedSets, countSetsTaken } from './assignmentSteps.js';
import { stepsInOrder } from './counts.js';
import { numberOf, optionalText, requiredText, selectNumber, selectRows } from '../sqlite.js';

const isAssignment = "kind = 'assignPermissionSet'";

export function countPermissionSets(db: DatabaseSync): RunResult['permissionSets'] {
  const count = (state: 'done' | 'failed'): number =>
    selectNumber(db, `SELECT count(*) FROM step WHERE ${isAssignment} AND state = ?`, state);
  const planned = `SELECT label, count(*) AS users FROM step JOIN subject ON subject.n = step.subject
    WHERE ${isAssignment} AND verdict = 'steps' AND (step.state <> 'dropped' OR subject.state = 'failed')
    GROUP BY label ORDER BY label`;
  const toRemove = countRemovedSets(db);
  return {
    assigned: count('done'),
    failed: count('failed'),
    ...(toRemove.length > 0 && { removed: countSetsTaken(db), toRemove }),
    planned: Array.from(selectRows(db, planned), (row) => ({
      name: requiredText(row['label']),
      users: numberOf(row['users']),
    })),
  };
}

/** Ids of the permission sets that somebody is still to get. */
export function wantedPermissionSetIds(db: DatabaseSync): PermissionSetId[] {
  const sql = `SELECT DISTINCT target FROM step WHERE ${isAssignment} AND state IN ('planned', 'sending')`;
  return Array.from(selectRows(db, sql), (row) => requiredText(row['target']));
}

/** Ids of the profiles that new users are still to get. */
export function wantedProfileIds(db: DatabaseSync): ProfileId[] {
  const sql = `SELECT DISTINCT profileId FROM ${stepsInOrder} WHERE kind = 'createUser' AND step.state = 'planned'`;
  return Array.from(selectRows(db, sql), (row) => requiredText(row['profileId']));
}

/** Active users whom the same sites take in. */
export type Joiners = {
  readonly users: number;
  /** Existing users joined the sites of their profile when they were made. */
  readonly areNew: boolean;
  readonly profileId: ProfileId;
  /** Permission sets and groups that they are to get, or hold when they come back. */
  readonly permissionSetIds: readonly PermissionSetId[];
};

/** Of the steps that wait, or of those that are done: as many groups as there are different wishes in the plan, which are few. */
export function readJoiners(db: DatabaseSync, state: 'planned' | 'done'): Joiners[] {
  const assigned = `SELECT subject, target FROM step WHERE ${isAssignment} AND state = ?1 ORDER BY 1, 2`;
  const wanted = `SELECT subject, group_concat(target) AS sets FROM (${assigned}) GROUP BY 1`;
  // Users who come back hold them already.
  const held = `replace(json_extract(snapshot, '$.PermissionSetIds'), ';', ',')`;
  const comers = `SELECT 1 AS areNew, profileId, nullif(concat_ws(',', sets, ${held}), '') AS sets
    FROM ${stepsInOrder} LEFT JOIN (${wanted}) AS wanted ON wanted.subject = step.subject
    WHERE step.state = ?1 AND seats > 0`;
  const others = `SELECT 0, profileId, sets FROM (${wanted}) AS wanted JOIN subject ON subject.n = wanted.subject
    WHERE json_extract(snapshot, '$.IsActive') IS NOT 'false'
    AND NOT EXISTS (SELECT 1 FROM step WHERE subject = subject.n AND seats > 0 AND +state = ?1)`;
  const sql = `SELECT areNew, profileId, sets, count(*) AS users FROM (${comers} UNION ALL ${others}) GROUP BY 1, 2, 3`;
  return Array.from(selectRows(db, sql, state), (row) => ({
    users: numberOf(row['users']),
    areNew: numberOf(row['areNew']) === 1,
    profileId: requiredText(row['profileId']),
    permissionSetIds: optionalText(row['sets'])?.split(',') ?? [],
  }));
}

/** How many join a site: each once, by profile or by permission sets. @param parents the members of the site */
export function countJoining(parents: ReadonlySet<string>, joiners: readonly Joiners[]): number {
  return joiners
    .filter(({ areNew, profileId, permissionSetIds }) =>
      parents.has(profileId) ? areNew : permissionSetIds.some((id) => parents.has(id)),
    )
    .reduce((sum, { users }) => sum + users, 0);
}
