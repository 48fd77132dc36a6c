/** The preflight for a plan that is made: it knows which profiles and permission sets the rows of a file have named. */
import type { DatabaseSync } from 'node:sqlite';
import { checkCreate, checkProfileGone } from './checks.js';
import type { CheckOutcome } from './checkOutcome.js';
import { externalType } from '../model/licenseFamilies.js';
import { wantedPermissionSetIds } from '../store/assignmentRecords.js';
import type { OrgFacts } from './orgFacts.js';
import { selectRows, textOf } from '../store/sqlite.js';

/**
 * None for a plan that makes no users. A profile that is gone, or not external any more, is left to its rows, which are
 * refused; if it was the last one, nothing can begin.
 */
export function checkPlan(db: DatabaseSync, facts: OrgFacts): CheckOutcome[] {
  const rows = [
    ...selectRows(db, "SELECT DISTINCT profileId FROM record WHERE state = 'planned' AND action = 'create'"),
  ];
  const planned = new Set(rows.map((row) => textOf(row['profileId'])));
  if (planned.size === 0) return [];
  const present = facts.profiles.filter((profile) => planned.has(profile.id));
  const usable = present.filter((profile) => externalType(profile.userType) !== undefined);
  const permissionSetIds = wantedPermissionSetIds(db);
  if (usable.length > 0) return checkCreate(facts, usable, permissionSetIds);
  const gone = [...planned].filter((id) => !present.some((profile) => profile.id === id));
  return [...checkCreate(facts, present, permissionSetIds), ...gone.map(checkProfileGone)];
}
