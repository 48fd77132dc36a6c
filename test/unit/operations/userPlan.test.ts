/** What disable and enable decide about one user. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { HeldAssignment } from '../../../lib/model/access/assignments.js';
import type { Decision } from '../../../lib/model/reasons.js';
import type { PlannedStep } from '../../../lib/model/steps.js';
import {
  disableModes,
  enableModes,
  modeRule,
  type Mode,
  type ModeRule,
  type UserFieldRule,
} from '../../../lib/model/modes.js';
import { planUser, type UserFacts, type UserPlanSettings } from '../../../lib/operations/userPlan.js';
import { contactId, customer, plus } from './planFacts.ts';
import { loginId, runningUserId, userFacts, userId, userSettings } from './userFacts.ts';

const modes: readonly Mode[] = [...disableModes, ...enableModes];
const external = ['CspLitePortal', 'PowerCustomerSuccess', 'CustomerSuccess', 'PowerPartner'];
const internal = ['Standard', 'Guest', 'CsnOnly', 'AutomatedProcess', 'SelfService', '', 'toString', 'constructor'];

/** What a mode writes. */
function ruleOf(mode: Mode): ModeRule & UserFieldRule {
  const rule = modeRule(mode);
  return { ...rule, ...rule.kind };
}

/** The one step of a decision. */
function stepOf(decision: Decision): PlannedStep {
  if (decision.action !== 'steps') throw new Error(reasonOf(decision));
  const [step, ...others] = decision.steps;
  if (step === undefined || others.length > 0) throw new Error(`${String(decision.steps.length)} steps`);
  return step;
}

/** `refused REASON text` or `unchanged REASON text`. */
function reasonOf(decision: Decision): string {
  if (decision.action === 'steps') throw new Error(`planned: ${JSON.stringify(decision)}`);
  return `${decision.action} ${decision.reason} ${decision.detail.text}`;
}

/** In every mode the facts from which it has something to do. */
function facing(mode: Mode, user: Record<string, string | null> = {}): UserFacts {
  const IsActive = mode === 'activate' ? 'false' : 'true';
  return userFacts({ IsActive, ...user }, { login: { id: loginId, isFrozen: mode === 'unfreeze' } });
}

