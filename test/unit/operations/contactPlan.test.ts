/** What becomes of one contact: each reason, which reason comes first, and the row that is sent. */
import { expect } from 'chai';
import { decideExisting } from '../../../lib/model/reasons.js';
import {
  planContact,
  type ContactFacts,
  type ContactPlan,
  type PlanSettings,
} from '../../../lib/operations/contactPlan.js';
import type { PlannedStep } from '../../../lib/model/steps.js';
import {
  contactFacts,
  contactId,
  customer,
  existingUser,
  fieldRule,
  valueRules,
  internal,
  partner,
  planSettings,
  plus,
  template,
} from './planFacts.ts';

type Row = readonly [what: string, expected: string, facts: ContactFacts, settings?: PlanSettings];

/** The reason, or what is done first: `create` or `assign`. */
function reasonOf({ decision }: ContactPlan): string {
  if (decision.action !== 'steps') return `${decision.reason}.${decision.detail.text}`;
  return decision.steps[0]?.kind === 'createUser' ? 'create' : 'assign';
}

function stepsOf(plan: ContactPlan): readonly PlannedStep[] {
  return plan.decision.action === 'steps' ? plan.decision.steps : [];
}

function newUserOf(plan: ContactPlan): PlannedStep {
  const [step] = stepsOf(plan);
  if (step?.kind !== 'createUser') throw new Error(reasonOf(plan));
  return step;
}

function valuesOf(facts: ContactFacts, settings = planSettings()): Readonly<Record<string, string>> {
  return newUserOf(planContact(facts, settings)).values;
}

/** The permission sets that are given, as their steps have them. */
function setsOf(plan: ContactPlan): unknown {
  return stepsOf(plan)
    .filter(({ kind }) => kind === 'assignPermissionSet')
    .map(({ target, label, values }) => ({ id: target, name: label, isGroup: 'PermissionSetGroupId' in values }));
}

