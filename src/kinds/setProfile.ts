/** Another profile for an existing user. */
import type { AccountId, UserId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import type { Profile } from '../model/orgFacts.js';
import type { PlannedStep } from '../model/steps.js';
import { userFieldKind } from './userFields.js';

const name = 'setProfile';

export const setProfile = userFieldKind({ name, object: 'User', field: 'ProfileId' });

/** How a user gets from one profile to another. */
type ProfileWay =
  /** Within a family of licenses: the other way is the same. */
  | 'family'
  /** To a license with more: Salesforce has no way back. */
  | 'upgrade';

/**
 * Undefined where Salesforce documents no such change. The license is judged by its name as well as by the type of its users, as
 * legacy portal licenses share the types (docs/salesforce-facts.md#profiles).
 */
export function profileWay(current: Profile, wanted: Profile): ProfileWay | undefined {
  if (current.userLicenseId === wanted.userLicenseId) return 'family';
  if (current.userType === wanted.userType) {
    const isFamily = familyName(current) === familyName(wanted) && communityFamilies.includes(familyName(current));
    return isFamily ? 'family' : undefined;
  }
  const isUpgrade = current.userType === 'CspLitePortal' && familyName(current) === 'Customer Community';
  return isUpgrade && upgradedFamilies.includes(familyName(wanted)) ? 'upgrade' : undefined;
}

const upgradedFamilies = ['Customer Community Plus', 'Partner Community'];
const communityFamilies = ['Customer Community', ...upgradedFamilies];

/** Licenses by member and by login are of one family. */
function familyName({ userLicenseName }: Profile): string {
  return userLicenseName.replace(/ Login$/, '');
}

/** @param label told apart by it: what can't be taken back */
export function setProfileStep(
  user: { readonly id: UserId; readonly accountId: AccountId | undefined; readonly isActive: boolean },
  current: Profile,
  wanted: Profile,
  way: ProfileWay,
): PlannedStep {
  const family = externalType(wanted.userType)?.family;
  if (family === undefined) throw new Error(`${wanted.name} is no profile of portal users`);
  const takesLicense = user.isActive && current.userLicenseId !== wanted.userLicenseId;
  return {
    kind: name,
    stage: 3,
    target: user.id,
    label: way === 'upgrade' ? 'upgrade' : undefined,
    values: { ProfileId: wanted.id },
    seats: takesLicense ? 1 : 0,
    family,
    lock: user.accountId,
  };
}
