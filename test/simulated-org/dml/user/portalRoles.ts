/**
 * Portal roles: which one a user gets, and the roles that Salesforce makes for an account
 * (docs/salesforce-facts.md#portal-roles, #locks).
 */
import type { FieldValue, StoredRecord } from '../../contracts.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import type { ContactFacts } from './contactRules.ts';
import { portalTypeOf } from './family.ts';
import type { ProfileFacts } from './family.ts';

/** Lowest first, as Salesforce makes them. */
const levels = [
  { level: 'Worker', word: 'User' },
  { level: 'Manager', word: 'Manager' },
  { level: 'Executive', word: 'Executive' },
] as const;

export type RoleWish = { readonly userRoleId: FieldValue; readonly portalRole: FieldValue };

/** Where the new user goes: decided before anything is written, so that a refused row leaves no roles behind. */
export type RolePlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly roleId: string }
  | { readonly kind: 'existing'; readonly roleId: string }
  | { readonly kind: 'make'; readonly level: string; readonly moveAll: boolean }
  | { readonly kind: 'shared' };

function refuseRole(): never {
  return refuse('FIELD_INTEGRITY_EXCEPTION', 'role type must match user type');
}

/** Internal users and high-volume users: no portal role at all. */
export function checkInternalRole(chunk: Chunk, wish: RoleWish): RolePlan {
  if (wish.portalRole !== null) refuseRole();
  if (wish.userRoleId === null) return { kind: 'none' };
  const role = chunk.org.store.get('UserRole', String(wish.userRoleId));
  return isPortalRole(role) ? refuseRole() : { kind: 'given', roleId: String(wish.userRoleId) };
}

function isPortalRole(role: StoredRecord | undefined): boolean {
  const type = role?.['PortalType'] ?? 'None';
  return type !== 'None';
}

export function planRole(
  chunk: Chunk,
  profile: ProfileFacts,
  contact: ContactFacts,
  wish: RoleWish,
  isActive: boolean,
): RolePlan {
  if (profile.family === 'highVolume')
    return wish.userRoleId === null && wish.portalRole === null ? { kind: 'none' } : refuseRole();
  const roles = rolesOfAccount(chunk, profile, contact);
  if (wish.userRoleId !== null) {
    return roles.some((role) => role.Id === wish.userRoleId)
      ? { kind: 'given', roleId: String(wish.userRoleId) }
      : refuseRole();
  }
  if (roles.length > 0) return existingRole(chunk, roles, wish);
  if (!isActive && !chunk.org.switches.users.inactiveInsertMakesRoles) return { kind: 'none' };
  if (
    chunk.org.switches.users.accountRoleOptimization &&
    (!isActive || countActiveSiblings(chunk, profile, contact) === 0)
  )
    return { kind: 'shared' };
  return planNewRoles(chunk, profile, wish);
}

export function rolesOfAccount(chunk: Chunk, profile: ProfileFacts, contact: ContactFacts): StoredRecord[] {
  const portalType = portalTypeOf(profile.family) ?? 'None';
  return chunk.org.store.find('UserRole', { PortalAccountId: contact.account.Id, PortalType: portalType });
}

function existingRole(chunk: Chunk, roles: readonly StoredRecord[], wish: RoleWish): RolePlan {
  const level = wish.portalRole ?? 'Worker';
  const role = roles.find((one) => one['PortalRole'] === level);
  if (role !== undefined) return { kind: 'existing', roleId: role.Id };
  const lowest = roles.find((one) => one['PortalRole'] === 'Worker') ?? roles[0];
  if (chunk.org.switches.users.missingPortalRole === 'fails' || lowest === undefined) return refuseRole();
  return { kind: 'existing', roleId: lowest.Id };
}

function planNewRoles(chunk: Chunk, profile: ProfileFacts, wish: RoleWish): RolePlan {
  const { customerRoles, partnerRoles, missingPortalRole, accountRoleOptimization } = chunk.org.switches.users;
  const made = levels
    .slice(0, profile.family === 'partner' ? partnerRoles : customerRoles)
    .map(({ level }): string => level);
  const wanted = String(wish.portalRole ?? 'Worker');
  if (!made.includes(wanted) && missingPortalRole === 'fails') refuseRole();
  return { kind: 'make', level: made.includes(wanted) ? wanted : 'Worker', moveAll: accountRoleOptimization };
}

/** Active external users of the account in the same family: what Account Role Optimization counts. */
function countActiveSiblings(chunk: Chunk, profile: ProfileFacts, contact: ContactFacts): number {
  return siblings(chunk, profile, contact).filter((user) => user['IsActive'] === true).length;
}

