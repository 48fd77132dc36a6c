/**
 * Deactivate, disable, reactivate, freeze: the three ways, the ways back, and who may
 * (docs/salesforce-facts.md#taking-access-away).
 */
import { expect } from 'chai';
import { createRuleOrg } from './ruleOrg.ts';
import type { RuleOrg } from './ruleOrg.ts';
import { makeUser, userRow } from './userRow.ts';

const usedSeats = (rules: RuleOrg): number =>
  Number(rules.org.store.find('UserLicense', { Name: 'Customer Community' })[0]?.['UsedLicenses']);

describe('simulated org: update of users', () => {
  it('deactivation frees the license and keeps the link to the contact', () => {
    const rules = createRuleOrg();
    const { userId, contactId, row } = makeUser(rules);
    const before = usedSeats(rules);
    expect(rules.one('User', 'update', { Id: userId, IsActive: 'false' })).to.deep.equal({
      success: true,
      id: userId,
      created: false,
    });
    expect(rules.org.store.get('User', userId)).to.include({
      IsActive: false,
      IsPortalEnabled: true,
      ContactId: contactId,
    });
    expect(usedSeats(rules)).to.equal(before - 1);
    expect(
      rules.one('User', 'insert', { ...row, Username: 'second@test.example', CommunityNickname: 'second' }),
    ).to.have.nested.property('error.code', 'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT');
  });

  it('disabling cuts the link, renames the username, frees the contact and the username', () => {
    const rules = createRuleOrg();
    const { userId, row } = makeUser(rules);
    expect(rules.one('User', 'update', { Id: userId, IsPortalEnabled: 'false' }).success).to.equal(true);
    const user = rules.org.store.get('User', userId);
    expect(user).to.include({ IsActive: false, IsPortalEnabled: false, ContactId: null, AccountId: null });
    expect(user?.['Username']).to.not.equal(row['Username']);
    expect(rules.one('User', 'insert', row)).to.have.nested.property('error.code', 'DUPLICATE_COMM_NICKNAME');
    expect(rules.one('User', 'insert', { ...row, CommunityNickname: 'again' }).success).to.equal(true);
    expect(rules.one('User', 'update', { Id: userId, IsActive: true })).to.have.nested.property(
      'error.message',
      'Cannot create a portal user without contact.',
    );
  });

  it('a disabled username is renamed by the switch', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.disabledUsername = (username, userId) => `Gone.${userId}.${username}`;
    const { userId, row } = makeUser(rules);
    rules.one('User', 'update', { Id: userId, IsPortalEnabled: false });
    expect(rules.org.store.get('User', userId)?.['Username']).to.equal(
      `gone.${userId.toLowerCase()}.${String(row['Username'])}`,
    );
  });

  for (const [combined, success] of [
    ['fails', false],
    ['works', true],
  ] as const) {
    it(`both columns in one update: ${combined}`, () => {
      const rules = createRuleOrg();
      rules.org.switches.users.combinedDisable = combined;
      const { userId } = makeUser(rules);
      expect(rules.one('User', 'update', { Id: userId, IsActive: 'false', IsPortalEnabled: 'false' }).success).to.equal(
        success,
      );
    });
  }

  it('reactivation needs a license', () => {
    const rules = createRuleOrg();
    const { userId } = makeUser(rules, 'Acme Customer Portal', { IsActive: false });
    const license = rules.org.store.find('UserLicense', { Name: 'Customer Community' })[0]?.Id ?? '';
    rules.org.store.update('UserLicense', license, { TotalLicenses: usedSeats(rules) });
    const activate = { Id: userId, IsActive: 'true' };
    expect(rules.one('User', 'update', activate)).to.have.nested.property(
      'error.message',
      'License Limit Exceeded - Customer Community',
    );
    rules.org.store.update('UserLicense', license, { TotalLicenses: usedSeats(rules) + 1 });
    expect(rules.one('User', 'update', activate).success).to.equal(true);
  });

  it('counts licenses within a chunk', () => {
    const rules = createRuleOrg();
    const idle = [1, 2, 3].map(() => makeUser(rules, 'Acme Customer Portal', { IsActive: false }).userId);
    const license = rules.org.store.find('UserLicense', { Name: 'Customer Community' })[0]?.Id ?? '';
    rules.org.store.update('UserLicense', license, { TotalLicenses: usedSeats(rules) + 2 });
    const results = rules.dml(
      'User',
      'update',
      idle.map((Id) => ({ Id, IsActive: true })),
    );
    expect(results.map((result) => result.success)).to.deep.equal([true, true, false]);
  });

  it('reactivation writes a mail by switch', () => {
    for (const onReactivation of [true, false]) {
      const rules = createRuleOrg();
      rules.org.switches.mail.onReactivation = onReactivation;
      const { userId } = makeUser(rules);
      rules.one('User', 'update', { Id: userId, IsActive: false });
      rules.org.rules.outbox.mails.length = 0;
      rules.one('User', 'update', { Id: userId, IsActive: true });
      expect(rules.org.rules.outbox.mails).to.have.length(onReactivation ? 1 : 0);
    }
  });

  it('refuses to deactivate oneself and portal administrators', () => {
    const rules = createRuleOrg();
    expect(rules.one('User', 'update', { Id: rules.org.runningUserId, IsActive: false })).to.have.nested.property(
      'error.message',
      'Cannot de-activate self: Active',
    );
    const [administrator = ''] = rules.org.switches.users.portalAdministrators;
    for (const change of [{ IsActive: false }, { IsPortalEnabled: false }]) {
      expect(rules.one('User', 'update', { Id: administrator, ...change }))
        .to.have.nested.property('error.message')
        .that.contains('portal administrator');
    }
  });

  it('the profile gate hits updates too', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.allowStandardExternalProfiles = true;
    const { userId } = makeUser(rules, 'Customer Community User');
    rules.org.switches.users.allowStandardExternalProfiles = false;
    expect(rules.one('User', 'update', { Id: userId, IsActive: false }))
      .to.have.nested.property('error.fields')
      .that.deep.equals(['ProfileId']);
  });

  it('moves from high-volume to role-based, never back', () => {
    const rules = createRuleOrg();
    const { userId } = makeUser(rules);
    expect(
      rules.one('User', 'update', { Id: userId, ProfileId: rules.world.profiles.get('Acme Customer Plus') ?? null })
        .success,
    ).to.equal(true);
    const user = rules.org.store.get('User', userId);
    expect(user?.['UserType']).to.equal('PowerCustomerSuccess');
    expect(user?.['UserRoleId']).to.match(/^00E/);
    expect(
      rules.one('User', 'update', { Id: userId, ProfileId: rules.world.profiles.get('Acme Customer Portal') ?? null })
        .success,
    ).to.equal(false);
  });

  it('writes to the person whose username or address changes', () => {
    const rules = createRuleOrg();
    const { userId } = makeUser(rules);
    rules.org.rules.outbox.mails.length = 0;
    rules.one('User', 'update', { Id: userId, Username: 'new@test.example', Email: 'new@test.example' });
    expect(rules.org.rules.outbox.mails.map((mail) => mail.kind)).to.deep.equal(['usernameChanged', 'emailChanged']);
  });

  it('needs Manage Users to (de)activate external users', () => {
    const rules = createRuleOrg({ runningUser: 'portalManager' });
    const { userId } = makeUser(rules);
    expect(rules.one('User', 'update', { Id: userId, IsActive: false })).to.have.nested.property(
      'error.code',
      'INSUFFICIENT_ACCESS_OR_READONLY',
    );
    rules.org.switches.users.manageUsersForActivation = false;
    expect(rules.one('User', 'update', { Id: userId, IsActive: false }).success).to.equal(true);
    expect(rules.one('User', 'update', { Id: userId, IsActive: true })).to.have.nested.property(
      'error.code',
      'INSUFFICIENT_ACCESS_OR_READONLY',
    );
  });

  it('knows wrong and missing Ids', () => {
    const rules = createRuleOrg();
    expect(rules.one('User', 'update', { Id: '0035x0000000001AAA', IsActive: false })).to.have.nested.property(
      'error.code',
      'MALFORMED_ID',
    );
    expect(rules.one('User', 'update', { Id: '0055x00000000zz', IsActive: false })).to.have.nested.property(
      'error.code',
      'INVALID_CROSS_REFERENCE_KEY',
    );
    expect(rules.one('User', 'delete', { Id: rules.org.runningUserId })).to.have.nested.property(
      'error.code',
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    );
  });
});

