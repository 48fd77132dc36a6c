/** What the files of a create run hold. */
import { expect } from 'chai';
import { createFiles } from '../../../lib/files/createFiles.js';
import { writeMeta } from '../../../lib/store/meta.js';
import { decidedRows, failedRows, plannedRows, succeededRows } from '../../../lib/store/queries/exportRows.js';
import { refuse } from '../../../lib/model/reasons.js';
import { cellsOf, headerOf } from './columns.ts';
import { contactIdOf, profileId, RunDb, userIdOf } from '../store/runDb.ts';

describe('createFiles', () => {
  let run: RunDb;
  const meta = {
    columns: '["ContactId","ProfileId","Username","LastName"]',
    keyColumn: 'ContactId',
    givenColumns: '["ContactId"]',
  };
  beforeEach(async () => {
    run = await RunDb.with(
      { values: { LastName: 'Ada' } },
      { userId: userIdOf(2), username: 'there@acme.example', permissionSets: ['0PS1'] },
      { key: 'K-3', contactId: null, decision: refuse('NO_EMAIL.detail') },
    );
    writeMeta(run.db, meta);
  });
  afterEach(() => {
    run.close();
  });

  it('has the values of a new user, and what tells one who was there', () => {
    const { of, ofPlanned, planned, given, hasSnapshot, hasCreateAgain } = createFiles(run.db);
    expect(headerOf(planned)).to.deep.equal(['ContactId', 'ProfileId', 'Username', 'LastName']);
    expect(cellsOf(planned, plannedRows(run.db, ofPlanned))).to.deep.equal([
      [contactIdOf(1), profileId, 'u1@acme.example', 'Ada'],
    ]);
    run.setSubject(2, "state = 'succeeded'");
    expect(cellsOf(planned, succeededRows(run.db, of))).to.deep.equal([
      [contactIdOf(2), profileId, 'there@acme.example', undefined],
    ]);
    expect([given, hasSnapshot, hasCreateAgain]).to.deep.equal([['ContactId'], false, false]);
  });

  it('says of each user who it is, and whether this run has made it', () => {
    const { of, done, failed } = createFiles(run.db);
    run.setStep(1, "state = 'failed', errorCode = 'X', created = 'yes'");
    run.setSubject(1, `state = 'succeeded', userId = '${userIdOf(1)}'`);
    expect(headerOf(done)).to.deep.equal(['UserId', 'Created']);
    expect(cellsOf(done, succeededRows(run.db, of))).to.deep.equal([[userIdOf(1), 'yes']]);
    expect(headerOf(failed)).to.deep.equal(['UserId', 'Name', 'AccountId', 'AccountName']);
    expect(cellsOf(failed, failedRows(run.db, of))[0]?.slice(0, 2)).to.deep.equal([userIdOf(1), 'Name 1']);
  });

  it('knows a row by the key as it was given, and by the ContactId where that is the key', () => {
    const cells = (): unknown => cellsOf(createFiles(run.db).key, decidedRows(run.db, 'refused'));
    expect([headerOf(createFiles(run.db).key), cells()]).to.deep.equal([
      ['ContactId', 'ContactId'],
      [['K-3', undefined]],
    ]);
    writeMeta(run.db, { keyColumn: 'Key__c', givenColumns: '["Key__c"]' });
    expect([headerOf(createFiles(run.db).key), cells()]).to.deep.equal([['Key__c', 'ContactId'], [['K-3', undefined]]]);
    // The key that stands first in the file leads, whichever counts first.
    writeMeta(run.db, { keyColumn: 'ContactId', givenColumns: '["Key__c","ContactId"]' });
    expect(headerOf(createFiles(run.db).key)).to.deep.equal(['Key__c', 'ContactId']);
  });

  it('has no default for what the run was begun with', () => {
    for (const key of Object.keys(meta)) {
      run.db.exec(`DELETE FROM meta WHERE key = '${key}'`);
      expect(() => createFiles(run.db), key)
        .to.throw()
        .with.property('code', 'runDamaged');
      writeMeta(run.db, meta);
    }
  });
});
