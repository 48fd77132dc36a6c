/** The contacts that the product must refuse or leave alone, one table: which reason, which record, how to see it. */
import type { FieldValue } from '../contracts.ts';
import type { InternalUsers } from './internalUsers.ts';
import type { Builder } from './people.ts';
import type { WorldOrg } from './worldOrg.ts';

export type AwkwardCase = {
  /** A reason of docs/reasons.md, or a word for a case that must work (`NAME_…`). */
  readonly code: string;
  readonly contactId: string;
  readonly contactName: string;
  /** Flags with which the reason shows; the main segment and `--profile "Acme Customer Portal"` where nothing else is said. */
  readonly how: string;
  /** Whether the contact is in the main segment. */
  readonly inMainSegment: boolean;
};

type Extra = { readonly account?: Record<string, FieldValue>; readonly accountId?: string | null };

export function seedAwkwardCases(org: WorldOrg, build: Builder, users: InternalUsers): AwkwardCase[] {
  const cases: AwkwardCase[] = [];
  const add = (code: string, how: string, values: Record<string, FieldValue>, extra: Extra = {}): string => {
    const accountId = extra.accountId === undefined ? build.account(extra.account) : extra.accountId;
    const contactId = build.contact(accountId, { Portal_Access__c: true, ...values });
    const contact = org.store.get('Contact', contactId, ['Name', 'Portal_Access__c']);
    const account = accountId === null ? undefined : org.store.get('Account', accountId, ['Type']);
    const inMainSegment = account?.['Type'] === 'Customer' && contact?.['Portal_Access__c'] === true;
    cases.push({ code, contactId, contactName: String(contact?.['Name']), how, inMainSegment });
    return contactId;
  };
  seedAccountCases(org, add, users);
  seedAddressCases(org, build, add);
  seedUserCases(org, build, add);
  seedTemplateCases(add);
  seedNames(add);
  return cases;
}

type Add = (code: string, how: string, values: Record<string, FieldValue>, extra?: Extra) => string;

function seedAccountCases(org: WorldOrg, add: Add, users: InternalUsers): void {
  add('NO_ACCOUNT', '--where "AccountId = null"', { FirstName: 'Nadja', LastName: 'Noaccount' }, { accountId: null });
  const owner = { Name: 'Ownerless Works', OwnerId: users.get('nora.norole') ?? null };
  add('OWNER_WITHOUT_ROLE', 'main segment', { FirstName: 'Olaf', LastName: 'Ownerless' }, { account: owner });
  const left = { Name: 'Left Behind Ltd', OwnerId: users.get('ines.inactive') ?? null };
  add(
    'OWNER_INACTIVE_OK',
    'main segment: an inactive owner with a role passes',
    { FirstName: 'Ilse', LastName: 'Inherited' },
    { account: left },
  );
  if (!org.switches.personAccounts) return;
  const person = org.store.insert('Account', {
    Name: 'Pia Person',
    Type: 'Customer',
    OwnerId: users.get('anton.account') ?? null,
    IsPersonAccount: true,
  });
  const contactId = add(
    'PERSON_ACCOUNT_PARTNER',
    '--profile "Acme Partner"',
    { FirstName: 'Pia', LastName: 'Person', IsPersonAccount: true },
    { accountId: person },
  );
  org.store.update('Account', person, { PersonContactId: contactId });
}

function seedAddressCases(org: WorldOrg, build: Builder, add: Add): void {
  add('NO_EMAIL', 'main segment', { FirstName: 'Nele', LastName: 'Nomail', Email: null });
  // No form would take it today; old records keep such values.
  add('INVALID_EMAIL', 'main segment', { FirstName: 'Ivo', LastName: 'Invalid', Email: 'ivo..invalid@customers' });
  const twins = build.account({ Name: 'Twin Brothers' });
  add(
    'DUPLICATE_USERNAME_IN_PLAN',
    'main segment: the same address as Tina Twin',
    { FirstName: 'Tom', LastName: 'Twin', Email: 'family.twin@customers.example' },
    { accountId: twins },
  );
  add(
    'DUPLICATE_USERNAME_IN_PLAN',
    'main segment: the same address as Tom Twin; --file with key Email: AMBIGUOUS_KEY',
    { FirstName: 'Tina', LastName: 'Twin', Email: 'Family.Twin@customers.example' },
    { accountId: twins },
  );
  add('USERNAME_TAKEN', 'main segment: the address is the username of the internal user Sue Support', {
    FirstName: 'Susan',
    LastName: 'Support',
    Email: 'sue.support@acme.example',
  });
  const local = 'x'.repeat(60);
  add('VALUE_TOO_LONG', '--username "{Email}.uat"', {
    FirstName: 'Lotte',
    LastName: 'Longmail',
    Email: `${local}@customers.example`,
  });
  const partner = { Name: 'Channel Champions', Type: 'Partner', IsPartner: true };
  add(
    'USERNAME_TAKEN_ELSEWHERE',
    '--profile "Acme Partner" with switches.users.uniquePartnerUsernamesInOrg = false: only the insert tells (DUPLICATE_USERNAME)',
    { FirstName: 'Gus', LastName: 'Global', Email: 'gus.global@elsewhere.example' },
    { account: partner },
  );
  org.switches.users.usernamesElsewhere.add('gus.global@elsewhere.example');
}

