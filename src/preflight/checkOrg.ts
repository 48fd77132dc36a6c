/** The preflight alone: reads the org and judges it; changes nothing. */
import type { OrgClient } from '../org/orgClient.js';
import { hasPartnerAccounts } from '../org/facts/records.js';
import { readPermissionSets } from '../org/facts/permissionSets.js';
import { checkRights } from './changeChecks.js';
import { checkCreate, licensesOf } from './checks.js';
import { countIfShort } from './guards.js';
import { outcome, type CheckOutcome } from '../model/checkOutcome.js';
import type { NamedPermissionSet, Profile } from '../model/orgFacts.js';
import { externalType } from '../model/licenseFamilies.js';
import { allowsLicense, externalNames, findPermissionSet, findProfile, type NameFault } from './names.js';
import { readOrgFacts } from './orgFacts.js';

/** @throws OrgError */
export async function checkOrg(
  client: OrgClient,
  profileName: string | undefined,
  permissionSetNames: readonly string[],
): Promise<CheckOutcome[]> {
  const facts = await readOrgFacts(client, permissionSetNames.length > 0);
  const found = profileName === undefined ? undefined : findProfile(profileName, facts.profiles);
  const profiles = found === undefined || 'fault' in found ? [] : [found];
  const known = permissionSetNames.length > 0 ? await readPermissionSets(client) : [];
  const sets = permissionSetNames.map((name) => findPermissionSet(name, known));
  const licenses = await countIfShort(client, licensesOf(facts, profiles), () => 1);
  return [
    ...checkCreate(
      { ...facts, licenses },
      profiles,
      sets.flatMap((set) => ('fault' in set ? [] : set.id)),
    ),
    ...(found !== undefined && 'fault' in found ? [checkProfileName(found, facts.profiles)] : []),
    ...sets.map((set) => checkPermissionSet(set, profiles[0], known)),
    ...checkRights(facts),
    ...(profiles.some(isForPartners) ? [checkPartnerAccounts(await hasPartnerAccounts(client))] : []),
  ];
}

function isForPartners({ userType }: Profile): boolean {
  return externalType(userType)?.portalType === 'Partner';
}

/** @param profiles all that the running user sees */
function checkProfileName({ fault, name, near }: NameFault, profiles: readonly Profile[]): CheckOutcome {
  if (fault === 'ambiguous') return outcome('fail', 'profile.ambiguous', { profile: name, ids: inQuotes(near) });
  const names = near.length > 0 ? near : externalNames(profiles).slice(0, 10);
  return outcome('fail', 'profile.unknown', { profile: name, near: inQuotes(names) });
}

/**
 * @param profile of the new users, where it is known
 * @param known all permission sets and groups
 */
function checkPermissionSet(
  found: NamedPermissionSet | NameFault,
  profile: Profile | undefined,
  known: readonly NamedPermissionSet[],
): CheckOutcome {
  const permissionSet = found.name;
  if ('fault' in found) {
    if (found.fault === 'ambiguous') {
      return outcome('fail', 'permissionSet.ambiguous', { permissionSet, ids: inQuotes(found.near) });
    }
    const names = found.near.length > 0 ? found.near : known.slice(0, 10).map((set) => set.name);
    return outcome('fail', 'permissionSet.unknown', { permissionSet, near: inQuotes(names) });
  }
  if (profile === undefined || allowsLicense(found, profile.userLicenseId)) {
    return outcome('pass', 'permissionSet.pass', { permissionSet });
  }
  const { name, userLicenseName: license } = profile;
  return outcome('fail', 'permissionSet.license', { permissionSet, profile: name, license });
}

/** The API makes partner users whatever `IsPartner` says (Object Reference, Account); the help pages ask for it. */
function checkPartnerAccounts(areThere: boolean): CheckOutcome {
  return areThere ? outcome('pass', 'partnerAccounts.pass') : outcome('warn', 'partnerAccounts.none');
}

/** Names between the quotation marks of a text. */
function inQuotes(names: readonly string[]): string {
  return names.join('", "');
}
