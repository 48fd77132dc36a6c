/** What is read besides the users themselves, and what a user is then listed as. */
import { idKey, type IdKey } from '../model/ids.js';
import type { Profile } from '../model/orgFacts.js';
import type { ListedUser, UnseenFact, UserState } from '../model/access/userList.js';
import { describeFields } from '../org/facts/describe.js';
import { readFrozenUsers } from '../org/facts/userLogins.js';
import type { OrgClient } from '../org/orgClient.js';
import { unlessHidden } from '../org/orgErrors.js';
import type { QueryRow } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import type { OrgFacts } from '../preflight/orgFacts.js';
import { canSeeAllSites, liveSitesOf } from '../preflight/welcomeEmails.js';
import type { HeldSets } from '../selection/heldPermissionSets.js';
import { userFieldsOf } from '../selection/portalUsers.js';

const roleLevel = 'UserRole.PortalRole';

/** Fields of User, in the order in which they are asked for. */
const wantedFields: readonly string[] = [
  'Id',
  'Username',
  'ContactId',
  'Name',
  'Account.Name',
  'ProfileId',
  'UserType',
  'IsActive',
  'CreatedDate',
  'LastLoginDate',
  roleLevel,
];

const unseenWithout: ReadonlyArray<readonly [field: string, UnseenFact]> = [
  ['ContactId', 'contact'],
  ['Account.Name', 'account'],
  ['LastLoginDate', 'lastLogin'],
  [roleLevel, 'portalRole'],
];

/** Of the users with a profile. */
type ProfileFacts = { readonly name: string; readonly license: string; readonly sites: readonly string[] };

export type ListFacts = {
  readonly org: OrgFacts;
  readonly profiles: ReadonlyMap<IdKey<'Profile'>, ProfileFacts>;
  readonly fields: readonly string[];
  /** Undefined where the running user can't see it. */
  readonly frozen: ReadonlySet<IdKey<'User'>> | undefined;
  readonly unseen: readonly UnseenFact[];
};

/** @throws OrgError */
export async function readListFacts(client: OrgClient, org: OrgFacts): Promise<ListFacts> {
  const wanted = (await seesRoleLevels(client)) ? wantedFields : wantedFields.filter((field) => field !== roleLevel);
  const fields = userFieldsOf(org, wanted);
  const frozen = await frozenUsers(client, org);
  return {
    org,
    profiles: new Map(org.profiles.map((profile) => [idKey(profile.id), profileFacts(profile, org)])),
    fields,
    frozen,
    unseen: [
      ...(frozen === undefined ? ['frozen' as const] : []),
      ...unseenWithout.filter(([field]) => !fields.includes(field)).map(([, unseen]) => unseen),
      ...(canSeeAllSites(org.permissions) ? [] : ['sites' as const]),
    ],
  };
}

function profileFacts({ id, name, userLicenseId, userLicenseName }: Profile, org: OrgFacts): ProfileFacts {
  const license = org.licenses.find((each) => each.id === userLicenseId);
  return { name, license: license?.name ?? userLicenseName, sites: liveSitesOf(org.siteMembers, [id]) };
}

/** `User.PortalRole` reads null: the level is that of the role (docs/salesforce-facts.md#portal-roles). */
async function seesRoleLevels(client: OrgClient): Promise<boolean> {
  const fields = await unlessHidden(describeFields(client, 'UserRole'), undefined);
  return fields?.has('portalrole') === true;
}

/** UserLogin needs Manage Users (Object Reference, UserLogin). Whether it is refused without or looks empty is unproven. */
async function frozenUsers(
  client: OrgClient,
  { permissions }: OrgFacts,
): Promise<ReadonlySet<IdKey<'User'>> | undefined> {
  return permissions.has('ManageUsers') ? unlessHidden(readFrozenUsers(client), undefined) : undefined;
}

export function stateOf(user: QueryRow, { frozen }: ListFacts): UserState {
  if (user['IsActive'] !== 'true') return 'inactive';
  if (frozen === undefined) return 'activeOrFrozen';
  return frozen.has(idKey(requiredValue(user, 'Id'))) ? 'frozen' : 'active';
}

const noSites: readonly string[] = [];

/** @param held what it holds, where permission sets were asked for */
export function listedUser(user: QueryRow, state: UserState, facts: ListFacts, held: HeldSets | undefined): ListedUser {
  const profileId = requiredValue(user, 'ProfileId');
  const profile = facts.profiles.get(idKey(profileId));
  const { siteMembers } = facts.org;
  const sites = profile?.sites ?? noSites;
  return {
    id: requiredValue(user, 'Id'),
    username: requiredValue(user, 'Username'),
    contactId: user['ContactId'] ?? undefined,
    name: requiredValue(user, 'Name'),
    accountName: user['Account.Name'] ?? undefined,
    profile: profile?.name ?? profileId,
    license: profile?.license,
    portalRole: user[roleLevel] ?? undefined,
    state,
    createdDate: requiredValue(user, 'CreatedDate'),
    lastLoginDate: user['LastLoginDate'] ?? undefined,
    // Shared by all users of the profile, where nothing else opens a site: there may be a million.
    sites: held === undefined ? sites : [...new Set([...sites, ...liveSitesOf(siteMembers, listOf(held.ids))])],
    permissionSets: held && listOf(held.names),
  };
}

function listOf(joined: string): string[] {
  return joined.split(';').filter(Boolean);
}
