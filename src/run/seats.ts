/** Counts the seats that a plan needs against those that are free. */
import type { DatabaseSync } from 'node:sqlite';
import { countActiveUsers } from '../org/licenses.js';
import type { OrgClient } from '../org/orgClient.js';
import { seatsLeft, type License } from '../plan/checks.js';
import type { Profile } from '../plan/contactPlan.js';
import { activeUsersByProfile } from './planRecords.js';

export type Seats = {
  /** The licenses of the plan, with the used seats that count. */
  readonly licenses: readonly License[];
  /** By UserLicense Id. */
  readonly needed: ReadonlyMap<string, number>;
};

/**
 * `UsedLicenses` lags by minutes (KB 000392307): where it says that seats are short, the active users are counted, and
 * the smaller figure decides.
 * @throws OrgError
 */
export async function countSeats(
  client: OrgClient,
  db: DatabaseSync,
  org: { readonly licenses: readonly License[]; readonly profiles: readonly Profile[] },
): Promise<Seats> {
  const needed = new Map<string, number>();
  for (const [profileId, seats] of activeUsersByProfile(db)) {
    const licenseId = org.profiles.find((profile) => profile.id === profileId)?.userLicenseId ?? '';
    needed.set(licenseId, (needed.get(licenseId) ?? 0) + seats);
  }
  const licenses: License[] = [];
  for (const license of org.licenses.filter(({ id }) => needed.has(id))) {
    const left = seatsLeft(license);
    const isShort = left !== undefined && left < (needed.get(license.id) ?? 0);
    const used = isShort ? Math.min(license.used, await countActiveUsers(client, license.id)) : license.used;
    licenses.push({ ...license, used });
  }
  return { licenses, needed };
}