function seedUserCases(org: WorldOrg, build: Builder, add: Add): void {
  const active = add('ALREADY_HAS_USER', 'main segment: unchanged', { FirstName: 'Alina', LastName: 'Already' });
  build.portalUser(active, 'Acme Customer Portal', { CommunityNickname: 'alina', FederationIdentifier: 'FED-ALINA' });
  const other = add('OTHER_PROFILE', 'main segment: unchanged, the user has another profile', {
    FirstName: 'Otto',
    LastName: 'Otherprofile',
  });
  build.portalUser(other, 'Acme Customer Login');
  const inactive = add('HAS_INACTIVE_USER', 'main segment', { FirstName: 'Ida', LastName: 'Idle' });
  build.portalUser(inactive, 'Acme Customer Portal', { IsActive: false });
  const frozen = add('ALREADY_HAS_USER', 'main segment: unchanged, the user is frozen', {
    FirstName: 'Frida',
    LastName: 'Frozen',
  });
  const frozenUser = build.portalUser(frozen, 'Acme Customer Portal');
  for (const login of org.store.find('UserLogin', { UserId: frozenUser }))
    org.store.update('UserLogin', login.Id, { IsFrozen: true });
  const plus = build.account({ Name: 'One Level Only' });
  build.portalUser(build.contact(plus, { FirstName: 'Perry', LastName: 'Plus' }), 'Acme Customer Plus');
  add(
    'ROLE_NOT_ALLOWED',
    '--profile "Acme Customer Plus" --portal-role Executive',
    { FirstName: 'Romy', LastName: 'Rolewish' },
    { accountId: plus },
  );
}

function seedTemplateCases(add: Add): void {
  add('NICKNAME_TAKEN', '--set "CommunityNickname={External_Key__c}": the nickname of Alina Already, in capitals', {
    FirstName: 'Nick',
    LastName: 'Name',
    External_Key__c: 'ALINA',
  });
  add('FEDERATION_ID_TAKEN', '--set "FederationIdentifier={External_Key__c}": that of Alina Already', {
    FirstName: 'Fede',
    LastName: 'Rated',
    External_Key__c: 'FED-ALINA',
  });
  add('EMPTY_TEMPLATE_FIELD', '--set "FederationIdentifier={External_Key__c}"', {
    FirstName: 'Emmy',
    LastName: 'Empty',
    External_Key__c: null,
  });
  add('BAD_VALUE', '--set "LanguageLocaleKey={Portal_Language__c}": a label, not a key', {
    FirstName: 'Babette',
    LastName: 'Badvalue',
    Portal_Language__c: 'German',
  });
  add('INVALID_USERNAME', '--username "{External_Key__c}@acme": no domain ending', {
    FirstName: 'Ulla',
    LastName: 'Username',
    External_Key__c: 'K-USER',
  });
}

/** Names that break files and terminals; all of them are to get a user. */
function seedNames(add: Add): void {
  const names: ReadonlyArray<readonly [code: string, first: string | null, last: string]> = [
    ['NAME_COMMA', 'Bob', 'Baker, Jr.'],
    ['NAME_QUOTES', 'Wilhelmina "Mina"', 'van "der" Berg'],
    ['NAME_LINE_BREAK', 'Two', 'Line\nBreak'],
    ['NAME_EMOJI', 'Sunny 🌻', 'Müller 👩‍👩‍👧'],
    ['NAME_RIGHT_TO_LEFT', 'ليلى', 'حداد'],
    ['NAME_HEBREW', 'נועה', 'כהן'],
    ['NAME_CJK', '美咲', '山田'],
    ['NAME_FORMULA', '=HYPERLINK("http://evil.example")', '+49 Formula'],
    ['NAME_APOSTROPHE', 'Sinéad', "O'Brien"],
    ['NAME_NO_FIRST', null, 'Cher'],
    [
      'NAME_VERY_LONG',
      'Maximiliane-Alexandra-Charlotte-Josefine',
      'von-und-zu-Hohenlohe-Waldenburg-Schillingsfürst-Langenburg-Kirchberg-Bartenstein',
    ],
    ['NAME_BACKSLASH', 'Back\\slash', '{Brace} \\n 100%_'],
  ];
  names.forEach(([code, first, last], index) => {
    add(code, 'main segment: gets a user', {
      FirstName: first,
      LastName: last.slice(0, 80),
      Email: `name.${index}@customers.example`,
    });
  });
}
