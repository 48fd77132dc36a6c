/** Which columns of a file say which user is meant. */
import { expect } from 'chai';
import fc from 'fast-check';
import { findUserKeys, userKeyColumns } from '../../../lib/plan/userKeys.js';

const keysOf = (...header: string[]): string[] =>
  findUserKeys(header).map(({ index, header: column, field }) => `${String(index)} ${column}=${field}`);

describe('findUserKeys', () => {
  it('takes each kind of key, in any case, as the file spells it', () => {
    expect(keysOf('USERID')).to.deep.equal(['0 USERID=Id']);
    expect(keysOf('id')).to.deep.equal(['0 id=Id']);
    expect(keysOf('username')).to.deep.equal(['0 username=Username']);
    expect(keysOf('FederationIdentifier')).to.deep.equal(['0 FederationIdentifier=FederationIdentifier']);
    expect(keysOf('contactid')).to.deep.equal(['0 contactid=ContactId']);
    expect(keysOf('EMail')).to.deep.equal(['0 EMail=Email']);
  });

  it('puts the surest first, wherever it stands', () => {
    expect(keysOf('Email', 'Note', 'ContactId', 'Id', 'UserId')).to.deep.equal([
      '4 UserId=Id',
      '3 Id=Id',
      '2 ContactId=ContactId',
      '0 Email=Email',
    ]);
  });

  it('knows the files that we write ourselves: succeeded.csv and refused.csv of any run', () => {
    expect(keysOf('Id', 'IsActive', 'UserId', 'Username', 'Name', 'ContactId')[0]).to.equal('2 UserId=Id');
    expect(keysOf('ContactId', 'Name', 'AccountId', 'AccountName', 'UserId', 'Reason')[0]).to.equal('4 UserId=Id');
  });

  it('takes the first of two columns of one name', () => {
    expect(keysOf('Email', 'email')).to.deep.equal(['0 Email=Email']);
  });

  it('finds none in anything else', () => {
    expect(keysOf()).to.deep.equal([]);
    expect(keysOf('Name', 'User Id', 'AccountId', 'ProfileId', '')).to.deep.equal([]);
  });

  it('whatever the order of the columns, the order of the keys is the same', () => {
    const shuffled = fc.shuffledSubarray([...userKeyColumns, 'Note', 'Name']);
    fc.assert(
      fc.property(shuffled, (header) => {
        const found = findUserKeys(header);
        expect(found.map((key) => key.header)).to.deep.equal(userKeyColumns.filter((key) => header.includes(key)));
        for (const { index, header: column } of found) expect(header[index]).to.equal(column);
      }),
    );
  });
});
