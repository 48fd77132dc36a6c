/** The preflight alone: reads the org and judges it; changes nothing. */
import type { OrgClient } from '../org/orgClient.js';
import { hasPartnerAccounts } from '../org/facts/records.js';
import { readPermissionSets } from '../org/facts/permissionSets.js';
import { readHiddenObjects } from '../org/facts/viewAll.js';
import { checkRights } from './changeChecks.js';
import { checkCreate, licensesOf } from './checks.js';
import { countIfShort } from './licenseUses.js';
import { outcome, type CheckOutcome } from '../model/checkOutcome.js';
import type { NamedPermissionSet, Profile } from '../model/orgFacts.js';
import type { OrgFigures } from '../model/access/orgFigures.js';
import type { OrgKind } from '../model/result.js';
import {
  allowsLicense,
  externalNames,
  findPermissionSet,
  findProfile,
  isExternal,
  isForPartners,
  suggest,
  type NameFault,
} from './names.js';
import { readOrgFacts } from './orgFacts.js';
import { readOrgFigures } from './orgFigures.js';
import { checkSenders } from './settingChecks.js';
import { welcomingSitesOf } from './welcomeEmails.js';

/** What the checks found, and in which org. */
type OrgCheck = {
  readonly orgKind: OrgKind;
  readonly checks: readonly CheckOutcome[];
  readonly figures: OrgFigures;
};

/** @throws OrgError */
export async function checkOrg(
  client: OrgClient,
  profileName: string | undefined,
  permissionSetNames: readonly string[],
): Promise<OrgCheck> {
  const facts = await readOrgFacts(client, { permissionSets: permissionSetNames.length > 0 });
  const found = profileName === undefined ? undefined : findProfile(profileName, facts.profiles);
  const profiles = found === undefined || 'fault' in found ? [] : [found];
  const known = permissionSetNames.length > 0 ? await readPermissionSets(client) : [];
  const sets = permissionSetNames.map((name) => findPermissionSet(name, known));
  const licenses = await countIfShort(client, licensesOf(facts, profiles), () => 1);
  const setIds = sets.flatMap((set) => ('fault' in set ? [] : set.id));
  const welcoming = profiles
    .filter(isExternal)
    .flatMap(({ id }) => welcomingSitesOf(facts.siteMembers, [id, ...setIds]));
  const checks = [
    ...checkCreate({ ...facts, licenses }, profiles, setIds),
    ...checkSenders(facts.senders, welcoming),
    ...(found !== undefined && 'fault' in found ? [checkProfileName(found, facts.profiles)] : []),
    ...sets.map((set) => checkPermissionSet(set, profiles[0], known)),
    ...checkRights(facts),
    checkViewAll(await readHiddenObjects(client, facts.permissions, [])),
    ...(profiles.some(isForPartners) ? [checkPartnerAccounts(await hasPartnerAccounts(client))] : []),
  ];
  const figures = await readOrgFigures(client, facts, profiles[0], licenses);
  return { orgKind: facts.isSandbox ? 'sandbox' : 'production', checks, figures };
}

/** Sharing must not lock people out: sync takes access away only where it sees every contact. */
function checkViewAll(hidden: readonly string[]): CheckOutcome {
  return hidden.length === 0
    ? outcome('pass', 'viewAll.pass')
    : outcome('warn', 'viewAll.missing', { objects: hidden.join(', ') });
}

/** @param profiles all that the running user sees */
function checkProfileName({ fault, name, near }: NameFault, profiles: readonly Profile[]): CheckOutcome {
  if (fault === 'ambiguous') return outcome('fail', 'profile.ambiguous', { profile: name, ids: near.join('", "') });
  return outcome('fail', 'profile.unknown', { profile: name, near: suggest(near, externalNames(profiles)) });
}

/** @param profile of the new users, where it is known @param known all permission sets and groups */
function checkPermissionSet(
  found: NamedPermissionSet | NameFault,
  profile: Profile | undefined,
  known: readonly NamedPermissionSet[],
): CheckOutcome {
  const permissionSet = found.name;
  if ('fault' in found) {
    const names = known.map((set) => set.name);
    return found.fault === 'ambiguous'
      ? outcome('fail', 'permissionSet.ambiguous', { permissionSet, ids: found.near.join('", "') })
      : outcome('fail', 'permissionSet.unknown', { permissionSet, near: suggest(found.near, names) });
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
