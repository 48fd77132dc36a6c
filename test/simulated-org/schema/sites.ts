/** Experience Cloud sites and who belongs to them; fields after the Object Reference, for no describe is public. */
import type { Switches } from '../switches.ts';
import { auditFields, field, idField, object } from './define.ts';

const sitesOn = (switches: Switches): boolean => switches.digitalExperiences;

// prettier-ignore
export const network = object('Network', ['Network', 'Networks'], '0DB', 'queryable retrieveable updateable', [
  idField('Network ID'),
  field('string', 'Name', 'Name', 765, 'UM'),
  ...auditFields,
  field('string', 'Description', 'Description', 255, 'UN'),
  field('picklist', 'Status', 'Status', 40, 'UR', { values: ['UnderConstruction', 'Live', 'DownForMaintenance'] }),
  field('string', 'UrlPathPrefix', 'URL Path Prefix', 40, 'UN'),
  field('boolean', 'OptionsSelfRegistrationEnabled', 'Self-Registration Enabled', 0, 'UD'),
  field('boolean', 'OptionsSendWelcomeEmail', 'Send Welcome Email', 0, 'UD', { initially: true }),
  field('boolean', 'OptionsGuestChatterEnabled', 'Guest Chatter Enabled', 0, 'UD'),
  field('boolean', 'OptionsInvitationsEnabled', 'Invitations Enabled', 0, 'UD'),
  field('email', 'EmailSenderAddress', 'Email Sender Address', 80, 'UN'),
  field('string', 'EmailSenderName', 'Email Sender Name', 80, 'UN'),
  field('reference', 'WelcomeEmailTemplateId', 'Welcome Email Template ID', 18, 'UN', { to: 'EmailTemplate', relation: 'WelcomeEmailTemplate' }),
  field('reference', 'ChangePasswordEmailTemplateId', 'Change Password Email Template ID', 18, 'U', { to: 'EmailTemplate', relation: 'ChangePasswordEmailTemplate' }),
  field('reference', 'SelfRegProfileId', 'Profile ID', 18, 'UN', { to: 'Profile', relation: 'SelfRegProfile' }),
], sitesOn);

// prettier-ignore
export const emailTemplate = object('EmailTemplate', ['Email Template', 'Email Templates'], '00X', 'createable queryable retrieveable updateable', [
  idField('Email Template ID'),
  field('string', 'Name', 'Email Template Name', 80, 'CUM'),
  field('string', 'DeveloperName', 'Template Unique Name', 80, 'CU'),
  field('boolean', 'IsActive', 'Available For Use', 0, 'CUD'),
  ...auditFields,
]);

/** The DKIM keys of sender domains (Object Reference, EmailDomainKey); its key prefix here is made up. */
// prettier-ignore
export const emailDomainKey = object('EmailDomainKey', ['Email Domain Key', 'Email Domain Keys'], '0EK', 'createable queryable retrieveable updateable', [
  idField('Email Domain Key ID'),
  field('string', 'Domain', 'Domain', 255, 'CU'),
  field('picklist', 'DomainMatch', 'Domain Match', 40, 'CUR', { values: ['DomainOnly', 'SubdomainsOnly', 'DomainAndSubdomains'], initially: 'DomainOnly' }),
  field('boolean', 'IsActive', 'Is Active', 0, 'CUD'),
  field('string', 'Selector', 'Selector', 63, 'CU'),
  ...auditFields,
]);

// prettier-ignore
export const networkMember = object('NetworkMember', ['Network Member', 'Network Members'], '0DO', 'queryable replicateable retrieveable triggerable updateable', [
  idField('Network Member ID'),
  field('reference', 'NetworkId', 'Network ID', 18, 'B', { to: 'Network', relation: 'Network' }),
  field('reference', 'MemberId', 'Member ID', 18, 'B', { to: 'User', relation: 'Member' }),
  ...auditFields,
  field('picklist', 'DefaultGroupNotificationFrequency', 'Default Group Notification Frequency', 40, 'UDR', { values: ['P', 'D', 'W', 'N'], initially: 'N' }),
  field('picklist', 'DigestFrequency', 'Digest Frequency', 40, 'UDR', { values: ['D', 'W', 'N'], initially: 'D' }),
  field('datetime', 'LastChatterActivityDate', 'Last Chatter Activity Date', 0, 'Ng'),
], sitesOn);

/** The stages of adding a group of people to a site, or of taking it away. */
const assignmentStatuses = [
  'WaitingForAdd',
  'WaitingForAddAcknowledged',
  'AddCalculated',
  'Added',
  'FailedAdd',
  'WaitingForRemove',
  'WaitingForRemoveAcknowledged',
  'RemoveCalculated',
  'Removed',
  'FailedRemove',
];

// prettier-ignore
export const networkMemberGroup = object('NetworkMemberGroup', ['Network Member Group', 'Network Member Group'], '0DL', 'createable queryable retrieveable updateable', [
  idField('Network Member Group ID'),
  field('reference', 'NetworkId', 'Network ID', 18, 'CB', { to: 'Network', relation: 'Network' }),
  field('reference', 'ParentId', 'Parent ID', 18, 'CB', { to: ['PermissionSet', 'Profile'], relation: 'Parent' }),
  ...auditFields,
  field('picklist', 'AssignmentStatus', 'Assignment Status', 40, 'CUDR', { values: assignmentStatuses, initially: 'Added' }),
], sitesOn);
