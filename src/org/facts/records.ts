/** Reads what the org says of itself: the organization, the running user, profiles, licenses, partner accounts, limits. */
import { isJsonObject } from '../../model/facts.js';
import type { UserLicenseId } from '../../model/ids.js';
import { OrgError } from '../../model/orgError.js';
import type { License, Limit, Profile } from '../../model/orgFacts.js';
import type { UserValues } from '../../model/reasons.js';
import { JsonReader, readJson } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { malformed, unlessHidden } from '../orgErrors.js';
import { countRows, queryRows, type Query, type QueryRow } from '../query.js';
import { quoteSoql } from '../soql.js';
import { describeFields } from './describe.js';
import { optionalNumber, requiredValue } from '../queryRow.js';

export type Organization = {
  /** True for scratch orgs as well. */
  readonly isSandbox: boolean;
  /** True while Salesforce does maintenance. */
  readonly isReadOnly: boolean;
  /** What its users get by default, as fields of User. */
  readonly userDefaults: UserValues;
};

/** @throws OrgError. Source: object reference "Organization". */
export async function readOrganization(client: OrgClient): Promise<Organization> {
  const fields = ['IsSandbox', 'IsReadOnly', 'TimeZoneSidKey', 'DefaultLocaleSidKey', 'LanguageLocaleKey'];
  const row = await readOnlyRow(client, { fields, from: 'Organization' }, 'Organization');
  return {
    isSandbox: row['IsSandbox'] === 'true',
    isReadOnly: row['IsReadOnly'] === 'true',
    userDefaults: {
      TimeZoneSidKey: requiredValue(row, 'TimeZoneSidKey'),
      LocaleSidKey: requiredValue(row, 'DefaultLocaleSidKey'),
      LanguageLocaleKey: requiredValue(row, 'LanguageLocaleKey'),
    },
  };
}

/**
 * What new users take over from the user whose session the calls use, as fields of User (object reference "User").
 * @param isMultiCurrency whether User has the field CurrencyIsoCode @throws OrgError
 */
export async function readOwnDefaults(client: OrgClient, isMultiCurrency: boolean): Promise<UserValues> {
  const fields = ['EmailEncodingKey', ...(isMultiCurrency ? ['CurrencyIsoCode'] : [])];
  const query = { fields, from: 'User', where: `Id = ${quoteSoql(client.userId)}` };
  const row = await readOnlyRow(client, query, 'running user');
  const currency = row['CurrencyIsoCode'] ?? undefined;
  const defaults = { EmailEncodingKey: requiredValue(row, 'EmailEncodingKey') };
  return currency === undefined ? defaults : { ...defaults, CurrencyIsoCode: currency };
}

/** @param what the row is, in the error @throws OrgError malformed if there is none */
async function readOnlyRow(client: OrgClient, query: Query, what: string): Promise<QueryRow> {
  const [row] = await queryRows(client, query);
  if (row === undefined) throw malformed(`query: no ${what} is visible`);
  return row;
}

/**
 * Those of the permissions that the running user has, over profile and permission sets. A permission whose feature is off
 * in the org is no column of UserPermissionAccess and would fail the whole query, so the object is described first.
 * @param names without prefix, for example `ManageUsers` @throws OrgError. Source: object reference "UserPermissionAccess".
 */
export async function readPermissions(client: OrgClient, names: readonly string[]): Promise<ReadonlySet<string>> {
  const known = await describeFields(client, 'UserPermissionAccess');
  const columns = names.map((name) => `Permissions${name}`).filter((column) => known.has(column.toLowerCase()));
  if (columns.length === 0) return new Set();
  const [row] = await queryRows(client, { fields: columns, from: 'UserPermissionAccess' });
  return new Set(names.filter((name) => row?.[`Permissions${name}`] === 'true'));
}

