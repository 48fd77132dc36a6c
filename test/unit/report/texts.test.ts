/** Facts and numbers in their places, and words that follow the numbers. */
import { expect } from 'chai';
import sinon from 'sinon';
import type { Facts } from '../../../lib/model/facts.js';
import { forOrg } from '../../../lib/report/faults.js';
import {
  checkMessage,
  fillText,
  groupAdvice,
  reasonAdvice,
  reasonDetail,
  rowAdvice,
  sharedText,
} from '../../../lib/report/texts.js';

describe('fillText', () => {
  const table: ReadonlyArray<readonly [text: string, facts: Facts, filled: string]> = [
    ['%{rows} [user|users]', { rows: 1 }, '1 user'],
    ['%{rows} [user|users]', { rows: 2 }, '2 users'],
    ['%{rows} [user|users]', { rows: 0 }, '0 users'],
    ['%{rows} [user|users]', { rows: 1001 }, '1,001 users'],
    ['%{folder}', { folder: '1001' }, '1001'],
    ['%{done} of %{rows} [contact|contacts]', { rows: 2, done: 1 }, '1 of 2 contacts'],
    ['%{a}: %{b} [seat is|seats are] %{c} [is|are]', { a: 'A', b: 1, c: 2 }, 'A: 1 seat is 2 are'],
    ['%{rows} [has one|have one]', { rows: 1 }, '1 has one'],
    ['%{a}, again %{a}', { a: 'x' }, 'x, again x'],
    ['"%{near}"?', { near: 'A' }, '"A"?'],
    ['"%{near}"?', { near: 'A", "B' }, '"A" or "B"?'],
    ['"%{near}"?', { near: 'A", "B", "C' }, '"A", "B", or "C"?'],
    ['Similar: %{near}.', { near: 'A, B' }, 'Similar: A, B.'],
    ['"%{profiles}".', { profiles: 'A", "B", "C' }, '"A", "B", and "C".'],
    // A fact is never taken for a part of the text.
    ['%{a} and %{b}', { a: '%{b}', b: '[a|b]' }, '%{b} and [a|b]'],
    ['{FirstName|initial} %s {%{field}}', { field: 'Email' }, '{FirstName|initial} %s {Email}'],
    ['%{a}', { a: 1, other: 'too many' }, '1'],
    ['%{a} and %{b}', { a: 'too few' }, 'too few and %{b}'],
  ];
  for (const [text, facts, filled] of table) {
    it(`${text} with ${JSON.stringify(facts)}`, () => {
      expect(fillText(text, facts)).to.equal(filled);
    });
  }
});

describe('checkMessage', () => {
  it('speaks of one user as of one', () => {
    const text = (users: number): string => checkMessage({ key: 'welcomeLink.void', facts: { users, days: 2 } });
    expect(text(1)).to.equal('In the last 2 days, 1 user was created: the welcome link will stop working.');
    expect(text(3)).to.equal('In the last 2 days, 3 users were created: their welcome links will stop working.');
  });
});

describe('commands in texts', () => {
  afterEach(() => sinon.restore());

  const lines = [
    'In %{folder}, to go on:',
    '  sf portal users disable --file "%{folder}/users.csv" --max-users %{users} --target-org %{org}',
  ].join('\n');
  const filledOn = (platform: string, facts: Facts): string => {
    sinon.stub(process, 'platform').value(platform);
    return fillText(lines, facts);
  };

  it('have values that a shell takes as they are, and numbers without commas', () => {
    expect(filledOn('linux', { folder: '/runs/my $1', users: 12_000, org: 'my org' })).to.equal(
      [
        'In /runs/my $1, to go on:',
        `  sf portal users disable --file '/runs/my $1/users.csv' --max-users 12000 --target-org "my org"`,
      ].join('\n'),
    );
  });

  it('have paths of Windows', () => {
    const folder = String.raw`C:\Users\Ann Other\runs`;
    expect(filledOn('win32', { folder, users: 2, org: '@a,b' })).to.equal(
      `In ${folder}, to go on:\n  sf portal users disable --file "${folder}/users.csv" --max-users 2 --target-org "@a,b"`,
    );
  });

  it('keep places that nothing is known of, and take no value for a place', () => {
    expect(fillText('sf org open --path "%{a}" --target-org %{b}', { a: '%{b}' })).to.equal(
      'sf org open --path "%{b}" --target-org %{b}',
    );
  });

  it('of advice have the org and the file in the same way', () => {
    const refusedFile = 'my $1/refused.csv';
    expect(reasonAdvice('HAS_INACTIVE_USER', 'my $& org', { refusedFile })).to.match(
      /--file 'my \$1\/refused\.csv' --target-org 'my \$& org'$/,
    );
    expect(forOrg(['sf org login web --alias <alias>', 'sf org open --target-org <org>'], 'my org')).to.deep.equal([
      'sf org login web --alias "my org"',
      'sf org open --target-org "my org"',
    ]);
  });
});

