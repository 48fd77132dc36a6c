/** The rows that the files of a run are made of. */
import { expect } from 'chai';
import { refuse } from '../../../../lib/model/reasons.js';
import {
  decidedRows,
  failedRows,
  plannedRows,
  snapshotRows,
  succeededRows,
  type SubjectColumn,
} from '../../../../lib/store/queries/exportRows.js';
import { contactIdOf, paintStep, profileId, RunDb, userIdOf } from '../runDb.ts';

const allColumns: readonly SubjectColumn[] = [
  'key',
  'contactId',
  'accountId',
  'name',
  'accountName',
  'userId',
  'username',
  'profileId',
];

describe('the rows of the files', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('of a plan are its first steps, without permission sets and what was dropped', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1'] }, {}, { userId: userIdOf(3), permissionSets: ['0PS1'] });
    run.setStep(3, "state = 'dropped'");
    run.setStep(1, "nickname = 'repaired'");
    const rows = [...plannedRows(run.db, allColumns)];
    expect(rows).to.have.length(1);
    expect(rows[0]).to.deep.include({
      key: contactIdOf(1),
      contactId: contactIdOf(1),
      accountId: '0011',
      name: 'Name 1',
      accountName: 'Acme',
      userId: undefined,
      username: undefined,
      profileId,
      target: contactIdOf(1),
    });
    expect(rows[0]?.values).to.include({ CommunityNickname: 'repaired', Username: 'u1@acme.example' });
  });

  it('of what has succeeded are subjects, also those that got permission sets alone', async () => {
    run = await RunDb.with(
      {},
      { userId: userIdOf(2), username: 'there@acme.example', permissionSets: ['0PS1'] },
      {},
      { permissionSets: ['0PS1'] },
    );
    run.setStep(1, "state = 'done', created = 'yes'");
    run.setStep(2, "state = 'done'");
    // Somebody else has made the user.
    run.setStep(4, "state = 'dropped'");
    run.setStep(5, "state = 'done'");
    for (const n of [1, 2, 4]) run.setSubject(n, "state = 'succeeded'");
    expect(
      [...succeededRows(run.db, allColumns)].map(({ contactId, created, target }) => [contactId, created, target]),
    ).to.deep.equal([
      [contactIdOf(1), 'yes', contactIdOf(1)],
      [contactIdOf(2), undefined, undefined],
      [contactIdOf(4), undefined, undefined],
    ]);
    expect([...succeededRows(run.db, allColumns)][1]).to.include({
      username: 'there@acme.example',
      userId: userIdOf(2),
    });
  });

  it('of what has failed are subjects, each with its failures in their order and what it was', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1', '0PS2'] }, {}, {});
    run.setStep(1, "state = 'done'");
    run.setStep(2, "state = 'failed', errorCode = 'A', errorMessage = 'about A'");
    run.setStep(3, "state = 'failed', errorCode = 'B'");
    run.setStep(4, "state = 'failed', errorCode = 'C'");
    const rows = [...failedRows(run.db, allColumns)].map(({ contactId, failures }) => [contactId, ...failures]);
    expect(rows).to.deep.equal([
      [
        contactIdOf(1),
        { label: 'Set 0PS1', code: 'A', message: 'about A' },
        { label: 'Set 0PS2', code: 'B', message: undefined },
      ],
      [contactIdOf(2), { label: undefined, code: 'C', message: undefined }],
    ]);
    expect([...failedRows(run.db, allColumns)][0]?.values).to.include({ Username: 'u1@acme.example' });
  });

  it('of what was decided have the reason, and the cells as they were given', async () => {
    run = await RunDb.with(
      { key: 'K', cells: { Key__c: 'K' }, contactId: null, decision: refuse('NO_EMAIL.detail') },
      {},
    );
    const [row, ...others] = decidedRows(run.db, 'refused');
    expect(others).to.deep.equal([]);
    expect(row).to.deep.include({
      key: 'K',
      reason: 'NO_EMAIL',
      detail: 'NO_EMAIL.detail',
      facts: {},
      cells: { Key__c: 'K' },
    });
    expect([...decidedRows(run.db, 'unchanged')]).to.deep.equal([]);
    run.setSubject(1, 'detailFacts = NULL');
    expect(() => [...decidedRows(run.db, 'refused')]).to.throw('facts');
  });

  it('of the snapshot are what users were before, and what was read back', async () => {
    const user = { userId: userIdOf(1), snapshot: { Id: userIdOf(1) }, steps: [paintStep(1)] };
    run = await RunDb.with(
      user,
      { ...user, decision: refuse('PROTECTED.detail', { username: 'ada@acme.example', condition: 'IsActive = true' }) },
      {},
    );
    expect([...snapshotRows(run.db)]).to.deep.equal([{ userId: userIdOf(1), snapshot: user.snapshot, after: {} }]);
    run.setStep(1, `after = '{"Username":"x"}'`);
    expect([...snapshotRows(run.db)][0]?.after).to.deep.equal({ Username: 'x' });
  });
});
