/** What the org's own automation and locks do to rows (docs/salesforce-facts.md#insert-of-a-user, #locks). */
import { expect } from 'chai';
import { brokenTrigger, validationRule } from '../../simulated-org/dml/automation.ts';
import { createRuleOrg } from './ruleOrg.ts';
import { makeUser, userRow } from './userRow.ts';

describe('simulated org: automation', () => {
  it('validation rules and triggers reject rows with their own words', () => {
    const rules = createRuleOrg();
    const takeAway = rules.org.rules.automation.add(
      validationRule('User', ({ record }) => record['Alias'] === 'bad', 'No bad aliases: please', ['Alias']),
    );
    rules.org.rules.automation.add(brokenTrigger('User', ({ record }) => record['LastName'] === 'Null'));
    const { row } = userRow(rules);
    expect(rules.one('User', 'insert', { ...row, Alias: 'bad' }))
      .to.have.property('error')
      .that.deep.equals({
        code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
        message: 'No bad aliases: please',
        fields: ['Alias'],
      });
    expect(rules.one('User', 'insert', { ...row, LastName: 'Null' }))
      .to.have.nested.property('error.message')
      .that.matches(/^UserTrigger: execution of BeforeInsert\n/);
    takeAway();
    expect(rules.one('User', 'insert', { ...row, Alias: 'bad' }).success).to.equal(true);
  });
});

describe('simulated org: locks', () => {
  it('role-creating chunks that run together lose rows to each other, later users do not', () => {
    const rules = createRuleOrg();
    const { locks } = rules.org.rules;
    const later = makeUser(rules, 'Acme Customer Plus');
    for (const owner of ['a', 'b', 'c', 'd']) locks.begin(owner);
    const insert = (owner: string, count: number, account?: string): string[] =>
      rules
        .dml(
          'User',
          'insert',
          Array.from({ length: count }, () => userRow(rules, 'Acme Customer Plus', {}, account).row),
          { lockOwner: owner },
        )
        .map((result) => (result.success ? 'ok' : `${result.error.code}: ${result.error.message}`));
    expect(new Set(insert('a', 5))).to.deep.equal(new Set(['ok']));
    const second = insert('b', 6);
    expect(second.filter((text) => text === 'ok')).to.have.length(2);
    expect(new Set(second.filter((text) => text !== 'ok'))).to.deep.equal(
      new Set([
        'UNKNOWN_EXCEPTION: group membership operation already in progress',
        'UNKNOWN_EXCEPTION: could not acquire lock',
      ]),
    );
    expect(insert('c', 2, later.accountId)).to.deep.equal(['ok', 'ok']);
    expect(insert('d', 1, later.accountId)).to.deep.equal([
      `UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record or 1 records: ${later.accountId}`,
    ]);
    expect(['a', 'b', 'c', 'd'].map((owner) => locks.hasWaited(owner))).to.deep.equal([false, true, false, true]);
    locks.end('a');
    expect(insert('b', 3).filter((text) => text === 'ok')).to.have.length(1);
    locks.begin('b');
    expect(insert('b', 2)).to.deep.equal(['ok', 'ok']);
  });

  it('Account Role Optimization: first users of one owner share a role, and only its making is locked', () => {
    const rules = createRuleOrg();
    rules.org.switches.users.accountRoleOptimization = true;
    const { locks } = rules.org.rules;
    const first = makeUser(rules, 'Acme Customer Plus');
    const insert = (owner: string, account?: string): boolean[] =>
      rules
        .dml(
          'User',
          'insert',
          [1, 2, 3, 4].map(() => userRow(rules, 'Acme Customer Plus', {}, account).row),
          { lockOwner: owner },
        )
        .map(({ success }) => success);
    for (const owner of ['a', 'b', 'c', 'd']) locks.begin(owner);
    expect(insert('a')).to.deep.equal([true, true, true, true]);
    expect(insert('b')).to.deep.equal([true, true, true, true]);
    // The second user of an account makes its roles.
    expect(insert('c', first.accountId)).to.deep.equal([true, true, true, true]);
    expect(insert('d').every(Boolean)).to.equal(true);
  });

  it('high-volume users lock nothing', () => {
    const rules = createRuleOrg();
    const owners = ['a', 'b', 'c'];
    for (const owner of owners) rules.org.rules.locks.begin(owner);
    for (const owner of owners)
      expect(rules.dml('User', 'insert', [userRow(rules).row], { lockOwner: owner })[0]?.success).to.equal(true);
    expect(owners.some((owner) => rules.org.rules.locks.hasWaited(owner))).to.equal(false);
  });

  it('storms on demand', () => {
    const rules = createRuleOrg();
    rules.org.switches.locks.rowLockStorm = 2;
    const codes = [1, 2, 3]
      .map(() => rules.one('User', 'insert', userRow(rules).row))
      .map((result) => (result.success ? 'ok' : result.error.code));
    expect(codes).to.deep.equal(['UNABLE_TO_LOCK_ROW', 'UNABLE_TO_LOCK_ROW', 'ok']);
  });
});
