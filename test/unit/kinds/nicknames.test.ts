/** Nicknames that are made up: unlike those of others, and one after the other where they are taken. */
import { expect } from 'chai';
import fc from 'fast-check';
import { madeUpStart, makeNickname, nextNickname } from '../../../lib/kinds/nicknames.js';

describe('made-up nicknames', () => {
  it('belong to one contact, and fit their field', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    // The last three characters of an Id of 18 say which of the 15 before them are capitals: 18 are unique in any case.
    const check = (id: string): string =>
      [0, 5, 10]
        .map((start) =>
          [...id.slice(start, start + 5)].reduce((sum, sign, bit) => sum + (/[A-Z]/.test(sign) ? 2 ** bit : 0), 0),
        )
        .map((value) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[value])
        .join('');
    const id = fc
      .string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength: 12, maxLength: 12 })
      .map((rest) => `003${rest}`);
    const ids = fc.uniqueArray(id, { minLength: 2, maxLength: 2 });
    const twins = fc.oneof(
      ids,
      id.map((one) => [one, one.toUpperCase()]).filter(([one, other]) => one !== other),
    );
    fc.assert(
      fc.property(twins, ([one = '', other = '']) => {
        const nickname = makeNickname(one + check(one));
        expect(nickname.length).to.be.at.most(40);
        expect(nickname).to.equal(nickname.toLowerCase());
        expect(nickname).not.to.equal(makeNickname(other + check(other)));
      }),
    );
  });

  it('go on from the ending that they have', () => {
    const nickname = makeNickname('0035g00000AbCdEAAV');
    expect(nickname.startsWith(madeUpStart)).to.equal(true);
    expect(nextNickname(nickname)).to.equal(`${nickname}-2`);
    expect(nextNickname(`${nickname}-2`)).to.equal(`${nickname}-3`);
    expect(nextNickname(`${nickname}-99`)).to.equal(`${nickname}-100`);
  });
});
