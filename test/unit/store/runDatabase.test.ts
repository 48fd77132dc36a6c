/** run.db is private, durable, held by one process, and never guessed at. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { readMeta, writeMeta } from '../../../lib/store/meta.js';
import { closeRunDatabase, completePlan, createRunDatabase, openRunDatabase } from '../../../lib/store/runDatabase.js';
import { RunFault } from '../../../lib/model/faults.js';
import { openSqlite, selectNumber, transaction } from '../../../lib/store/sqlite.js';

const lib = join(import.meta.dirname, '..', '..', '..', 'lib');

/** Runs a module text in another process; gives what it prints. */
async function elsewhere(
  source: string,
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], { ...user, cwd: tmpdir() });
}

async function faultOf(work: Promise<unknown>): Promise<RunFault> {
  try {
    await work;
  } catch (error) {
    if (error instanceof RunFault) return error;
    throw error;
  }
  throw new Error('no fault');
}

describe('run.db', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'run-db-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps what was written, in one file, once it is closed', async () => {
    const db = await createRunDatabase(folder);
    writeMeta(db, { operation: 'create', orgId: '00D' });
    writeMeta(db, { orgId: '00Dnew' });
    completePlan(db);
    closeRunDatabase(db);
    closeRunDatabase(db);
    expect(existsSync(join(folder, 'run.db-wal'))).to.equal(false);
    const again = await openRunDatabase(folder);
    expect([readMeta(again, 'operation'), readMeta(again, 'orgId'), readMeta(again, 'userId')]).to.deep.equal([
      'create',
      '00Dnew',
      undefined,
    ]);
    again.close();
  });

  it('survives a power cut from the moment at which its plan is complete', async () => {
    const db = await createRunDatabase(folder);
    completePlan(db);
    const full = 2;
    expect(selectNumber(db, 'PRAGMA synchronous')).to.equal(full);
    closeRunDatabase(db);
    const again = await openRunDatabase(folder);
    expect(selectNumber(again, 'PRAGMA synchronous')).to.equal(full);
    expect(again.prepare('PRAGMA journal_mode').get()).to.deep.include({ journal_mode: 'wal' });
    again.close();
  });

  it('is open to nobody else, whatever the umask', async function () {
    if (process.platform === 'win32') this.skip();
    const before = process.umask(0);
    try {
      const db = await createRunDatabase(folder);
      for (const name of ['run.db', 'run.db-wal'])
        expect(statSync(join(folder, name)).mode & 0o777, name).to.equal(0o600);
      db.close();
    } finally {
      process.umask(before);
    }
  });

  it('is refused to a second process while the first one holds it', async () => {
    const db = await createRunDatabase(folder);
    completePlan(db);
    const source = `import { openRunDatabase } from ${JSON.stringify(pathToFileURL(join(lib, 'store', 'runDatabase.js')).href)};
      openRunDatabase(${JSON.stringify(folder)}).then(() => console.log('open'), (error) => console.log(error.code));`;
    expect((await elsewhere(source)).stdout.trim()).to.equal('runLocked');
    closeRunDatabase(db);
    expect((await elsewhere(source)).stdout.trim()).to.equal('open');
  });

  it('shows no warning of SQLite, but keeps others', async () => {
    const source = `import { openSqlite } from ${JSON.stringify(pathToFileURL(join(lib, 'store', 'sqlite.js')).href)};
      (await openSqlite(${JSON.stringify(join(folder, 'x.db'))})).close(); process.emitWarning('mine', 'OtherWarning');`;
    const { stderr } = await elsewhere(source);
    expect(stderr).to.include('mine').and.not.include('SQLite');
  });

  it('is told to be damaged when it is no database, or broken inside', async () => {
    writeFileSync(join(folder, 'run.db'), 'no database at all, but long enough to be looked at'.repeat(100));
    expect(await faultOf(openRunDatabase(folder))).to.include({ code: 'runDamaged' });
    expect((await faultOf(openRunDatabase(folder))).facts['folder']).to.equal(folder);
  });

  it('is refused when another version made it', async () => {
    const db = await createRunDatabase(folder);
    const version = selectNumber(db, 'PRAGMA user_version');
    db.exec('PRAGMA user_version = 77');
    closeRunDatabase(db);
    expect(await faultOf(openRunDatabase(folder))).to.deep.include({
      code: 'runVersion',
      facts: { folder, found: '77', expected: String(version) },
    });
  });

  it('is no run of ours when it has tables and no version', async () => {
    const db = await openSqlite(join(folder, 'run.db'));
    db.exec('CREATE TABLE mine (n INTEGER)');
    db.close();
    expect(await faultOf(openRunDatabase(folder))).to.include({ code: 'runVersion' });
  });

  it('is a plan that was not made when it is empty', async () => {
    writeFileSync(join(folder, 'run.db'), '');
    expect(await faultOf(openRunDatabase(folder))).to.include({ code: 'planIncomplete' });
  });

  it('is a fault of the folder when it may only be read, or only the folder may', async function () {
    if (process.platform === 'win32') this.skip();
    const db = await createRunDatabase(folder);
    completePlan(db);
    closeRunDatabase(db);
    const file = join(folder, 'run.db');
    // The superuser may write anything: somebody else looks then.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    // Somebody who may not read this repository can't look either.
    const canLook = await elsewhere(
      `await import(${JSON.stringify(pathToFileURL(join(lib, 'index.js')).href)})`,
      nobody,
    ).catch(() => undefined);
    if (canLook === undefined) this.skip();
    const source = `import { openRunDatabase } from ${JSON.stringify(pathToFileURL(join(lib, 'store', 'runDatabase.js')).href)};
      openRunDatabase(${JSON.stringify(folder)}).then(() => console.log('open'), (error) => console.log(error.code));`;
    for (const [ofFolder, ofFile] of [
      [0o555, 0o444],
      [0o555, 0o666],
      [0o777, 0o444],
      [0o777, 0o000],
    ] as const) {
      chmodSync(file, ofFile);
      chmodSync(folder, ofFolder);
      expect((await elsewhere(source, nobody)).stdout.trim()).to.equal('folderNotWritable');
    }
    chmodSync(folder, 0o777);
    chmodSync(file, 0o666);
    expect((await elsewhere(source, nobody)).stdout.trim()).to.equal('open');
  });

  it('is a fault of the folder when it can’t be opened', async () => {
    mkdirSync(join(folder, 'run.db'));
    expect(await faultOf(openRunDatabase(folder))).to.include({ code: 'folderNotWritable' });
  });

  it('takes all writes of a transaction, or none', async () => {
    const db = await openSqlite(join(folder, 'any.db'));
    db.exec('CREATE TABLE t (n INTEGER)');
    const broken = (): void =>
      transaction(db, () => {
        db.exec('INSERT INTO t VALUES (1)');
        throw new Error('half way');
      });
    expect(broken).to.throw('half way');
    expect(selectNumber(db, 'SELECT count(*) FROM t')).to.equal(0);
    expect(transaction(db, () => (db.exec('INSERT INTO t VALUES (1)'), 'done'))).to.equal('done');
    expect(selectNumber(db, 'SELECT count(*) FROM t')).to.equal(1);
    expect(selectNumber(db, 'SELECT max(n) FROM t WHERE n > 5')).to.equal(0);
    db.close();
  });
});