/** All profiles, by one query. @throws OrgError. Source: object reference "Profile". */
export async function readProfiles(client: OrgClient): Promise<Profile[]> {
  const fields = ['Id', 'Name', 'UserType', 'UserLicenseId', 'UserLicense.Name'];
  return (await queryRows(client, { fields, from: 'Profile' })).map((row) => ({
    id: requiredValue(row, 'Id'),
    name: requiredValue(row, 'Name'),
    userType: row['UserType'] ?? null,
    userLicenseId: requiredValue(row, 'UserLicenseId'),
    // The name is for the words only.
    userLicenseName: row['UserLicense.Name'] ?? requiredValue(row, 'UserLicenseId'),
  }));
}

/** All user licenses; two of an org can share a name. @throws OrgError. Source: object reference "UserLicense". */
export async function readLicenses(client: OrgClient): Promise<License[]> {
  const always = ['Id', 'Name', 'Status', 'TotalLicenses', 'UsedLicenses'];
  const read = (fields: readonly string[]): Promise<QueryRow[]> => queryRows(client, { fields, from: 'UserLicense' });
  const rows = await read([...always, 'MonthlyLoginsUsed', 'MonthlyLoginsEntitlement']).catch((error: unknown) => {
    // The columns of login-based licenses do not exist in every org.
    if (error instanceof OrgError && error.code === 'INVALID_FIELD') return read(always);
    throw error;
  });
  return rows.map((row) => ({
    id: requiredValue(row, 'Id'),
    name: requiredValue(row, 'Name'),
    status: requiredValue(row, 'Status'),
    total: optionalNumber(row, 'TotalLicenses') ?? 0,
    used: optionalNumber(row, 'UsedLicenses') ?? 0,
    counted: undefined,
    monthlyLogins: monthlyLoginsOf(row),
  }));
}

/** Of login-based licenses only. */
function monthlyLoginsOf(row: QueryRow): License['monthlyLogins'] {
  const entitlement = optionalNumber(row, 'MonthlyLoginsEntitlement');
  return entitlement === undefined ? undefined : { used: optionalNumber(row, 'MonthlyLoginsUsed') ?? 0, entitlement };
}

/** How many active users hold a license, by count: exact where `UsedLicenses` lags. @throws OrgError */
export function countActiveUsers(client: OrgClient, userLicenseId: UserLicenseId): Promise<number> {
  return countRows(client, `User WHERE IsActive = true AND Profile.UserLicenseId = ${quoteSoql(userLicenseId)}`);
}

/** Whether the running user sees an account with `IsPartner` (object reference "Account"); not if the field is hidden. @throws OrgError */
export async function hasPartnerAccounts(client: OrgClient): Promise<boolean> {
  const query = { fields: ['Id'], from: 'Account', where: 'IsPartner = true LIMIT 1' };
  return (await unlessHidden(queryRows(client, query), [])).length > 0;
}

/** What is left today. Each is undefined where the org does not say. The figures lag some minutes. */
export type OrgLimits = {
  readonly dailyApiRequests: Limit | undefined;
  readonly dailyBulkApiBatches: Limit | undefined;
};

/** Both undefined if the running user may not read them (View Setup). @throws OrgError. Source: REST API guide "Limits". */
export async function readLimits(client: OrgClient): Promise<OrgLimits> {
  const answer = await unlessHidden(client.call({ method: 'GET', path: '/limits' }), undefined);
  const limits = answer === undefined ? {} : readJson(answer.body, 'limits').object;
  const { DailyApiRequests, DailyBulkApiBatches } = limits;
  return { dailyApiRequests: limitOf(DailyApiRequests), dailyBulkApiBatches: limitOf(DailyBulkApiBatches) };
}

/** An entry can hold sub-entries per connected app besides. */
function limitOf(entry: unknown): Limit | undefined {
  if (!isJsonObject(entry)) return undefined;
  const limit = new JsonReader(entry, 'limits');
  return { max: limit.number('Max'), remaining: limit.number('Remaining') };
}
