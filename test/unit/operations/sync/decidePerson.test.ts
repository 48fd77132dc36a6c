/** What sync decides about one person. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { HeldAssignment } from '../../../../lib/model/access/assignments.js';
import type { Decision } from '../../../../lib/model/reasons.js';
import { decideMember, decideStranger, type SyncRules } from '../../../../lib/operations/sync/decidePerson.js';
import type { Stranger, SyncedUser } from '../../../../lib/operations/sync/person.js';
import { contactId, customer, partner, plus } from '../planFacts.ts';

const day = 86_400_000;
const now = 1_000 * day;
const set = { id: '0PS000000000001AAA', name: 'Documents', isGroup: false, userLicenseIds: [] };
const userId = '005000000000001AAA';
const loginId = '0Yw000000000001AAA';

function rulesOf(changes: Partial<SyncRules> = {}): SyncRules {
  return {
    leavers: { action: 'freeze', deactivateAfterDays: 30, releaseLicenses: false },
    returners: 'activate',
    profile: 'report',
    permissionSets: 'add',
    groups: [
      { profile: customer, inactive: false, permissionSets: [set] },
      { profile: plus, inactive: true, permissionSets: [] },
    ],
    profiles: new Map([customer, plus, partner].map((profile) => [profile.id, profile])),
    leavingProfileIds: [customer.id, plus.id],
    namedSets: new Map(),
    hiddenObjects: [],
    siteMembers: [],
    now,
    ...changes,
  };
}

/** As the user holds them. */
function heldSets(...ids: string[]): SyncedUser['namedSets'] {
  return new Map(ids.map((id) => [id, heldSet(id)]));
}

function heldSet(target: string): HeldAssignment {
  const id = target.replace('0PS', '0Pa');
  return { type: 'permissionSet', id, userId, target, label: 'Documents', values: { PermissionSetId: target } };
}

function userOf(changes: Partial<SyncedUser> = {}): SyncedUser {
  return {
    id: userId,
    username: 'ada@acme.example',
    name: 'Ada',
    contactId,
    accountId: '001000000000001AAA',
    accountName: 'Acme',
    profileId: customer.id,
    userType: 'CspLitePortal',
    isActive: true,
    isLastChangedBySync: true,
    isGoverned: true,
    protectedBy: undefined,
    login: { id: loginId, isFrozen: false, changedBySync: undefined },
    madeBySync: undefined,
    namedSets: heldSets(set.id),
    ...changes,
  };
}

const frozen = { id: loginId, isFrozen: true, changedBySync: undefined };
const marked = (days: number): SyncedUser['login'] => ({
  id: loginId,
  isFrozen: true,
  changedBySync: now - days * day,
});

/** `setFrozen true, setActive false`, `unchanged LEAVER.report`, or `nothing`. */
function told(decision: Decision | undefined): string {
  if (decision === undefined) return 'nothing';
  if (decision.action !== 'steps') return `${decision.action} ${decision.reason}.${decision.detail.text}`;
  return decision.steps.map(({ kind, values }) => `${kind} ${Object.values(values).join()}`).join(', ');
}

const create = { decision: { action: 'steps', steps: [] } } as const;

function member(user: Partial<SyncedUser>, rules: Partial<SyncRules> = {}, group = 0): string {
  return told(decideMember({ group, contact: {}, user: userOf(user) }, rulesOf(rules), () => create).decision);
}

function stranger(user: Partial<SyncedUser>, rules: Partial<SyncRules> = {}, facts: Partial<Stranger> = {}): string {
  const seen = { isContactVisible: true, hasMembersEmail: false, held: [], ...facts };
  return told(decideStranger({ user: userOf(user), ...seen }, rulesOf(rules)));
}

