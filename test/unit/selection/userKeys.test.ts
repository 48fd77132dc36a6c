/** Which columns of a file say which user is meant. */
import { expect } from 'chai';
import fc from 'fast-check';
import { findUserKey, userKeyColumns } from '../../../lib/selection/userKeys.js';

const keyOf = (...header: string[]): string | undefined => {
  const key = findUserKey(header);
  return key && `${String(key.index)} ${key.header}=${key.field}`;
};

describe('findUserKey', () => {
  it('takes each kind of key, in any case, as the file spells it', () => {
    expect(keyOf('USERID')).to.equal('0 USERID=Id');
    expect(keyOf('id')).to.equal('0 id=Id');
    expect(keyOf('username')).to.equal('0 username=Username');
    expect(keyOf('FederationIdentifier')).to.equal('0 FederationIdentifier=FederationIdentifier');
    expect(keyOf('contactid')).to.equal('0 contactid=ContactId');
    expect(keyOf('EMail')).to.equal('0 EMail=Email');
  });

  it('knows the files that we write ourselves: succeeded.csv and refused.csv of any run', () => {
    expect(keyOf('Id', 'IsActive', 'UserId', 'Username', 'Name', 'ContactId')).to.equal('2 UserId=Id');
    expect(keyOf('ContactId', 'Name', 'AccountId', 'AccountName', 'UserId', 'Reason')).to.equal('4 UserId=Id');
  });

  it('takes the first of two columns of one name', () => {
    expect(keyOf('Email', 'email')).to.equal('0 Email=Email');
  });

  it('finds none in anything else', () => {
    expect(keyOf()).to.equal(undefined);
    expect(keyOf('Name', 'User Id', 'AccountId', 'ProfileId', '')).to.equal(undefined);
  });

  it('takes the surest, whatever the order of the columns', () => {
    const shuffled = fc.shuffledSubarray([...userKeyColumns, 'Note', 'Name']);
    fc.assert(
      fc.property(shuffled, (header) => {
        const found = findUserKey(header);
        expect(found?.header).to.equal(userKeyColumns.find((key) => header.includes(key)));
        if (found !== undefined) expect(header[found.index]).to.equal(found.header);
      }),
    );
  });
});
