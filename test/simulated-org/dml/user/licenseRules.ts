/**
 * Licenses: only active users take one, a negative total is unlimited (docs/salesforce-facts.md#licenses-and-user-types,
 * #row-errors).
 */
import { activeUsersByLicense } from '../../activeUsers.ts';
import type { FieldValue } from '../../contracts.ts';
import { user } from '../../schema/user.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import { statement } from '../../statements.ts';
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

/** To be called by everything that makes a user active or inactive. */
export function noteActiveUser(chunk: Chunk, licenseId: string, change: 1 | -1): void {
  const known = chunk.kept.activeUsers.get(licenseId);
  if (known !== undefined) chunk.kept.activeUsers.set(licenseId, known + change);
}

/** Counted anew for each chunk: `UsedLicenses` may lag, the limit does not. */
function countActiveUsers(chunk: Chunk, licenseId: string): number {
  const sql =
    'SELECT SUM("n") AS "n" FROM "ActiveUsers" WHERE "ProfileId" IN (SELECT "Id" FROM "Profile" WHERE "UserLicenseId" = ?)';
  return Number(statement(chunk.org.store.db, sql).get(licenseId)?.['n'] ?? 0);
}

const featureColumns = user.fields.map(({ name }) => name).filter((name) => /^UserPermissions.+User$/.test(name));

/** Feature licenses have the short form of the text. */
export function checkFeatureLicenses(chunk: Chunk, values: Readonly<Record<string, FieldValue>>): void {
  for (const name of featureColumns) {
    if (values[name] !== true) continue;
    const seats = chunk.org.switches.users.featureLicenseSeats.get(name) ?? 0;
    const sql = `SELECT COUNT(*) AS "n" FROM "User" WHERE "IsActive" = 1 AND "${name}" = 1`;
    if (Number(statement(chunk.org.store.db, sql).get()?.['n'] ?? 0) >= seats)
      refuse('LICENSE_LIMIT_EXCEEDED', 'License Limit Exceeded');
  }
}

/** After a chunk: `UserLicense.UsedLicenses` follows, unless a switch lets it lag. */
export function updateUsedLicenses(chunk: Chunk): void {
  if (chunk.org.switches.users.usedLicensesLag) return;
  for (const row of statement(chunk.org.store.db, activeUsersByLicense).all()) {
    if (row['kept'] !== row['used'])
      chunk.org.store.update('UserLicense', String(row['id']), { UsedLicenses: Number(row['used']) });
  }
}
