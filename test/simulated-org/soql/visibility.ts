/** Rows a user does not see although it sees the object: membership of other sites, log-in states, profiles, users. */
import type { ObjectDefinition } from '../schema/types.ts';
import type { QueryOrg } from './compile.ts';
import type { Sql } from './conditions.ts';

/** Objects that only some users can access, by the permissions of which one is enough (Object Reference, Special Access Rules). */
const accessRules: Readonly<Record<string, readonly string[]>> = {
  PermissionSetAssignment: ['ViewSetup', 'AssignPermissionSets', 'ManageUsers'],
  PermissionSetLicenseAssign: ['ViewSetup', 'AssignPermissionSets'],
};

/** Whether this user can access the object at all: without that it looks as if the org had none. */
export function mayAccess(org: QueryOrg, object: ObjectDefinition, userId: string): boolean {
  const hidesUserLogin = object.name === 'UserLogin' && org.switches.userLoginWithoutManageUsers === 'INVALID_TYPE';
  const needed = hidesUserLogin ? ['ManageUsers'] : accessRules[object.name];
  return needed === undefined || needed.some((permission) => org.hasPermission(userId, permission));
}

/** A condition to add, or undefined when the user sees every row. */
export function visibleRows(org: QueryOrg, object: ObjectDefinition, alias: string, userId: string): Sql | undefined {
  if (object.name === 'NetworkMemberGroup') return ownSitesOnly(org, alias, userId);
  if (object.name === 'UserLogin') return noneWithoutManageUsers(org, userId);
  if (object.name === 'Profile' && org.switches.profileFiltering) return ownProfileOnly(org, alias, userId);
  if (object.name === 'User' && org.switches.privateUsers) return oneselfOnly(org, alias, userId);
  if (object.name === 'Contact') return sharedContactsOnly(org, alias, userId);
  return undefined;
}

const seesAllSites = ['ModifyAllData', 'ViewAllData', 'ManageNetworks'];

function ownSitesOnly(org: QueryOrg, alias: string, userId: string): Sql | undefined {
  if (seesAllSites.some((permission) => org.hasPermission(userId, permission))) return undefined;
  return {
    text: `${alias}."NetworkId" IN (SELECT "NetworkId" FROM "NetworkMember" WHERE "MemberId" = ?)`,
    values: [userId],
  };
}

function ownProfileOnly(org: QueryOrg, alias: string, userId: string): Sql | undefined {
  if (org.hasPermission(userId, 'ManageProfilesPermissionsets')) return undefined;
  return { text: `${alias}."Id" IN (SELECT "ProfileId" FROM "User" WHERE "Id" = ?)`, values: [userId] };
}

function oneselfOnly(org: QueryOrg, alias: string, userId: string): Sql | undefined {
  const seesAll = ['ViewAllUsers', 'ManageUsers', 'ViewAllData'].some((name) => org.hasPermission(userId, name));
  return seesAll ? undefined : { text: `${alias}."Id" = ?`, values: [userId] };
}

function sharedContactsOnly(org: QueryOrg, alias: string, userId: string): Sql | undefined {
  const hidden = [...org.switches.hiddenContacts];
  const seesAll = ['ModifyAllData', 'ViewAllData'].some((name) => org.hasPermission(userId, name));
  if (hidden.length === 0 || seesAll) return undefined;
  const viewAll = `SELECT 1 FROM "ObjectPermissions" o JOIN "PermissionSetAssignment" a ON a."PermissionSetId" = o."ParentId"
    WHERE a."AssigneeId" = ? AND o."SobjectType" = 'Contact' AND o."PermissionsViewAllRecords" = 1`;
  const places = hidden.map(() => '?').join(', ');
  return { text: `(${alias}."Id" NOT IN (${places}) OR EXISTS (${viewAll}))`, values: [...hidden, userId] };
}

function noneWithoutManageUsers(org: QueryOrg, userId: string): Sql | undefined {
  const restricted = org.switches.userLoginWithoutManageUsers === 'noRows' && !org.hasPermission(userId, 'ManageUsers');
  return restricted ? { text: '0', values: [] } : undefined;
}
