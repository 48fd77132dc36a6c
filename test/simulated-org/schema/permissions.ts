/** Permission sets and their groups, and the view of one's own rights. */
import { auditFields, field, idField, object } from './define.ts';
import { permissionNames } from './permissionNames.ts';
import type { FieldDefinition } from './types.ts';

/** A column exists in an org only when the feature behind the right does. */
function permissionField(name: string, letters: string): FieldDefinition {
  const column = `Permissions${name}`;
  const label = name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return field('boolean', column, label, 0, letters, {
    when: (switches) => !switches.missingPermissions.includes(column),
  });
}

export const permissionFields: readonly FieldDefinition[] = permissionNames.map((name) => permissionField(name, 'CUD'));

// prettier-ignore
export const userPermissionAccess = object('UserPermissionAccess', ['User Permission Access', 'User Permission Access'], '0up', 'queryable', [
  idField('User Permission Access ID'),
  field('datetime', 'LastCacheUpdate', 'Last Cache Update', 0, 'Ng'),
  ...permissionNames.map((name) => permissionField(name, 'D')),
]);

// prettier-ignore
export const permissionSet = object('PermissionSet', ['Permission Set', 'Permission Sets'], '0PS', 'createable deletable mruEnabled queryable retrieveable searchable updateable', [
  idField('Permission Set ID'),
  field('string', 'Name', 'Permission Set Name', 80, 'CUMB'),
  field('string', 'Label', 'Permission Set Label', 80, 'CU'),
  field('reference', 'LicenseId', 'License ID', 18, 'CN', { to: ['PermissionSetLicense', 'UserLicense'], relation: 'License' }),
  field('reference', 'ProfileId', 'Profile ID', 18, 'NB', { to: 'Profile', relation: 'Profile' }),
  field('boolean', 'IsOwnedByProfile', 'Is Owned By Profile', 0, 'D'),
  field('boolean', 'IsCustom', 'Is Custom', 0, 'D'),
  field('string', 'Description', 'Description', 255, 'CUN'),
  field('datetime', 'CreatedDate', 'Created Date', 0, 'Dg'),
  field('reference', 'CreatedById', 'Created By ID', 18, 'D', { to: 'User', relation: 'CreatedBy' }),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('reference', 'LastModifiedById', 'Last Modified By ID', 18, 'D', { to: 'User', relation: 'LastModifiedBy' }),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
  field('string', 'NamespacePrefix', 'Namespace Prefix', 15, 'N'),
  field('boolean', 'HasActivationRequired', 'Has Activation Required', 0, 'D'),
  field('reference', 'PermissionSetGroupId', 'Permission Set Group ID', 18, 'N', { to: 'PermissionSetGroup', relation: 'PermissionSetGroup' }),
  field('picklist', 'Type', 'Type', 40, 'NR', { values: ['Regular', 'Standard', 'Session', 'Group', 'Profile'] }),
  ...permissionFields,
]);

/** Rights on an object; those of a profile belong to the set that it owns (Object Reference, ObjectPermissions). */
// prettier-ignore
export const objectPermissions = object('ObjectPermissions', ['Object Permissions', 'Object Permissions'], '110', 'createable deletable queryable retrieveable updateable', [
  idField('Object Permissions ID'),
  field('reference', 'ParentId', 'Permission Set ID', 18, 'CB', { to: 'PermissionSet', relation: 'Parent' }),
  field('string', 'SobjectType', 'Object Type Name', 40, 'CB'),
  field('boolean', 'PermissionsRead', 'Read Records', 0, 'CUD'),
  field('boolean', 'PermissionsViewAllRecords', 'Read All Records', 0, 'CUD'),
  field('boolean', 'PermissionsModifyAllRecords', 'Edit All Records', 0, 'CUD'),
  ...auditFields,
]);

// prettier-ignore
export const permissionSetGroup = object('PermissionSetGroup', ['Permission Set Group', 'Permission Set Groups'], '0PG', 'createable deletable mruEnabled queryable retrieveable updateable', [
  idField('Permission Set Group ID'),
  field('boolean', 'IsDeleted', 'Deleted', 0, 'D'),
  field('string', 'DeveloperName', 'API Name', 80, 'CUB'),
  field('picklist', 'Language', 'Master Language', 40, 'CUNR', { values: ['en_US', 'de', 'fr'] }),
  field('string', 'MasterLabel', 'Label', 80, 'CUM'),
  field('string', 'NamespacePrefix', 'Namespace Prefix', 15, 'N'),
  field('textarea', 'Description', 'Description', 255, 'CUN'),
  field('picklist', 'Status', 'Status', 40, 'CUDR', { values: ['Updated', 'Outdated', 'Updating', 'Failed'], initially: 'Updated' }),
  ...auditFields,
  field('boolean', 'HasActivationRequired', 'Session Activation Required', 0, 'CUD'),
]);

// prettier-ignore
export const permissionSetGroupComponent = object('PermissionSetGroupComponent', ['Permission Set Group Component', 'Permission Set Group Components'], '0PF', 'createable deletable queryable retrieveable', [
  idField('Permission Set Group Component ID'),
  field('boolean', 'IsDeleted', 'Deleted', 0, 'D'),
  field('reference', 'PermissionSetGroupId', 'Permission Set Group ID', 18, 'CB', { to: 'PermissionSetGroup', relation: 'PermissionSetGroup' }),
  field('reference', 'PermissionSetId', 'Permission Set ID', 18, 'CB', { to: 'PermissionSet', relation: 'PermissionSet' }),
  ...auditFields,
]);

// prettier-ignore
export const permissionSetAssignment = object('PermissionSetAssignment', ['Permission Set Assignment', 'Permission Set Assignments'], '0Pa', 'createable deletable queryable retrieveable', [
  idField('PermissionSetAssignment ID'),
  field('reference', 'PermissionSetId', 'Permission Set ID', 18, 'CNB', { to: 'PermissionSet', relation: 'PermissionSet' }),
  field('reference', 'PermissionSetGroupId', 'Permission Set Group ID', 18, 'CNB', { to: 'PermissionSetGroup', relation: 'PermissionSetGroup' }),
  field('reference', 'AssigneeId', 'Assignee ID', 18, 'CB', { to: 'User', relation: 'Assignee' }),
  field('datetime', 'SystemModstamp', 'Date Assigned', 0, 'Dg'),
  field('datetime', 'ExpirationDate', 'Expires On', 0, 'CNg'),
  field('boolean', 'IsActive', 'Is Active', 0, 'D', { initially: true }),
  field('boolean', 'IsRevoked', 'Is Revoked', 0, 'D'),
]);
