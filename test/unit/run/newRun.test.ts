/** The folder of a new run is there with a complete plan, or not at all. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeRun } from '../../../lib/run/newRun.js';
import { closeRunDatabase } from '../../../lib/store/runDatabase.js';

describe('makeRun', () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'new-run-'));
    folder = join(home, 'run');
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const failing = async (error: Error): Promise<unknown> =>
    makeRun(folder, 'create', () => Promise.reject(error)).catch((reason: unknown) => reason);

  it('makes the plan in a folder that it holds', async () => {
    const run = await makeRun(folder, 'create', (planned) => {
      expect([planned.folder, planned.db.isOpen]).to.deep.equal([folder, true]);
      return Promise.resolve();
    });
    expect(readdirSync(folder)).to.include.members(['run.db', '.gitignore']);
    const second: unknown = await makeRun(folder, 'create', () => Promise.resolve()).catch((reason: unknown) => reason);
    expect(second).to.have.property('code', 'runLocked');
    closeRunDatabase(run.db);
  });

  it('leaves nothing of a plan that can’t be made, and says why', async () => {
    expect(await failing(new Error('no plan'))).to.have.property('message', 'no plan');
    expect(existsSync(folder)).to.equal(false);
    mkdirSync(folder);
    await failing(new Error('no plan'));
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('says of a full disk that there is no room for the plan', async () => {
    expect(await failing(new Error('database or disk is full'))).to.have.property('code', 'noRoomForPlan');
    expect(await failing(new Error('ENOSPC: no space left on device'))).to.have.property('code', 'noRoomForPlan');
    expect(existsSync(folder)).to.equal(false);
  });

  it('leaves the folder of somebody else as it is', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'mine.txt'), 'x');
    expect(await failing(new Error('never asked'))).to.have.property('code', 'folderNotEmpty');
    expect(readdirSync(folder)).to.deep.equal(['mine.txt']);
  });
});
