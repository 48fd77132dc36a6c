/** Of a user for whom a disable or enable run has begun: whether the rest of its steps may still be done. */
import { typeAssignedBy, type TakenAssignment } from '../../model/access/assignments.js';
import { modeRule } from '../../model/modes.js';
import { refuse, type Refusal } from '../../model/reasons.js';
import type { QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { keptLink } from '../../selection/sourceRun.js';
import type { OpenUser } from '../../store/queries/driftRows.js';
import { refuseUntouchable, type UserPlanSettings } from '../userPlan.js';

/**
 * What users hold is taken from nobody who can log in, and given back to nobody who was switched off again.
 * @returns undefined where it may go on
 */
export function refuseRest(user: QueryRow, row: OpenUser, settings: UserPlanSettings): Refusal | undefined {
  const refusal = refuseUntouchable(user, settings);
  if (refusal !== undefined) return refusal;
  const userId = requiredValue(user, 'Id');
  const isActive = user['IsActive'] !== 'false';
  if (modeRule(settings.mode).operation === 'disable') {
    return isActive ? refuse('CHANGED_SINCE.active', { userId }) : undefined;
  }
  const { contactId: ContactId, profileId: ProfileId } = keptLink(row.snapshot);
  const kept: Readonly<Record<string, string | undefined>> = { ContactId, ProfileId };
  const isOffAgain = row.isSwitched && !isActive;
  const field = isOffAgain ? 'IsActive' : Object.keys(kept).find((each) => (user[each] ?? undefined) !== kept[each]);
  const username = user['Username'] ?? userId;
  return field === undefined ? undefined : refuse('CHANGED_SINCE.detail', { username, field });
}

/** What the waiting steps of a user give back. */
export function takenBySteps(steps: OpenUser['steps']): TakenAssignment[] {
  return steps.flatMap(({ kind, label, values }) => {
    const type = typeAssignedBy(kind);
    return type === undefined || label === undefined ? [] : [{ type, label, values }];
  });
}
