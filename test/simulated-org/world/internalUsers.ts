/** The role tree and the people who work here. The running user comes first: an administrator with a role. */
import { administratorUsername } from '../bootstrap.ts';
import type { FieldValue } from '../contracts.ts';
import type { Profiles } from './licenses.ts';
import { putRecord } from './worldOrg.ts';
import type { WorldOptions, WorldOrg } from './worldOrg.ts';

const roleTree: ReadonlyArray<readonly [name: string, parent: string | null]> = [
  ['CEO', null],
  ['VP Sales', 'CEO'],
  ['VP Service', 'CEO'],
  ['Sales Director EMEA', 'VP Sales'],
  ['Sales Director Americas', 'VP Sales'],
  ['Account Manager EMEA', 'Sales Director EMEA'],
  ['Account Manager Americas', 'Sales Director Americas'],
  ['Channel Manager', 'VP Sales'],
  ['Support Lead', 'VP Service'],
  ['Support Agent', 'Support Lead'],
  ['System Administration', 'CEO'],
];

type Person = {
  readonly first: string;
  readonly last: string;
  readonly role: string | null;
  readonly profile: string;
  readonly active?: false;
};

/** Nora Norole owns accounts and has no role; Ines Inactive has left and still owns some. */
const people: readonly Person[] = [
  { first: 'Grace', last: 'Chief', role: 'CEO', profile: 'Standard User' },
  { first: 'Sven', last: 'Sales', role: 'VP Sales', profile: 'Standard User' },
  { first: 'Vera', last: 'Service', role: 'VP Service', profile: 'Standard User' },
  { first: 'Eric', last: 'Emea', role: 'Sales Director EMEA', profile: 'Standard User' },
  { first: 'Alma', last: 'America', role: 'Sales Director Americas', profile: 'Standard User' },
  { first: 'Anton', last: 'Account', role: 'Account Manager EMEA', profile: 'Standard User' },
  { first: 'Bea', last: 'Business', role: 'Account Manager EMEA', profile: 'Standard User' },
  { first: 'Cyril', last: 'Client', role: 'Account Manager Americas', profile: 'Standard User' },
  { first: 'Dora', last: 'Deal', role: 'Account Manager Americas', profile: 'Standard User' },
  { first: 'Chan', last: 'Nel', role: 'Channel Manager', profile: 'Standard User' },
  { first: 'Sue', last: 'Support', role: 'Support Lead', profile: 'Standard User' },
  { first: 'Adam', last: 'Agent', role: 'Support Agent', profile: 'Standard User' },
  { first: 'Abby', last: 'Agent', role: 'Support Agent', profile: 'Standard User' },
  { first: 'Second', last: 'Admin', role: 'System Administration', profile: 'System Administrator' },
  { first: 'Petra', last: 'Portal', role: 'Support Lead', profile: 'Acme Portal Manager' },
  { first: 'Carl', last: 'Care', role: 'Support Agent', profile: 'Acme Customer Service' },
  { first: 'Nora', last: 'Norole', role: null, profile: 'Standard User' },
  { first: 'Ira', last: 'Integration', role: null, profile: 'System Administrator' },
  { first: 'Ines', last: 'Inactive', role: 'Account Manager EMEA', profile: 'Standard User', active: false },
];

/** Ids by `first.last` in lower case. */
export type InternalUsers = ReadonlyMap<string, string>;

/** People who own accounts with contacts fit for the portal. */
export const accountOwners = ['anton.account', 'bea.business', 'cyril.client', 'dora.deal'] as const;

export function seedInternalUsers(org: WorldOrg, profiles: Profiles, options: WorldOptions): InternalUsers {
  const roles = seedRoles(org);
  const ids = new Map<string, string>();
  const runningProfile = {
    administrator: 'System Administrator',
    portalManager: 'Acme Portal Manager',
    customerService: 'Acme Customer Service',
  };
  const admin = {
    first: 'Sim',
    last: 'Admin',
    role: 'System Administration',
    profile: runningProfile[options.runningUser ?? 'administrator'],
  };
  ids.set(
    'sim.admin',
    insertPerson(org, admin, profiles, roles, {
      Id: org.runningUserId,
      Username: administratorUsername,
      Email: administratorUsername,
      Alias: 'admin',
      CommunityNickname: 'admin',
    }),
  );
  for (const person of people)
    ids.set(`${person.first}.${person.last}`.toLowerCase(), insertPerson(org, person, profiles, roles, {}));
  insertSystemUser(org);
  return ids;
}

function seedRoles(org: WorldOrg): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [name, parent] of roleTree) {
    const ParentRoleId = parent === null ? null : (ids.get(parent) ?? null);
    const access = {
      OpportunityAccessForAccountOwner: 'Edit',
      CaseAccessForAccountOwner: 'Edit',
      ContactAccessForAccountOwner: 'Edit',
    };
    const values = {
      Name: name,
      DeveloperName: name.replaceAll(' ', ''),
      RollupDescription: name,
      ParentRoleId,
      PortalType: 'None',
      ...access,
    };
    ids.set(name, putRecord(org, 'UserRole', 'Name', values));
  }
  return ids;
}

function insertPerson(
  org: WorldOrg,
  person: Person,
  profiles: Profiles,
  roles: ReadonlyMap<string, string>,
  own: Record<string, FieldValue>,
): string {
  const address = `${person.first}.${person.last}@acme.example`.toLowerCase();
  const id = putRecord(org, 'User', 'Username', {
    Username: address,
    Email: address,
    FirstName: person.first,
    LastName: person.last,
    Alias: `${person.first.charAt(0)}${person.last}`.toLowerCase().slice(0, 8),
    CommunityNickname: `${person.first}.${person.last}`.toLowerCase(),
    TimeZoneSidKey: 'Europe/Berlin',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    DigestFrequency: 'D',
    DefaultGroupNotificationFrequency: 'N',
    UserType: 'Standard',
    ProfileId: profiles.get(person.profile) ?? null,
    UserRoleId: person.role === null ? null : (roles.get(person.role) ?? null),
    IsActive: person.active ?? true,
    LastLoginDate: new Date(org.clock.now() - 3_600_000).toISOString(),
    ...own,
  });
  putRecord(org, 'UserLogin', 'UserId', { UserId: id, IsFrozen: false, IsPasswordLocked: false });
  return id;
}

/** System users have no profile: code must not take one for granted (docs/salesforce-facts.md#objects). */
function insertSystemUser(org: WorldOrg): void {
  org.store.insert('User', {
    Username: 'autoproc@00d000000000001.example',
    Email: 'autoproc@00d000000000001.example',
    FirstName: 'Automated',
    LastName: 'Process',
    Alias: 'autoproc',
    CommunityNickname: 'autoproc',
    TimeZoneSidKey: 'GMT',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    UserType: 'AutomatedProcess',
    IsActive: true,
  });
}
