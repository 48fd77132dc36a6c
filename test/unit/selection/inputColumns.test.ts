/** Which column of a file is the key, which ones are values, and which ones are passed over or refused. */
import { expect } from 'chai';
import type { KeyField } from '../../../lib/model/orgFacts.js';
import { readInputColumns, type InputColumns } from '../../../lib/selection/inputColumns.js';
import { fieldRule, fieldRules } from '../operations/planFacts.ts';

function keyField(name: string, changes: Partial<KeyField> = {}): KeyField {
  return { name, type: 'string', externalId: false, unique: false, caseSensitive: false, ...changes };
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

const read = (...header: string[]): ReturnType<typeof readInputColumns> =>
  readInputColumns(header, contactFields, userFields);

function columns(...header: string[]): InputColumns {
  const found = read(...header);
  if ('fault' in found) throw new Error(JSON.stringify(found));
  return found;
}

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
    expect(read('Title', 'Username', 'Plain')).to.deep.equal({
      fault: 'noKeyColumn',
      known: ['ContactId', 'Id', 'Key__c', 'Number__c', 'Email'],
    });
  });

  it('refuses a column that is no field of User, with the nearest names', () => {
    expect(read('ContactId', 'Tittle')).to.deep.equal({ fault: 'unknownField', column: 'Tittle', near: ['Title'] });
    expect(read('ContactId', 'Plain__c')).to.include({ fault: 'unknownField', column: 'Plain__c' });
  });

  it('refuses a field that can’t be set, and does not offer one', () => {
    expect(read('ContactId', 'isportalenabled')).to.deep.equal({ fault: 'notCreateable', column: 'IsPortalEnabled' });
    expect(read('ContactId', 'IsPortalEnable')).to.deep.equal({
      fault: 'unknownField',
      column: 'IsPortalEnable',
      near: [],
    });
  });
});
