/** In which order a sync does what: access is taken away first, as deactivations free the licenses that others need. */
import type { PlannedStep } from '../../model/steps.js';

/** Of a kind of step, by what it writes where that matters. */
const stages = {
  'setFrozen true': 1,
  'setActive false': 2,
  'setActive true': 3,
  // The mark goes last of the way back: until then it is known whom sync has switched off.
  'setFrozen false': 4,
  setProfile: 5,
  createUser: 6,
  assignPermissionSet: 7,
  removePermissionSet: 8,
} as const;

/** The step as it stands in the plan of a sync. */
export function staged(step: PlannedStep): PlannedStep {
  const { kind, values } = step;
  const written = values['IsFrozen'] ?? values['IsActive'];
  const key = ['setFrozen', 'setActive'].includes(kind) ? `${kind} ${String(written)}` : kind;
  if (!isStaged(key)) throw new Error(`sync has no stage for ${key}`);
  return { ...step, stage: stages[key] };
}

function isStaged(key: string): key is keyof typeof stages {
  return Object.hasOwn(stages, key);
}
