/** Files of a run folder: nobody else reads them, and what exists stays until the next is whole. */
import {
  mkdtempSync,
  promises,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sinon from 'sinon';
import { replacePrivateFile } from '../../../lib/store/privateFile.js';

describe('a private file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'private-'));
    file = join(folder, 'a.csv');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is for its owner alone, whatever stood in its place', async function () {
    if (process.platform === 'win32') this.skip();
    writeFileSync(file, 'open to all', { mode: 0o666 });
    await replacePrivateFile(file, ['ü']);
    expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).to.deep.equal([0o600, 'ü']);
  });

  it('is no link to the file of somebody else', async function () {
    if (process.platform === 'win32') this.skip();
    const theirs = join(folder, 'theirs');
    writeFileSync(theirs, 'precious');
    symlinkSync(theirs, file);
    await replacePrivateFile(file, ['mine']);
    expect([readFileSync(theirs, 'utf8'), readFileSync(file, 'utf8')]).to.deep.equal(['precious', 'mine']);
  });

  it('takes the place of the old one when it is whole', async () => {
    writeFileSync(file, 'old');
    writeFileSync(`${file}.new`, 'half');
    await replacePrivateFile(file, ['a', 'ü', '\n']);
    expect(readFileSync(file, 'utf8')).to.equal('aü\n');
    expect(readdirSync(folder)).to.deep.equal(['a.csv']);
  });

  it('leaves the old one, and nothing beside it, when it does not become whole', async () => {
    writeFileSync(file, 'old');
    const texts = function* (): Generator<string> {
      yield 'new';
      throw new Error('no more');
    };
    const failed: unknown = await replacePrivateFile(file, texts()).catch((error: unknown) => error);
    expect(failed).to.have.property('message', 'no more');
    expect(readFileSync(file, 'utf8')).to.equal('old');
    expect(readdirSync(folder)).to.deep.equal(['a.csv']);
  });

  describe('on Windows, where a program holds it open', () => {
    const held = (code: string) => Object.assign(new Error(`${code}: held`), { code });
    /** The next so many renames fail. */
    const hold = (times: number, code: string): sinon.SinonStub => {
      const real = promises.rename.bind(promises);
      const stub = sinon.stub(promises, 'rename').callsFake(async (from, to) => {
        if (stub.callCount <= times) throw held(code);
        return real(from, to);
      });
      syncBuiltinESMExports();
      return stub;
    };
    beforeEach(() => {
      sinon.stub(process, 'platform').value('win32');
      writeFileSync(file, 'old');
    });
    afterEach(() => {
      sinon.restore();
      syncBuiltinESMExports();
    });

    for (const code of ['EPERM', 'EBUSY', 'EACCES'])
      it(`waits for it to be released (${code})`, async () => {
        hold(2, code);
        await replacePrivateFile(file, ['new']);
        expect(readFileSync(file, 'utf8')).to.equal('new');
      });

    it('gives up in the end, and leaves the old one', async () => {
      const stub = hold(Infinity, 'EPERM');
      const fault = await replacePrivateFile(file, ['new']).catch((error: unknown) => error);
      expect(fault).to.have.property('key', 'folderNotWritable.run');
      expect([readFileSync(file, 'utf8'), readdirSync(folder)]).to.deep.equal(['old', ['a.csv']]);
      expect(stub.callCount).to.equal(9);
    });

    it('does not wait for what is no holding, nor elsewhere', async () => {
      const full = hold(Infinity, 'ENOSPC');
      expect(await replacePrivateFile(file, ['new']).catch((error: unknown) => error)).to.have.property(
        'code',
        'diskFull',
      );
      expect(full.callCount).to.equal(1);
      sinon.restore();
      const elsewhere = hold(Infinity, 'EPERM');
      await replacePrivateFile(file, ['new']).catch(() => undefined);
      expect(elsewhere.callCount).to.equal(process.platform === 'win32' ? 9 : 1);
    });
  });
});
