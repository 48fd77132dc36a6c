/** The organization, its role tree, its groups, and the log-in state of its users. */
import { field, idField, object } from './define.ts';
import { languages, locales, timeZones } from './localePicklists.ts';

// prettier-ignore
export const organization = object('Organization', ['Organization', 'Organizations'], '00D', 'queryable replicateable retrieveable updateable', [
  idField('Organization ID'),
  field('string', 'Name', 'Name', 80, 'UM'),
  field('string', 'Division', 'Division', 255, 'N'),
  field('textarea', 'Street', 'Street', 255, 'UN'),
  field('string', 'City', 'City', 255, 'N'),
  field('string', 'State', 'State', 255, 'N'),
  field('string', 'PostalCode', 'Postal Code', 255, 'N'),
  field('string', 'Country', 'Country', 255, 'N'),
  field('double', 'Latitude', 'Latitude', 0, 'UNg', { precision: 18, scale: 15 }),
  field('double', 'Longitude', 'Longitude', 0, 'UNg', { precision: 18, scale: 15 }),
  field('string', 'GeocodeAccuracy', 'Geocode Accuracy', 255, 'N'),
  field('address', 'Address', 'Address', 0, 'Ngs'),
  field('phone', 'Phone', 'Phone', 40, 'UN'),
  field('phone', 'Fax', 'Fax', 40, 'UN'),
  field('string', 'PrimaryContact', 'Primary Contact', 255, 'N'),
  field('picklist', 'DefaultLocaleSidKey', 'Locale', 40, 'UR', { values: locales }),
  field('picklist', 'TimeZoneSidKey', 'Time Zone', 40, 'UR', { values: timeZones }),
  field('picklist', 'LanguageLocaleKey', 'Language', 40, 'UR', { values: languages }),
  field('boolean', 'ReceivesInfoEmails', 'Receives Info Emails', 0, 'D'),
  field('boolean', 'ReceivesAdminInfoEmails', 'Receives Admin Info Emails', 0, 'D'),
  field('boolean', 'PreferencesRequireOpportunityProducts', 'Preferences Require Opportunity Products', 0, 'D'),
  field('boolean', 'PreferencesConsentManagementEnabled', 'Preferences Consent Management Enabled', 0, 'D'),
  field('boolean', 'PreferencesIndividualAutoCreateEnabled', 'Preferences Individual Auto Create Enabled', 0, 'D'),
  field('boolean', 'PreferencesAutoSelectIndividualOnMerge', 'Preferences Auto Select Individual On Merge', 0, 'D'),
  field('boolean', 'PreferencesLightningLoginEnabled', 'Preferences Lightning Login Enabled', 0, 'D'),
  field('boolean', 'PreferencesOnlyLLPermUserAllowed', 'Preferences Only LLPerm User Allowed', 0, 'D'),
  field('int', 'FiscalYearStartMonth', 'Fiscal Year Start Month', 0, 'N'),
  field('boolean', 'UsesStartDateAsFiscalYearName', 'Uses Start Date As Fiscal Year Name', 0, 'D'),
  field('string', 'DefaultAccountAccess', 'Default Account Access', 255, 'N'),
  field('string', 'DefaultContactAccess', 'Default Contact Access', 255, 'N'),
  field('string', 'DefaultOpportunityAccess', 'Default Opportunity Access', 255, 'N'),
  field('string', 'DefaultLeadAccess', 'Default Lead Access', 255, 'N'),
  field('string', 'DefaultCaseAccess', 'Default Case Access', 255, 'N'),
  field('string', 'DefaultCalendarAccess', 'Default Calendar Access', 255, 'N'),
  field('string', 'DefaultPricebookAccess', 'Default Pricebook Access', 255, 'N'),
  field('string', 'DefaultCampaignAccess', 'Default Campaign Access', 255, 'N'),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
  field('string', 'ComplianceBccEmail', 'Compliance Bcc Email', 255, 'N'),
  field('string', 'UiSkin', 'Ui Skin', 255, 'N'),
  field('string', 'SignupCountryIsoCode', 'Signup Country Iso Code', 255, 'N'),
  field('datetime', 'TrialExpirationDate', 'Trial Expiration Date', 0, 'Ng'),
  field('int', 'NumKnowledgeService', 'Num Knowledge Service', 0, 'N'),
  field('picklist', 'OrganizationType', 'Edition', 40, 'N', { values: ['Team Edition', 'Professional Edition', 'Enterprise Edition', 'Developer Edition', 'Personal Edition', 'Unlimited Edition'] }),
  field('string', 'NamespacePrefix', 'Namespace Prefix', 15, 'N'),
  field('string', 'InstanceName', 'Instance Name', 5, 'N'),
  field('boolean', 'IsSandbox', 'Is Sandbox', 0, 'D'),
  field('string', 'WebToCaseDefaultOrigin', 'Web To Case Default Origin', 255, 'N'),
  field('int', 'MonthlyPageViewsUsed', 'Monthly Page Views Used', 0, 'N'),
  field('int', 'MonthlyPageViewsEntitlement', 'Monthly Page Views Entitlement', 0, 'N'),
  field('boolean', 'IsReadOnly', 'Is Read Only', 0, 'D'),
  field('datetime', 'CreatedDate', 'Created Date', 0, 'Dg'),
  field('reference', 'CreatedById', 'Created By ID', 18, 'D', { to: 'User', relation: 'CreatedBy' }),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('reference', 'LastModifiedById', 'Last Modified By ID', 18, 'D', { to: 'User', relation: 'LastModifiedBy' }),
]);

