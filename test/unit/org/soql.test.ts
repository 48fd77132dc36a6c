/** Tests that what is quoted reads back as what was meant, and that IN lists fit. */
import { expect } from 'chai';
import fc from 'fast-check';
import { encodeSoql, inClauses, quoteSoql } from '../../../lib/org/soql.js';

const unescapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Reads a literal as the SOQL reference says. */
function unquote(literal: string): string {
  const body = /^'((?:\\.|[^\\'\n\r])*)'$/u.exec(literal)?.[1];
  if (body === undefined) throw new Error(`no literal: ${literal}`);
  return body.replace(/\\(.)/gu, (_, character: string) => unescapes[character] ?? character);
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('\\', "'", '\n', '\r', '\t', '\b', '\f', 'a', '%') }),
);

describe('soql', () => {
  it('quotes any text so that it reads back the same', () => {
    fc.assert(fc.property(text, (value) => void expect(unquote(quoteSoql(value))).to.equal(value)));
    expect(quoteSoql("O'Neil\\")).to.equal("'O\\'Neil\\\\'");
  });

  it('encodes so that a server decodes the same', () => {
    fc.assert(
      fc.property(text, (soql) => void expect(new URLSearchParams(`q=${encodeSoql(soql)}`).get('q')).to.equal(soql)),
    );
    expect(encodeSoql('\uD800')).to.equal('%EF%BF%BD');
  });

  it('packs each value once, in order, into lists that fit', () => {
    const room = 60;
    fc.assert(
      fc.property(fc.array(text), (values) => {
        const lists = inClauses(values, room);
        const literals = lists.flatMap((list) =>
          [...list.matchAll(/'(?:\\.|[^\\'])*'/gsu)].map(([literal]) => literal),
        );
        expect(literals.map(unquote)).to.deep.equal([...new Set(values)]);
        for (const list of lists) {
          expect(list).to.match(/^\(.*\)$/su);
          if (encodeSoql(list).length > room) expect([...list.matchAll(/'(?:\\.|[^\\'])*'/gsu)]).to.have.length(1);
        }
      }),
    );
  });

  it('fills its lists', () => {
    expect(inClauses(['a', 'b', 'c'], 17)).to.deep.equal(["('a','b')", "('c')"]);
    expect(inClauses([], 100)).to.deep.equal([]);
  });
});
