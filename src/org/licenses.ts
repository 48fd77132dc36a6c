/** Reads user licenses and how many of them are taken. */
import type { OrgClient } from './orgClient.js';
import { OrgError } from './orgErrors.js';
import { countRows, queryRows, type QueryRow } from './query.js';
import { optionalNumber, requiredText } from './rowReader.js';
import { quoteSoql } from './soql.js';

export type UserLicense = {
  readonly id: string;
  /** Two licenses of an org can share a name. */
  readonly name: string;
  /** `Active` or `Disabled`. */
  readonly status: string;
  /** Negative for unlimited. */
  readonly totalLicenses: number;
  /** Lags behind: see `countActiveUsers`. */
  readonly usedLicenses: number;
  /** Login-based licenses only; null otherwise, and in orgs that have none. */
  readonly monthlyLoginsUsed: number | null;
  readonly monthlyLoginsEntitlement: number | null;
};

const fields = ['Id', 'Name', 'Status', 'TotalLicenses', 'UsedLicenses'];
const loginFields = ['MonthlyLoginsUsed', 'MonthlyLoginsEntitlement'];

/** All user licenses. @throws OrgError. Source: object reference "UserLicense". */
export async function readLicenses(client: OrgClient): Promise<UserLicense[]> {
  return (await queryLicenses(client)).map((row) => ({
    id: requiredText(row, 'Id'),
    name: requiredText(row, 'Name'),
    status: requiredText(row, 'Status'),
    totalLicenses: optionalNumber(row, 'TotalLicenses') ?? 0,
    usedLicenses: optionalNumber(row, 'UsedLicenses') ?? 0,
    monthlyLoginsUsed: optionalNumber(row, 'MonthlyLoginsUsed'),
    monthlyLoginsEntitlement: optionalNumber(row, 'MonthlyLoginsEntitlement'),
  }));
}

/** The columns of login-based licenses do not exist in every org. */
async function queryLicenses(client: OrgClient): Promise<QueryRow[]> {
  const read = async (columns: readonly string[]): Promise<QueryRow[]> =>
    queryRows(client, `SELECT ${columns.join(',')} FROM UserLicense`, columns);
  try {
    return await read([...fields, ...loginFields]);
  } catch (error) {
    if (error instanceof OrgError && error.code === 'INVALID_FIELD') return read(fields);
    throw error;
  }
}

/** How many active users hold a license, by count: exact where `UsedLicenses` lags. @throws OrgError */
export async function countActiveUsers(client: OrgClient, userLicenseId: string): Promise<number> {
  const license = quoteSoql(userLicenseId);
  return countRows(client, `User WHERE IsActive = true AND Profile.UserLicenseId = ${license}`);
}
