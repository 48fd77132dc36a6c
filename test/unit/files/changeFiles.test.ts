/** What the files of a disable or enable run hold. */
import { expect } from 'chai';
import { changeFiles } from '../../../lib/files/changeFiles.js';
import { userFieldStep } from '../../../lib/kinds/userFields.js';
import { disableModes, enableModes, modeRule } from '../../../lib/model/modes.js';
import { refuse } from '../../../lib/model/reasons.js';
import { writeMeta } from '../../../lib/store/meta.js';
import { decidedRows, plannedRows } from '../../../lib/store/queries/exportRows.js';
import { cellsOf, headerOf } from './columns.ts';
import { contactIdOf, RunDb, userIdOf } from '../store/runDb.ts';

describe('changeFiles', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  for (const mode of [...disableModes, ...enableModes]) {
    it(`has what ${mode} sends, and columns for reading`, async () => {
      const step = userFieldStep(modeRule(mode), '0Yw1', { accountId: '001', family: 'highVolume', isActive: true });
      run = await RunDb.with({ userId: userIdOf(1), username: 'ada@acme.example', accountId: '001', steps: [step] });
      writeMeta(run.db, { keyColumn: 'Id', givenColumns: '[]' });
      const { of, planned, done, failed, given, hasSnapshot, hasCreateAgain } = changeFiles(run.db, mode);
      const { field } = modeRule(mode).kind;
      expect(headerOf(planned)).to.deep.equal([
        ...['Id', field, 'UserId', 'Username', 'Name', 'ContactId', 'AccountId', 'AccountName'],
      ]);
      expect(cellsOf(planned, plannedRows(run.db, of))).to.deep.equal([
        [
          ...['0Yw1', String(modeRule(mode).value), userIdOf(1), 'ada@acme.example', 'Name 1', contactIdOf(1)],
          ...['001', 'Acme'],
        ],
      ]);
      expect([headerOf(done), headerOf(failed), given]).to.deep.equal([[], [], []]);
      expect([hasSnapshot, hasCreateAgain]).to.deep.equal([true, mode === 'disable-portal']);
    });
  }

  it('knows a row by its key', async () => {
    run = await RunDb.with({
      key: 'ada@acme.example',
      decision: refuse('LOGIN_HIDDEN.detail', { username: 'ada@acme.example' }),
    });
    const cells = (): unknown => cellsOf(changeFiles(run.db, 'freeze').key, decidedRows(run.db, 'refused'));
    expect(() => changeFiles(run.db, 'freeze'))
      .to.throw()
      .with.property('code', 'runDamaged');
    writeMeta(run.db, { keyColumn: 'Username', givenColumns: '[]' });
    expect([headerOf(changeFiles(run.db, 'freeze').key), cells()]).to.deep.equal([
      ['Username', 'UserId', 'ContactId'],
      [['ada@acme.example', undefined, contactIdOf(1)]],
    ]);
  });
});
