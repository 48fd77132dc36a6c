/** Which column of a file is the key, which ones are values, and which ones are ignored or refused. */
import { expect } from 'chai';
import fc from 'fast-check';
import { RunFault } from '../../../lib/model/faults.js';
import type { KeyField } from '../../../lib/model/orgFacts.js';
import {
  findUserKeys,
  readInputColumns,
  userKeyColumns,
  type InputColumns,
} from '../../../lib/selection/inputColumns.js';
import { fieldRule, fieldRules } from '../operations/planFacts.ts';

function keyField(name: string, changes: Partial<KeyField> = {}): KeyField {
  return { name, label: name, type: 'string', externalId: false, unique: false, caseSensitive: false, ...changes };
}

const contactFields = new Map(
  [
    keyField('Id', { type: 'id', unique: true }),
    keyField('Email', { type: 'email' }),
    keyField('Key__c', { externalId: true }),
    keyField('Number__c', { unique: true }),
    keyField('Plain__c'),
  ].map((field) => [field.name.toLowerCase(), field]),
);
const userFields = fieldRules(
  ...['Username', 'Email', 'Title', 'ProfileId', 'ContactId', 'Number__c'].map((name) => fieldRule(name)),
  fieldRule('IsPortalEnabled', { createable: false }),
  fieldRule('Name', { createable: false }),
  fieldRule('Id', { createable: false }),
);

const columns = (...header: string[]): InputColumns => readInputColumns(header, contactFields, userFields, false);

/** Key and facts of the fault. */
function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof RunFault)) throw error;
    return { key: error.key, facts: error.facts };
  }
}

const faultOf = (...header: string[]): unknown => thrownBy(() => columns(...header));

const keysOf = (...header: string[]): string[] => columns(...header).keys.map((key) => `${key.header}=${key.field}`);
const valuesOf = (...header: string[]): string[] => columns(...header).overrides.map((each) => each.field);

describe('readInputColumns', () => {
  it('takes each kind of key, in any case', () => {
    expect(keysOf('ContactId')).to.deep.equal(['ContactId=Id']);
    expect(keysOf('ID')).to.deep.equal(['ID=Id']);
    expect(keysOf('KEY__C')).to.deep.equal(['KEY__C=Key__c']);
    expect(keysOf('number__c')).to.deep.equal(['number__c=Number__c']);
    expect(keysOf('email')).to.deep.equal(['email=Email']);
  });

  it('tries ContactId, Id, unique fields and Email in this order, wherever they stand', () => {
    expect(keysOf('Email', 'Key__c', 'Title', 'Id', 'ContactId')).to.deep.equal([
      'ContactId=Id',
      'Id=Id',
      'Key__c=Key__c',
      'Email=Email',
    ]);
  });

  it('takes Email for the key and for a value', () => {
    expect(valuesOf('Email')).to.deep.equal(['Email']);
    expect(valuesOf('ContactId', 'EMAIL', 'title')).to.deep.equal(['Email', 'Title']);
  });

  it('takes a field that both objects have for the key and for a value', () => {
    expect(keysOf('Number__c')).to.deep.equal(['Number__c=Number__c']);
    expect(valuesOf('Number__c')).to.deep.equal(['Number__c']);
  });

  it('keeps the place of each column', () => {
    expect(columns('Title', 'Reason', 'ContactId', 'Username', 'Profile')).to.deep.equal({
      keys: [{ index: 2, header: 'ContactId', field: 'Id', isNumeric: false, isCaseSensitive: false }],
      overrides: [
        { index: 0, field: 'Title' },
        { index: 3, field: 'Username' },
      ],
      profile: 4,
      permissionSets: undefined,
      ignored: [],
    });
  });

  it('takes ProfileId for a value and Profile for names', () => {
    expect(valuesOf('ContactId', 'ProfileId')).to.deep.equal(['ProfileId']);
    expect(columns('ContactId', 'pROFILE').profile).to.equal(1);
    expect(columns('ContactId').profile).to.equal(undefined);
    expect(columns('ContactId', 'permissionsets', 'Title').permissionSets).to.equal(1);
  });

  it('passes over what our own files add for the reader', () => {
    const own = [
      'Name',
      'AccountId',
      'AccountName',
      'UserId',
      'Reason',
      'Detail',
      'Advice',
      'Created',
      'ErrorCode',
      'Error',
    ];
    expect(columns('ContactId', ...own)).to.deep.include({ overrides: [], profile: undefined });
  });

  it('refuses a header without a key, and names what may be one', () => {
    expect(faultOf('Title', 'Username', 'Plain')).to.deep.equal({
      key: 'noKeyColumn',
      facts: { header: 'Title, Username, Plain', known: 'ContactId, Id, Key__c, Number__c, Email' },
    });
  });

  it('asks whether a misspelled column was meant for the key, or for a field', () => {
    const keys = { known: 'ContactId, Id, Key__c, Number__c, Email' };
    for (const [column, near] of [
      ['Contcat ID', 'ContactId'],
      ['E-mail', 'Email'],
      ['Kye__c', 'Key__c'],
    ] as const)
      expect(faultOf(column)).to.deep.equal({ key: 'noKeyColumn.near', facts: { header: column, ...keys, near } });
    const facts = { columns: 'Tittle", "Plain__c", "Usernmae', near: 'Title", "Username' };
    expect(faultOf('Id', 'Tittle', 'Plain__c', 'Usernmae')).to.deep.equal({ key: 'unknownColumns.near', facts });
    const users = thrownBy(() => findUserKeys(['Name', 'User Nmae']));
    expect(users).to.deep.include({ key: 'noKeyColumn.usersNear' });
  });

  it('refuses a column that is no field of User, with the nearest names', () => {
    const facts = { column: 'Tittle', near: 'Title' };
    expect(faultOf('ContactId', 'Tittle')).to.deep.equal({ key: 'unknownColumn.near', facts });
    expect(faultOf('ContactId', 'Plain__c')).to.deep.equal({ key: 'unknownColumn', facts: { column: 'Plain__c' } });
  });

  it('refuses a field that can’t be set, and does not offer one', () => {
    const facts = { column: 'IsPortalEnabled' };
    expect(faultOf('ContactId', 'isportalenabled')).to.deep.equal({ key: 'columnNotCreateable', facts });
    const none = { column: 'IsPortalEnable' };
    expect(faultOf('ContactId', 'IsPortalEnable')).to.deep.equal({ key: 'unknownColumn', facts: none });
  });
});

