/** Reads user licenses and how many of them are taken. */
import type { License } from '../../model/orgFacts.js';
import type { OrgClient } from '../orgClient.js';
import { OrgError } from '../../model/orgError.js';
import { countRows, queryRows, type QueryRow } from '../query.js';
import { optionalNumber, requiredId, requiredText } from './rowReader.js';
import { quoteSoql } from '../soql.js';

const fields = ['Id', 'Name', 'Status', 'TotalLicenses', 'UsedLicenses'];
const loginFields = ['MonthlyLoginsUsed', 'MonthlyLoginsEntitlement'];

/** All user licenses; two of an org can share a name. @throws OrgError. Source: object reference "UserLicense". */
export async function readLicenses(client: OrgClient): Promise<License[]> {
  return (await queryLicenses(client)).map((row) => ({
    id: requiredId(row, 'Id'),
    name: requiredText(row, 'Name'),
    status: requiredText(row, 'Status'),
    total: optionalNumber(row, 'TotalLicenses') ?? 0,
    used: optionalNumber(row, 'UsedLicenses') ?? 0,
    counted: undefined,
    monthlyLogins: monthlyLoginsOf(row),
  }));
}

/** Of login-based licenses only. */
function monthlyLoginsOf(row: QueryRow): License['monthlyLogins'] {
  const entitlement = optionalNumber(row, 'MonthlyLoginsEntitlement');
  return entitlement === null ? undefined : { used: optionalNumber(row, 'MonthlyLoginsUsed') ?? 0, entitlement };
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
