/** Facts and numbers in their places, and words that follow the numbers. */
import { expect } from 'chai';
import { fillText, reasonAdvice, reasonDetail, sharedText } from '../../../lib/report/texts.js';

describe('fillText', () => {
  const table: ReadonlyArray<readonly [text: string, tokens: readonly string[], filled: string]> = [
    ['%s [user|users]', ['1'], '1 user'],
    ['%s [user|users]', ['2'], '2 users'],
    ['%s [user|users]', ['0'], '0 users'],
    ['%s [user|users]', ['1,001'], '1,001 users'],
    ['%s of %s [contact|contacts]', ['1', '2'], '1 of 2 contacts'],
    ['%s: %s [seat is|seats are] needed and %s [is|are] free', ['A', '1', '2'], 'A: 1 seat is needed and 2 are free'],
    ['%s [has one|have one]', ['1'], '1 has one'],
    // A fact is never taken for a part of the text.
    ['%s and %s', ['%s', '[a|b]'], '%s and [a|b]'],
    ['{FirstName|initial}', [], '{FirstName|initial}'],
    ['%s', ['1', 'too many'], '1'],
    ['%s and %s', ['too few'], 'too few and %s'],
  ];
  for (const [text, tokens, filled] of table) {
    it(`${text} with ${JSON.stringify(tokens)}`, () => {
      expect(fillText(text, tokens)).to.equal(filled);
    });
  }
});

describe('facts from outside', () => {
  it('never steer the terminal: no escape sequences, no way back in the line, no turned direction', () => {
    const hostile = '\u001b]0;title\u0007\u001b[2J\u009b31m\rover\u202ewritten\u2066\0\b\u007f';
    const shown = fillText('%s', [hostile]);
    expect(shown.replaceAll('\ufffd', '')).to.equal(']0;title[2J31moverwritten');
    expect(fillText('%s', ['tab\tand line\nZoë 李 \u200f עברית 👩‍💻'])).to.equal('tab\tand line\nZoë 李 \u200f עברית 👩‍💻');
  });
});

describe('texts', () => {
  it('have numbers as people write them, and other facts as they are', () => {
    expect(sharedText('line.planned', 12_000, 1, 0)).to.equal('Plan: 12,000 to do, 1 unchanged, 0 refused');
    expect(sharedText('prompt.create', 1, '1')).to.equal('Create 1 user in 1?');
  });

  it('of reasons keep the placeholders on the screen, and have the Ids of a row in its file', () => {
    const ids = { contactId: '003A', accountId: '001A', userId: '005A', refusedFile: 'run/refused.csv' };
    expect(reasonAdvice('HAS_INACTIVE_USER', 'acme')).to.match(/--file "<refused\.csv>" --target-org acme$/);
    expect(reasonAdvice('HAS_INACTIVE_USER', 'acme', ids)).to.match(/--file "run\/refused\.csv" --target-org acme$/);
  });

  it('of a user that lacks permission sets for its profile name them', () => {
    expect(reasonDetail('ALREADY_HAS_USER', 'lacking', ['ada@x.example', 'Plus', 'Docs, Bundle'])).to.match(
      /ada@x\.example, with the profile "Plus".*these are not assigned: Docs, Bundle\./,
    );
  });
});
