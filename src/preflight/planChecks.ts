/** The preflight for a plan that is made: it knows which profiles and permission sets the rows of a file have named. */
import type { DatabaseSync } from 'node:sqlite';
import { wantedPermissionSetIds, wantedProfileIds } from '../store/queries/permissionSetSteps.js';
import type { CheckOutcome } from '../model/checkOutcome.js';
import { checkCreate, checkProfileGone } from './checks.js';
import { isExternal } from './names.js';
import type { OrgFacts } from './orgFacts.js';

/**
 * None for a plan that makes no users. A profile that is gone, or not external any more, is left to its rows, which are
 * refused; if it was the last one, nothing can begin.
 */
export function checkPlannedUsers(db: DatabaseSync, facts: OrgFacts): CheckOutcome[] {
  const planned = new Set(wantedProfileIds(db));
  if (planned.size === 0) return [];
  const present = facts.profiles.filter((profile) => planned.has(profile.id));
  const usable = present.filter(isExternal);
  const permissionSetIds = wantedPermissionSetIds(db);
  if (usable.length > 0) return checkCreate(facts, usable, permissionSetIds);
  const gone = [...planned].filter((id) => !present.some((profile) => profile.id === id));
  return [...checkCreate(facts, present, permissionSetIds), ...gone.map(checkProfileGone)];
}
