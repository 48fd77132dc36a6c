/** `resume --use-most-recent` takes the newest unfinished run that can go on as it is. */
import { join } from 'node:path';
import { rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { SfError } from '@salesforce/core';
import { expect } from 'chai';
import { toCliError } from '../../../lib/report/faults.js';
import { mostRecentRun } from '../../../lib/run/mostRecentRun.js';
import { rememberRun } from '../../../lib/run/startedRuns.js';
import { RunLab } from '../../scenarios/runLab.ts';

describe('the most recent run', () => {
  let lab: RunLab;
  let state: string;
  const folders: Record<string, string> = {};
  before(async () => {
    lab = await RunLab.start({ world: { customerContacts: 3 } });
    folders['plan'] = (await lab.create({ dryRun: true })).folder;
    lab.org.switches.bulk.msInQueue = 60_000;
    folders['running'] = (await lab.create({}, { wait: 0 })).folder;
    folders['done'] = (await lab.create({ where: "LastName = 'Nobody at all'" })).folder;
  });
  after(() => lab.stop());
  beforeEach(() => {
    state = lab.newFolder();
  });

  /** Started in this order, the newest last. */
  const remember = async (...names: string[]): Promise<void> => {
    for (const name of names) await rememberRun(state, folders[name] ?? join(lab.home, name));
  };
  const recent = (): Promise<unknown> =>
    mostRecentRun(state).then(
      ({ folder }) => folder,
      (error: unknown) => error,
    );

  it('is the newest that is not finished, whatever came after it', async () => {
    expect(await recent()).to.have.property('code', 'noRecentRun');
    await remember('running', 'done', 'gone');
    expect(await recent()).to.equal(folders['running']);
    await remember('plan', 'done');
    expect(await recent()).to.equal(folders['plan']);
  });

  it('is no plan that --strict holds: resume would end as it did', async () => {
    const { folder, result } = await lab.create({
      where: 'AccountId != null OR Email = null',
      strict: true,
      dryRun: true,
    });
    expect(result.counts.pending).to.be.above(0);
    folders['held'] = folder;
    await remember('running', 'held');
    expect(await recent()).to.equal(folders['running']);
  });

  it('may be one that can not be read: resume says why', async () => {
    const damaged = (await lab.create({ where: "LastName = 'Nobody at all'" })).folder;
    folders['damaged'] = damaged;
    writeFileSync(join(damaged, 'run.db'), 'no database');
    for (const log of ['-wal', '-shm']) rmSync(join(damaged, `run.db${log}`), { force: true });
    await remember('running', 'damaged');
    expect(await recent()).to.equal(damaged);
  });

  it('may be one of another version of the plugin, which is named: nobody knows whether it is finished', async () => {
    const older = (await lab.create({ where: "LastName = 'Nobody at all'" })).folder;
    folders['older'] = older;
    const db = new DatabaseSync(join(older, 'run.db'));
    db.exec('PRAGMA user_version = 1');
    db.close();
    await remember('running', 'older');
    expect(await recent()).to.deep.include({ key: 'runVersion.recent' });
    const told = toCliError(await recent(), 'lab') as SfError;
    expect(told.message).to.include(older);
    expect(told.actions?.join('\n')).to.include('--run-dir').and.include('\nsf portal users runs');
    await remember('plan');
    expect(await recent()).to.equal(folders['plan']);
  });
});
