/** The preflight for a plan that is made: it knows which profiles and permission sets the rows of a file have named. */
import type { DatabaseSync } from 'node:sqlite';
import { checkCreate, type CheckOutcome } from '../plan/checks.js';
import { usersByPermissionSet } from './assignmentRecords.js';
import type { OrgFacts } from './orgFacts.js';
import { selectRows, textOf } from './sqlite.js';

/** None for a plan that makes no users. */
export function checkPlan(db: DatabaseSync, facts: OrgFacts): CheckOutcome[] {
  const rows = [...selectRows(db, "SELECT DISTINCT profileId FROM record WHERE action = 'create'")];
  const planned = new Set(rows.map((row) => textOf(row['profileId'])));
  if (planned.size === 0) return [];
  return checkCreate(
    facts,
    facts.profiles.filter((profile) => planned.has(profile.id)),
    [...usersByPermissionSet(db).keys()],
  );
}
