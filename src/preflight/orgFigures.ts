/** The figures of an org for `check --json`: what its sentences say, as numbers, and who has the licenses. */
import type { LicenseFigures, LimitFigures, OrgFigures } from '../model/access/orgFigures.js';
import { externalUserTypes } from '../model/licenseFamilies.js';
import type { License, Limit, Profile } from '../model/orgFacts.js';
import { countUsersByProfile } from '../org/facts/userCounts.js';
import type { OrgClient } from '../org/orgClient.js';
import { licensesLeft, type Preflight } from './checks.js';
import { isExternal } from './names.js';

/**
 * By one call.
 * @param asked the profile that was asked for, if there is one
 * @param licenses for external users, counted where they are short
 * @throws OrgError
 */
export async function readOrgFigures(
  client: OrgClient,
  preflight: Preflight,
  asked: Profile | undefined,
  licenses: readonly License[],
): Promise<OrgFigures> {
  const { userFields, dailyApiRequests, dailyBulkApiBatches } = preflight;
  const profiles = (asked === undefined ? preflight.profiles : [asked]).filter(isExternal);
  const which = asked === undefined ? { userTypes: Object.keys(externalUserTypes) } : { profileId: asked.id };
  const seesLogins = userFields.has('lastlogindate');
  const counts = await countUsersByProfile(client, which, seesLogins);
  const nobody = { active: 0, loggedIn: seesLogins ? 0 : undefined };
  return {
    licenses: licenses.map(licenseFigures),
    profiles: profiles.map(({ id, name, userLicenseName: license }) => {
      const { active, loggedIn } = counts.get(id) ?? nobody;
      return {
        name,
        license,
        activeUsers: active,
        ...(loggedIn === undefined ? {} : { neverLoggedIn: active - loggedIn }),
      };
    }),
    ...(dailyApiRequests === undefined ? {} : { apiCalls: limitFigures(dailyApiRequests) }),
    ...(dailyBulkApiBatches === undefined ? {} : { bulkBatches: limitFigures(dailyBulkApiBatches) }),
  };
}

function licenseFigures(license: License): LicenseFigures {
  const { name, total, used, counted, monthlyLogins } = license;
  const left = licensesLeft(license);
  return {
    name,
    ...(left === undefined ? {} : { total, left }),
    used,
    ...(counted === undefined ? {} : { counted }),
    ...(monthlyLogins === undefined ? {} : { monthlyLogins }),
  };
}

function limitFigures({ max, remaining }: Limit): LimitFigures {
  return { left: remaining, max };
}
