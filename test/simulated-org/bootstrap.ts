/** The least an org consists of: itself, a license, and an administrator with every permission. */
import type { Store } from './contracts.ts';
import { permissionNames } from './schema/permissionNames.ts';

export type Bootstrap = { readonly orgId: string; readonly administratorId: string };

export const administratorUsername = 'admin@sim.example';

/** `administratorId` is decided beforehand, because every record names its creator. */
export function bootstrap(store: Store, ids: Bootstrap): void {
  store.insert('Organization', {
    Id: ids.orgId,
    Name: 'Simulated Org',
    OrganizationType: 'Developer Edition',
    InstanceName: 'SIM1',
    IsSandbox: false,
    DefaultLocaleSidKey: 'en_US',
    TimeZoneSidKey: 'America/Los_Angeles',
    LanguageLocaleKey: 'en_US',
  });
  const licenseId = store.insert('UserLicense', {
    Name: 'Salesforce',
    MasterLabel: 'Salesforce',
    LicenseDefinitionKey: 'SFDC',
    Status: 'Active',
    TotalLicenses: 20,
    UsedLicenses: 1,
  });
  const allRights = Object.fromEntries(permissionNames.map((name) => [`Permissions${name}`, true]));
  const profileId = store.insert('Profile', {
    Name: 'System Administrator',
    UserLicenseId: licenseId,
    UserType: 'Standard',
    ...allRights,
  });
  const roleId = store.insert('UserRole', {
    Name: 'CEO',
    DeveloperName: 'CEO',
    RollupDescription: 'CEO',
    PortalType: 'None',
    ...roleAccess,
  });
  store.insert('User', administrator(ids.administratorId, profileId, roleId));
  store.insert('UserLogin', { UserId: ids.administratorId });
}

const roleAccess = {
  OpportunityAccessForAccountOwner: 'Edit',
  CaseAccessForAccountOwner: 'Edit',
  ContactAccessForAccountOwner: 'Edit',
};

function administrator(id: string, profileId: string, roleId: string): Parameters<Store['insert']>[1] {
  return {
    Id: id,
    Username: administratorUsername,
    FirstName: 'Sim',
    LastName: 'Admin',
    Email: 'admin@sim.example',
    Alias: 'admin',
    CommunityNickname: 'admin',
    IsActive: true,
    ProfileId: profileId,
    UserRoleId: roleId,
    UserType: 'Standard',
    TimeZoneSidKey: 'America/Los_Angeles',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
    DigestFrequency: 'D',
    DefaultGroupNotificationFrequency: 'N',
  };
}