describe('planUser', () => {
  it('takes a user without a profile for a malformed answer, before a plan that counts licenses by it', () => {
    for (const mode of modes) {
      const facts = facing(mode, { UserType: 'CspLitePortal', ProfileId: null });
      expect(() => planUser(facts, userSettings({ mode })), mode)
        .to.throw()
        .with.property('kind', 'malformed');
    }
  });

  for (const mode of modes) {
    const { object, field, value } = ruleOf(mode);

    it(`${mode} writes ${field} alone, to the ${object}`, () => {
      const target = object === 'UserLogin' ? loginId : userId;
      const values = { [field]: String(value) };
      for (const UserType of external) {
        const family = UserType === 'CspLitePortal' ? 'highVolume' : 'roleBased';
        const decision = planUser(facing(mode, { UserType, AccountId: '001' }), userSettings({ mode }));
        const sent = object === 'UserLogin' ? 'highVolume' : family;
        expect(stepOf(decision), UserType).to.deep.include({ target, values, family: sent, lock: '001' });
      }
    });

    it(`${mode} refuses internal users, the running user and protected ones, each with its reason`, () => {
      const settings = userSettings({ mode });
      for (const UserType of [...internal, null])
        expect(reasonOf(planUser(facing(mode, { UserType }), settings))).to.equal('refused NOT_EXTERNAL detail');
      // The running user's Id may have 15 characters.
      for (const Id of [runningUserId, runningUserId.slice(0, 15)])
        expect(reasonOf(planUser(facing(mode, { Id }), settings))).to.equal('refused IS_RUNNING_USER detail');
      const protectedBy = new Map([[userId, "Title = 'VIP'"]]);
      const refused = planUser(facing(mode), { ...settings, protectedBy });
      expect(refused).to.deep.include({
        reason: 'PROTECTED',
        detail: { text: 'detail', facts: { username: 'ada@acme.example', condition: "Title = 'VIP'" } },
      });
    });

    it(`${mode} finds nothing to do the second time`, () => {
      const reason = modeRule(mode).operation === 'disable' ? 'ALREADY_DISABLED' : 'ALREADY_ENABLED';
      const done = userFacts(object === 'User' ? { [field]: String(value) } : {}, {
        login: { id: loginId, isFrozen: value },
      });
      const decision = planUser(done, userSettings({ mode }));
      expect(reasonOf(decision)).to.equal(`unchanged ${reason} ${mode}`);
      expect(decision).to.include({ userId });
    });
  }

  it('freezes and unfreezes nobody whose login can’t be seen', () => {
    for (const mode of ['freeze', 'unfreeze'] as const) {
      const decision = planUser(userFacts({}, { login: undefined }), userSettings({ mode }));
      expect(reasonOf(decision)).to.equal('refused LOGIN_HIDDEN detail');
    }
  });

  it('does not freeze who is inactive, but unfreezes them', () => {
    const frozen = { login: { id: loginId, isFrozen: true } };
    const inactive = { IsActive: 'false' };
    expect(reasonOf(planUser(userFacts(inactive), userSettings({ mode: 'freeze' })))).to.equal(
      'unchanged ALREADY_DISABLED inactive',
    );
    expect(planUser(userFacts(inactive, frozen), userSettings({ mode: 'unfreeze' }))).to.include({ action: 'steps' });
  });

  it('cuts off who is inactive, and activates nobody who was cut off', () => {
    const cut = planUser(userFacts({ IsActive: 'false' }), userSettings({ mode: 'disable-portal' }));
    expect(cut).to.include({ action: 'steps' });
    const back = userFacts({ IsActive: 'false', IsPortalEnabled: 'false', ContactId: null });
    expect(reasonOf(planUser(back, userSettings({ mode: 'activate' })))).to.equal('refused NOT_EXTERNAL cutOff');
  });

  describe('taking a run back', () => {
    const expected = { contactId, profileId: customer.id, isSwitched: true, taken: [] };

    for (const mode of enableModes) {
      const changes: ReadonlyArray<readonly [string, UserFacts]> = [
        ['ContactId', { ...facing(mode, { ContactId: '003000000000002AAA' }), expected }],
        ['ContactId', { ...facing(mode, { ContactId: null }), expected }],
        ['ProfileId', { ...facing(mode, { ProfileId: plus.id }), expected }],
        ['ContactId', { ...userFacts({ ContactId: null }), expected }],
      ];

      it(`${mode} goes ahead where all is as the run left it`, () => {
        expect(planUser({ ...facing(mode), expected }, userSettings({ mode }))).to.include({ action: 'steps' });
      });

      it(`${mode} has nothing to do for who was let in again, and is as before the run`, () => {
        const decision = planUser({ ...userFacts(), expected }, userSettings({ mode }));
        expect(reasonOf(decision)).to.equal(`unchanged ALREADY_ENABLED ${mode}`);
      });

      it(`${mode} refuses who was changed since, and names the field`, () => {
        for (const [changed, facts] of changes)
          expect(planUser(facts, userSettings({ mode }))).to.deep.include({
            reason: 'CHANGED_SINCE',
            detail: { text: 'detail', facts: { username: 'ada@acme.example', field: changed } },
          });
      });
    }

    it('does not take a login that can’t be seen for an unchanged one', () => {
      const facts = { ...userFacts({}, { login: undefined }), expected };
      expect(planUser(facts, userSettings({ mode: 'unfreeze' }))).to.include({ reason: 'CHANGED_SINCE' });
    });
  });

  describe('what a user holds', () => {
    const set: HeldAssignment = {
      ...{ type: 'permissionSet', id: '0Pa000000000001AAA', userId, target: '0PS000000000001AAA', label: 'Docs' },
      values: { PermissionSetId: '0PS000000000001AAA', ExpirationDate: '2026-12-31T00:00:00.000Z' },
    };
    const kindsOf = (decision: Decision): string[] =>
      decision.action === 'steps' ? decision.steps.map(({ kind }) => kind) : [reasonOf(decision)];

    it('is removed after the user is off, and alone where the user is off already', () => {
      expect(kindsOf(planUser(userFacts({}, { held: [set] }), userSettings()))).to.deep.equal([
        'setActive',
        'removePermissionSet',
      ]);
      const off = userFacts({ IsActive: 'false' }, { held: [set] });
      expect(kindsOf(planUser(off, userSettings()))).to.deep.equal(['removePermissionSet']);
    });

    it('is kept by a user without a contact who is active', () => {
      const facts = userFacts({ IsPortalEnabled: 'false' }, { held: [set] });
      expect(kindsOf(planUser(facts, userSettings({ mode: 'disable-portal' })))).to.deep.equal([
        'unchanged ALREADY_DISABLED disable-portal',
      ]);
    });

    const back = (isSwitched: boolean, user: Record<string, string>, end?: string): string[] => {
      const taken = [{ ...set, values: { ...set.values, ...(end === undefined ? {} : { ExpirationDate: end }) } }];
      const expected = { contactId, profileId: customer.id, isSwitched, taken };
      return kindsOf(planUser(userFacts(user, { expected }), userSettings({ mode: 'activate' })));
    };

    it('comes back with the user, or alone where the run took nothing else', () => {
      expect(back(true, { IsActive: 'false' })).to.deep.equal(['setActive', 'assignPermissionSet']);
      expect(back(false, { IsActive: 'false' })).to.deep.equal(['assignPermissionSet']);
      expect(back(false, {})).to.deep.equal(['assignPermissionSet']);
      // Somebody has let the user in again: what was taken is left to give back.
      expect(back(true, {})).to.deep.equal(['assignPermissionSet']);
      expect(back(false, { ProfileId: plus.id })).to.deep.equal(['refused CHANGED_SINCE detail']);
    });

    it('stays away where it would have ended by now', () => {
      expect(back(true, { IsActive: 'false' }, '2026-11-29T12:00:00.000+0000')).to.deep.equal(['setActive']);
      expect(back(false, {}, '2020-01-01T00:00:00.000Z')).to.deep.equal(['unchanged ALREADY_ENABLED ended']);
    });
  });

  describe('whatever the facts', () => {
    const boolean = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('true', 'false') }, fc.constant(null));
    const id = fc.oneof(
      { weight: 5, arbitrary: fc.constant(userId) },
      fc.constantFrom(userId.slice(0, 15), runningUserId, runningUserId.slice(0, 15), ''),
    );
    const contact = fc.constantFrom(contactId, '003000000000002AAA', null);
    const profile = fc.constantFrom(customer.id, plus.id);
    const facts: fc.Arbitrary<UserFacts> = fc.record({
      user: fc.record({
        Id: id,
        Username: fc.option(fc.string()),
        UserType: fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...external) },
          fc.constantFrom(...internal, null),
          fc.string(),
        ),
        IsActive: boolean,
        IsPortalEnabled: boolean,
        ContactId: contact,
        ProfileId: profile,
      }),
      login: fc.option(fc.record({ id: fc.constant(loginId), isFrozen: fc.boolean() }), { nil: undefined }),
      expected: fc.option(
        fc.record({
          contactId: fc.constantFrom(contactId, ''),
          profileId: fc.constant(customer.id),
          isSwitched: fc.constant(true),
          taken: fc.constant([]),
        }),
        { nil: undefined },
      ),
      held: fc.constant([]),
    });
    const settings: fc.Arbitrary<UserPlanSettings> = fc.record({
      mode: fc.constantFrom(...modes),
      runningUserId: fc.constantFrom(runningUserId, runningUserId.slice(0, 15)),
      protectedBy: fc
        .constantFrom([], [userId], [contactId], ['005000000000003AAA'])
        .map((ids) => new Map(ids.map((id) => [id, "Title = 'VIP'"]))),
      now: fc.constant(0),
    });

    it('an internal user, the running user or a protected one is never changed, and nothing but one field is', () => {
      let changed = 0;
      fc.assert(
        fc.property(facts, settings, (facts, settings) => {
          const decision = planUser(facts, settings);
          const { user, login } = facts;
          if (decision.action !== 'steps') return;
          changed += 1;
          expect(external).to.include(user['UserType']);
          expect(user['Id']?.slice(0, 15)).not.to.equal(runningUserId.slice(0, 15));
          expect(settings.protectedBy.has(user['Id'] ?? '')).to.equal(false);
          const { object, field, value } = ruleOf(settings.mode);
          expect(stepOf(decision).values).to.deep.equal({ [field]: String(value) });
          expect(stepOf(decision).target).to.equal(object === 'UserLogin' ? login?.id : user['Id']);
          const state = field === 'IsFrozen' ? String(login?.isFrozen) : user[field];
          expect(state).not.to.equal(String(value));
        }),
        { numRuns: 5_000 },
      );
      expect(changed).to.be.above(50);
    });
  });
});
