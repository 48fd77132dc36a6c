/**
 * A believable world, the same each time: about 300 accounts, 400 contacts, 20 internal and 60 portal users.
 *
 * The main segment is `Portal_Access__c = true AND Account.Type = 'Customer'`, with the profile "Acme Customer Portal".
 */
import { startChunk } from '../dml/orgForDml.ts';
import type { Chunk } from '../dml/orgForDml.ts';
import { profileFacts } from '../dml/user/family.ts';
import { updateUsedLicenses } from '../dml/user/licenseRules.ts';
import { seedAwkwardCases } from './awkwardCases.ts';
import type { AwkwardCase } from './awkwardCases.ts';
import { seedInternalUsers } from './internalUsers.ts';
import { largeWorldOf } from './largeOptions.ts';
import type { LargeWorldOptions } from './largeOptions.ts';
import { seedPopulation } from './largeWorld.ts';
import { seedLicenses, seedProfiles } from './licenses.ts';
import { mainProfile } from './mainSegment.ts';
import { seedOrganization } from './organization.ts';
import { createBuilder } from './people.ts';
import type { Builder } from './people.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { seedPermissionSets, seedSites } from './sites.ts';
import type { WorldOptions, WorldOrg } from './worldOrg.ts';

export { mainProfile, mainSegment } from './mainSegment.ts';

export type World = {
  readonly awkwardCases: readonly AwkwardCase[];
  /** Ids by name (permission set groups among the permission sets). */
  readonly profiles: ReadonlyMap<string, string>;
  readonly permissionSets: ReadonlyMap<string, string>;
  /** Ids by `first.last`. */
  readonly internalUsers: ReadonlyMap<string, string>;
};

const dayMs = 86_400_000;

export function seedWorld(org: WorldOrg, options: WorldOptions = {}): World {
  if (org.store.find('Profile', { Name: mainProfile }).length > 0) throw new Error('This org has its world already');
  org.store.db.exec('SAVEPOINT "seed"');
  const company = seedCompany(org, options);
  const awkwardCases =
    options.large === undefined ? seedPeople(org, company, options) : seedLarge(org, company, options.large);
  finish(org);
  org.store.db.exec('RELEASE "seed"');
  return { awkwardCases, ...company };
}

type Company = Omit<World, 'awkwardCases'>;

/** The organization with its licenses, profiles, people and sites. */
function seedCompany(org: WorldOrg, options: WorldOptions): Company {
  seedOrganization(org, options);
  const licenses = seedLicenses(org);
  const profiles = seedProfiles(org, licenses);
  const internalUsers = seedInternalUsers(org, profiles, options);
  const permissionSets = seedPermissionSets(org, licenses);
  seedSites(org, profiles, permissionSets, options);
  return { profiles, permissionSets, internalUsers };
}

function seedPeople(org: WorldOrg, company: Company, options: WorldOptions): AwkwardCase[] {
  const random = createRandom(options.seed ?? 7);
  const build = createBuilder(org, random, company.internalUsers, company.profiles);
  const awkwardCases = seedAwkwardCases(org, build, company.internalUsers);
  seedCustomers(build, random, options.customerContacts ?? 200 - awkwardCases.length);
  seedOtherCompanies(org, build, random);
  return awkwardCases;
}

function seedLarge(org: WorldOrg, company: Company, options: LargeWorldOptions): AwkwardCase[] {
  const world = largeWorldOf(options);
  const profile = profileFacts(seedChunk(org), company.profiles.get(world.userProfile));
  seedPopulation(org, world, profile, company.internalUsers);
  return [];
}

/** Customer contacts fit for a user, one to three an account. */
function seedCustomers(build: Builder, random: Random, count: number): void {
  for (let made = 0; made < count;) {
    const accountId = build.account();
    for (let left = 1 + random.below(3); left > 0 && made < count; left -= 1, made += 1)
      build.contact(accountId, { Portal_Access__c: true });
  }
}

/** Customers without portal access, some with users from before; partners, prospects. */
function seedOtherCompanies(org: WorldOrg, build: Builder, random: Random): void {
  for (let index = 0; index < 70; index += 1) {
    const contactId = build.contact(build.account(), { Portal_Access__c: false });
    if (index < 38)
      build.portalUser(contactId, index % 4 === 3 ? 'Acme Customer Plus' : 'Acme Customer Portal', history(org, index));
  }
  for (let index = 0; index < 30; index += 1) {
    const accountId = build.account({ Type: 'Partner' });
    const contactId = build.contact(accountId, { Portal_Access__c: index % 2 === 0 });
    build.contact(accountId, { Portal_Access__c: true });
    if (index >= 16) continue;
    const userId = build.portalUser(contactId, 'Acme Partner', history(org, index));
    if (index === 0) org.switches.users.portalAdministrators.add(userId);
  }
  for (let index = 0; index < 70; index += 1)
    build.contact(build.account({ Type: random.pick(['Prospect', 'Other', 'Technology Partner']) }));
}

/** Every fifth never logged in, the others between today and two years ago; every tenth is inactive. */
function history(org: WorldOrg, index: number): Record<string, string | boolean | null> {
  const ago = (days: number): string => new Date(org.clock.now() - days * dayMs).toISOString();
  const lastLogin = index % 5 === 4 ? null : ago((index * 37) % 730);
  return { CreatedDate: ago(900 + index), LastLoginDate: lastLogin, IsActive: index % 10 !== 9 };
}

/** Counts are right, and nobody was written to. */
function finish(org: WorldOrg): void {
  updateUsedLicenses(seedChunk(org));
  org.rules.outbox.mails.length = 0;
}

function seedChunk(org: WorldOrg): Chunk {
  const object = org.schema.object('User');
  if (object === undefined) throw new Error('This org hides User: seed it first, hide afterwards');
  return startChunk(org, object, org.runningUserId, 'seed');
}
