/** Counts users by profile. */
import type { ProfileId } from '../../model/ids.js';
import type { OrgClient } from '../orgClient.js';
import { queryGroups } from '../query.js';
import { optionalNumber, requiredValue } from '../queryRow.js';
import { quoteSoql } from '../soql.js';

type UserCounts = { readonly active: number; readonly loggedIn: number | undefined };

/**
 * Active users by profile, and how many of them have logged in at least once, by one call. A profile without any is absent.
 * @param which the profiles with one of these user types, or one profile
 * @param seesLogins whether the running user can see LastLoginDate
 * @throws OrgError. Source: SOQL reference, "GROUP BY", "COUNT()": a field is counted where it has a value.
 */
export async function countUsersByProfile(
  client: OrgClient,
  which: { readonly userTypes: readonly string[] } | { readonly profileId: ProfileId },
  seesLogins: boolean,
): Promise<ReadonlyMap<ProfileId, UserCounts>> {
  const those =
    'profileId' in which
      ? `ProfileId = ${quoteSoql(which.profileId)}`
      : `UserType IN (${which.userTypes.map(quoteSoql).join(',')})`;
  const counts = ['COUNT(Id) active', ...(seesLogins ? ['COUNT(LastLoginDate) loggedIn'] : [])];
  const soql = `SELECT ProfileId, ${counts.join(', ')} FROM User WHERE IsActive = true AND ${those} GROUP BY ProfileId`;
  const columns = ['ProfileId', 'active', ...(seesLogins ? ['loggedIn'] : [])];
  const rows = await queryGroups(client, soql, columns);
  return new Map(
    rows.map((row) => {
      const loggedIn = seesLogins ? (optionalNumber(row, 'loggedIn') ?? 0) : undefined;
      return [requiredValue(row, 'ProfileId'), { active: optionalNumber(row, 'active') ?? 0, loggedIn }];
    }),
  );
}