describe('facts from outside', () => {
  it('never steer the terminal: no escape sequences, no way back in the line, no turned direction', () => {
    const hostile = '\u001b]0;title\u0007\u001b[2J\u009b31m\rover\u202ewritten\u2066\0\b\u007f';
    const shown = fillText('%{a}', { a: hostile });
    expect(shown.replaceAll('\ufffd', '')).to.equal(']0;title[2J31moverwritten');
    expect(fillText('%{a}', { a: 'tab\tand line\nZoë 李 \u200f עברית 👩‍💻' })).to.equal(
      'tab\tand line\nZoë 李 \u200f עברית 👩‍💻',
    );
  });
});

describe('texts', () => {
  it('have numbers as people write them, and other facts as they are', () => {
    expect(sharedText('line.planned', 12_000, 1, 0)).to.equal('Plan: 12,000 to do, 1 unchanged, 0 refused');
    expect(sharedText('org.sandbox', '1')).to.equal('1 (sandbox)');
  });

  it('of reasons keep the placeholders on the screen, and have the Ids of a row in its file', () => {
    const ids = { contactId: '003A', accountId: '001A', userId: '005A', refusedFile: 'run/refused.csv' };
    expect(reasonAdvice('HAS_INACTIVE_USER', 'acme')).to.match(/--file "<refused\.csv>" --target-org acme$/);
    expect(reasonAdvice('HAS_INACTIVE_USER', 'acme', ids)).to.match(/--file run\/refused\.csv --target-org acme$/);
  });

  it('of a group have the Id of the only one; for several, they say which file has them', () => {
    const one = groupAdvice('NO_ACCOUNT.detail', 'acme', { contactId: '003A' }, 'refused.csv');
    expect(one).to.match(/--record-id 003A --values/);
    const some = groupAdvice('NO_ACCOUNT.detail', 'acme', {}, 'refused.csv');
    expect(some).to.match(/account\.\nrefused\.csv has a command for each row, in the Advice column\.$/);
    const reported = groupAdvice('RETURNER.report', 'acme', {}, 'unchanged.csv');
    expect(reported).to.match(/'<UserId>'.*\nunchanged\.csv says who they are, in the column UserId\.$/);
    const file = groupAdvice('HAS_INACTIVE_USER', 'acme', { refusedFile: 'run/refused.csv' }, 'refused.csv');
    expect(file).to.match(/--file run\/refused\.csv --target-org acme$/);
  });

  it('let users in again by the mode that fits what keeps them out', () => {
    expect(reasonAdvice('OFF_BY_OTHERS.frozen', 'acme')).to.match(/--mode unfreeze --where "Id = '<UserId>'"/);
    expect(reasonAdvice('OFF_BY_OTHERS.inactive', 'acme')).to.match(/--mode activate --where "Id = '<UserId>'"/);
    expect(reasonAdvice('OFF_BY_OTHERS.changed', 'acme')).to.match(/--mode unfreeze:\n.*--mode activate --where/);
  });

  it('of a taken username say that failed.csv has the one that was sent: a flag changes nothing in it', () => {
    for (const name of ['DUPLICATE_USERNAME', 'usernameInOrg', 'usernameEverywhere', 'usernameForm'])
      expect(rowAdvice(name, 'create'), name).to.match(/correct the column Username of failed\.csv/);
  });

  it('of a user that lacks permission sets for its profile name them', () => {
    expect(
      reasonDetail('ALREADY_HAS_USER.lacking', {
        username: 'ada@x.example',
        profile: 'Plus',
        permissionSets: 'Docs, Bundle',
      }),
    ).to.match(/ada@x\.example, with the profile "Plus".*these are not assigned: Docs, Bundle\./);
  });
});
