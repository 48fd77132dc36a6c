/** What a disk, rights or other processes do to a run folder is told apart by codes, and only where the folder is the place. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { faultOf, RunFault } from '../../../lib/model/faults.js';
import { atRunFolder, databaseFault, folderFault } from '../../../lib/store/diskFault.js';
import { replacePrivateFile } from '../../../lib/store/privateFile.js';

const keyOf = (fault: unknown): string => (fault instanceof RunFault ? fault.key : 'no fault');
const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('what goes wrong in a run folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'disk-fault-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const systems: ReadonlyArray<readonly [codes: readonly string[], key: string]> = [
    [['ENOSPC', 'EDQUOT', 'EFBIG'], 'diskFull'],
    [['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EISDIR', 'ENOENT', 'ENOTDIR'], 'folderNotWritable.run'],
    [['ECONNRESET', 'EMFILE', 'ERR_MODULE_NOT_FOUND', 'MissingMessageError'], 'no fault'],
  ];
  for (const [codes, key] of systems) {
    it(`${codes.join(', ')}: ${key}`, () => {
      for (const code of codes) {
        const error = Object.assign(new Error('said by the system'), { code });
        expect(keyOf(folderFault(error, folder)), code).to.equal(key);
        // Elsewhere it says nothing of the folder.
        expect(databaseFault(error, folder), code).to.equal(error);
        expect(faultOf(error), code).to.equal(error);
      }
    });
  }

  it('is never told by words: a message may quote a code, or a file', () => {
    for (const message of ['ENOENT', 'EACCES: permission denied', 'database or disk is full', 'disk I/O error']) {
      const error = new Error(message);
      expect(folderFault(error, folder), message).to.equal(error);
      expect(faultOf(error), message).to.equal(error);
    }
  });

  const databases: ReadonlyArray<readonly [code: number, key: string]> = [
    [13, 'diskFull'],
    [10, 'diskFull'],
    // SQLITE_IOERR_WRITE, as at a quota.
    [778, 'diskFull'],
    [8, 'folderNotWritable.run'],
    // SQLITE_READONLY_DBMOVED
    [1032, 'folderNotWritable.run'],
    [14, 'folderNotWritable.run'],
    [5, 'runLocked'],
    [6, 'runLocked'],
    [11, 'runDamaged'],
    [26, 'runDamaged'],
    // A wrong statement, a broken rule: bugs of ours.
    [1, 'no fault'],
    [19, 'no fault'],
  ];
  for (const [errcode, key] of databases) {
    it(`SQLite's ${errcode}: ${key}`, () => {
      const error = Object.assign(new Error('said by SQLite'), { code: 'ERR_SQLITE_ERROR', errcode });
      for (const judge of [databaseFault, folderFault]) expect(keyOf(judge(error, folder))).to.equal(key);
      // A number alone is no proof.
      const other = Object.assign(new Error('another'), { errcode });
      expect(databaseFault(other, folder)).to.equal(other);
    });
  }

  it('SQLite itself gives these codes', () => {
    writeFileSync(join(folder, 'none.db'), 'no database, but long enough to be looked at'.repeat(100));
    const failing: ReadonlyArray<readonly [string, () => void]> = [
      ['runDamaged', () => new DatabaseSync(join(folder, 'none.db')).exec('SELECT * FROM sqlite_schema')],
      ['folderNotWritable.run', () => new DatabaseSync(join(folder, 'missing', 'run.db'))],
      [
        'diskFull',
        () => new DatabaseSync(':memory:').exec('PRAGMA max_page_count = 2; CREATE TABLE a (n); CREATE TABLE b (n)'),
      ],
    ];
    for (const [key, work] of failing) {
      let thrown: unknown;
      try {
        work();
      } catch (error) {
        thrown = error;
      }
      expect(keyOf(databaseFault(thrown, folder))).to.equal(key);
    }
  });

  it('names the folder; what is none of this goes on as it is', async () => {
    const full = await thrownBy(
      atRunFolder(folder, () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))),
    );
    expect(full).to.deep.include({ key: 'diskFull', facts: { folder } });
    const fault = new RunFault('interrupted');
    expect(await thrownBy(atRunFolder(folder, () => Promise.reject(fault)))).to.equal(fault);
    expect(await atRunFolder(folder, () => Promise.resolve(1))).to.equal(1);
  });

  it('a file of the folder that can’t be written is the folder’s fault', async () => {
    mkdirSync(join(folder, 'users.csv'));
    expect(keyOf(await thrownBy(replacePrivateFile(join(folder, 'users.csv'), ['x'])))).to.equal(
      'folderNotWritable.run',
    );
    rmSync(folder, { recursive: true });
    expect(keyOf(await thrownBy(replacePrivateFile(join(folder, 'summary.md'), ['x'])))).to.equal(
      'folderNotWritable.run',
    );
  });

  it('a file elsewhere that is not there is not', async () => {
    const missing = await thrownBy(readFile(join(folder, 'template.html')));
    expect(faultOf(missing)).to.equal(missing);
    expect(databaseFault(missing, folder)).to.equal(missing);
  });
});
