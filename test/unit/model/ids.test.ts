/** Ids of records: two lengths, and a checksum that finds changed capitals. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  idKey,
  isSalesforceId,
  restoreCase,
  sameId,
  type ContactId,
  type IdKey,
  type UserId,
} from '../../../lib/model/ids.js';
import { requiredValue } from '../../../lib/org/queryRow.js';
import { makeId } from '../../simulated-org/ids.ts';

describe('isSalesforceId', () => {
  it('takes what an org makes, with and without its checksum', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), (number) => {
        const id = makeId('003', number);
        return isSalesforceId(id) && isSalesforceId(id.slice(0, 15));
      }),
    );
    expect(isSalesforceId('0053h000002xQ5sAAE')).to.equal(true);
  });

  it('refuses an Id of 18 characters of which a spreadsheet has changed the case', () => {
    const ids = ['0053h000002xQ5sAAE', '7503h00000CV7GpAAL'];
    for (const id of ids) {
      expect(isSalesforceId(id.toLowerCase()), id).to.equal(false);
      expect(isSalesforceId(id.toUpperCase()), id).to.equal(false);
    }
  });

  it('refuses other lengths and other characters', () => {
    for (const text of ['', '003', '0053h000002xQ5', '0053h000002xQ5sAA', '0053h000002xQ5sAAEA', '0053h000002x-5s'])
      expect(isSalesforceId(text), text).to.equal(false);
  });
});

describe('restoreCase', () => {
  it('gives an Id of 18 characters its case back, whichever one it was brought to', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), (number) => {
        const id = makeId('003', number);
        return restoreCase(id.toLowerCase()) === id && restoreCase(id.toUpperCase()) === id && restoreCase(id) === id;
      }),
    );
    expect(restoreCase('0053h000002xq5saae')).to.equal('0053h000002xQ5sAAE');
    expect(restoreCase('0053H000002XQ5SAAE')).to.equal('0053h000002xQ5sAAE');
  });

  it('leaves alone what it cannot be sure of: 15 characters, single letters that were changed, a checksum that asks for capital digits', () => {
    for (const text of [
      '0053h000002xq5s',
      '0053h000002xQ5SAAE',
      '0053h000002xq5saa9',
      '000000000000000aab',
      'ada@acme.example',
    ])
      expect(restoreCase(text)).to.equal(text);
  });
});

describe('sameId', () => {
  it('knows a record by 15 case-sensitive characters, in either length', () => {
    expect(sameId('0053h000002xQ5sAAE', '0053h000002xQ5s')).to.equal(true);
    expect(sameId('0053h000002xQ5s', '0053h000002xq5s')).to.equal(false);
    expect(idKey('0053h000002xQ5sAAE')).to.equal('0053h000002xQ5s');
  });

  it('takes what is absent for no record, also beside another that is', () => {
    expect(sameId(undefined, undefined)).to.equal(false);
    expect(sameId('', '')).to.equal(false);
    expect(sameId(undefined, '0053h000002xQ5s')).to.equal(false);
  });
});

describe('RecordId', () => {
  it('keeps the Ids of one object from being taken for those of another: the compiler refuses what is marked', () => {
    const userId: UserId = '0053h000002xQ5sAAE';
    const contactId: ContactId = '0033h000002xQ5sAAE';
    const users = new Map<UserId, string>([[userId, 'a user']]);
    const keys = new Set<IdKey<'User'>>([idKey(userId)]);
    // @ts-expect-error a contact is no user
    expect(users.get(contactId)).to.equal(undefined);
    // @ts-expect-error nor are two of them the same
    expect(sameId(userId, contactId)).to.equal(false);
    // @ts-expect-error as it comes from the org, it is known by its column
    expect(users.get(requiredValue({ ContactId: contactId }, 'ContactId'))).to.equal(undefined);
    // @ts-expect-error in 15 characters neither
    expect(keys.has(idKey(contactId))).to.equal(false);
    // @ts-expect-error and an Id of 18 characters is not found among those of 15
    expect(keys.has(userId)).to.equal(false);
  });
});