function siblings(chunk: Chunk, profile: ProfileFacts, contact: ContactFacts): StoredRecord[] {
  const types = profile.family === 'partner' ? ['PowerPartner'] : ['PowerCustomerSuccess', 'CustomerSuccess'];
  return chunk.org.store
    .find('User', { AccountId: contact.account.Id })
    .filter((user) => types.includes(String(user['UserType'])));
}

/** Making roles takes the group-membership lock; joining an existing one only the account's row. */
export function takeLocks(chunk: Chunk, plan: RolePlan, profile: ProfileFacts, contact: ContactFacts): void {
  if (plan.kind === 'none' || !chunk.org.switches.locks.groupMembership) return;
  const makesRoles =
    plan.kind === 'make' || (plan.kind === 'shared' && findSharedRole(chunk, profile, contact) === undefined);
  if (makesRoles) chunk.org.rules.locks.takeGroupMembership(chunk.lockOwner);
  chunk.org.rules.locks.takeRow(chunk.lockOwner, contact.account.Id);
}

/** Carries the plan out and returns the user's role. */
export function makeRole(chunk: Chunk, plan: RolePlan, profile: ProfileFacts, contact: ContactFacts): string | null {
  if (plan.kind === 'none') return null;
  if (plan.kind === 'shared') return sharedRole(chunk, profile, contact);
  if (plan.kind !== 'make') return plan.roleId;
  const made = makeRoles(chunk, profile, contact);
  if (plan.moveAll) moveEverybody(chunk, profile, contact, made.get('Worker') ?? null);
  return made.get(plan.level) ?? null;
}

function makeRoles(chunk: Chunk, profile: ProfileFacts, contact: ContactFacts): Map<string, string> {
  const { customerRoles, partnerRoles } = chunk.org.switches.users;
  const made = new Map<string, string>();
  let parentId = contact.owner?.['UserRoleId'] ?? null;
  // Written from the top, because each role hangs below the next higher one and the top one below the owner's.
  for (const { level, word } of levels
    .slice(0, profile.family === 'partner' ? partnerRoles : customerRoles)
    .reverse()) {
    const kind = profile.family === 'partner' ? 'Partner' : 'Customer';
    parentId = insertRole(chunk, {
      name: `${kind} ${word}`,
      of: String(contact.account['Name']),
      parentId,
      level,
      profile,
      contact,
    });
    made.set(level, parentId);
  }
  return made;
}

type NewRole = {
  readonly name: string;
  readonly of: string;
  readonly parentId: FieldValue;
  readonly level: string;
  readonly profile: ProfileFacts;
  readonly contact: ContactFacts;
};

function insertRole(chunk: Chunk, role: NewRole): string {
  // UserRole.Name has 80 characters; how Salesforce cuts long account names is unproven.
  const name = `${role.of.slice(0, 79 - role.name.length)} ${role.name}`;
  const shared = role.level === 'PersonAccount';
  return chunk.org.store.insert('UserRole', {
    Name: name,
    DeveloperName:
      `${name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '')}_${role.contact.account.Id.slice(9, 15)}`.slice(
        -80,
      ),
    ParentRoleId: role.parentId,
    PortalType: portalTypeOf(role.profile.family) ?? 'None',
    PortalRole: role.level,
    PortalAccountId: shared ? null : role.contact.account.Id,
    PortalAccountOwnerId: role.contact.owner?.Id ?? null,
    OpportunityAccessForAccountOwner: 'Edit',
    CaseAccessForAccountOwner: 'Edit',
    ContactAccessForAccountOwner: 'Edit',
  });
}

function findSharedRole(chunk: Chunk, profile: ProfileFacts, contact: ContactFacts): StoredRecord | undefined {
  return chunk.org.store.find('UserRole', {
    PortalAccountOwnerId: contact.owner?.Id ?? null,
    PortalType: portalTypeOf(profile.family) ?? 'None',
    PortalRole: 'PersonAccount',
  })[0];
}

/** Account Role Optimization: one role per account owner, `<Owner Alias> Customer Person Account`. */
function sharedRole(chunk: Chunk, profile: ProfileFacts, contact: ContactFacts): string {
  const found = findSharedRole(chunk, profile, contact);
  if (found !== undefined) return found.Id;
  const kind = profile.family === 'partner' ? 'Partner' : 'Customer';
  const of = String(contact.owner?.['Alias'] ?? '');
  return insertRole(chunk, {
    name: `${kind} Person Account`,
    of,
    parentId: contact.owner?.['UserRoleId'] ?? null,
    level: 'PersonAccount',
    profile,
    contact,
  });
}

function moveEverybody(chunk: Chunk, profile: ProfileFacts, contact: ContactFacts, roleId: string | null): void {
  for (const user of siblings(chunk, profile, contact)) chunk.org.store.update('User', user.Id, { UserRoleId: roleId });
}
