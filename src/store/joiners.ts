/** The active users of a plan by what makes them members of sites: their profile and what they are to get. */
import type { DatabaseSync } from 'node:sqlite';
import type { Joiners } from '../preflight/welcomeEmails.js';
import { activates } from './planRecords.js';
import { numberOf, selectRows, textOf } from './sqlite.js';

/** As many groups as there are different wishes in the plan, which are few. */
export function readJoiners(db: DatabaseSync): Joiners[] {
  const wanted = `SELECT record, group_concat(permissionSetId) AS sets FROM
    (SELECT record, permissionSetId FROM assignment WHERE state = 'planned' ORDER BY record, permissionSetId) GROUP BY record`;
  // Who comes back holds them already.
  const held = `(SELECT replace(json_extract(snapshot, '$.PermissionSetIds'), ';', ',') FROM record AS held
    WHERE held.n = record.n AND record.action = 'change')`;
  const sql = `SELECT action, profileId, coalesce(wanted.sets, ${held}) AS sets, count(*) AS users
    FROM record LEFT JOIN (${wanted}) AS wanted ON wanted.record = record.n
    WHERE state IN ('planned', 'userReady') AND (action = 'assign' OR ${activates}) GROUP BY 1, 2, 3`;
  return [...selectRows(db, sql)].map((row) => ({
    users: numberOf(row['users']),
    areNew: textOf(row['action']) !== 'assign',
    profileId: textOf(row['profileId']),
    permissionSetIds: textOf(row['sets']).split(',').filter(Boolean),
  }));
}
