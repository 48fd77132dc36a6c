/** What may name a person is not in texts that are shown around. */
import { expect } from 'chai';
import { maskAddresses, maskLiterals, maskValues } from '../../../../lib/model/privacy/maskedText.js';

describe('masked texts', () => {
  it('have no literal of a condition', () => {
    expect(maskLiterals("Name = 'O\\'Neil' AND Age__c > 3 OR Email LIKE '%@x")).to.equal(
      "Name = '…' AND Age__c > 3 OR Email LIKE '…'",
    );
  });

  it('have no address', () => {
    expect(maskAddresses('Welcome emails of Help come from Jo.Doe+x@acme.example.')).to.equal(
      'Welcome emails of Help come from <address>',
    );
  });

  it('have nothing that Salesforce quotes, no username and no Id', () => {
    expect(maskValues('duplicate value found: "Jo Doe" jo@acme.example on record 003000000000001AAA, don\'t')).to.equal(
      "duplicate value found: '…' <address> on record …, don't",
    );
  });
});
