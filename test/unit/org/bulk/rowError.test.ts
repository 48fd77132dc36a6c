/** Tests that row errors of Bulk results are taken apart in all forms that orgs write. */
import { expect } from 'chai';
import fc from 'fast-check';
import { parseRowError } from '../../../../lib/org/bulk/rowError.js';

const code = fc.stringMatching(/^[A-Z][A-Z_]{2,20}$/u);
const field = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,10}(__c)?$/u);
// A text after its last colon that itself looks like field names cannot be told apart; it ends in a full stop here.
const message = fc
  .string({ unit: fc.constantFrom('a', 'B', ' ', ':', ',', '\n', '-', '0', '[', ']') })
  .map((text) => `${text.trim()}.`);

describe('parseRowError', () => {
  it('gives back code, message and fields, whatever the message holds', () => {
    fc.assert(
      fc.property(code, message, fc.array(field), (name, text, fields) => {
        const cell = `${name}:${text}:${fields.join(', ')} --`;
        expect(parseRowError(cell)).to.deep.equal({ code: name, message: text, fields });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (cell) => void parseRowError(cell)));
  });

  const cells: Record<string, [string, string, string[]]> = {
    'REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --': [
      'REQUIRED_FIELD_MISSING',
      'Required fields are missing: [Name]',
      ['Name'],
    ],
    'UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 200 records: 001a,001b:--': [
      'UNABLE_TO_LOCK_ROW',
      'unable to obtain exclusive access to this record or 200 records: 001a,001b',
      [],
    ],
    'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT:portal user already exists for contact --': [
      'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT',
      'portal user already exists for contact',
      [],
    ],
    'DUPLICATE_VALUE:duplicate: one\ntwo:Username, CommunityNickname --': [
      'DUPLICATE_VALUE',
      'duplicate: one\ntwo',
      ['Username', 'CommunityNickname'],
    ],
    'UNKNOWN_EXCEPTION:portal account owner must have a role': [
      'UNKNOWN_EXCEPTION',
      'portal account owner must have a role',
      [],
    ],
    'something went wrong: again': ['UNKNOWN', 'something went wrong: again', []],
    '': ['UNKNOWN', '', []],
  };
  for (const [cell, [name, text, fields]] of Object.entries(cells)) {
    it(JSON.stringify(cell), () => {
      expect(parseRowError(cell)).to.deep.equal({ code: name, message: text, fields });
    });
  }
});
