/** Three sites, one of them live, and permission sets; membership follows from profiles and permission sets. */
import type { Licenses, Profiles } from './licenses.ts';
import type { WorldOptions, WorldOrg } from './worldOrg.ts';

export function seedPermissionSets(org: WorldOrg, licenses: Licenses): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const add = (name: string, label: string, licenseKey: string | null): void => {
    const LicenseId = licenseKey === null ? null : (licenses.get(licenseKey) ?? null);
    ids.set(
      name,
      org.store.insert('PermissionSet', { Name: name, Label: label, LicenseId, IsCustom: true, Type: 'Regular' }),
    );
  };
  add('Portal_Documents', 'Portal Documents', null);
  add('Portal_Orders', 'Portal Orders', null);
  add('Portal_Partner_Deals', 'Portal Partner Deals', 'PID_Partner_Community');
  add('Portal_Partner_Site', 'Portal Partner Site', null);
  addSetWithLicense(org, ids);
  const group = org.store.insert('PermissionSetGroup', {
    DeveloperName: 'Portal_Bundle',
    MasterLabel: 'Portal Bundle',
    Language: 'en_US',
    Status: 'Updated',
  });
  ids.set('Portal_Bundle', group);
  for (const name of ['Portal_Documents', 'Portal_Orders']) {
    org.store.insert('PermissionSetGroupComponent', {
      PermissionSetGroupId: group,
      PermissionSetId: ids.get(name) ?? null,
    });
  }
  return ids;
}

/** A permission set with a license of its own, and a managed package: ten and twenty of each. */
function addSetWithLicense(org: WorldOrg, ids: Map<string, string>): void {
  const LicenseId = org.store.insert('PermissionSetLicense', {
    DeveloperName: 'PortalAnalytics',
    MasterLabel: 'Portal Analytics',
    PermissionSetLicenseKey: 'PortalAnalytics',
    Language: 'en_US',
    TotalLicenses: 10,
    UsedLicenses: 0,
  });
  const set = { Name: 'Portal_Analytics', Label: 'Portal Analytics', LicenseId, IsCustom: true, Type: 'Regular' };
  ids.set(set.Name, org.store.insert('PermissionSet', set));
  org.store.insert('PackageLicense', { NamespacePrefix: 'acmedocs', AllowedLicenses: 20, UsedLicenses: 0 });
}

export function seedSites(
  org: WorldOrg,
  profiles: Profiles,
  permissionSets: ReadonlyMap<string, string>,
  options: WorldOptions,
): void {
  const WelcomeEmailTemplateId = org.store.insert('EmailTemplate', {
    Name: 'Communities: New Member Welcome Email',
    DeveloperName: 'CommunityWelcomeEmailTemplate',
    IsActive: true,
  });
  const ChangePasswordEmailTemplateId = org.store.insert('EmailTemplate', {
    Name: 'Communities: Changed Password Email',
    DeveloperName: 'CommunityChangePasswordEmailTemplate',
    IsActive: true,
  });
  org.store.insert('EmailDomainKey', { Domain: 'acme.example', Selector: 'sf1', IsActive: options.dkim ?? true });
  const site = (Name: string, Status: string, UrlPathPrefix: string, sends: boolean): string =>
    org.store.insert('Network', {
      Name,
      Status,
      UrlPathPrefix,
      OptionsSendWelcomeEmail: sends,
      EmailSenderAddress: 'portal@acme.example',
      EmailSenderName: Name,
      WelcomeEmailTemplateId,
      ChangePasswordEmailTemplateId,
    });
  const member = (NetworkId: string, ParentId: string | undefined): void => {
    if (ParentId !== undefined)
      org.store.insert('NetworkMemberGroup', { NetworkId, ParentId, AssignmentStatus: 'Added' });
  };
  const helpCenter = site('Acme Help Center', 'Live', 'help', options.welcomeEmails ?? true);
  for (const name of ['Acme Customer Portal', 'Acme Customer Login', 'Acme Customer Plus', 'System Administrator'])
    member(helpCenter, profiles.get(name));
  const partnerCentral = site('Acme Partner Central', 'UnderConstruction', 'partners', true);
  member(partnerCentral, profiles.get('Acme Partner'));
  member(partnerCentral, permissionSets.get('Portal_Partner_Site'));
  site('Acme Forum (old)', 'DownForMaintenance', 'forum', false);
}