describe('simulated org: freezing, assignments, contacts', () => {
  it('freezes by UserLogin, with Freeze Users or Manage Users', () => {
    const rules = createRuleOrg();
    const { userId } = makeUser(rules);
    const login = rules.org.store.find('UserLogin', { UserId: userId })[0]?.Id ?? '';
    expect(rules.one('UserLogin', 'update', { Id: login, IsFrozen: 'true' }).success).to.equal(true);
    expect(rules.org.store.get('UserLogin', login)?.['IsFrozen']).to.equal(true);
    expect(rules.org.store.get('User', userId)?.['IsActive']).to.equal(true);
    expect(rules.one('UserLogin', 'insert', { UserId: userId })).to.have.nested.property(
      'error.code',
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
    );
    const lesser = createRuleOrg({ runningUser: 'portalManager' });
    const other = lesser.org.store.find('UserLogin')[0]?.Id ?? '';
    expect(lesser.one('UserLogin', 'update', { Id: other, IsFrozen: true })).to.have.nested.property(
      'error.code',
      'INSUFFICIENT_ACCESS_OR_READONLY',
    );
  });

  it('assigns a permission set once, and only to a license that allows it', () => {
    const rules = createRuleOrg();
    const { userId } = makeUser(rules);
    const assign = (name: string): Record<string, string | null> => ({
      AssigneeId: userId,
      PermissionSetId: rules.world.permissionSets.get(name) ?? null,
    });
    expect(rules.one('PermissionSetAssignment', 'insert', assign('Portal_Orders')).success).to.equal(true);
    expect(rules.one('PermissionSetAssignment', 'insert', assign('Portal_Orders'))).to.have.nested.property(
      'error.code',
      'DUPLICATE_VALUE',
    );
    expect(rules.one('PermissionSetAssignment', 'insert', assign('Portal_Partner_Deals'))).to.have.nested.property(
      'error.code',
      'FIELD_INTEGRITY_EXCEPTION',
    );
    const group = { AssigneeId: userId, PermissionSetGroupId: rules.world.permissionSets.get('Portal_Bundle') ?? null };
    expect(rules.one('PermissionSetAssignment', 'insert', group).success).to.equal(true);
    const assigned = rules.org.store.find('PermissionSetAssignment', { AssigneeId: userId })[0]?.Id ?? '';
    expect(rules.one('PermissionSetAssignment', 'delete', { Id: assigned }).success).to.equal(true);
    expect(rules.one('PermissionSetAssignment', 'delete', { Id: assigned })).to.have.nested.property(
      'error.code',
      'ENTITY_IS_DELETED',
    );
  });

  it('a permission set may make a site member, who is written to', () => {
    const rules = createRuleOrg();
    const { userId } = makeUser(rules);
    const partnerSite = rules.org.store.find('Network', { Name: 'Acme Partner Central' })[0]?.Id ?? '';
    rules.org.store.update('Network', partnerSite, { Status: 'Live' });
    rules.org.rules.outbox.mails.length = 0;
    rules.one('PermissionSetAssignment', 'insert', {
      AssigneeId: userId,
      PermissionSetId: rules.world.permissionSets.get('Portal_Partner_Site') ?? null,
    });
    expect(rules.org.rules.outbox.mails.map((mail) => mail.networkId)).to.deep.equal([partnerSite]);
  });

  it('a contact of a user keeps its account and stays', () => {
    const rules = createRuleOrg();
    const { contactId, accountId } = makeUser(rules);
    const cleared = rules.one('Contact', 'update', { Id: contactId, AccountId: null });
    expect(cleared).to.have.nested.property(
      'error.message',
      "A portal user's contact record must include an account. Furthermore, the owner of the account must be associated with a role.",
    );
    expect(cleared).to.have.nested.property('error.fields').that.deep.equals(['AccountId']);
    expect(rules.one('Contact', 'delete', { Id: contactId }).success).to.equal(false);
    expect(rules.one('Account', 'delete', { Id: accountId }).success).to.equal(false);
    expect(rules.one('Contact', 'delete', { Id: userRow(rules).contactId }).success).to.equal(true);
  });

  it('clearing IsCustomerPortal disables the users and deletes the roles', () => {
    const rules = createRuleOrg();
    const { userId, accountId } = makeUser(rules, 'Acme Customer Plus');
    expect(rules.one('Account', 'update', { Id: accountId, IsCustomerPortal: false }).success).to.equal(true);
    expect(rules.org.store.get('User', userId)).to.include({ IsActive: false, ContactId: null });
    expect(rules.org.store.find('UserRole', { PortalAccountId: accountId })).to.have.length(0);
  });

  it('upserts contacts by external id, and keeps unique fields unique', () => {
    const rules = createRuleOrg();
    const row = { LastName: 'Upsert', External_Key__c: 'UP-1' };
    const [first] = rules.dml('Contact', 'upsert', [row], { externalIdField: 'External_Key__c' });
    const [second] = rules.dml('Contact', 'upsert', [{ ...row, LastName: 'Again' }], {
      externalIdField: 'External_Key__c',
    });
    expect([first, second]).to.deep.equal([
      { success: true, id: first?.id, created: true },
      { success: true, id: first?.id, created: false },
    ]);
    expect(rules.one('Contact', 'insert', row)).to.have.nested.property(
      'error.message',
      `duplicate value found: External_Key__c duplicates value on record with id: ${first?.id.slice(0, 15)}`,
    );
  });
});
