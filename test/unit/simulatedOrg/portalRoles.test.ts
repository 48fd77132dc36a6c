/**
 * Portal roles: made with the first user of an account, matched afterwards, optimized by switch
 * (docs/salesforce-facts.md#portal-roles).
 */
import { expect } from 'chai';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import { createRuleOrg } from './ruleOrg.ts';
import type { RuleOrg } from './ruleOrg.ts';
import { makeUser, userRow } from './userRow.ts';

function rolesOf(rules: RuleOrg, accountId: string): StoredRecord[] {
  return rules.org.store.find('UserRole', { PortalAccountId: accountId });
}

describe('simulated org: portal roles', () => {
  for (const [setting, names] of [
    [1, ['Test Works Customer User']],
    [2, ['Test Works Customer Manager', 'Test Works Customer User']],
    [3, ['Test Works Customer Executive', 'Test Works Customer Manager', 'Test Works Customer User']],
  ] as const) {
    it(`makes ${setting} role(s), the highest below the account owner's`, () => {
      const rules = createRuleOrg();
      rules.org.switches.users.customerRoles = setting;
      const { userId, accountId } = makeUser(rules, 'Acme Customer Plus');
      const roles = rolesOf(rules, accountId);
      expect(roles.map((role) => role['Name'])).to.have.members(names);
      const user = rules.org.store.get('User', userId);
      const own = roles.find((role) => role.Id === user?.['UserRoleId']);
      expect(own).to.include({ PortalRole: 'Worker', PortalType: 'CustomerPortal' });
      expect(user?.['PortalRole']).to.equal(null);
      const owner = rules.org.store.get('User', rules.world.internalUsers.get('anton.account') ?? '');
      const ids = new Set(roles.map((role) => role.Id));
      expect(
        roles.filter((role) => !ids.has(String(role['ParentRoleId']))).map((role) => role['ParentRoleId']),
      ).to.deep.equal([owner?.['UserRoleId']]);
    });
  }

  it('puts the second user into the roles of the first, at the level asked for', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.partnerRoles = 3;
    const first = makeUser(rules, 'Acme Partner');
    const second = makeUser(rules, 'Acme Partner', { PortalRole: 'Executive' }, first.accountId);
    expect(rolesOf(rules, first.accountId)).to.have.length(3);
    const role = rules.org.store.get('UserRole', String(rules.org.store.get('User', second.userId)?.['UserRoleId']));
    expect(role).to.include({ PortalRole: 'Executive', PortalType: 'Partner', Name: 'Test Works Partner Executive' });
    expect(rules.org.store.get('Account', first.accountId)?.['IsPartner']).to.equal(true);
  });

  it('falls back to the lowest role by switch', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.missingPortalRole = 'fallsBack';
    const { userId } = makeUser(rules, 'Acme Customer Plus', { PortalRole: 'Executive' });
    expect(
      rules.org.store.get('UserRole', String(rules.org.store.get('User', userId)?.['UserRoleId']))?.['PortalRole'],
    ).to.equal('Worker');
  });

  it("refuses another account's role", () => {
    const rules = createRuleOrg();
    const other = makeUser(rules, 'Acme Customer Plus');
    const { row } = userRow(rules, 'Acme Customer Plus');
    const result = rules.one('User', 'insert', { ...row, UserRoleId: rolesOf(rules, other.accountId)[0]?.Id ?? null });
    expect(result).to.have.nested.property('error.message', 'role type must match user type');
  });

  it('cuts long account names to the 80 characters of a role', () => {
    const rules = createRuleOrg();
    const { row, accountId } = userRow(rules, 'Acme Customer Plus', { Name: 'N'.repeat(200) });
    rules.one('User', 'insert', row);
    expect(String(rolesOf(rules, accountId)[0]?.['Name'])).to.have.length(80);
  });

  it('Account Role Optimization: shared role for the first active user, real roles and a move of all with the second', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.accountRoleOptimization = true;
    const idle = makeUser(rules, 'Acme Customer Plus', { IsActive: false });
    const first = makeUser(rules, 'Acme Customer Plus', {}, idle.accountId);
    const shared = rules.org.store.get('UserRole', String(rules.org.store.get('User', first.userId)?.['UserRoleId']));
    expect(shared).to.include({
      Name: 'aaccount Customer Person Account',
      PortalRole: 'PersonAccount',
      PortalAccountId: null,
    });
    expect(rolesOf(rules, idle.accountId)).to.have.length(0);
    const second = makeUser(rules, 'Acme Customer Plus', {}, idle.accountId);
    const [worker] = rolesOf(rules, idle.accountId);
    expect(worker).to.include({ PortalRole: 'Worker' });
    const roleIds = [idle, first, second].map(({ userId }) => rules.org.store.get('User', userId)?.['UserRoleId']);
    expect(new Set(roleIds)).to.deep.equal(new Set([worker?.Id]));
  });

  it('Account Role Optimization: the second user that is activated makes the roles too', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.accountRoleOptimization = true;
    const first = makeUser(rules, 'Acme Customer Plus');
    const second = makeUser(rules, 'Acme Customer Plus', { IsActive: false }, first.accountId);
    expect(rolesOf(rules, first.accountId)).to.deep.equal([]);
    expect(rules.one('User', 'update', { Id: second.userId, IsActive: true }).success).to.equal(true);
    const [worker] = rolesOf(rules, first.accountId);
    const roleIds = [first, second].map(({ userId }) => rules.org.store.get('User', userId)?.['UserRoleId']);
    expect(roleIds).to.deep.equal([worker?.Id, worker?.Id]);
  });

  it('activation leaves the level of a user alone', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.customerRoles = 3;
    const { userId } = makeUser(rules, 'Acme Customer Plus', { PortalRole: 'Executive' });
    const before = rules.org.store.get('User', userId)?.['UserRoleId'];
    for (const IsActive of [false, true]) rules.one('User', 'update', { Id: userId, IsActive });
    expect(rules.org.store.get('User', userId)).to.include({ IsActive: true, UserRoleId: before });
  });

  it('does not let portal roles be written', () => {
    const rules = createRuleOrg();
    const { accountId } = makeUser(rules, 'Acme Customer Plus');
    const result = rules.one('UserRole', 'insert', {
      Name: 'Mine',
      PortalAccountId: accountId,
      PortalType: 'CustomerPortal',
    });
    expect(result).to.have.nested.property(
      'error.message',
      'Cannot specify system-maintained portal role field: [Name]',
    );
  });
});
