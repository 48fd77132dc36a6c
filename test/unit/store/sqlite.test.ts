/** What is read of SQLite's columns is what was written there, or an error: never a default. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  DamagedValue,
  databaseUrl,
  folderOf,
  isInPlace,
  jsonOf,
  numberOf,
  oneOf,
  optionalText,
  requiredText,
  selectNumber,
  selectRows,
  textsOf,
  transaction,
} from '../../../lib/store/sqlite.js';
import { RunDb } from './runDb.ts';

describe('sqlite', () => {
  let run: RunDb;
  beforeEach(async () => {
    run = await RunDb.with();
  });
  afterEach(() => {
    run.close();
  });

  it('has URLs of shares of Windows that SQLite opens', function () {
    expect(databaseUrl(String.raw`\\server\share\my runs\run.db`, true).href).to.equal(
      'file:////server/share/my%20runs/run.db',
    );
    expect(databaseUrl(String.raw`C:\runs\run.db`, true).href).to.equal('file:///C:/runs/run.db');
    if (process.platform === 'win32') this.skip();
    // Here the first folder stands for the server.
    const file = join(run.folder, 'shared.db');
    new DatabaseSync(file).exec('CREATE TABLE mine (n INTEGER)');
    const shared = new DatabaseSync(databaseUrl(`\\\\${file.slice(1).replaceAll('/', '\\')}`, true), {
      readOnly: true,
    });
    expect(selectNumber(shared, 'SELECT count(*) FROM mine')).to.equal(0);
    shared.close();
  });

  it('reads a query within itself, and from its beginning after a reader that has had enough', () => {
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE mine (n INTEGER); INSERT INTO mine VALUES (1), (2), (3)');
    const read = (): Array<[unknown, unknown]> =>
      Array.from(selectRows(db, 'SELECT n FROM mine'), ({ n }) => [n, selectNumber(db, 'SELECT n FROM mine')]);
    const pairs = [
      [1, 1],
      [2, 1],
      [3, 1],
    ];
    expect(read()).to.deep.equal(pairs);
    expect(read(), 'again').to.deep.equal(pairs);
    expect(() => [...selectRows(db, 'SELECT n FROM mine WHERE n = json(?) + 0', 'no JSON')]).to.throw('malformed JSON');
    expect([...selectRows(db, 'SELECT n FROM mine WHERE n = json(?) + 0', '2')]).to.deep.equal([{ n: 2 }]);
    db.exec('DROP TABLE mine; CREATE TABLE mine (m INTEGER, n INTEGER); INSERT INTO mine VALUES (8, 9)');
    expect(selectNumber(db, 'SELECT n FROM mine')).to.equal(9);
    db.close();
  });

  it('reads texts and numbers', () => {
    expect(requiredText('a')).to.equal('a');
    for (const value of [null, undefined, 1, 1n, new Uint8Array(1)])
      expect(() => requiredText(value)).to.throw(DamagedValue);
    expect([optionalText(null), optionalText(undefined), optionalText(''), optionalText('a')]).to.deep.equal([
      undefined,
      undefined,
      '',
      'a',
    ]);
    expect([numberOf(null), numberOf(undefined), numberOf(7), numberOf(7n)]).to.deep.equal([0, 0, 7, 7]);
  });

  it('gives back any object of texts, and takes nothing else for one', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (texts) => {
        expect(textsOf(JSON.stringify(texts))).to.deep.equal(texts);
      }),
    );
    expect(textsOf(null)).to.deep.equal({});
    for (const value of ['', '{', '1', '"a"', '{"a":1}', '{"a":null}', '{"a":{"b":"c"}}', '[1]'])
      expect(() => textsOf(value), value).to.throw(DamagedValue);
    expect([jsonOf(null), jsonOf('[1]'), jsonOf('null')]).to.deep.equal([undefined, [1], null]);
    expect(() => jsonOf('nothing')).to.throw(DamagedValue);
  });

  it('reads rows that are gone once they are used up: 100,000 leave nothing in the old generation', () => {
    const script = join(import.meta.dirname, 'rowsLeftBehind.ts');
    expect(Number(execFileSync(process.execPath, ['--no-warnings', script], { encoding: 'utf8' }))).to.be.below(
      3_000_000,
    );
  });

  it('knows the words of a set alone', () => {
    const words = ['a', 'b'] as const;
    expect(oneOf(run.db, words, 'b')).to.equal('b');
    for (const value of ['c', 'A', '', null, undefined, 1])
      expect(() => oneOf(run.db, words, value))
        .to.throw()
        .with.property('code', 'runDamaged');
  });

  it('gives rows one by one, and one number of a query', () => {
    expect([...selectRows(run.db, 'SELECT value FROM json_each(?)', '[1,2]')].map((row) => row['value'])).to.deep.equal(
      [1, 2],
    );
    expect(selectNumber(run.db, 'SELECT 7')).to.equal(7);
    expect(selectNumber(run.db, 'SELECT 7 WHERE 0')).to.equal(0);
    expect(selectNumber(run.db, 'SELECT NULL')).to.equal(0);
  });

  it('compares in lower case beyond ASCII', () => {
    expect(run.db.prepare("SELECT lowerCase('ÄÖ') AS a, lowerCase(NULL) AS b").get()).to.deep.include({
      a: 'äö',
      b: null,
    });
  });

  it('writes nothing any more once its file is gone', function () {
    if (process.platform === 'win32') this.skip();
    expect([isInPlace(run.db), folderOf(run.db)]).to.deep.equal([true, run.folder]);
    rmSync(join(run.folder, 'run.db'));
    expect(isInPlace(run.db)).to.equal(false);
    let worked = false;
    expect(() => transaction(run.db, () => (worked = true)))
      .to.throw()
      .with.property('code', 'folderGone');
    expect(worked).to.equal(false);
  });
});