describe('decideMember', () => {
  it('leaves a contact without a user to the rules of create', () => {
    expect(decideMember({ group: 0, contact: {}, user: undefined }, rulesOf(), () => create)).to.equal(create);
  });

  const cases: ReadonlyArray<readonly [what: string, decided: string, expected: string]> = [
    ['a user as wanted', member({}), 'unchanged ALREADY_HAS_USER.detail'],
    [
      'a user who is not governed',
      member({ isGoverned: false, namedSets: heldSets() }),
      'unchanged NOT_GOVERNED.detail',
    ],
    [
      'a protected user',
      member({ isGoverned: false, protectedBy: 'IsActive = true', login: marked(1) }),
      'unchanged NOT_GOVERNED.protected',
    ],
    [
      'a user of a group that wants its users to exist',
      member({ isActive: false, login: frozen }, {}, 1),
      'unchanged ALREADY_HAS_USER.inactive',
    ],
    ['a user whom others have frozen', member({ login: frozen }), 'unchanged OFF_BY_OTHERS.frozen'],
    ['a user whom others have deactivated', member({ isActive: false }), 'unchanged OFF_BY_OTHERS.inactive'],
    [
      'a user whom sync has frozen, and others have changed since',
      member({ isActive: false, login: marked(40), isLastChangedBySync: false }),
      'unchanged OFF_BY_OTHERS.changed',
    ],
    [
      'a user whose login is hidden and who is off',
      member({ isActive: false, login: undefined }),
      'unchanged OFF_BY_OTHERS.inactive',
    ],
    ['a user with another profile', member({ profileId: plus.id }), 'unchanged OTHER_PROFILE.ofGroup'],
    [
      'a returner with another profile',
      member({ profileId: plus.id, login: marked(1) }),
      'unchanged OTHER_PROFILE.ofGroup',
    ],
    [
      'a returner who is only reported',
      member({ login: marked(1) }, { returners: 'report' }),
      'unchanged RETURNER.report',
    ],
    ['a returner', member({ login: marked(1) }), 'setFrozen false'],
    ['a deactivated returner', member({ isActive: false, login: marked(40) }), 'setActive true, setFrozen false'],
    ['a user who lacks a permission set', member({ namedSets: heldSets() }), `assignPermissionSet ${set.id}`],
  ];
  for (const [what, decided, expected] of cases) {
    it(`${what}: ${expected}`, () => {
      expect(decided).to.equal(expected);
    });
  }
});

describe('a member with another profile', () => {
  const group = { profile: { ...customer, id: '00e000000000009AAA' }, inactive: false, permissionSets: [] };
  const contact = { Id: contactId, AccountId: '001000000000001AAA', 'Account.Owner.UserRoleId': '00E000000000001AAA' };
  const site = { siteName: 'Help', siteStatus: 'Live', sendsWelcomeEmail: false, assignmentStatus: 'Added' };
  const decided = (profile: SyncRules['profile'], parentIds: readonly string[] = []): string => {
    const siteMembers = parentIds.map((parentId) => ({ ...site, parentId }));
    const profiles = new Map([...rulesOf().profiles, [group.profile.id, group.profile]]);
    const rules = rulesOf({ groups: [group], profiles, profile, siteMembers });
    return told(decideMember({ group: 0, contact, user: userOf() }, rules, () => create).decision);
  };

  it('gets it where the definition says so, and no site is lost by it', () => {
    expect(decided('report')).to.equal('unchanged OTHER_PROFILE.ofGroup');
    expect(decided('change')).to.equal(`setProfile ${group.profile.id}`);
    expect(decided('change', [customer.id])).to.equal('refused NO_SITE.profile');
    expect(decided('change', [customer.id, group.profile.id])).to.equal(`setProfile ${group.profile.id}`);
  });
});

