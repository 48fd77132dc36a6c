/** Checks of what `check` is asked for by name: a wrong name is one failed check among the others. */
import type { CheckOutcome } from './checks.js';
import type { Profile } from '../operations/contactPlan.js';
import { allowsLicense, type NamedPermissionSet, type PermissionSetFault } from '../model/permissionSetNames.js';
import { externalNames, type ProfileFault } from '../model/profileNames.js';

/** @param profiles all that the running user sees */
export function checkProfileName({ fault, name, near }: ProfileFault, profiles: readonly Profile[]): CheckOutcome {
  if (fault === 'ambiguousProfile') return failure('profile', 'ambiguous', name, near);
  return failure('profile', 'unknown', name, near.length > 0 ? near : externalNames(profiles).slice(0, 10));
}

/**
 * @param profile of the new users, where it is known
 * @param known all permission sets and groups
 */
export function checkPermissionSet(
  found: NamedPermissionSet | PermissionSetFault,
  profile: Profile | undefined,
  known: readonly NamedPermissionSet[],
): CheckOutcome {
  if ('ids' in found) return failure('permissionSet', 'ambiguous', found.name, found.ids);
  if ('near' in found) {
    const names = found.near.length > 0 ? found.near : known.slice(0, 10).map((set) => set.name);
    return failure('permissionSet', 'unknown', found.name, names);
  }
  if (profile !== undefined && !allowsLicense(found, profile.userLicenseId)) {
    const tokens = [found.name, profile.name, profile.userLicenseName];
    return { name: 'permissionSet', status: 'fail', text: 'permissionSet.license', tokens };
  }
  return { name: 'permissionSet', status: 'pass', text: 'permissionSet.pass', tokens: [found.name] };
}

/** The API makes partner users whatever `IsPartner` says (Object Reference, Account); the help pages ask for it. */
export function checkPartnerAccounts(areThere: boolean): CheckOutcome {
  return areThere
    ? { name: 'partnerAccounts', status: 'pass', text: 'partnerAccounts.pass', tokens: [] }
    : { name: 'partnerAccounts', status: 'warn', text: 'partnerAccounts.none', tokens: [] };
}

function failure(
  name: 'profile' | 'permissionSet',
  text: 'unknown' | 'ambiguous',
  asked: string,
  others: readonly string[],
): CheckOutcome {
  return { name, status: 'fail', text: `${name}.${text}`, tokens: [asked, others.join('", "')] };
}
