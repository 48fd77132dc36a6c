/** Counts the seats that a plan needs against those that are free. */
import type { DatabaseSync } from 'node:sqlite';
import { countActiveUsers } from '../org/facts/records.js';
import type { OrgClient } from '../org/orgClient.js';
import type { License, Profile } from '../model/orgFacts.js';
import { seatsLeft } from './checks.js';
import { countSeatsByProfile } from '../store/queries/counts.js';

export type Seats = {
  /** The licenses of the plan. */
  readonly licenses: readonly License[];
  /** By UserLicense Id. */
  readonly needed: ReadonlyMap<string, number>;
};

/** @throws OrgError */
export async function countSeats(
  client: OrgClient,
  db: DatabaseSync,
  org: { readonly licenses: readonly License[]; readonly profiles: readonly Profile[] },
): Promise<Seats> {
  const needed = new Map<string, number>();
  for (const [profileId, seats] of countSeatsByProfile(db)) {
    const licenseId = org.profiles.find((profile) => profile.id === profileId)?.userLicenseId;
    if (licenseId !== undefined) needed.set(licenseId, (needed.get(licenseId) ?? 0) + seats);
  }
  const ofPlan = org.licenses.filter(({ id }) => needed.has(id));
  return { licenses: await countIfShort(client, ofPlan, ({ id }) => needed.get(id) ?? 0), needed };
}

/**
 * `UsedLicenses` lags by minutes (KB 000392307): where it says that seats are short, the active users are counted.
 * @throws OrgError
 */
export async function countIfShort(
  client: OrgClient,
  licenses: readonly License[],
  seatsNeeded: (license: License) => number,
): Promise<License[]> {
  const judged: License[] = [];
  for (const license of licenses) {
    const left = seatsLeft(license);
    const isShort = left !== undefined && left < seatsNeeded(license);
    judged.push(isShort ? { ...license, counted: await countActiveUsers(client, license.id) } : license);
  }
  return judged;
}