describe('decideStranger', () => {
  const noDays = { action: 'freeze', deactivateAfterDays: undefined, releaseLicenses: false } as const;
  const report = { action: 'report', deactivateAfterDays: undefined, releaseLicenses: false } as const;
  const cases: ReadonlyArray<readonly [what: string, decided: string, expected: string]> = [
    ['a leaver', stranger({}), 'setFrozen true'],
    [
      'a leaver without days of grace',
      stranger({}, { leavers: { ...noDays, deactivateAfterDays: 0 } }),
      'setFrozen true, setActive false',
    ],
    ['a leaver who is only reported', stranger({}, { leavers: report }), 'unchanged LEAVER.report'],
    ['a leaver while records are hidden', stranger({}, { hiddenObjects: ['Account'] }), 'unchanged LEAVER.hidden'],
    ['a leaver whose login is hidden', stranger({ login: undefined }), 'refused LOGIN_HIDDEN.detail'],
    ['a frozen leaver before the days are over', stranger({ login: marked(29.9) }), 'unchanged LEAVER.waiting'],
    ['a frozen leaver after the days', stranger({ login: marked(30) }), 'setActive false'],
    [
      'a frozen leaver while records are hidden',
      stranger({ login: marked(30) }, { hiddenObjects: ['Case'] }),
      'unchanged LEAVER.hidden',
    ],
    [
      'a frozen leaver who is never deactivated',
      stranger({ login: marked(99) }, { leavers: noDays }),
      'unchanged ALREADY_DISABLED.freeze',
    ],
    ['a user whom others have frozen', stranger({ login: frozen }), 'nothing'],
    ['an inactive user', stranger({ isActive: false }), 'nothing'],
    ['an ungoverned user', stranger({ isGoverned: false }), 'nothing'],
    ['a user without contact', stranger({ contactId: undefined }), 'unchanged NO_CONTACT.detail'],
    ['a user with a profile of no group', stranger({ profileId: partner.id }), 'unchanged OTHER_PROFILE.ofNone'],
    [
      'a user whose contact is hidden',
      stranger({}, {}, { isContactVisible: false }),
      'unchanged CONTACT_NOT_VISIBLE.detail',
    ],
    ['a user with the address of a member', stranger({}, {}, { hasMembersEmail: true }), 'unchanged SAME_EMAIL.detail'],
    ['a user whom sync has just made', stranger({ madeBySync: now - 6.9 * day }), 'unchanged FLAPPING.detail'],
    [
      'a user whom sync has just unfrozen',
      stranger({ login: { id: loginId, isFrozen: false, changedBySync: now - day } }),
      'unchanged FLAPPING.detail',
    ],
    ['a user whom sync made long ago', stranger({ madeBySync: now - 7 * day }), 'setFrozen true'],
  ];
  for (const [what, decided, expected] of cases) {
    it(`${what}: ${expected}`, () => {
      expect(decided).to.equal(expected);
    });
  }
});

