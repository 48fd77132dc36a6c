/**
 * Contacts, accounts and portal users by the million, made by a few SQL statements: the same each time, and in the state
 * that the rules would have left behind.
 */
import type { ProfileFacts } from '../dml/user/family.ts';
import { portalTypeOf } from '../dml/user/family.ts';
import { keyPrefixes } from '../ids.ts';
import { insertSelect, offerIds, quoted, withoutIndexes } from './bulkInsert.ts';
import { accountOwners } from './internalUsers.ts';
import type { InternalUsers } from './internalUsers.ts';
import type { AccountSizes, LargeWorld } from './largeOptions.ts';
import { companyForms, companyKinds, companyWords, firstNames, lastNames } from './names.ts';
import type { WorldOrg } from './worldOrg.ts';

/** Primes above every number of contacts: multiplied by one of them, the numbers below it change places. */
const shuffles = { accounts: 618_034_003, users: 754_877_671 } as const;

/** Into an org that has its licenses, profiles and sites, and no contacts yet. */
export function seedPopulation(
  org: WorldOrg,
  world: LargeWorld,
  profile: ProfileFacts,
  internalUsers: InternalUsers,
): void {
  offerIds(org);
  listNames(org, internalUsers);
  listPeople(org, world);
  withoutIndexes(org, () => {
    insertAccounts(org, world, profile);
    insertContacts(org, world);
    insertRoles(org, profile);
    insertUsers(org, world, profile);
  });
  giveSeats(org, world);
  for (const table of temporaryTables(org)) org.store.db.exec(`DROP TABLE "temp"."${table}"`);
}

function temporaryTables(org: WorldOrg): string[] {
  const tables = org.store.db.prepare(`SELECT "name" FROM "temp"."sqlite_schema" WHERE "type" = 'table'`).all();
  return tables.map(({ name }) => String(name));
}

/** Temporary tables of names, by number from 0. */
function listNames(org: WorldOrg, users: InternalUsers): void {
  const lists = {
    first_name: firstNames,
    last_name: lastNames,
    company_word: companyWords,
    company_kind: companyKinds,
    company_form: companyForms,
    owner: accountOwners.map((name) => users.get(name) ?? org.runningUserId),
  };
  for (const [table, texts] of Object.entries(lists)) {
    org.store.db.exec(`CREATE TEMP TABLE "${table}" ("n" INTEGER PRIMARY KEY, "text" TEXT)`);
    const insert = org.store.db.prepare(`INSERT INTO "${table}" VALUES (?, ?)`);
    texts.forEach((text, index) => insert.run(index, text));
  }
}

/** The nth of a list; the factor keeps neighbors apart. */
function pick(table: string, of: readonly string[], number: string, factor: number): string {
  return `(SELECT "text" FROM "${table}" WHERE "n" = (${number} * ${factor} / 4096) % ${of.length})`;
}

function numbersTo(count: number): string {
  return `WITH RECURSIVE "number" ("n") AS (SELECT 0 WHERE ${count} > 0 UNION ALL SELECT "n" + 1 FROM "number" WHERE "n" + 1 < ${count})`;
}

/** Which people are in which account, and which have a user already: first the main segment, then those outside. */
function listPeople(org: WorldOrg, world: LargeWorld): void {
  const { contacts, accounts, users, usersInSegment } = world;
  const place = `"n" * ${shuffles.accounts} % ${contacts}`;
  org.store.db.exec(`
    CREATE TEMP TABLE "person" ("n" INTEGER PRIMARY KEY, "account" INTEGER, "in_segment" INTEGER, "has_user" INTEGER);
    ${numbersTo(contacts)} INSERT INTO "person"
      SELECT "n", ${accountAt(place, world.accountSizes, contacts, accounts)}, 1, "n" * ${shuffles.users} % ${contacts} < ${usersInSegment} FROM "number";
    ${numbersTo(users - usersInSegment)} INSERT INTO "person"
      SELECT ${contacts} + "n", "n" * ${shuffles.accounts} % ${accounts}, 0, 1 FROM "number"`);
}

/** The account of the contact at this place among all; places of one account follow each other. */
function accountAt(place: string, sizes: AccountSizes, contacts: number, accounts: number): string {
  if (sizes === 'uniform') return `(${place}) * ${accounts} / ${contacts}`;
  // The inverse of Zipf's law with exponent 1: the nth account is about n times smaller than the first.
  if (sizes === 'zipf') return `CAST(pow(${accounts + 1}.0, (${place}) * 1.0 / ${contacts}) AS INTEGER) - 1`;
  const rest = Math.max(1, contacts - sizes.oneWith);
  return `CASE WHEN (${place}) < ${sizes.oneWith} THEN 0 ELSE 1 + ((${place}) - ${sizes.oneWith}) * ${accounts - 1} / ${rest} END`;
}

