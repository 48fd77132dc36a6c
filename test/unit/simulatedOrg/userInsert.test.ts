/**
 * Insert of users: each refusal (docs/salesforce-facts.md#row-errors) with its code, message and fields, and what a
 * success does.
 */
import { expect } from 'chai';
import { createRuleOrg } from './ruleOrg.ts';
import type { Row, RuleOrg } from './ruleOrg.ts';
import { makeUser, userRow } from './userRow.ts';

type Refusal = {
  readonly what: string;
  readonly profile?: string;
  readonly account?: Row;
  /** Changes the org and says what the row differs in. */
  readonly spoil: (rules: RuleOrg) => Row;
  readonly code: string;
  readonly message: string | RegExp;
  readonly fields?: readonly string[];
};

const gate =
  'To create or update users for this profile, go to Setup > Digital Experiences > Settings and select Allow using standard external profiles for self-registration, user creation, and login.: Profile ID';

const always = (row: Row) => (): Row => row;

const refusals: readonly Refusal[] = [
  {
    what: 'an unknown column',
    spoil: always({ Nickname__c: 'x' }),
    code: 'INVALID_FIELD',
    message: "No such column 'Nickname__c' on sobject of type User",
  },
  {
    what: 'a field that is not createable',
    spoil: always({ IsPortalEnabled: 'true' }),
    code: 'INVALID_FIELD_FOR_INSERT_UPDATE',
    message: /^Unable to create\/update fields: IsPortalEnabled\./,
    fields: ['IsPortalEnabled'],
  },
  {
    what: 'AccountId',
    spoil: always({ AccountId: '0015x0000000001AAA' }),
    code: 'INVALID_FIELD_FOR_INSERT_UPDATE',
    message: /AccountId/,
    fields: ['AccountId'],
  },
  {
    what: 'text that is no Id',
    spoil: always({ ProfileId: 'BadValue' }),
    code: 'MALFORMED_ID',
    message: 'Profile ID: id value of incorrect type: BadValue',
    fields: ['ProfileId'],
  },
  {
    what: 'an Id of another object',
    spoil: always({ ProfileId: '0035x0000000001AAA' }),
    code: 'MALFORMED_ID',
    message: 'Profile ID: id value of incorrect type: 0035x0000000001AAA',
    fields: ['ProfileId'],
  },
  {
    what: 'a boolean that is none',
    spoil: always({ IsActive: 'maybe' }),
    code: 'INVALID_TYPE_ON_FIELD_IN_RECORD',
    message: 'Active: value not of required type: maybe',
    fields: ['IsActive'],
  },
  {
    what: 'a long alias',
    spoil: always({ Alias: 'abcdefghi' }),
    code: 'STRING_TOO_LONG',
    message: 'Alias: data value too large: abcdefghi (max length=8)',
    fields: ['Alias'],
  },
  {
    what: 'an address without a domain',
    spoil: always({ Email: 'notanemail' }),
    code: 'INVALID_EMAIL_ADDRESS',
    message: 'Email: invalid email address: notanemail',
    fields: ['Email'],
  },
  {
    what: 'a time zone label',
    spoil: always({ TimeZoneSidKey: 'Paris' }),
    code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    message: 'Time Zone: bad value for restricted picklist field: Paris',
    fields: ['TimeZoneSidKey'],
  },
  {
    what: 'a username without email form',
    spoil: always({ Username: 'john' }),
    code: 'FIELD_INTEGRITY_EXCEPTION',
    message: 'Username must be in the form of an email address (for example, john@acme.com): Username',
    fields: ['Username'],
  },
  {
    what: 'a forbidden domain',
    spoil: (rules) => {
      rules.org.switches.users.allowedEmailDomains = ['acme.com'];
      return {};
    },
    code: 'FIELD_INTEGRITY_EXCEPTION',
    message: 'Invalid Email Address: Must be in domain(s) acme.com: Email',
    fields: ['Email'],
  },
  {
    what: 'missing values, all in one list',
    spoil: always({ Email: '', ProfileId: null }),
    code: 'REQUIRED_FIELD_MISSING',
    message: 'Required fields are missing: [Email, ProfileId]',
    fields: ['Email', 'ProfileId'],
  },
  {
    what: 'a profile that does not exist',
    spoil: always({ ProfileId: '00e5x00000000ZzAAI' }),
    code: 'INVALID_CROSS_REFERENCE_KEY',
    message: 'invalid cross reference id',
  },
  {
    what: 'a standard external profile',
    profile: 'Customer Community User',
    spoil: always({}),
    code: 'FIELD_INTEGRITY_EXCEPTION',
    message: gate,
    fields: ['ProfileId'],
  },
  {
    what: 'an external profile without contact',
    spoil: always({ ContactId: '' }),
    code: 'INVALID_CROSS_REFERENCE_KEY',
    message: 'Cannot create a portal user without contact.',
  },
  {
    what: 'an internal profile with a contact',
    profile: 'Standard User',
    spoil: always({}),
    code: 'FIELD_INTEGRITY_EXCEPTION',
    message: 'role type must match user type',
  },
  {
    what: 'a contact without account',
    spoil: (rules) => ({ ContactId: rules.org.store.insert('Contact', { LastName: 'Private' }) }),
    code: 'UNKNOWN_EXCEPTION',
    message: 'portal account owner must have a role',
  },
  {
    what: 'an account owner without a role',
    spoil: (rules) => {
      const account = rules.org.store.insert('Account', {
        Name: 'X',
        OwnerId: rules.world.internalUsers.get('nora.norole') ?? null,
      });
      return { ContactId: rules.org.store.insert('Contact', { LastName: 'Y', AccountId: account }) };
    },
    code: 'UNKNOWN_EXCEPTION',
    message: 'portal account owner must have a role',
  },
  {
    what: 'a role level for a high-volume user',
    spoil: always({ PortalRole: 'Worker' }),
    code: 'FIELD_INTEGRITY_EXCEPTION',
    message: 'role type must match user type',
  },
  {
    what: 'an internal role for a portal user',
    profile: 'Acme Customer Plus',
    spoil: (rules) => ({ UserRoleId: rules.org.store.find('UserRole', { Name: 'CEO' })[0]?.Id ?? null }),
    code: 'FIELD_INTEGRITY_EXCEPTION',
    message: 'role type must match user type',
  },
  {
    what: 'a level that is not made',
    profile: 'Acme Customer Plus',
    spoil: always({ PortalRole: 'Executive' }),
    code: 'FIELD_INTEGRITY_EXCEPTION',
    message: 'role type must match user type',
  },
  {
    what: 'a contact whose user is inactive',
    spoil: (rules) => ({ ContactId: makeUser(rules, 'Acme Customer Portal', { IsActive: false }).contactId }),
    code: 'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT',
    message: 'portal user already exists for contact',
  },
  {
    what: 'no seat left',
    spoil: (rules) => {
      const license = rules.org.store.find('UserLicense', { Name: 'Customer Community' })[0];
      rules.org.store.update('UserLicense', license?.Id ?? '', { TotalLicenses: 3 });
      return {};
    },
    code: 'LICENSE_LIMIT_EXCEEDED',
    message: 'License Limit Exceeded - Customer Community',
  },
  {
    what: 'a feature license',
    spoil: always({ UserPermissionsKnowledgeUser: 'true' }),
    code: 'LICENSE_LIMIT_EXCEEDED',
    message: 'License Limit Exceeded',
  },
  {
    what: "an internal user's username, in capitals",
    spoil: always({ Username: 'SUE.Support@acme.example' }),
    code: 'DUPLICATE_USERNAME',
    message: /^Duplicate Username\.<br>The username already exists in this or another Salesforce organization\./,
    fields: ['Username'],
  },
  {
    what: 'a taken nickname, in capitals',
    spoil: always({ CommunityNickname: 'ALINA' }),
    code: 'DUPLICATE_COMM_NICKNAME',
    message: /^Duplicate Nickname\.<br>/,
    fields: ['CommunityNickname'],
  },
  {
    what: 'a taken federation id',
    spoil: always({ FederationIdentifier: 'FED-ALINA' }),
    code: 'DUPLICATE_VALUE',
    message: /^duplicate value found: FederationIdentifier duplicates value on record with id: 005/,
    fields: ['FederationIdentifier'],
  },
  {
    what: 'portals switched off',
    spoil: (rules) => {
      rules.org.switches.users.portalsAvailable = false;
      return {};
    },
    code: 'PORTAL_NO_ACCESS',
    message: /./,
  },
];

