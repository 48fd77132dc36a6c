/** A copy of an object of the org: found by its key, gone with the connection. */
import { expect } from 'chai';
import fc from 'fast-check';
import { CopyTable } from '../../../lib/store/copyTable.js';
import { RunDb } from './runDb.ts';

describe('CopyTable', () => {
  let run: RunDb;
  before(async () => {
    run = await RunDb.with();
  });
  after(() => {
    run.close();
  });

  it('gives back the rows of any keys, as they were', () => {
    const cell = fc.option(fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')));
    const row = fc.record({ Id: fc.constantFrom('a', 'b', "c'", 'D'), 'Account.Name': cell });
    fc.assert(
      fc.property(fc.array(row), fc.subarray(['a', 'b', "c'", 'd']), (rows, keys) => {
        const wellFormed = rows.map((each) => ({
          ...each,
          'Account.Name': each['Account.Name']?.toWellFormed() ?? null,
        }));
        const copy = new CopyTable(run.db, ['Id', 'Account.Name']);
        copy.add(wellFormed, (each) => each['Id'] ?? null);
        copy.index();
        const expected = wellFormed.filter(({ Id }) => keys.includes(Id));
        expect(copy.find(keys)).to.have.deep.members(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('finds nothing by a row that has no key, and knows null from missing fields', () => {
    const copy = new CopyTable(run.db, ['Id', 'Email']);
    copy.add([{ Id: 'x' }], () => null);
    copy.add([{ Id: 'y', Other: 'z' }], () => 'k');
    expect(copy.find(['', 'null', 'x'])).to.deep.equal([]);
    expect(copy.find(['k'])).to.deep.equal([{ Id: 'y', Email: null }]);
  });

  it('is another table each time, and none of run.db', () => {
    const [one, other] = [new CopyTable(run.db, ['Id']), new CopyTable(run.db, ['Id'])];
    one.add([{ Id: '1' }], ({ Id }) => Id ?? null);
    expect(other.find(['1'])).to.deep.equal([]);
    expect(one.name).to.match(/^temp\./);
    expect(
      run.db.prepare("SELECT count(*) AS n FROM main.sqlite_schema WHERE name LIKE 'copy%'").get(),
    ).to.deep.include({
      n: 0,
    });
  });
});
