/** What a disable run keeps of its users, and the file that gives the same people new users. */
import type { UserValues } from '../model/reasons.js';
import { seedColumns } from './userColumns.js';

/**
 * Fields of User that change or are lost (docs/salesforce-facts.md#taking-access-away), the twelve columns of a new
 * user, and what people know a user by.
 */
export const snapshotFields = [
  'Id',
  'Username',
  'Name',
  'IsActive',
  'IsPortalEnabled',
  'ContactId',
  'AccountId',
  'Account.Name',
  'ProfileId',
  'UserRoleId',
  'UserType',
  'FirstName',
  'LastName',
  'Email',
  'Alias',
  'CommunityNickname',
  'FederationIdentifier',
  'TimeZoneSidKey',
  'LocaleSidKey',
  'LanguageLocaleKey',
  'EmailEncodingKey',
  'CurrencyIsoCode',
  'LastLoginDate',
  'CreatedDate',
] as const;

/** The header of snapshot.csv: the fields, and what other objects say of the user. */
export const snapshotColumns: readonly string[] = [
  ...snapshotFields,
  'IsFrozen',
  'PortalRole',
  'PermissionSets',
  // Of a run that releases licenses: which of the sets are groups, when their assignments end, and the licenses.
  'PermissionSetGroups',
  'PermissionSetEnds',
  'PermissionSetLicenses',
  'PackageLicenses',
];

/** The header of create-again.csv, as `create --file` takes it: the contact first, then the twelve columns. */
export const createAgainColumns: readonly string[] = [
  'ContactId',
  ...seedColumns.filter((column) => column !== 'ContactId'),
  'PortalRole',
  'FederationIdentifier',
  'CommunityNickname',
  'PermissionSets',
];

/**
 * Fields that must be unique; whether cutting a user off frees them is not documented
 * (docs/salesforce-facts.md#taking-access-away).
 */
const identityFields = ['Username', 'FederationIdentifier', 'CommunityNickname'] as const;

/**
 * A role that is no account's own can't be asked for: Salesforce gives it to the only user of an account
 * (docs/salesforce-facts.md#portal-roles).
 */
const roleFields = ['UserRoleId', 'PortalRole'] as const;

/**
 * The row of create-again.csv. It skips values with which Salesforce would refuse the new user: an identity that the old user still
 * holds, and the role that Account Role Optimization shares between accounts.
 * @param snapshot of the old user before it was cut off
 * @param after what was read back of it; empty before that
 * @returns the values, and the identities that it skips
 */
export function createAgainValues(
  snapshot: UserValues,
  after: UserValues,
): { readonly values: UserValues; readonly held: readonly string[] } {
  const held = identityFields.filter((field) => {
    const value = snapshot[field];
    return value !== undefined && after[field]?.toLowerCase() === value.toLowerCase();
  });
  const leftOut: readonly string[] = [...held, ...(snapshot['PortalRole'] === 'PersonAccount' ? roleFields : [])];
  const values = Object.entries(snapshot).filter(([field]) => !leftOut.includes(field));
  return { values: Object.fromEntries(values), held };
}