describe('simulated org: insert of users', () => {
  for (const refusal of refusals) {
    it(`refuses ${refusal.what}: ${refusal.code}`, () => {
      const rules = createRuleOrg();
      const { row } = userRow(rules, refusal.profile, refusal.account);
      const users = (): number => rules.org.store.find('User').length;
      const spoiled = { ...row, ...refusal.spoil(rules) };
      const before = { users: users(), roles: rules.org.store.find('UserRole').length };
      const result = rules.one('User', 'insert', spoiled);
      if (result.success) throw new Error('was accepted');
      expect(result.id).to.equal('');
      expect(result.error.code).to.equal(refusal.code);
      if (typeof refusal.message === 'string') expect(result.error.message).to.equal(refusal.message);
      else expect(result.error.message).to.match(refusal.message);
      expect(result.error.fields).to.deep.equal(refusal.fields ?? []);
      expect({ users: users(), roles: rules.org.store.find('UserRole').length }).to.deep.equal(before);
    });
  }

  it('makes a high-volume user without a role, with all that belongs to it', () => {
    const rules = createRuleOrg();
    const { row, accountId } = userRow(rules);
    const used = (): unknown =>
      rules.org.store.find('UserLicense', { Name: 'Customer Community' })[0]?.['UsedLicenses'];
    const before = Number(used());
    const result = rules.one('User', 'insert', { ...row, Username: 'MiXed@Test.example', CommunityNickname: '' });
    expect(result).to.include({ success: true, created: true });
    const user = rules.org.store.get('User', result.id);
    expect(user).to.include({
      Username: 'mixed@test.example',
      UserType: 'CspLitePortal',
      AccountId: accountId,
      UserRoleId: null,
      IsPortalEnabled: true,
      IsActive: true,
    });
    expect(user?.['CommunityNickname']).to.match(/^User1795361412000\d{7}$/);
    expect(used()).to.equal(before + 1);
    expect(rules.org.store.find('UserLogin', { UserId: result.id })).to.have.length(1);
    expect(rules.org.store.find('NetworkMember', { MemberId: result.id })).to.have.length(1);
    expect(rules.org.store.get('Account', accountId)?.['IsCustomerPortal']).to.equal(true);
    expect(rules.org.rules.outbox.mails.map(({ kind, to }) => ({ kind, to }))).to.deep.equal([
      { kind: 'welcome', to: row['Email'] },
    ]);
  });

  it('makes an inactive user without license, membership and email', () => {
    const rules = createRuleOrg();
    const { userId } = makeUser(rules, 'Acme Customer Portal', { IsActive: 'false' });
    expect(rules.org.store.find('NetworkMember', { MemberId: userId })).to.have.length(0);
    expect(rules.org.rules.outbox.mails).to.have.length(0);
  });

  for (const deliverability of ['system', 'none'] as const) {
    it(`sends no welcome mail with deliverability ${deliverability}`, () => {
      const rules = createRuleOrg();
      rules.org.switches.mail.deliverability = deliverability;
      makeUser(rules);
      expect(rules.org.rules.outbox.mails).to.have.length(0);
    });
  }

  it('lets an unlimited license grow', () => {
    expect(makeUser(createRuleOrg(), 'Acme Identity').userId).to.match(/^005/);
  });

  it('opens standard external profiles by switch', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.allowStandardExternalProfiles = true;
    expect(makeUser(rules, 'Customer Community User').userId).to.match(/^005/);
  });

  it('does not need an owner role for high-volume users when switched so', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.ownerRoleForHighVolume = false;
    const { row } = userRow(rules, 'Acme Customer Portal', {
      OwnerId: rules.world.internalUsers.get('nora.norole') ?? null,
    });
    expect(rules.one('User', 'insert', row).success).to.equal(true);
  });

  it('knows usernames of other orgs for partners without their own name space only', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.usernamesElsewhere.add('far@away.example');
    const taken = { Username: 'far@away.example' };
    makeUser(rules, 'Acme Customer Portal', taken);
    const partner = userRow(rules, 'Acme Partner');
    rules.org.switches.users.uniquePartnerUsernamesInOrg = false;
    rules.org.switches.users.usernamesElsewhere.add('other@away.example');
    const other = { ...partner.row, Username: 'other@away.example' };
    expect(rules.one('User', 'insert', other)).to.have.nested.property('error.code', 'DUPLICATE_USERNAME');
    rules.org.switches.users.uniquePartnerUsernamesInOrg = true;
    expect(rules.one('User', 'insert', other).success).to.equal(true);
  });

  it('refuses partner users for person accounts', () => {
    const rules = createRuleOrg({ personAccounts: true });
    const { row } = userRow(rules, 'Acme Partner', { IsPersonAccount: true });
    expect(rules.one('User', 'insert', row)).to.have.nested.property('error.code', 'FIELD_INTEGRITY_EXCEPTION');
  });

  it('resolves a parent by external id', () => {
    const rules = createRuleOrg();
    const { row, contactId } = userRow(rules);
    rules.org.store.update('Contact', contactId, { External_Key__c: 'EXT-1' });
    const { ContactId: _contact, ...rest } = row;
    const result = rules.one('User', 'insert', { ...rest, 'Contact.External_Key__c': 'EXT-1' });
    expect(rules.org.store.get('User', result.id)?.['ContactId']).to.equal(contactId);
    expect(rules.one('User', 'insert', { ...rest, 'Contact.External_Key__c': 'c9' })).to.have.nested.property(
      'error.message',
      'Foreign key external ID: c9 not found for field External_Key__c in entity Contact',
    );
  });
});

describe('simulated org: the permission to insert users', () => {
  const cases: ReadonlyArray<
    readonly [runningUser: 'portalManager' | 'customerService', profile: string, code: string | undefined]
  > = [
    ['portalManager', 'Acme Customer Portal', undefined],
    ['portalManager', 'Acme Partner', undefined],
    ['customerService', 'Acme Customer Portal', 'INSUFFICIENT_ACCESS_OR_READONLY'],
    ['customerService', 'Acme Partner', 'INSUFFICIENT_ACCESS_OR_READONLY'],
  ];
  for (const [runningUser, profile, code] of cases) {
    it(`${runningUser}, ${profile}: ${code ?? 'allowed'}`, () => {
      const rules = createRuleOrg({ runningUser });
      const result = rules.one('User', 'insert', userRow(rules, profile).row);
      expect(result.success ? undefined : result.error.code).to.equal(code);
    });
  }
});
