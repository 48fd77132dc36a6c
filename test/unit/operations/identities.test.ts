/** Usernames have the form that Salesforce takes; aliases and nicknames fit their fields whatever the name. */
import { expect } from 'chai';
import fc from 'fast-check';
import { isEmailForm, makeAlias, normalizeUsername } from '../../../lib/operations/identities.js';

describe('identities', () => {
  const good = [
    'a@b.co',
    'first.last+tag@sub.acme.example',
    "o'brien@acme.example",
    "!#$%&'*/=?^_+-`{|}~@acme.example",
    '1@2.33',
    `${'x'.repeat(64)}@acme.example`,
    'a-b@a-b.example',
  ];
  const bad = [
    '',
    'a',
    '@b.co',
    'a@',
    'a@b',
    'a@b.c',
    'a@b..co',
    'a@.co',
    '.a@b.co',
    'a.@b.co',
    'a..b@c.co',
    'a b@c.co',
    'a@b c.co',
    'a@b@c.co',
    ' a@b.co',
    'a@b.co\n',
    'a,b@c.co',
    'a(b)@c.co',
    '<a@b.co>',
    'müller@acme.example',
    'a@müller.example',
    `${'x'.repeat(65)}@acme.example`,
  ];
  for (const value of good)
    it(`take ${value} for an address`, () => {
      expect(isEmailForm(value)).to.equal(true);
    });
  for (const value of bad)
    it(`do not take ${JSON.stringify(value)} for an address`, () => {
      expect(isEmailForm(value)).to.equal(false);
    });

  it('compare usernames in lower case and without spaces around them', () => {
    expect(normalizeUsername(' Ada@Acme.Example ')).to.equal('ada@acme.example');
  });

  it('make an alias of one to eight UTF-16 units of any name, and cut no character in two', () => {
    const name = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.option(name, { nil: undefined }), name, (first, last) => {
        const alias = makeAlias(first, last);
        expect(alias.length).to.be.within(1, 8);
        expect(alias.isWellFormed()).to.equal(true);
      }),
    );
  });

  const aliases: ReadonlyArray<readonly [string | undefined, string, string]> = [
    ['Ada', 'Lovelace', 'alovelac'],
    ['Émile', 'Zola', 'ezola'],
    [undefined, 'Cher', 'cher'],
    ['', "O'Brien", 'obrien'],
    ['美咲', '山田', '美山田'],
    ['!', '?', 'user'],
    ['𝒜', '𝒜𝒜𝒜𝒜𝒜', '𝒜𝒜𝒜𝒜'],
  ];
  for (const [first, last, alias] of aliases)
    it(`make the alias ${alias} of ${String(first)} ${last}`, () => {
      expect(makeAlias(first, last)).to.equal(alias);
    });
});