describe('decidePerson', () => {
  const time = fc.option(
    fc.double({ min: 0, max: 60, noNaN: true }).map((days) => now - days * day),
    { nil: undefined },
  );
  const anyUser: fc.Arbitrary<SyncedUser> = fc.record({
    id: fc.constant(userId),
    username: fc.constant('ada@acme.example'),
    name: fc.constant('Ada'),
    contactId: fc.option(fc.constant(contactId), { nil: undefined }),
    accountId: fc.constant('001000000000001AAA'),
    accountName: fc.constant('Acme'),
    profileId: fc.constantFrom(customer.id, plus.id, partner.id),
    userType: fc.constant('CspLitePortal'),
    isActive: fc.boolean(),
    isLastChangedBySync: fc.boolean(),
    isGoverned: fc.boolean(),
    protectedBy: fc.constant(undefined),
    login: fc.option(fc.record({ id: fc.constant(loginId), isFrozen: fc.boolean(), changedBySync: time }), {
      nil: undefined,
    }),
    madeBySync: time,
    namedSets: fc.subarray([set.id, '0PS000000000002AAA']).map((ids) => heldSets(...ids)),
  });
  const anyHeld = fc.subarray(['0PS000000000003AAA', '0PS000000000004AAA']).map((ids) => ids.map(heldSet));
  const anyRules = fc
    .record({
      permissionSets: fc.constantFrom('add' as const, 'exact' as const),
      leavers: fc.record({
        action: fc.constantFrom('report' as const, 'freeze' as const),
        deactivateAfterDays: fc.option(fc.nat(60), { nil: undefined }),
        releaseLicenses: fc.boolean(),
      }),
      returners: fc.constantFrom('report' as const, 'activate' as const),
      hiddenObjects: fc.subarray(['Account', 'Contact']),
    })
    .map(rulesOf);
  const kindsOf = (decision: Decision | undefined): string[] =>
    decision?.action === 'steps'
      ? decision.steps.map(({ kind, values }) => `${kind} ${Object.values(values).join()}`)
      : [];

  it('takes access only from governed users who have a visible contact, no twin, and a profile that may leave', () => {
    fc.assert(
      fc.property(anyUser, anyRules, fc.boolean(), fc.boolean(), (user, rules, isContactVisible, hasMembersEmail) => {
        const kinds = kindsOf(decideStranger({ user, isContactVisible, hasMembersEmail, held: [] }, rules));
        if (kinds.length === 0) return;
        expect(kinds.every((kind) => ['setFrozen true', 'setActive false'].includes(kind))).to.equal(true);
        expect(rules.leavers.action).to.equal('freeze');
        expect(rules.hiddenObjects).to.deep.equal([]);
        expect(user.isGoverned && user.isActive && isContactVisible && !hasMembersEmail).to.equal(true);
        expect(user.contactId).to.equal(contactId);
        expect(user.profileId).to.not.equal(partner.id);
        // Nobody is deactivated whom sync has not frozen first, and left so.
        const isMarked = user.login?.isFrozen === true && user.login.changedBySync !== undefined;
        expect(kinds.includes('setFrozen true')).to.equal(!isMarked);
        if (!kinds.includes('setFrozen true')) expect(kinds).to.deep.equal(['setActive false']);
      }),
    );
  });

  it('takes what a user would keep only with a deactivation by sync, now or before', () => {
    fc.assert(
      fc.property(anyUser, anyRules, anyHeld, fc.boolean(), fc.boolean(), (user, rules, held, isSeen, isTwin) => {
        const facts = { isContactVisible: isSeen, hasMembersEmail: isTwin };
        const kinds = kindsOf(decideStranger({ user, ...facts, held }, rules));
        const alone = kindsOf(decideStranger({ user, ...facts, held: [] }, rules));
        const removed = kinds.filter((kind) => kind.startsWith('remove'));
        // Whatever it holds, nothing else changes by that.
        expect(kinds.filter((kind) => !kind.startsWith('remove'))).to.deep.equal(alone);
        const { action, releaseLicenses } = rules.leavers;
        const isMarked = user.login?.isFrozen === true && user.login.changedBySync !== undefined;
        const isMeant = action === 'freeze' && releaseLicenses && rules.hiddenObjects.length === 0;
        const mayBe = isMeant && user.isGoverned && isSeen && !isTwin && user.profileId !== partner.id;
        const wasOff = mayBe && !user.isActive && isMarked && user.isLastChangedBySync && user.contactId !== undefined;
        const isOffNow = alone.includes('setActive false') && releaseLicenses;
        expect(removed.length).to.equal(wasOff || isOffNow ? held.length : 0);
      }),
    );
  });

  it('takes from a member of a group only sets that the definition names, and its group does not', () => {
    fc.assert(
      fc.property(anyUser, anyRules, fc.nat(1), (user, rules, group) => {
        const { decision } = decideMember({ group, contact: {}, user }, rules, () => create);
        const removed = kindsOf(decision).filter((kind) => kind.startsWith('remove'));
        if (removed.length === 0) return;
        expect([rules.permissionSets, rules.hiddenObjects, user.isGoverned, group]).to.deep.equal([
          ...['exact', [], true, 0],
        ]);
        expect(removed).to.deep.equal(['removePermissionSet 0PS000000000002AAA']);
        const given = decision.action === 'steps' ? decision.steps : [];
        const last = Math.max(...given.map(({ stage }) => stage));
        expect(given.filter(({ kind }) => kind.startsWith('remove')).map(({ stage }) => stage)).to.deep.equal([last]);
      }),
    );
  });

  it('gives access back only to governed users whom sync has switched off', () => {
    fc.assert(
      fc.property(anyUser, anyRules, fc.nat(1), (user, rules, group) => {
        const kinds = kindsOf(decideMember({ group, contact: {}, user }, rules, () => create).decision);
        expect(kinds.some((kind) => ['setFrozen true', 'setActive false'].includes(kind))).to.equal(false);
        if (kinds.length > 0) expect(user.isGoverned).to.equal(true);
        if (!kinds.some((kind) => kind.startsWith('set'))) return;
        expect(rules.returners).to.equal('activate');
        expect(user.login?.isFrozen === true && user.login.changedBySync !== undefined).to.equal(true);
        expect(user.isActive || user.isLastChangedBySync).to.equal(true);
      }),
    );
  });
});
