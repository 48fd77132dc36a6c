/** The preflight alone: reads the org and judges it; changes nothing. */
import type { OrgClient } from '../org/orgClient.js';
import { hasPartnerAccounts } from '../org/facts/records.js';
import { readPermissionSets } from '../org/facts/permissionSets.js';
import { checkRights } from './changeChecks.js';
import { checkCreate, licensesOf } from './checks.js';
import type { CheckOutcome } from '../model/checkOutcome.js';
import type { Profile } from '../model/orgFacts.js';
import { externalType } from '../model/licenseFamilies.js';
import { checkPartnerAccounts, checkPermissionSet, checkProfileName } from './nameChecks.js';
import { findPermissionSet } from './permissionSetNames.js';
import { findProfile } from './profileNames.js';
import { readOrgFacts } from './orgFacts.js';
import { countIfShort } from './seats.js';

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