const userKeyOf = (...header: string[]): string => {
  const { keys, beside } = findUserKeys(header);
  const texts = keys.map(({ index, header: column, field }) => `${String(index)} ${column}=${field}`);
  return [texts.join(', '), ...beside.map((column) => column.header)].join('; ');
};

describe('findUserKeys', () => {
  it('takes each kind of key, in any case, as the file spells it', () => {
    expect(userKeyOf('USERID')).to.equal('0 USERID=Id');
    expect(userKeyOf('id')).to.equal('0 id=Id');
    expect(userKeyOf('username')).to.equal('0 username=Username');
    expect(userKeyOf('FederationIdentifier')).to.equal('0 FederationIdentifier=FederationIdentifier');
    expect(userKeyOf('contactid')).to.equal('0 contactid=ContactId');
    expect(userKeyOf('EMail')).to.equal('0 EMail=Email');
  });

  it('knows the files that we write ourselves: succeeded.csv and refused.csv of any run', () => {
    expect(userKeyOf('Id', 'IsActive', 'UserId', 'Username', 'Name', 'ContactId')).to.equal('2 UserId=Id');
    expect(userKeyOf('ContactId', 'Name', 'AccountId', 'AccountName', 'UserId', 'Reason')).to.equal(
      '4 UserId=Id; ContactId',
    );
    expect(userKeyOf('Email', 'AccountName', 'UserId', 'Reason')).to.equal('2 UserId=Id');
    // Arranged anew, or renamed.
    expect(userKeyOf('Email', 'Id', 'Name', 'Reason')).to.equal('1 Id=Id, 0 Email=Email; Id; Email');
    expect(userKeyOf('Email', 'Name', 'UserId', 'Reason')).to.equal('2 UserId=Id, 0 Email=Email; UserId; Email');
    const moved = '3 UserId=Id, 2 Username=Username; UserId; Username';
    expect(userKeyOf('Name', 'ContactId', 'Username', 'UserId', 'Reason')).to.equal(moved);
  });

  it('knows refused.csv of disable and enable: the UserId, and beside it the key as it was given', () => {
    const found = ['ContactId', 'Name', 'Reason', 'Detail', 'Advice'];
    const filledIn = '1 UserId=Id';
    expect(userKeyOf('username', 'UserId', ...found)).to.equal(`${filledIn}, 0 username=Username; UserId; username`);
    expect(userKeyOf('Email', 'UserId', ...found, 'Id')).to.equal(`7 Id=Id, ${filledIn}, 0 Email=Email; UserId; Email`);
    expect(userKeyOf('Id', 'UserId', ...found)).to.equal(`${filledIn}, 0 Id=Id; UserId; Id`);
    // No file of ours.
    expect(userKeyOf('Email', 'UserId', 'Name')).to.equal('1 UserId=Id');
  });

  it('takes the first of two columns of one name', () => {
    expect(userKeyOf('Email', 'email')).to.equal('0 Email=Email');
  });

  it('finds none in anything else, and names what may be one', () => {
    const known = 'UserId, Id, Username, FederationIdentifier, ContactId, Email';
    const faultOf = (...header: string[]): unknown => thrownBy(() => userKeyOf(...header));
    expect(faultOf()).to.deep.equal({ key: 'noKeyColumn.users', facts: { header: '', known } });
    const others = faultOf('Name', 'User', 'AccountId', 'ProfileId', '');
    const header = 'Name, User, AccountId, ProfileId, ';
    expect(others).to.deep.equal({ key: 'noKeyColumn.users', facts: { header, known } });
  });

  it('takes the surest, whatever the order of the columns', () => {
    const shuffled = fc.shuffledSubarray([...userKeyColumns, 'Note', 'Name']);
    fc.assert(
      fc.property(shuffled, (header) => {
        const wanted = userKeyColumns.find((key) => header.includes(key));
        if (wanted === undefined) return;
        const [found] = findUserKeys(header).keys;
        expect(found.header).to.equal(wanted);
        expect(header[found.index]).to.equal(wanted);
      }),
    );
  });
});
