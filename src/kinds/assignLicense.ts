/** Gives back what was taken from a user: licenses of permission sets and packages, permission sets and groups. */
import { assignmentRules, endField, type AssignmentType, type TakenAssignment } from '../model/access/assignments.js';
import type { UserId } from '../model/ids.js';
import type { UserValues } from '../model/reasons.js';
import type { PlannedStep } from '../model/steps.js';
import { assignKind, assignStages } from './assignPermissionSet.js';

export const assignLicenseKinds = [
  assignKind(assignmentRules.permissionSetLicense),
  assignKind(assignmentRules.packageLicense),
];

/** The last stage at which a user is let in again (src/model/modes.ts). */
const afterAccess = 3;

/** What a run has taken from a user, but for what would have ended by now. @param now the org's clock, milliseconds */
export function giveBackSteps(taken: readonly TakenAssignment[], userId: UserId, now: number): PlannedStep[] {
  const isOver = ({ values: { [endField]: end } }: TakenAssignment): boolean =>
    end !== undefined && Date.parse(end) <= now;
  return taken.filter((each) => !isOver(each)).map((each) => giveBackStep(each, userId));
}

/** @param lock what one user gets is never in two jobs at a time */
export function giveBackStep({ type, label, values }: TakenAssignment, lock: string): PlannedStep {
  return {
    kind: assignmentRules[type].assigns,
    stage: assignStages[type],
    // A license that can't be had keeps nothing else from the user.
    restsOn: afterAccess,
    target: heldBy(type, values),
    label,
    values,
    seats: 0,
    family: 'highVolume',
    lock,
  };
}

/** What an assignment with these values holds. */
function heldBy(type: AssignmentType, values: UserValues): string {
  const id = assignmentRules[type].holds.map((field) => values[field]).find((each) => each !== undefined);
  if (id === undefined) throw new Error(`a ${type} that names none`);
  return id;
}
