/** The preflight alone: reads the org and judges it; changes nothing. */
import type { OrgClient } from '../org/orgClient.js';
import { readPermissionSets } from '../org/permissionSets.js';
import { checkCreate, type CheckOutcome } from '../plan/checks.js';
import { readOrgFacts } from './orgFacts.js';
import { requirePermissionSet, requireProfile } from './planSettings.js';

/** @throws OrgError, RunFault unknownProfile, ambiguousProfile, unknownPermissionSet, permissionSetLicense … */
export async function checkOrg(
  client: OrgClient,
  profileName: string | undefined,
  permissionSetNames: readonly string[],
): Promise<CheckOutcome[]> {
  const facts = await readOrgFacts(client);
  const profile = profileName === undefined ? undefined : requireProfile(profileName, facts.profiles);
  const known = permissionSetNames.length > 0 ? await readPermissionSets(client) : [];
  const sets = permissionSetNames.map((name) => requirePermissionSet(name, profile, known));
  return checkCreate(
    facts,
    profile === undefined ? [] : [profile],
    sets.map((set) => set.id),
  );
}
