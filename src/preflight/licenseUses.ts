/** The licenses that a plan takes, and those that it frees: the users' own, and those that are assigned to them besides. */
import type { DatabaseSync } from 'node:sqlite';
import { sameId, type ProfileId } from '../model/ids.js';
import type { License, Profile } from '../model/orgFacts.js';
import type { AssignableLicenses } from '../org/facts/assignments.js';
import { countActiveUsers } from '../org/facts/records.js';
import type { OrgClient } from '../org/orgClient.js';
import { countAssignable } from '../store/queries/assignmentSteps.js';
import type { ProfileShare } from '../store/queries/counts.js';
import type { PlannedLicense } from '../store/queries/takenOfOrg.js';
import { licensesLeft, seatsTaken } from './checks.js';
import type { OrgFacts } from './orgFacts.js';

type PlannedLicenses = {
  /** Active users that the plan makes, by UserLicense Id. */
  readonly seatsNeeded: ReadonlyMap<string, number>;
  /** Those licenses, counted where they seem to be short. */
  readonly licenses: readonly License[];
  readonly uses: readonly PlannedLicense[];
};

/** @throws OrgError */
export async function readLicenseUses(
  db: DatabaseSync,
  client: OrgClient,
  facts: Pick<OrgFacts, 'licenses' | 'profiles' | 'assignable'>,
  shares: ReadonlyMap<ProfileId, ProfileShare>,
): Promise<PlannedLicenses> {
  const seats = seatsByLicense(shares, facts.profiles);
  // Deactivations go first, and free licenses for others.
  const seatsNeeded = new Map([...seats].filter(([, needed]) => needed > 0));
  const ofPlan = facts.licenses.filter(({ id }) => seatsNeeded.has(id));
  const licenses = await countIfShort(client, ofPlan, ({ id }) => seatsNeeded.get(id) ?? 0);
  const assignable = await assignableUses(db, facts.assignable);
  const freed = facts.licenses.filter(({ id }) => (seats.get(id) ?? 0) < 0);
  const own = [...licenses, ...freed].map((license): PlannedLicense => {
    const { id, name, total } = license;
    const ids = facts.profiles.filter((profile) => profile.userLicenseId === id).map((profile) => profile.id);
    return { name, total, used: seatsTaken(license), needed: seats.get(id) ?? 0, ids };
  });
  return { seatsNeeded, licenses, uses: [...own, ...assignable] };
}

/** Licenses that a plan takes, by UserLicense Id. */
function seatsByLicense(
  shares: ReadonlyMap<ProfileId, ProfileShare>,
  profiles: readonly Profile[],
): ReadonlyMap<string, number> {
  const needed = new Map<string, number>();
  for (const [profileId, { seats }] of shares) {
    const licenseId = profiles.find((profile) => profile.id === profileId)?.userLicenseId;
    if (licenseId !== undefined) needed.set(licenseId, (needed.get(licenseId) ?? 0) + seats);
  }
  return needed;
}

/** Licenses besides the users' own that a plan takes or frees. @throws OrgError */
async function assignableUses(db: DatabaseSync, assignable: AssignableLicenses): Promise<PlannedLicense[]> {
  const shares = countAssignable(db, 'planned');
  const uses: PlannedLicense[] = [];
  for (const [type, of] of [
    ['permissionSetLicense', 'permissionSet'],
    ['packageLicense', 'package'],
  ] as const) {
    const ofType = shares.filter((share) => share.type === type);
    if (ofType.length === 0) continue;
    for (const { id, name, total, used } of await assignable.of(type)) {
      const share = ofType.find((each) => sameId(each.id, id));
      if (share !== undefined && share.seats !== 0)
        uses.push({ name, of, total, used, needed: share.seats, ids: [share.id] });
    }
  }
  return uses;
}

/**
 * `UsedLicenses` lags by minutes (KB 000392307): where it says that there are too few, the active users are counted.
 * @throws OrgError
 */
export async function countIfShort(
  client: OrgClient,
  licenses: readonly License[],
  seatsNeeded: (license: License) => number,
): Promise<License[]> {
  const judged: License[] = [];
  for (const license of licenses) {
    const left = licensesLeft(license);
    const isShort = left !== undefined && left < seatsNeeded(license);
    judged.push(isShort ? { ...license, counted: await countActiveUsers(client, license.id) } : license);
  }
  return judged;
}