/** The nth account is row n + 1 of its table, and so are contacts: these tables were empty. */
function insertAccounts(org: WorldOrg, { accounts }: LargeWorld, profile: ProfileFacts): void {
  const serial = org.store.reserveSerials('Account', accounts);
  const name = [
    pick('company_word', companyWords, '"n"', 26_561),
    pick('company_kind', companyKinds, '"n"', 7919),
    pick('company_form', companyForms, '"n"', 5417),
  ];
  insertSelect(
    org,
    'Account',
    {
      Id: `sf_id('${keyPrefixes.Account}', ${serial} + "n")`,
      Name: name.join(" || ' ' || "),
      Type: quoted('Customer'),
      OwnerId: `(SELECT "text" FROM "owner" WHERE "owner"."n" = "number"."n" % ${accountOwners.length})`,
      AccountNumber: `'A-' || (1001 + "n")`,
      [profile.family === 'partner' ? 'IsPartner' : 'IsCustomerPortal']:
        '"n" IN (SELECT "account" FROM "person" WHERE "has_user" = 1)',
    },
    `FROM (${numbersTo(accounts)} SELECT "n" FROM "number") AS "number"`,
  );
}

function insertContacts(org: WorldOrg, world: LargeWorld): void {
  const serial = org.store.reserveSerials('Contact', world.contacts + world.users - world.usersInSegment);
  const first = pick('first_name', firstNames, '"p"."n"', 7919);
  const last = pick('last_name', lastNames, '"p"."n"', 104_729);
  const people = `SELECT "p"."n" AS "n", "in_segment", "a"."Id" AS "account", "a"."OwnerId" AS "owner", ${first} AS "first", ${last} AS "last"`;
  insertSelect(
    org,
    'Contact',
    {
      Id: `sf_id('${keyPrefixes.Contact}', ${serial} + "n")`,
      FirstName: '"first"',
      LastName: '"last"',
      AccountId: '"account"',
      OwnerId: '"owner"',
      Email: `lower("first" || '.' || "last") || '.' || ("n" + 1) || '@customers.example'`,
      External_Key__c: `printf('K-%06d', "n" + 1)`,
      Portal_Language__c: `CASE WHEN "n" % 3 = 0 THEN 'de' ELSE 'en_US' END`,
      Portal_Access__c: '"in_segment"',
    },
    `FROM (${people} FROM "person" AS "p" JOIN "Account" AS "a" ON "a"."rowid" = "p"."account" + 1 ORDER BY "p"."n")`,
  );
}

/**
 * The roles that role-based users from before have made their accounts: one an account
 * (docs/salesforce-facts.md#portal-roles).
 */
function insertRoles(org: WorldOrg, profile: ProfileFacts): void {
  const portalType = portalTypeOf(profile.family);
  if (portalType === undefined) return;
  const word = profile.family === 'partner' ? 'Partner User' : 'Customer User';
  const accounts = '"Account"."rowid" - 1 IN (SELECT "account" FROM "person" WHERE "has_user" = 1)';
  const count = Number(org.store.db.prepare(`SELECT COUNT(*) AS "n" FROM "Account" WHERE ${accounts}`).get()?.['n']);
  const serial = org.store.reserveSerials('UserRole', count);
  insertSelect(
    org,
    'UserRole',
    {
      Id: `sf_id('${keyPrefixes.UserRole}', ${serial - 1} + "n")`,
      Name: `"name" || ' ${word}'`,
      DeveloperName: `replace(replace("name", '.', ''), ' ', '_') || '_${word.replace(' ', '_')}_' || substr("account", 10, 6)`,
      ParentRoleId: '"parent"',
      PortalType: quoted(portalType),
      PortalRole: quoted('Worker'),
      PortalAccountId: '"account"',
      PortalAccountOwnerId: '"owner"',
      OpportunityAccessForAccountOwner: quoted('Edit'),
      CaseAccessForAccountOwner: quoted('Edit'),
      ContactAccessForAccountOwner: quoted('Edit'),
    },
    `FROM (SELECT row_number() OVER (ORDER BY "Account"."rowid") AS "n", "Account"."Id" AS "account", "Account"."Name" AS "name",
      "OwnerId" AS "owner", "o"."UserRoleId" AS "parent" FROM "Account" JOIN "User" AS "o" ON "o"."Id" = "OwnerId" WHERE ${accounts})`,
  );
  org.store.db.exec(
    `CREATE TEMP TABLE "role" ("account" TEXT PRIMARY KEY, "id" TEXT) WITHOUT ROWID;
    INSERT INTO "role" SELECT "PortalAccountId", "Id" FROM "UserRole" WHERE "PortalAccountId" IS NOT NULL`,
  );
}

