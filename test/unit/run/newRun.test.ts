/** The folder of a new run appears with a complete plan, or not at all. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RunFault } from '../../../lib/model/faults.js';
import { makeRun } from '../../../lib/run/newRun.js';
import { closeRunDatabase } from '../../../lib/store/runDatabase.js';
import { insertSubjects } from '../../../lib/store/subjects.js';
import { plannedSubject } from '../store/runDb.ts';

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
    const filled: unknown = await makeRun(folder, 'create', ({ db }) => {
      db.exec('PRAGMA max_page_count = 1');
      const subjects = Array.from({ length: 1000 }, (_, index) => plannedSubject(index + 1));
      insertSubjects(db, 1, subjects);
      return Promise.resolve();
    }).catch((reason: unknown) => reason);
    expect(filled).to.deep.include({ code: 'noRoomForPlan', facts: { folder } });
    expect(existsSync(folder)).to.equal(false);
    expect(await failing(new RunFault('diskFull', { folder }))).to.have.property('code', 'noRoomForPlan');
    expect(existsSync(folder)).to.equal(false);
  });

  it('takes no other full disk for its own', async () => {
    const elsewhere = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    expect(await failing(elsewhere)).to.equal(elsewhere);
    expect(existsSync(folder)).to.equal(false);
  });

  it('leaves the folder of somebody else as it is', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'mine.txt'), 'x');
    expect(await failing(new Error('never asked'))).to.have.property('code', 'folderNotEmpty');
    expect(readdirSync(folder)).to.deep.equal(['mine.txt']);
  });
});
