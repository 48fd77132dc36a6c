/** The objects that every org has here. What else one has is handed in: ownObjects.ts. */
import { account } from './account.ts';
import {
  packageLicense,
  permissionSetLicense,
  permissionSetLicenseAssign,
  userPackageLicense,
} from './assignedLicenses.ts';
import { contact } from './contact.ts';
import { profile, userLicense } from './licenses.ts';
import { group, groupMember, organization, userLogin, userRole } from './organization.ts';
import {
  objectPermissions,
  permissionSet,
  permissionSetAssignment,
  permissionSetGroup,
  permissionSetGroupComponent,
  userPermissionAccess,
} from './permissions.ts';
import { emailDomainKey, emailTemplate, network, networkMember, networkMemberGroup } from './sites.ts';
import type { ObjectDefinition } from './types.ts';
import { user } from './user.ts';

export const standardObjects: readonly ObjectDefinition[] = [
  account,
  contact,
  emailDomainKey,
  emailTemplate,
  group,
  groupMember,
  network,
  networkMember,
  networkMemberGroup,
  objectPermissions,
  organization,
  packageLicense,
  permissionSet,
  permissionSetAssignment,
  permissionSetGroup,
  permissionSetGroupComponent,
  permissionSetLicense,
  permissionSetLicenseAssign,
  profile,
  user,
  userLicense,
  userLogin,
  userPackageLicense,
  userPermissionAccess,
  userRole,
];
