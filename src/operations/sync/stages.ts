/** In which order a sync does what: access is taken away first, as what that frees is needed by others. */
import { assignmentRules } from '../../model/access/assignments.js';
import type { PlannedStep } from '../../model/steps.js';

const { assigns: assignsSet, removes: removesSet } = assignmentRules.permissionSet;

/** Of a kind of step, by what it writes where that matters. */
const stages = {
  'setFrozen true': 1,
  'setActive false': 2,
  'setActive true': 5,
  // The mark goes last of the way back: until then it is known whom sync has switched off.
  'setFrozen false': 6,
  setProfile: 8,
  createUser: 9,
  assignPermissionSet: 10,
  [removesSet]: 11,
} as const;

/** Of a user whose next license, or whose next permission sets, leave no room for the set. */
export const earlyRemoval = { stage: 7, restsOn: 6 } as const;

/** The step as it stands in the plan of a sync. */
export function staged(step: PlannedStep): PlannedStep {
  const { kind, values } = step;
  const written = values['IsFrozen'] ?? values['IsActive'];
  const key = ['setFrozen', 'setActive'].includes(kind) ? `${kind} ${String(written)}` : kind;
  if (!isStaged(key)) throw new Error(`sync has no stage for ${key}`);
  // It rests on all that comes before, whatever other operations do with such a step.
  return { ...step, stage: stages[key], restsOn: undefined };
}

function isStaged(key: string): key is keyof typeof stages {
  return Object.hasOwn(stages, key);
}

/** Takes away what a deactivated user would keep: nothing of it where the deactivation is not done. */
export function stagedRelease(step: PlannedStep): PlannedStep {
  // A license stays while the user holds a permission set that needs it. What can't be removed keeps no other license in use.
  return { ...step, stage: step.kind === removesSet ? 3 : 4, restsOn: stages['setActive false'] };
}

/** Gives back what was taken from a user who is as before then: sets that need a license after it. What can't be given keeps nothing else from the user. */
export function stagedGiveBack(step: PlannedStep): PlannedStep {
  const stage = step.kind === assignsSet ? stages.assignPermissionSet : stages.setProfile + 1;
  return { ...step, stage, restsOn: stages.setProfile };
}
