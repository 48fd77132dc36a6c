/** Cases of docs/cases.md: a list of users in which some are marked. */
import { join } from 'node:path';
import { expect } from 'chai';
import { csvFile, expectChangeTrue, loginOf, makeUsers } from '../changeLab.ts';
import { csvOf, mainProfile, recordsOf, RunLab, type Run } from '../runLab.ts';

describe('a list of users with marked rows', () => {
  let lab: RunLab;
  let ids: string[];
  beforeEach(async () => {
    lab = await RunLab.start();
    ids = makeUsers(lab, mainProfile, 3);
  });
  afterEach(() => lab.stop());

  const active = (): boolean[] => ids.map((id) => lab.org.store.get('User', id)?.['IsActive'] === true);
  const list = (header: string[], ...cells: string[][]): string =>
    csvFile(lab, [['Id', ...header], ...cells.map((row, n) => [ids[n] ?? '', ...row])]);
  const told = ({ events }: Run): unknown[] =>
    events.flatMap((event) => (event.type === 'accessColumn' ? [{ column: event.column, only: event.only }] : []));
  const reasons = ({ folder }: Run): unknown[] => recordsOf(folder).map(({ reason }) => reason);

  it('1: deactivates those marked only, refuses the others, and says which column it looked at', async () => {
    const file = list(['ISACTIVE', 'ISPORTALENABLED'], ['FALSE', 'FALSE'], ['TRUE', 'TRUE'], ['TRUE', 'TRUE']);
    const run = await lab.change({ mode: 'deactivate', file });
    expectChangeTrue(lab, run);
    expect(active()).to.deep.equal([false, true, true]);
    expect(reasons(run)).to.deep.equal([null, 'CONTRADICTED', 'CONTRADICTED']);
    expect(csvOf(run.folder, 'refused')[0]?.['Detail']).to.match(/ISACTIVE.*line 3 says "TRUE"/);
    expect(told(run)).to.deep.equal([
      { column: 'ISACTIVE', only: undefined },
      { column: 'ISPORTALENABLED', only: undefined },
    ]);
  });

  it('takes a column with one value as the state when the file was exported, and says so', async () => {
    const run = await lab.change({ mode: 'deactivate', file: list(['IsActive'], ['true'], ['TRUE'], ['1']) });
    expect(active()).to.deep.equal([false, false, false]);
    expect(told(run)).to.deep.equal([{ column: 'IsActive', only: 'true' }]);
  });

  it('is not what create leaves of new users who are inactive, beside users who got permission sets', async () => {
    const [user] = lab.org.store.find('User', { Id: ids[0] ?? '' });
    const file = csvFile(lab, [
      ['ContactId'],
      [String(user?.['ContactId'])],
      ...lab
        .freeContacts()
        .slice(0, 2)
        .map(({ Id }) => [Id]),
    ]);
    const made = await lab.create({ file, inactive: true, permissionSets: ['Portal_Documents'] });
    expect(made.result.counts).to.include({ succeeded: 3, created: 2 });
    const succeeded = join(made.folder, 'succeeded.csv');
    const run = await lab.change({ operation: 'enable', mode: 'activate', file: succeeded });
    expect(run.result.counts).to.include({ succeeded: 2, unchanged: 1, refused: 0 });
    const back = await lab.change({ mode: 'deactivate', file: join(run.folder, 'succeeded.csv') });
    expect(back.result.counts).to.include({ selected: 2, succeeded: 2 });
    expect([...told(run), ...told(back)]).to.deep.equal([]);
  });

  it('says nothing of a column that is empty, and leaves rows alone that are not marked among marked ones', async () => {
    const empty = await lab.change({ mode: 'deactivate', file: list(['Active'], [''], [''], ['']), dryRun: true });
    expect([empty.result.counts.planned, told(empty)]).to.deep.equal([3, []]);
    const some = await lab.change({ mode: 'deactivate', file: list(['Active'], ['no'], [''], ['?']) });
    expect(active()).to.deep.equal([false, true, true]);
    expect(reasons(some)).to.deep.equal([null, 'CONTRADICTED', 'CONTRADICTED']);
  });

  it('counts every row of the file, also those that --inactive-for or a wrong Id leaves out', async () => {
    const [a = '', b = '', c = ''] = ids;
    const rows = [
      ['UserId', 'IsActive'],
      ['005000000000001', 'FALSE'],
      [a, 'TRUE'],
      [b, 'TRUE'],
      [c, 'TRUE'],
    ];
    await lab.change({ mode: 'deactivate', file: csvFile(lab, rows) });
    expect(active()).to.deep.equal([true, true, true]);
  });

  it('reads a column of frozen users the other way round, and a label as a name', async () => {
    const run = await lab.change({ mode: 'freeze', file: list(['Is Frozen'], ['Yes'], ['No'], ['Yes']) });
    expect(reasons(run)).to.deep.equal([null, 'CONTRADICTED', null]);
    expect(ids.map((id) => loginOf(lab, id)['IsFrozen'])).to.deep.equal([true, false, true]);
    const back = list(['Is Frozen'], ['No'], ['No'], ['Yes']);
    await lab.change({ operation: 'enable', mode: 'unfreeze', file: back });
    expect(ids.map((id) => loginOf(lab, id)['IsFrozen'])).to.deep.equal([false, false, true]);
  });
});
