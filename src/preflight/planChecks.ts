/** The preflight of a run: what is checked once its plan is made, and what may not begin. */
import type { DatabaseSync } from 'node:sqlite';
import { wantedPermissionSetIds, wantedProfileIds } from '../store/queries/permissionSetSteps.js';
import { countRoleBased } from '../store/queries/roleRows.js';
import { ChecksFailed, type CheckName, type CheckOutcome } from '../model/checkOutcome.js';
import type { CheckWarning } from '../model/guards.js';
import { checkAssign, checkCreate, checkProfileGone } from './checks.js';
import { isExternal } from './names.js';
import { checkRoleBasedLoad } from './settingChecks.js';
import type { OrgFacts } from './orgFacts.js';

/**
 * By the profiles and permission sets that the rows of a file have named, too. A plan that makes no users may give permission sets. A profile
 * that is gone, or not external any more, is left to its rows, which are refused; if it was the last one, nothing can begin.
 */
export function checkPlannedUsers(db: DatabaseSync, facts: OrgFacts): CheckOutcome[] {
  const planned = new Set(wantedProfileIds(db));
  const permissionSetIds = wantedPermissionSetIds(db);
  if (planned.size === 0) return permissionSetIds.length === 0 ? [] : checkAssign(facts);
  const present = facts.profiles.filter((profile) => planned.has(profile.id));
  const usable = present.filter(isExternal);
  if (usable.length > 0) {
    return [...checkCreate(facts, usable, permissionSetIds), ...checkRoleBasedLoad(facts.settings, countRoleBased(db))];
  }
  const gone = [...planned].filter((id) => !present.some((profile) => profile.id === id));
  return [...checkCreate(facts, present, permissionSetIds), ...gone.map(checkProfileGone)];
}

/** What the guards judge, with the numbers of the plan. */
const guarded: readonly CheckName[] = ['licenses', 'welcomeEmails', 'apiCalls', 'bulkBatches'];

/** Ends a run that the checks do not let begin. @throws ChecksFailed */
export function judgeChecks(checks: readonly CheckOutcome[]): void {
  const failed = checks.filter((check) => check.status === 'fail');
  if (failed.length > 0) throw new ChecksFailed(failed);
}

/** What is only warned of. */
export function warningsOf(checks: readonly CheckOutcome[]): CheckWarning[] {
  return checks
    .filter(({ status, name }) => status === 'warn' && !guarded.includes(name))
    .map(({ key, facts }) => ({ check: { key, facts } }));
}