/** Users from before: every tenth is inactive, every fifth never logged in, the others within the last two years. */
function insertUsers(org: WorldOrg, world: LargeWorld, profile: ProfileFacts): void {
  const { users } = world;
  const serial = org.store.reserveSerials('User', users);
  org.store.db.exec(
    `CREATE TEMP TABLE "holder" ("u" INTEGER PRIMARY KEY, "contact" INTEGER);
    INSERT INTO "holder" SELECT row_number() OVER (ORDER BY "n") - 1, "n" + 1 FROM "person" WHERE "has_user" = 1`,
  );
  const ago = (days: string): string =>
    `strftime('%Y-%m-%dT%H:%M:%fZ', ${quoted(org.clock.timestamp())}, '-' || (${days}) || ' days')`;
  const roleId =
    portalTypeOf(profile.family) === undefined ? 'NULL' : '(SELECT "id" FROM "role" WHERE "account" = "c"."AccountId")';
  insertSelect(
    org,
    'User',
    {
      Id: `sf_id('${keyPrefixes.User}', ${serial} + "u")`,
      ContactId: '"c"."Id"',
      AccountId: '"c"."AccountId"',
      ProfileId: quoted(profile.id),
      UserRoleId: roleId,
      UserType: quoted(profile.userType),
      IsPortalEnabled: '1',
      BadgeText: quoted(profile.family === 'partner' ? 'Partner' : 'Customer'),
      FirstName: '"c"."FirstName"',
      LastName: '"c"."LastName"',
      Email: '"c"."Email"',
      Username: '"c"."Email"',
      Alias: `substr(lower(substr("c"."FirstName", 1, 1) || "c"."LastName"), 1, 8)`,
      CommunityNickname: `'user-' || lower("c"."Id")`,
      IsActive: '"u" % 10 <> 9',
      TimeZoneSidKey: quoted('Europe/Berlin'),
      LocaleSidKey: quoted('en_US'),
      LanguageLocaleKey: quoted('en_US'),
      EmailEncodingKey: quoted('UTF-8'),
      DigestFrequency: quoted('D'),
      DefaultGroupNotificationFrequency: quoted('N'),
      CreatedDate: ago('900 + "u" % 1000'),
      LastLoginDate: `CASE WHEN "u" % 5 = 4 THEN NULL ELSE ${ago('"u" * 37 % 730')} END`,
    },
    'FROM "holder" JOIN "Contact" AS "c" ON "c"."rowid" = "holder"."contact" ORDER BY "u"',
  );
  insertLogins(org, serial, users);
  insertMembers(org, serial, profile);
}

function insertLogins(org: WorldOrg, firstUser: number, users: number): void {
  const serial = org.store.reserveSerials('UserLogin', users);
  insertSelect(
    org,
    'UserLogin',
    {
      Id: `sf_id('${keyPrefixes.UserLogin}', ${serial} + "u")`,
      UserId: `sf_id('${keyPrefixes.User}', ${firstUser} + "u")`,
    },
    'FROM "holder" ORDER BY "u"',
  );
}

/** Active users are in the sites of their profile (docs/salesforce-facts.md#sites-emails-and-passwords). */
function insertMembers(org: WorldOrg, firstUser: number, profile: ProfileFacts): void {
  const active = `"holder" WHERE "u" % 10 <> 9`;
  for (const { NetworkId } of org.store.find('NetworkMemberGroup', { ParentId: profile.id })) {
    const count = Number(org.store.db.prepare(`SELECT COUNT(*) AS "n" FROM ${active}`).get()?.['n']);
    const serial = org.store.reserveSerials('NetworkMember', count);
    insertSelect(
      org,
      'NetworkMember',
      {
        Id: `sf_id('${keyPrefixes.NetworkMember}', ${serial - 1} + row_number() OVER (ORDER BY "u"))`,
        NetworkId: quoted(String(NetworkId)),
        MemberId: `sf_id('${keyPrefixes.User}', ${firstUser} + "u")`,
      },
      `FROM ${active} ORDER BY "u"`,
    );
  }
}

/** Licenses for those who exist and those who are to come; a negative total is unlimited. */
function giveSeats(org: WorldOrg, { seats }: LargeWorld): void {
  org.store.db
    .prepare(
      `UPDATE "UserLicense" SET "TotalLicenses" = ? WHERE "TotalLicenses" > 0 AND "Status" = 'Active' AND "Id" IN
      (SELECT "UserLicenseId" FROM "Profile" WHERE "UserType" IN ('CspLitePortal', 'PowerCustomerSuccess', 'PowerPartner'))`,
    )
    .run(seats);
}
