/**
 * Licenses besides that of the profile: those behind permission sets, and those of managed packages
 * (docs/salesforce-facts.md#licenses-of-permission-sets-and-packages).
 */
import { auditFields, field, idField, object } from './define.ts';

// prettier-ignore
export const permissionSetLicense = object('PermissionSetLicense', ['Permission Set License', 'Permission Set Licenses'], '0PL', 'queryable retrieveable', [
  idField('Permission Set License ID'),
  field('boolean', 'IsDeleted', 'Deleted', 0, 'D'),
  field('string', 'DeveloperName', 'API Name', 80, 'B'),
  field('picklist', 'Language', 'Master Language', 40, 'R', { values: ['en_US', 'de', 'fr'] }),
  field('string', 'MasterLabel', 'Permission Set License Label', 80, 'M'),
  ...auditFields,
  field('string', 'PermissionSetLicenseKey', 'Permission Set License Key', 81, 'I'),
  field('int', 'TotalLicenses', 'Total Licenses', 0, ''),
  field('picklist', 'Status', 'Status', 255, 'R', { values: ['Active', 'Disabled'], initially: 'Active' }),
  field('date', 'ExpirationDate', 'Expiration Date', 0, 'N'),
  field('int', 'UsedLicenses', 'Used Licenses', 0, ''),
]);

// prettier-ignore
export const permissionSetLicenseAssign = object('PermissionSetLicenseAssign', ['Permission Set License Assignment', 'Permission Set License Assignments'], '2LA', 'createable deletable queryable retrieveable', [
  idField('Permission Set License Assignment ID'),
  field('boolean', 'IsDeleted', 'Deleted', 0, 'D'),
  ...auditFields,
  field('reference', 'PermissionSetLicenseId', 'Permission Set License ID', 18, 'CB', { to: 'PermissionSetLicense', relation: 'PermissionSetLicense' }),
  field('reference', 'AssigneeId', 'Assignee ID', 18, 'CB', { to: 'User', relation: 'Assignee' }),
]);

// prettier-ignore
export const packageLicense = object('PackageLicense', ['Package License', 'Package Licenses'], '050', 'queryable retrieveable', [
  idField('Package License ID'),
  field('picklist', 'Status', 'Status', 40, 'R', { values: ['Active', 'Expired', 'Free', 'Trial'], initially: 'Active' }),
  field('boolean', 'IsProvisioned', 'Is Provisioned', 0, 'D', { initially: true }),
  field('int', 'AllowedLicenses', 'Allowed Licenses', 9, ''),
  field('int', 'UsedLicenses', 'Used Licenses', 9, ''),
  field('datetime', 'ExpirationDate', 'Expiration Date', 0, 'Ng'),
  field('datetime', 'CreatedDate', 'Created Date', 0, 'Dg'),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
  field('string', 'NamespacePrefix', 'Namespace Prefix', 40, 'B'),
  field('boolean', 'IsAvailableForIntegrations', 'Enabled for Platform Integrations', 0, 'D'),
]);

// prettier-ignore
export const userPackageLicense = object('UserPackageLicense', ['User Package License', 'User Package Licenses'], '051', 'createable deletable queryable retrieveable', [
  idField('User Package License ID'),
  field('reference', 'PackageLicenseId', 'Package License ID', 18, 'CB', { to: 'PackageLicense', relation: 'PackageLicense' }),
  field('reference', 'UserId', 'Assigned User ID', 18, 'CB', { to: 'User', relation: 'User' }),
  ...auditFields,
]);
