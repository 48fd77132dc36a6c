/** Files of a run folder: nobody else reads them, and what is there stays until the next is whole. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
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
});
