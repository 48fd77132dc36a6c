/** Seats: only active users take one, a negative total is unlimited (portal-users §3, §8.14). */
import type { FieldValue } from '../../contracts.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import { statement } from '../statements.ts';
import type { ProfileFacts } from './family.ts';

export function checkLicense(chunk: Chunk, profile: ProfileFacts): void {
  const total = Number(profile.license['TotalLicenses']);
  const enabled = profile.license['Status'] !== 'Disabled';
  if (enabled && (total < 0 || activeUsersOf(chunk, profile.license.Id) < total)) return;
  refuse('LICENSE_LIMIT_EXCEEDED', `License Limit Exceeded - ${String(profile.license['Name'])}`);
}

function activeUsersOf(chunk: Chunk, licenseId: string): number {
  const count = chunk.kept.activeUsers.get(licenseId) ?? countActiveUsers(chunk, licenseId);
  chunk.kept.activeUsers.set(licenseId, count);
  return count;
}

/** To be called by whoever makes a user active or inactive. */
export function noteActiveUser(chunk: Chunk, licenseId: string, change: 1 | -1): void {
  const known = chunk.kept.activeUsers.get(licenseId);
  if (known !== undefined) chunk.kept.activeUsers.set(licenseId, known + change);
}

/** Counted anew for each chunk: `UsedLicenses` may lag, the limit does not. */
function countActiveUsers(chunk: Chunk, licenseId: string): number {
  const sql =
    'SELECT COUNT(*) AS "n" FROM "User" WHERE "IsActive" = 1 AND "ProfileId" IN (SELECT "Id" FROM "Profile" WHERE "UserLicenseId" = ?)';
  return Number(statement(chunk.org.store.db, sql).get(licenseId)?.['n'] ?? 0);
}

/** Feature licenses have the short form of the text (§8). */
export function checkFeatureLicenses(chunk: Chunk, values: Readonly<Record<string, FieldValue>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value !== true || !/^UserPermissions.+User$/.test(name)) continue;
    const seats = chunk.org.switches.users.featureLicenseSeats.get(name) ?? 0;
    const sql = `SELECT COUNT(*) AS "n" FROM "User" WHERE "IsActive" = 1 AND "${name}" = 1`;
    if (Number(statement(chunk.org.store.db, sql).get()?.['n'] ?? 0) >= seats)
      refuse('LICENSE_LIMIT_EXCEEDED', 'License Limit Exceeded');
  }
}

/** After a chunk: `UserLicense.UsedLicenses` follows, unless a switch lets it lag. */
export function updateUsedLicenses(chunk: Chunk): void {
  if (chunk.org.switches.users.usedLicensesLag) return;
  const sql =
    'SELECT "UserLicense"."Id" AS "id", "UserLicense"."UsedLicenses" AS "kept", COUNT("User"."Id") AS "used" FROM "UserLicense" ' +
    'LEFT JOIN "Profile" ON "Profile"."UserLicenseId" = "UserLicense"."Id" ' +
    'LEFT JOIN "User" ON "User"."ProfileId" = "Profile"."Id" AND "User"."IsActive" = 1 GROUP BY "UserLicense"."Id"';
  for (const row of statement(chunk.org.store.db, sql).all()) {
    if (row['kept'] !== row['used'])
      chunk.org.store.update('UserLicense', String(row['id']), { UsedLicenses: Number(row['used']) });
  }
}
