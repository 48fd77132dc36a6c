/** Any text that can be stored can be found again by a string literal that was escaped as Salesforce asks. */
import { expect } from 'chai';
import fc from 'fast-check';
import { SimulatedOrg } from '../../simulated-org/simulatedOrg.ts';
import { runQuery } from '../../simulated-org/soql/runQuery.ts';

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};
const quoted = (text: string): string =>
  `'${text.replace(/[\\'\n\r\t\b\f]/g, (character) => escapes[character] ?? character)}'`;
const likeQuoted = (text: string): string => quoted(text).replace(/[%_]/g, (character) => `\\${character}`);

/** What a field can hold: no null character, not empty. */
const storable = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => !text.includes('\u0000'));
const nasty = fc.string({
  unit: fc.constantFrom("'", '\\', '%', '_', '"', ' ', '\n', 'a', 'Ä', 'ß', '漢', '😀', '\u2028', '(', ')', ','),
  minLength: 1,
  maxLength: 12,
});

describe('simulated org: SOQL string literals', () => {
  let org: SimulatedOrg;
  let id: string;

  before(async () => {
    org = await SimulatedOrg.start();
    id = org.store.insert('Contact', { LastName: 'x', OwnerId: org.runningUserId });
  });

  after(async () => {
    await org.stop();
  });

  const found = (where: string): unknown[] =>
    [
      ...runQuery(org, `SELECT Id FROM Contact WHERE ${where}`, {
        runningUserId: org.runningUserId,
        apiVersion: '67.0',
      }).rows(),
    ].map((row) => row[0]);

  it('round-trips through =, IN and LIKE', () => {
    fc.assert(
      fc.property(fc.oneof(storable, nasty), (text) => {
        org.store.update('Contact', id, { Description: text, Title: text });
        expect(found(`Title = ${quoted(text)}`)).to.deep.equal([id]);
        expect(found(`Title IN ('y', ${quoted(text)})`)).to.deep.equal([id]);
        expect(found(`Title LIKE ${likeQuoted(text)}`)).to.deep.equal([id]);
        expect(found(`Title != ${quoted(text)}`)).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it('does not find other text', () => {
    fc.assert(
      fc.property(nasty, nasty, (stored, asked) => {
        fc.pre(stored.toLowerCase() !== asked.toLowerCase());
        org.store.update('Contact', id, { Title: stored });
        expect(found(`Title = ${quoted(asked)}`)).to.deep.equal([]);
        expect(found(`Title != ${quoted(asked)}`)).to.deep.equal([id]);
      }),
      { numRuns: 200 },
    );
  });
});
