/**
 * Insert of a User: Salesforce's checks in the order assumed in docs/salesforce-facts.md#insert-of-a-user, then what a
 * successful insert does.
 */
import type { FieldValue } from '../../contracts.ts';
import type { Chunk } from '../orgForDml.ts';
import { checkContact, checkOneUserPerContact } from './contactRules.ts';
import type { ContactFacts } from './contactRules.ts';
import { profileFacts } from './family.ts';
import type { ProfileFacts } from './family.ts';
import { checkFederationIdFree, checkNicknameFree, makeNickname } from './identityRules.ts';
import { checkFeatureLicenses, checkLicense, noteActiveUser } from './licenseRules.ts';
import { joinSites } from './memberships.ts';
import { checkMayWriteUser } from './permissionRules.ts';
import { checkInternalRole, makeRole, planRole, takeLocks } from './portalRoles.ts';
import type { RolePlan } from './portalRoles.ts';
import { checkProfileAndContact, checkProfileAssignable, checkProfileGate, checkProfileGrant } from './profileRules.ts';
import { checkUsernameFree } from './usernameRules.ts';

export type UserInsertPlan = {
  readonly profile: ProfileFacts;
  readonly contact: ContactFacts | undefined;
  readonly role: RolePlan;
  readonly values: Record<string, FieldValue>;
};

/** Steps 9 to 15; `values` hold defaults already, so IsActive is a boolean. */
export function checkUserInsert(chunk: Chunk, values: Record<string, FieldValue>): UserInsertPlan {
  const profile = profileFacts(chunk, values['ProfileId']);
  checkMayWriteUser(chunk, profile.family);
  checkProfileGate(chunk, profile);
  checkProfileGrant(chunk, profile);
  checkProfileAssignable(chunk, profile);
  const contactId = values['ContactId'] ?? null;
  checkProfileAndContact(chunk, profile, contactId);
  const contact = contactId === null ? undefined : checkContact(chunk, String(contactId), profile);
  const role = roleFor(chunk, profile, contact, values);
  const { duplicatesFirst } = chunk.org.switches.users;
  if (duplicatesFirst !== null) checkFree[duplicatesFirst](chunk, profile, values);
  if (contact !== undefined) checkOneUserPerContact(chunk, contact.contact.Id);
  if (values['IsActive'] === true) checkLicense(chunk, profile);
  checkFeatureLicenses(chunk, values);
  for (const check of Object.values(checkFree)) check(chunk, profile, values);
  return { profile, contact, role, values };
}

type CheckFree = (chunk: Chunk, profile: ProfileFacts, values: Record<string, FieldValue>) => void;

/** In the order of the checks. */
const checkFree: Readonly<Record<'Username' | 'CommunityNickname' | 'FederationIdentifier', CheckFree>> = {
  Username: (chunk, profile, { Username }) => checkUsernameFree(chunk, String(Username), profile.family, undefined),
  CommunityNickname: (chunk, _profile, { CommunityNickname }) => checkNicknameFree(chunk, CommunityNickname, undefined),
  FederationIdentifier: (chunk, _profile, { FederationIdentifier }) =>
    checkFederationIdFree(chunk, FederationIdentifier, undefined),
};

function roleFor(
  chunk: Chunk,
  profile: ProfileFacts,
  contact: ContactFacts | undefined,
  values: Record<string, FieldValue>,
): RolePlan {
  const wish = { userRoleId: values['UserRoleId'] ?? null, portalRole: values['PortalRole'] ?? null };
  if (contact === undefined) return checkInternalRole(chunk, wish);
  return planRole(chunk, profile, contact, wish, values['IsActive'] === true);
}

/** Step 17 and the effects: locks, roles, the row, its UserLogin, memberships and mails. No password is made. */
export function writeUser(chunk: Chunk, plan: UserInsertPlan): string {
  const { profile, contact, values } = plan;
  if (contact !== undefined) takeLocks(chunk, plan.role, profile, contact);
  const roleId = contact === undefined ? (values['UserRoleId'] ?? null) : makeRole(chunk, plan.role, profile, contact);
  const id = chunk.org.store.newId('User');
  chunk.org.store.insert('User', {
    ...values,
    Id: id,
    // A recorded portal user reads PortalRole null though its UserRoleId is set (docs/salesforce-facts.md#portal-roles).
    ...(chunk.org.schema.field(chunk.object, 'PortalRole') === undefined
      ? {}
      : { PortalRole: null, IsPortalEnabled: contact !== undefined }),
    UserRoleId: roleId,
    UserType: profile.userType,
    AccountId: contact?.account.Id ?? null,
    CommunityNickname: values['CommunityNickname'] ?? makeNickname(chunk, id),
    BadgeText: badgeOf(profile),
  });
  if (values['IsActive'] === true) noteActiveUser(chunk, profile.license.Id, 1);
  chunk.org.store.insert('UserLogin', { UserId: id, IsFrozen: false, IsPasswordLocked: false });
  if (contact !== undefined) turnOnAccountPortal(chunk, profile, contact);
  joinSites(chunk, id);
  return id;
}

function badgeOf(profile: ProfileFacts): string | null {
  if (profile.family === 'partner') return 'Partner';
  return profile.family === 'internal' ? null : 'Customer';
}

/** By the UI for certain, by API unproven (docs/salesforce-facts.md#accounts-and-owners). */
function turnOnAccountPortal(chunk: Chunk, profile: ProfileFacts, contact: ContactFacts): void {
  const name = profile.family === 'partner' ? 'IsPartner' : 'IsCustomerPortal';
  if (!chunk.org.switches.users.apiTurnsOnAccountPortal || contact.account[name] === true) return;
  chunk.org.store.update('Account', contact.account.Id, { [name]: true });
}
