/** Licenses and profiles of the world: standard external profiles closed by the gate, and clones that are free of it. */
import type { FieldValue } from '../contracts.ts';
import { permissionNames } from '../schema/permissionNames.ts';
import { putRecord } from './worldOrg.ts';
import type { WorldOrg } from './worldOrg.ts';

type LicenseRow = {
  readonly key: string;
  readonly name: string;
  readonly seats: number;
  readonly status?: 'Disabled';
  readonly monthlyLogins?: number;
};

/** Two licenses share a name, one of them disabled, as in a recorded org; External Identity is unlimited. */
const licenseRows: readonly LicenseRow[] = [
  { key: 'SFDC', name: 'Salesforce', seats: 50 },
  { key: 'PID_Customer_Community', name: 'Customer Community', seats: 500 },
  { key: 'PID_Customer_Community_Login', name: 'Customer Community Login', seats: 2000, monthlyLogins: 100 },
  { key: 'PID_Customer_Community_Plus', name: 'Customer Community Plus', seats: 100 },
  { key: 'PID_Customer_Community_Plus_Login', name: 'Customer Community Plus Login', seats: 5, monthlyLogins: 50 },
  { key: 'PID_Partner_Community', name: 'Partner Community', seats: 60 },
  { key: 'PID_External_Identity', name: 'External Identity', seats: -1 },
  { key: 'High Volume Customer Portal_User', name: 'High Volume Customer Portal', seats: 100 },
  { key: 'PID_Overage_High Volume Customer Portal', name: 'High Volume Customer Portal', seats: 0, status: 'Disabled' },
  { key: 'PID_Guest_User', name: 'Guest', seats: 1 },
];

type ProfileRow = {
  readonly name: string;
  readonly license: string;
  readonly userType: string;
  readonly grants?: readonly string[];
};

const withoutTheseAdministratorsCanDo = new Set([
  'ApiUserOnly',
  'ForceTwoFactor',
  'TwoFactorApi',
  'DelegatedTwoFactor',
  'BulkApiHardDelete',
  'ManageMyExternalUsers',
  'DelegatedPortalUserAdmin',
  'PortalSuperUser',
  'ViewOnlyEmbeddedAppUser',
  'HideReadByList',
  'PreventClassicExperience',
]);

const administratorGrants = permissionNames.filter((name) => !withoutTheseAdministratorsCanDo.has(name));

/**
 * May make portal users, but is no user manager: `create` works, `disable` is doubtful
 * (docs/salesforce-facts.md#permissions).
 */
const portalManagerGrants = [
  'ApiEnabled',
  'ViewSetup',
  'ViewRoles',
  'ManagePartners',
  'ManageCssUsers',
  'AssignPermissionSets',
  'ViewAllData',
];

const profileRows: readonly ProfileRow[] = [
  { name: 'System Administrator', license: 'SFDC', userType: 'Standard', grants: administratorGrants },
  {
    name: 'Standard User',
    license: 'SFDC',
    userType: 'Standard',
    grants: ['ApiEnabled', 'ViewHelpLink', 'RunReports'],
  },
  { name: 'Acme Portal Manager', license: 'SFDC', userType: 'Standard', grants: portalManagerGrants },
  {
    name: 'Acme Customer Service',
    license: 'SFDC',
    userType: 'Standard',
    grants: ['ApiEnabled', 'ManageCssUsers', 'ViewRoles'],
  },
  { name: 'Customer Community User', license: 'PID_Customer_Community', userType: 'CspLitePortal' },
  { name: 'Acme Customer Portal', license: 'PID_Customer_Community', userType: 'CspLitePortal' },
  { name: 'Customer Community Login User', license: 'PID_Customer_Community_Login', userType: 'CspLitePortal' },
  { name: 'Acme Customer Login', license: 'PID_Customer_Community_Login', userType: 'CspLitePortal' },
  { name: 'Customer Community Plus User', license: 'PID_Customer_Community_Plus', userType: 'PowerCustomerSuccess' },
  { name: 'Acme Customer Plus', license: 'PID_Customer_Community_Plus', userType: 'PowerCustomerSuccess' },
  { name: 'Acme Pilot', license: 'PID_Customer_Community_Plus_Login', userType: 'PowerCustomerSuccess' },
  { name: 'Partner Community User', license: 'PID_Partner_Community', userType: 'PowerPartner' },
  { name: 'Acme Partner', license: 'PID_Partner_Community', userType: 'PowerPartner' },
  { name: 'External Identity User', license: 'PID_External_Identity', userType: 'CspLitePortal' },
  { name: 'Acme Identity', license: 'PID_External_Identity', userType: 'CspLitePortal' },
  { name: 'High Volume Customer Portal', license: 'High Volume Customer Portal_User', userType: 'CspLitePortal' },
  { name: 'Acme Legacy Portal', license: 'High Volume Customer Portal_User', userType: 'CspLitePortal' },
  { name: 'Acme Help Center Profile', license: 'PID_Guest_User', userType: 'Guest' },
];

/** Ids by name. */
export type Profiles = ReadonlyMap<string, string>;

/** Ids by `LicenseDefinitionKey`. */
export type Licenses = ReadonlyMap<string, string>;

export function seedLicenses(org: WorldOrg): Licenses {
  const ids = new Map<string, string>();
  for (const { key, name, seats, status, monthlyLogins } of licenseRows) {
    const values = {
      LicenseDefinitionKey: key,
      Name: name,
      MasterLabel: name,
      TotalLicenses: seats,
      UsedLicenses: 0,
      Status: status ?? 'Active',
      MonthlyLoginsEntitlement: monthlyLogins ?? null,
      MonthlyLoginsUsed: monthlyLogins === undefined ? null : 12,
    };
    ids.set(key, putRecord(org, 'UserLicense', 'LicenseDefinitionKey', values));
  }
  return ids;
}

export function seedProfiles(org: WorldOrg, licenses: Licenses): Profiles {
  const ids = new Map<string, string>();
  for (const { name, license, userType, grants } of profileRows) {
    const permissions: Record<string, FieldValue> = Object.fromEntries(
      (grants ?? []).map((grant) => [`Permissions${grant}`, true]),
    );
    const id = putRecord(org, 'Profile', 'Name', {
      Name: name,
      UserLicenseId: licenses.get(license) ?? null,
      UserType: userType,
      ...permissions,
    });
    ids.set(name, id);
    // Every profile owns a hidden permission set (docs/salesforce-facts.md#permission-sets).
    const set = {
      Name: `X${id}`,
      Label: `00ex00000018ozT_128_09_04_${name}`.slice(0, 80),
      ProfileId: id,
      IsOwnedByProfile: true,
      Type: 'Profile',
    };
    org.store.insert('PermissionSet', { ...set, ...permissions });
  }
  return ids;
}
