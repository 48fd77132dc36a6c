/** What may name a person is not in texts that are shown around. */
import { expect } from 'chai';
import { maskAddresses, maskLiterals, maskValues } from '../../../../lib/model/privacy/maskedText.js';

describe('masked texts', () => {
  it('have no literal of a condition', () => {
    expect(maskLiterals("Name = 'O\\'Neil' AND Age__c > 3 OR Email LIKE '%@x")).to.equal(
      "Name = '…' AND Age__c > 3 OR Email LIKE '…'",
    );
  });

  it('have no date of birth and no number of a customer, but what says nothing of anybody', () => {
    const dates =
      'Birthdate = 1961-05-03 OR CreatedDate>1961-05-03T00:00:00.000+02:00 OR CreatedDate<=1961-05-03t00:00:00Z';
    expect(maskLiterals(dates)).to.equal('Birthdate = … OR CreatedDate>… OR CreatedDate<=…');
    expect(maskLiterals('Number__c IN (4711,-48151623.42) AND Field2024__c = 12')).to.equal(
      'Number__c IN (…,…) AND Field2024__c = 12',
    );
    const harmless = 'LastLoginDate < LAST_N_DAYS:1000 AND Level__c >= 2.5 LIMIT 5000';
    expect(maskLiterals(harmless)).to.equal(harmless);
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
