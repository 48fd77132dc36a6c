/** What a disable run keeps of its users, and the file that gives the same people new users. */
import type { OldUser } from '../model/fileTexts.js';
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
  'PermissionSetEnds',
  // Of a run that releases licenses: which of the sets are groups, and the licenses.
  'PermissionSetGroups',
  'PermissionSetLicenses',
  'PackageLicenses',
];

/** The cell PermissionSetEnds: `Name=end` for each permission set that has an end. Names have no `=` and no `;`. */
export function setEndsCell(sets: ReadonlyArray<{ readonly name: string; readonly end: string | undefined }>): string {
  return sets.flatMap(({ name, end }) => (end === undefined ? [] : [`${name}=${end}`])).join(';');
}

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
 * holds, and the role that Account Role Optimization shares between accounts. It also skips permission sets with an end, which the
 * new user would hold forever.
 * @param snapshot of the old user before it was cut off
 * @param after what was read back of it; empty before that
 * @returns the values, and what a person has to know of the old user
 */
export function createAgainValues(
  snapshot: UserValues,
  after: UserValues,
): { readonly values: UserValues; readonly old: OldUser } {
  const held = identityFields.filter((field) => {
    const value = snapshot[field];
    return value !== undefined && after[field]?.toLowerCase() === value.toLowerCase();
  });
  const leftOut: readonly string[] = [...held, ...(snapshot['PortalRole'] === 'PersonAccount' ? roleFields : [])];
  const values = Object.entries(snapshot).filter(([field]) => !leftOut.includes(field));
  const ending = itemsOf(snapshot['PermissionSetEnds']);
  const lasting = itemsOf(snapshot['PermissionSets']).filter(
    (name) => !ending.some((end) => end.startsWith(`${name}=`)),
  );
  return {
    values: {
      ...Object.fromEntries(values),
      ...(ending.length === 0 ? {} : { PermissionSets: lasting.join(';') }),
    },
    old: {
      held,
      ending: ending.map((end) => end.replace('=', ' until ')),
      licenses: [...itemsOf(snapshot['PermissionSetLicenses']), ...itemsOf(snapshot['PackageLicenses'])],
      wasInactive: snapshot['IsActive'] === 'false',
    },
  };
}

function itemsOf(cell = ''): string[] {
  return cell.split(';').filter(Boolean);
}
