/** Checks of what `check` is asked for by name: a wrong name is one failed check among the others. */
import { outcome, type CheckOutcome } from '../model/checkOutcome.js';
import type { NamedPermissionSet, Profile } from '../model/orgFacts.js';
import { allowsLicense, type PermissionSetFault } from './permissionSetNames.js';
import { externalNames, type ProfileFault } from './profileNames.js';

/** @param profiles all that the running user sees */
export function checkProfileName({ fault, name, near }: ProfileFault, profiles: readonly Profile[]): CheckOutcome {
  if (fault === 'ambiguousProfile') return outcome('fail', 'profile.ambiguous', { profile: name, ids: quoted(near) });
  const names = near.length > 0 ? near : externalNames(profiles).slice(0, 10);
  return outcome('fail', 'profile.unknown', { profile: name, near: quoted(names) });
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
  const permissionSet = found.name;
  if ('ids' in found) return outcome('fail', 'permissionSet.ambiguous', { permissionSet, ids: quoted(found.ids) });
  if ('near' in found) {
    const names = found.near.length > 0 ? found.near : known.slice(0, 10).map((set) => set.name);
    return outcome('fail', 'permissionSet.unknown', { permissionSet, near: quoted(names) });
  }
  if (profile === undefined || allowsLicense(found, profile.userLicenseId)) {
    return outcome('pass', 'permissionSet.pass', { permissionSet });
  }
  const { name, userLicenseName: license } = profile;
  return outcome('fail', 'permissionSet.license', { permissionSet, profile: name, license });
}

/** The API makes partner users whatever `IsPartner` says (Object Reference, Account); the help pages ask for it. */
export function checkPartnerAccounts(areThere: boolean): CheckOutcome {
  return areThere ? outcome('pass', 'partnerAccounts.pass') : outcome('warn', 'partnerAccounts.none');
}

/** Names between the quotation marks of a text. */
function quoted(names: readonly string[]): string {
  return names.join('", "');
}
