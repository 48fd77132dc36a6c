/** `permissionSets: exact`: of the sets that the definition names, a user of a group holds those of its group and no others. */
import { removeStep } from '../../kinds/removeAssignment.js';
import type { HeldAssignment } from '../../model/access/assignments.js';
import type { Profile } from '../../model/orgFacts.js';
import type { WantedPermissionSet } from '../../model/reasons.js';
import type { PlannedStep } from '../../model/steps.js';
import { allowsLicense } from '../../preflight/names.js';
import type { SyncedUser } from './person.js';
import { earlyRemoval, staged } from './stages.js';

/** What the user holds beyond the sets of its group, of those that the definition names. */
export function surplusSets({ namedSets }: SyncedUser, wanted: readonly WantedPermissionSet[]): HeldAssignment[] {
  return [...namedSets.values()].filter(({ target }) => !wanted.some(({ id }) => id === target));
}

/**
 * Sets go last, so that nobody is without both the old and the new ones; but first where the user's next license forbids them.
 * @param license of the user's next profile
 * @param named all sets of the definition, by Id
 */
export function setsAwaySteps(
  { id }: SyncedUser,
  surplus: readonly HeldAssignment[],
  { userLicenseId }: Pick<Profile, 'userLicenseId'>,
  named: ReadonlyMap<string, WantedPermissionSet>,
): PlannedStep[] {
  return surplus.map((held) => {
    const step = staged(removeStep(held, id));
    const set = named.get(held.target);
    return set !== undefined && !allowsLicense(set, userLicenseId) ? { ...step, ...earlyRemoval } : step;
  });
}