// prettier-ignore
export const userRole = object('UserRole', ['Role', 'Role'], '00E', 'createable deletable queryable replicateable retrieveable searchable updateable', [
  idField('User Role ID'),
  field('string', 'Name', 'Name', 80, 'CUM'),
  field('reference', 'ParentRoleId', 'Parent Role ID', 18, 'CUN', { to: 'UserRole' }),
  field('string', 'RollupDescription', 'Description', 80, 'CUN'),
  field('picklist', 'OpportunityAccessForAccountOwner', 'Opportunity Access Level for Account Owner', 40, 'CUDR', { values: ['None', 'Read', 'Edit'], initially: 'Edit' }),
  field('picklist', 'CaseAccessForAccountOwner', 'Case Access Level for Account Owner', 40, 'CUNDR', { values: ['None', 'Read', 'Edit'], initially: 'Edit' }),
  field('picklist', 'ContactAccessForAccountOwner', 'Contact Access Level for Account Owner', 40, 'CUNDR', { values: ['None', 'Read', 'Edit'], initially: 'Edit' }),
  field('reference', 'ForecastUserId', 'User ID', 18, 'N', { to: 'User' }),
  field('boolean', 'MayForecastManagerShare', 'May Forecast Manager Share', 0, 'D'),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('reference', 'LastModifiedById', 'Last Modified By ID', 18, 'D', { to: 'User', relation: 'LastModifiedBy' }),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
  field('string', 'DeveloperName', 'Developer Name', 80, 'CUND'),
  field('reference', 'PortalAccountId', 'Account ID', 18, 'CNB', { to: 'Account' }),
  field('picklist', 'PortalType', 'Portal Type', 40, 'CNR', { values: ['None', 'CustomerPortal', 'Partner'] }),
  field('picklist', 'PortalRole', 'Portal Role', 40, 'CNR', { values: ['Executive', 'Manager', 'Worker', 'PersonAccount'], joinsIndexOf: 'PortalAccountOwnerId', when: (switches) => switches.digitalExperiences }),
  field('reference', 'PortalAccountOwnerId', 'User ID', 18, 'NB', { to: 'User' }),
]);

// prettier-ignore
export const userLogin = object('UserLogin', ['User Login', 'User Login'], '0Yw', 'queryable retrieveable updateable', [
  idField('User Login ID'),
  field('reference', 'UserId', 'User ID', 18, 'NB', { to: 'User' }),
  field('boolean', 'IsFrozen', 'Frozen', 0, 'UD'),
  field('boolean', 'IsPasswordLocked', 'Password Locked', 0, 'UD'),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('reference', 'LastModifiedById', 'Last Modified By ID', 18, 'D', { to: 'User', relation: 'LastModifiedBy' }),
]);

// prettier-ignore
export const group = object('Group', ['Group', 'Group'], '00G', 'createable deletable queryable replicateable retrieveable searchable updateable', [
  idField('Group ID'),
  field('string', 'Name', 'Name', 40, 'CUMB'),
  field('string', 'DeveloperName', 'Developer Name', 80, 'CUN'),
  field('reference', 'RelatedId', 'Related ID', 18, 'NB', { to: ['User', 'UserRole'], relation: 'Related' }),
  field('picklist', 'Type', 'Type', 40, 'CR', { values: ['Regular', 'Role', 'RoleAndSubordinates', 'RoleAndSubordinatesInternal', 'Manager', 'Organization', 'PRMOrganization', 'AllCustomerPortal', 'Queue'] }),
  field('email', 'Email', 'Email', 255, 'CUN'),
  field('reference', 'OwnerId', 'Owner ID', 18, 'D', { to: ['Organization', 'User'], relation: 'Owner' }),
  field('boolean', 'DoesSendEmailToMembers', 'Send Email to Members', 0, 'CUD'),
  field('boolean', 'DoesIncludeBosses', 'Include Bosses', 0, 'CUD'),
  field('datetime', 'CreatedDate', 'Created Date', 0, 'Dg'),
  field('reference', 'CreatedById', 'Created By ID', 18, 'D', { to: 'User', relation: 'CreatedBy' }),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('reference', 'LastModifiedById', 'Last Modified By ID', 18, 'D', { to: 'User', relation: 'LastModifiedBy' }),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
]);

// prettier-ignore
export const groupMember = object('GroupMember', ['Group Member', 'Group Member'], '011', 'createable deletable queryable replicateable retrieveable', [
  idField('Group Member ID'),
  field('reference', 'GroupId', 'Group ID', 18, 'CB', { to: 'Group', relation: 'Group' }),
  field('reference', 'UserOrGroupId', 'User/Group ID', 18, 'CB', { to: ['Group', 'User'] }),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
]);
