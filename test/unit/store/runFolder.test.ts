/** Run folders are private, named by time, never mixed with anything else, and found again. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { findRunFolder, makeRunFolder } from '../../../lib/store/runFolder.js';
import { fillDisk } from './fullDisk.ts';

const now = new Date('2026-11-22T15:30:12.345Z');

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no fault',
    (error: unknown): unknown => Reflect.get(error as object, 'code'),
  );
}

async function keyOf(work: Promise<unknown>): Promise<unknown> {
  return work.catch((error: unknown): unknown => Reflect.get(error as object, 'key'));
}

describe('a run folder', () => {
  let home: string;
  const cwd = process.cwd();
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), 'run-folder-')));
    process.chdir(home);
  });
  afterEach(() => {
    process.chdir(cwd);
    rmSync(home, { recursive: true, force: true });
  });

  it('is named by UTC time and operation, with a suffix where that is taken', async () => {
    const names = [];
    for (let times = 0; times < 3; times++) names.push((await makeRunFolder(undefined, 'create', now)).path);
    const base = join(home, 'portal-users', '2026-11-22T15-30-12Z-create');
    expect(names).to.deep.equal([base, `${base}-2`, `${base}-3`]);
  });

  it('is private whatever the umask, and keeps itself out of git', async function () {
    if (process.platform === 'win32') this.skip();
    mkdirSync('open', { mode: 0o777 });
    for (const umask of [0, 0o077]) {
      const before = process.umask(umask);
      try {
        for (const wanted of [undefined, umask === 0 ? 'open' : `new-${String(umask)}/below`]) {
          const { path } = await makeRunFolder(wanted, 'create', now);
          expect(statSync(path).mode & 0o777).to.equal(0o700);
          expect(readFileSync(join(path, '.gitignore'), 'utf8')).to.equal('*\n');
          expect(statSync(join(path, '.gitignore')).mode & 0o077).to.equal(0);
        }
      } finally {
        process.umask(before);
      }
    }
  });

  it('may be given: it must be new or empty', async () => {
    expect((await makeRunFolder('a/b', 'create', now)).path).to.equal(join(home, 'a', 'b'));
    mkdirSync('empty');
    expect((await makeRunFolder('empty', 'create', now)).path).to.equal(join(home, 'empty'));
    writeFileSync(join('empty', 'users.csv'), '');
    expect(await codeOf(makeRunFolder('empty', 'create', now))).to.equal('folderNotEmpty');
    expect(await codeOf(makeRunFolder(home, 'create', now))).to.equal('folderNotEmpty');
    mkdirSync('run');
    writeFileSync(join('run', 'run.db'), 'x');
    expect(await keyOf(makeRunFolder('run', 'create', now))).to.equal('folderNotEmpty.run');
  });

  it('is refused where a file stands, or nothing may be written', async () => {
    writeFileSync('file', '');
    expect(await codeOf(makeRunFolder('file', 'create', now))).to.equal('folderNotWritable');
    expect(await codeOf(makeRunFolder('file/below', 'create', now))).to.equal('folderNotWritable');
    if (process.platform === 'win32' || process.getuid?.() === 0) return;
    mkdirSync('closed');
    chmodSync('closed', 0o500);
    expect(await codeOf(makeRunFolder('closed/below', 'create', now))).to.equal('folderNotWritable');
  });

  it('is where the path leads, and nowhere else', async () => {
    mkdirSync('target');
    symlinkSync('target', 'link');
    symlinkSync('nowhere', 'dangling');
    expect((await makeRunFolder('a/../b ', 'create', now)).path).to.equal(join(home, 'b '));
    await makeRunFolder('link', 'create', now);
    expect(readdirSync('target')).to.deep.equal(['.gitignore']);
    const devices = process.platform === 'win32' ? [] : ['/dev/null', '/dev/null/x'];
    for (const wanted of ['dangling', 'nul\0l', 'x'.repeat(5000), ...devices])
      expect(await codeOf(makeRunFolder(wanted, 'create', now)), wanted.slice(0, 20)).to.equal('folderNotWritable');
    // Windows has room for 32,767 characters in a path.
    if (process.platform === 'win32') return;
    const before = readdirSync(home, { recursive: true });
    expect(await codeOf(makeRunFolder('deep/'.repeat(1000), 'create', now))).to.equal('folderNotWritable');
    expect(readdirSync(home, { recursive: true })).to.deep.equal(before);
  });

  it('is not left empty where there is no room even for its first file', async () => {
    mkdirSync('mine');
    const makeRoom = await fillDisk();
    try {
      for (const wanted of [undefined, 'new', 'mine'])
        expect(await codeOf(makeRunFolder(wanted, 'create', now))).to.equal('diskFull');
    } finally {
      makeRoom();
    }
    expect(existsSync('new')).to.equal(false);
    expect(readdirSync('mine')).to.deep.equal([]);
    expect(readdirSync('portal-users')).to.deep.equal([]);
  });

  it('is not made inside another run, where its name may be that of a file to come', async () => {
    mkdirSync('other');
    writeFileSync(join('other', 'run.db'), '');
    expect(await codeOf(makeRunFolder('other/failed.csv', 'create', now))).to.equal('folderInRun');
    expect(readdirSync('other')).to.deep.equal(['run.db']);
  });

  it('keeps what somebody else has put into it when it is discarded', async () => {
    const made = await makeRunFolder('shared', 'create', now);
    mkdirSync(join(made.path, 'theirs'));
    writeFileSync(join(made.path, 'theirs', 'users.csv'), 'x');
    await made.discard();
    expect(readdirSync('shared', { recursive: true })).to.deep.equal(['theirs', join('theirs', 'users.csv')]);
  });

  it('is gone after it is discarded, unless it was there before', async () => {
    const made = await makeRunFolder('made', 'create', now);
    writeFileSync(join(made.path, 'run.db'), 'x');
    await made.discard();
    expect(existsSync('made')).to.equal(false);
    mkdirSync('mine');
    const mine = await makeRunFolder('mine', 'create', now);
    writeFileSync(join(mine.path, 'run.db'), 'x');
    await mine.discard();
    expect(readdirSync('mine')).to.deep.equal([]);
  });

  it('is found by its run.db', async () => {
    mkdirSync('run');
    expect(await codeOf(findRunFolder('run'))).to.equal('notARunFolder');
    expect(await codeOf(findRunFolder('nowhere'))).to.equal('notARunFolder');
    mkdirSync(join('run', 'run.db'));
    expect(await codeOf(findRunFolder('run'))).to.equal('notARunFolder');
    rmSync(join('run', 'run.db'), { recursive: true });
    writeFileSync(join('run', 'run.db'), '');
    expect(await findRunFolder('run')).to.equal(join(home, 'run'));
  });
});