describe('planContact', () => {
  const with_ = (profileId: string | undefined): PlanSettings => planSettings({ profileId });
  const noRole = { 'Account.Owner.UserRoleId': null };
  const person = { IsPersonAccount: 'true' };
  const username = (source: string): PlanSettings =>
    planSettings({ templates: new Map([['Username', template(source)]]) });

  const rows: readonly Row[] = [
    ['a contact that is fit for a user', 'create', contactFacts()],
    ['an active user', 'ALREADY_HAS_USER.detail', contactFacts({}, { user: existingUser() })],
    ['a frozen user', 'ALREADY_HAS_USER.frozen', contactFacts({}, { user: existingUser({ isFrozen: true }) })],
    [
      'a user with another profile',
      'OTHER_PROFILE.detail',
      contactFacts({}, { user: existingUser({ profileId: plus.id }) }),
    ],
    [
      'a frozen user with another profile',
      'OTHER_PROFILE.frozen',
      contactFacts({}, { user: existingUser({ isFrozen: true, profileId: plus.id }) }),
    ],
    [
      'a user, and no profile to compare',
      'ALREADY_HAS_USER.detail',
      contactFacts({}, { user: existingUser({ profileId: plus.id }) }),
      with_(undefined),
    ],
    ['an inactive user', 'HAS_INACTIVE_USER.detail', contactFacts({}, { user: existingUser({ isActive: false }) })],
    ['no profile', 'BAD_VALUE.noProfile', contactFacts(), with_(undefined)],
    ['an internal profile', 'BAD_VALUE.profile', contactFacts({}, { overrides: { ProfileId: internal.id } })],
    [
      'a profile that does not exist',
      'BAD_VALUE.profile',
      contactFacts({}, { overrides: { ProfileId: '00e000000000099AAA' } }),
    ],
    ['no account', 'NO_ACCOUNT.detail', contactFacts({ AccountId: null })],
    ['an owner without a role', 'OWNER_WITHOUT_ROLE.detail', contactFacts(noRole)],
    [
      'an owner without a role, for a license with roles',
      'OWNER_WITHOUT_ROLE.detail',
      contactFacts(noRole),
      with_(plus.id),
    ],
    [
      'a person account for a partner license',
      'PERSON_ACCOUNT_PARTNER.detail',
      contactFacts(person),
      with_(partner.id),
    ],
    ['a person account for a customer license', 'create', contactFacts(person)],
    [
      'a business account for a partner license',
      'create',
      contactFacts({ IsPersonAccount: 'false' }),
      with_(partner.id),
    ],
    ['no address', 'NO_EMAIL.detail', contactFacts({ Email: null })],
    ['a bad address', 'INVALID_EMAIL.detail', contactFacts({ Email: 'ada..l@acme' })],
    [
      'an empty field of a template',
      'EMPTY_TEMPLATE_FIELD.detail',
      contactFacts({ Key__c: null }),
      username('{Key__c}@x.co'),
    ],
    [
      'a template that makes no username',
      'INVALID_USERNAME.detail',
      contactFacts({ Key__c: 'a b' }),
      username('{Key__c}@x.co'),
    ],
    ['a username of 80 characters', 'create', contactFacts(), username(`${'x'.repeat(63)}@${'y'.repeat(13)}.co`)],
    [
      'a username of 81 characters',
      'VALUE_TOO_LONG.username',
      contactFacts(),
      username(`${'x'.repeat(63)}@${'y'.repeat(14)}.co`),
    ],
    ['a value that is too long', 'VALUE_TOO_LONG.detail', contactFacts({}, { overrides: { Title: 'x'.repeat(11) } })],
    ['a bad value', 'BAD_VALUE.boolean', contactFacts({}, { overrides: { IsActive: 'maybe' } })],
  ];
  for (const [what, expected, facts, settings = planSettings()] of rows) {
    it(`decides ${expected} for ${what}`, () => {
      expect(reasonOf(planContact(facts, settings))).to.equal(expected);
    });
  }

  it('tells the most fundamental of several reasons, and the next one when that is fixed', () => {
    const all = { AccountId: null, ...noRole, ...person, Email: null, Key__c: null };
    const settings = planSettings({
      profileId: partner.id,
      templates: new Map([['Username', template('{Key__c}@x.co')]]),
    });
    const bad = { Title: 'x'.repeat(11) };
    const facts = (mended: Record<string, string | null>): ContactFacts =>
      contactFacts({ ...all, ...mended }, { overrides: bad });
    const account = { AccountId: '001000000000001AAA' };
    const role = { ...account, 'Account.Owner.UserRoleId': '00E000000000001AAA' };
    const business = { ...role, IsPersonAccount: 'false' };
    const told = [
      { ...contactFacts(all), user: existingUser({ isActive: false }) },
      facts({}),
      facts(account),
      facts(role),
      facts(business),
      facts({ ...business, Email: 'bad' }),
      facts({ ...business, Email: 'bad', Key__c: 'a b' }),
      facts({ ...business, Email: 'ada@acme.example', Key__c: 'a b' }),
      facts({ ...business, Email: 'ada@acme.example', Key__c: 'ab' }),
    ].map((each) => reasonOf(planContact(each, settings)).split('.')[0]);
    expect(told).to.deep.equal([
      'HAS_INACTIVE_USER',
      'NO_ACCOUNT',
      'OWNER_WITHOUT_ROLE',
      'PERSON_ACCOUNT_PARTNER',
      'NO_EMAIL',
      'EMPTY_TEMPLATE_FIELD',
      'INVALID_EMAIL',
      'INVALID_USERNAME',
      'VALUE_TOO_LONG',
    ]);
  });

  it('names the owner and the account without a role, the template and its empty field', () => {
    expect(planContact(contactFacts(noRole), planSettings()).decision).to.have.deep.nested.property('detail.facts', {
      owner: 'Otto Owner',
      account: 'Acme',
    });
    const { decision } = planContact(contactFacts({ Key__c: null }), username('{Key__c}@x.co'));
    expect(decision).to.have.deep.nested.property('detail.facts', {
      field: 'Username',
      template: '{Key__c}@x.co',
      emptyField: 'Key__c',
    });
  });

  it('gives the Id of the user who exists already', () => {
    for (const isActive of [true, false]) {
      const user = existingUser({ isActive });
      expect(decideExisting(user)).to.include({ userId: user.id });
      const plan = planContact(contactFacts({}, { user }), planSettings());
      expect(plan).to.include({ userId: user.id });
      expect(plan.decision).to.include({ userId: user.id });
    }
  });

  describe('sends', () => {
    it('the contact’s names and address, a made-up alias and nickname, the profile and the defaults', () => {
      expect(valuesOf(contactFacts(), planSettings({ defaults: { TimeZoneSidKey: 'Europe/Paris' } }))).to.deep.equal({
        TimeZoneSidKey: 'Europe/Paris',
        FirstName: 'Ada',
        LastName: 'Lovelace',
        Email: 'ada@acme.example',
        CommunityNickname: 'user-003000000000001aaa',
        Username: 'ada@acme.example',
        ContactId: contactId,
        ProfileId: customer.id,
        Alias: 'alovelac',
      });
    });

    it('the file’s value before the template’s, the template’s before the default', () => {
      const settings = planSettings({
        defaults: { Title: 'default', City: 'default' },
        templates: new Map([
          ['Username', template('{Email}')],
          ['Title', template('by {FirstName}')],
          ['Alias', template('tpl')],
        ]),
      });
      expect(valuesOf(contactFacts(), settings)).to.include({ Title: 'by Ada', City: 'default', Alias: 'tpl' });
      const overrides = {
        Title: 'file',
        Alias: 'file',
        Email: 'file@acme.example',
        FirstName: 'File',
        Username: 'Given@Acme.Example ',
      };
      expect(valuesOf(contactFacts({}, { overrides }), settings)).to.include({
        ...overrides,
        Username: 'given@acme.example',
        City: 'default',
      });
    });

    it('no field without a value', () => {
      const values = valuesOf(contactFacts({ FirstName: null }));
      expect(values).not.to.have.property('FirstName');
      expect(Object.values(values).every((value) => value !== '')).to.equal(true);
    });

    it('a username from the file although the template’s field is empty', () => {
      const facts = contactFacts({ Key__c: null }, { overrides: { Username: 'given@acme.example' } });
      expect(valuesOf(facts, username('{Key__c}@x.co'))).to.include({ Username: 'given@acme.example' });
    });

    it('an address from the file although the contact has none', () => {
      const facts = contactFacts(
        { Email: null },
        { overrides: { Email: 'given@acme.example', Username: 'given@acme.example' } },
      );
      expect(valuesOf(facts)).to.include({ Email: 'given@acme.example' });
    });

    it('roles only for licenses that have them, wherever they come from', () => {
      const roles = { UserRoleId: '00E000000000002AAA', PortalRole: 'Manager' };
      for (const profile of [customer, plus, partner]) {
        const settings = planSettings({ profileId: profile.id });
        const byFile = contactFacts({}, { overrides: roles });
        const byDefault = valuesOf(contactFacts(), { ...settings, defaults: roles });
        if (profile === customer) {
          expect(reasonOf(planContact(byFile, settings))).to.equal('ROLE_NOT_ALLOWED.noRoles');
          expect(byDefault).not.to.have.any.keys('UserRoleId', 'PortalRole');
        } else for (const values of [valuesOf(byFile, settings), byDefault]) expect(values).to.include(roles);
      }
    });

    it('the profile of the row, also by an Id of 15 characters, with its own family', () => {
      const family = (ProfileId: string): unknown => {
        const plan = planContact(contactFacts({}, { overrides: { ProfileId } }), planSettings());
        expect(plan.profileId).to.equal(newUserOf(plan).values['ProfileId']);
        return [newUserOf(plan).family, plan.profileId];
      };
      expect(family(plus.id.slice(0, 15))).to.deep.equal(['roleBased', plus.id]);
      expect(family(customer.id)).to.deep.equal(['highVolume', customer.id]);
      expect(family(partner.id)).to.deep.equal(['roleBased', partner.id]);
    });

    it('the contact it is about, whatever a file says', () => {
      const overrides = { ContactId: '003000000000999AAA' };
      expect(valuesOf(contactFacts({}, { overrides }))).to.include({ ContactId: contactId });
    });
  });

  describe('gives permission sets', () => {
    const set = { id: '0PS000000000001AAA', name: 'Documents', isGroup: false };
    const group = { id: '0PG000000000001AAA', name: 'Bundle', isGroup: true };
    const documents = { ...set, userLicenseIds: [] };
    const bundle = { ...group, userLicenseIds: [] };
    const settings = planSettings({ permissionSets: [documents, bundle] });

    it('to a new user: those of the row, or those of the run', () => {
      const given = (facts: ContactFacts): unknown => setsOf(planContact(facts, settings));
      expect(given(contactFacts())).to.deep.equal([set, group]);
      expect(given(contactFacts({}, { permissionSets: [bundle] }))).to.deep.equal([group]);
      expect(given(contactFacts({}, { permissionSets: [] }))).to.deep.equal([]);
    });

    it('to an active user with the profile asked for: only what it lacks', () => {
      const holding = (...ids: string[]): ContactPlan =>
        planContact(contactFacts({}, { user: existingUser({ permissionSetIds: new Set(ids) }) }), settings);
      expect(reasonOf(holding())).to.equal('assign');
      expect(setsOf(holding())).to.deep.equal([set, group]);
      expect(reasonOf(holding(documents.id))).to.equal('assign');
      expect(setsOf(holding(documents.id))).to.deep.equal([group]);
      const { id: userId, username, profileId } = existingUser();
      expect(holding()).to.include({ userId, username, profileId });
      expect(reasonOf(holding(documents.id, bundle.id))).to.equal('ALREADY_HAS_USER.detail');
    });

    it('that are tied to a license only to its users', () => {
      const tied = { ...documents, userLicenseIds: [customer.userLicenseId] };
      const decide = (set: typeof tied, facts: ContactFacts): string =>
        reasonOf(planContact(facts, planSettings({ permissionSets: [set] })));
      const other = { ...tied, userLicenseIds: [customer.userLicenseId, '100000000000009AAA'] };
      expect(decide(tied, contactFacts())).to.equal('create');
      expect(decide(other, contactFacts())).to.equal('BAD_VALUE.permissionSetLicense');
      expect(decide(other, contactFacts({}, { user: existingUser() }))).to.equal('BAD_VALUE.permissionSetLicense');
      const held = existingUser({ permissionSetIds: new Set([other.id]) });
      expect(decide(other, contactFacts({}, { user: held }))).to.equal('ALREADY_HAS_USER.detail');
    });

    it('to no user that is inactive or has another profile, and says which sets that leaves out', () => {
      const decide = (changes: Parameters<typeof existingUser>[0]): ContactPlan =>
        planContact(contactFacts({}, { user: existingUser(changes) }), settings);
      expect(reasonOf(decide({ isActive: false }))).to.equal('HAS_INACTIVE_USER.detail');
      const user = existingUser({ profileId: plus.id });
      const facts = { username: user.username, profile: plus.name, wanted: customer.name };
      expect(decide({ profileId: plus.id }).decision).to.deep.include({
        action: 'unchanged',
        detail: {
          text: 'lacking',
          facts: { ...facts, permissionSets: `${documents.name}, ${bundle.name}` },
        },
      });
      expect(decide({ profileId: plus.id, permissionSetIds: new Set([bundle.id]) }).decision).to.deep.include({
        detail: {
          text: 'lacking',
          facts: { ...facts, permissionSets: documents.name },
        },
      });
      expect(reasonOf(decide({ profileId: plus.id, isFrozen: true }))).to.equal('OTHER_PROFILE.frozenLacking');
      const holdsAll = { profileId: plus.id, permissionSetIds: new Set([documents.id, bundle.id]) };
      expect(reasonOf(decide(holdsAll))).to.equal('OTHER_PROFILE.detail');
    });
  });

  it('checks fields by the rules of the org, in any case of their names', () => {
    const settings = planSettings({ valueRules: valueRules(fieldRule('lastname', { length: 3 })) });
    expect(reasonOf(planContact(contactFacts(), settings))).to.equal('VALUE_TOO_LONG.detail');
  });
});
