/** Profiles and licenses: what a user has access to and what it costs. */
import { field, idField, object } from './define.ts';
import { permissionFields } from './permissions.ts';
import { userTypes } from './user.ts';

// prettier-ignore
export const profile = object('Profile', ['Profile', 'Profile'], '00e', 'deletable mruEnabled queryable replicateable retrieveable searchable updateable', [
  idField('Profile ID'),
  field('string', 'Name', 'Name', 255, 'UIM'),
  field('reference', 'UserLicenseId', 'User License ID', 18, 'B', { to: 'UserLicense', relation: 'UserLicense' }),
  field('picklist', 'UserType', 'User Type', 40, 'NR', { values: userTypes }),
  field('datetime', 'CreatedDate', 'Created Date', 0, 'Dg'),
  field('reference', 'CreatedById', 'Created By ID', 18, 'D', { to: 'User', relation: 'CreatedBy' }),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('reference', 'LastModifiedById', 'Last Modified By ID', 18, 'D', { to: 'User', relation: 'LastModifiedBy' }),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
  field('string', 'Description', 'Description', 255, 'UN'),
  field('datetime', 'LastViewedDate', 'Last Viewed Date', 0, 'Ng'),
  field('datetime', 'LastReferencedDate', 'Last Referenced Date', 0, 'Ng'),
  ...permissionFields,
]);

// prettier-ignore
export const userLicense = object('UserLicense', ['User License', 'User Licenses'], '100', 'queryable retrieveable', [
  idField('User License ID'),
  field('string', 'LicenseDefinitionKey', 'License Def. ID', 40, ''),
  field('int', 'TotalLicenses', 'Total Licenses', 0, ''),
  field('picklist', 'Status', 'Status', 40, 'R', { values: ['Active', 'Disabled'] }),
  field('int', 'UsedLicenses', 'Used Licenses', 0, ''),
  field('datetime', 'UsedLicensesLastUpdated', 'Used Licenses Last Updated', 0, 'Dg'),
  field('string', 'Name', 'Name', 40, 'M'),
  field('string', 'MasterLabel', 'Master Label', 40, ''),
  field('int', 'MonthlyLoginsUsed', 'Monthly Logins Used', 0, 'N', { when: (switches) => switches.digitalExperiences }),
  field('int', 'MonthlyLoginsEntitlement', 'Monthly Logins Entitlement', 0, 'N', { when: (switches) => switches.digitalExperiences }),
  field('datetime', 'CreatedDate', 'Created Date', 0, 'Dg'),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
]);
