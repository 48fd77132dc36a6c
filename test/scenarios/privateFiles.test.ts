/** A run folder that was copied, or tampered with: private again, and nothing is written outside of it. */
import { chmodSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { toCliError } from '../../lib/report/faults.js';
import { expectDone, RunLab } from './runLab.ts';

describe('a run folder from elsewhere', () => {
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start();
  });
  afterEach(() => lab.stop());

  it('that has lost its rights is private again after resume, and links in it lead nowhere', async function () {
    if (process.platform === 'win32') this.skip();
    const { folder } = await lab.create({ dryRun: true });
    const outside = join(lab.home, 'outside.txt');
    writeFileSync(outside, 'precious', { mode: 0o644 });
    for (const name of ['users.csv', 'succeeded.csv', 'summary.md']) {
      rmSync(join(folder, name), { force: true });
      symlinkSync(outside, join(folder, name));
    }
    for (const name of ['run.db', 'refused.csv', 'unchanged.csv']) chmodSync(join(folder, name), 0o666);
    chmodSync(folder, 0o777);
    const umask = process.umask(0);
    const run = await lab.resume(folder).finally(() => process.umask(umask));
    expectDone(lab, run);
    expect(readFileSync(outside, 'utf8')).to.equal('precious');
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    for (const name of readdirSync(folder).filter((each) => each !== 'summary.md')) {
      expect(lstatSync(join(folder, name)).isFile(), name).to.equal(true);
      expect(statSync(join(folder, name)).mode & 0o777, name).to.equal(0o600);
    }
  });

  const hostile = `'; DROP TABLE record; --\u001b]0;owned\u0007/../../etc/passwd`;

  it('whose texts hold paths, SQL and escape sequences does nothing but what its rows say', async () => {
    const { folder, result } = await lab.create({ dryRun: true });
    expect(result.counts.planned).to.be.above(20);
    const db = new DatabaseSync(join(folder, 'run.db'));
    db.prepare('UPDATE subject SET key = ?1, name = ?1, accountName = ?1').run(hostile);
    db.prepare("UPDATE meta SET value = ?1 WHERE key IN ('username', 'keyColumn')").run(hostile);
    db.close();
    const run = await lab.resume(folder);
    expectDone(lab, run);
    expect(run.result.counts).to.include({ selected: result.counts.selected, succeeded: result.counts.planned });
    expect(lab.org.store.find('User', { LastName: hostile })).to.deep.equal([]);
  });

  it('that names a job which is none is refused before any call is made for it', async () => {
    const { folder } = await lab.create({ dryRun: true });
    const db = new DatabaseSync(join(folder, 'run.db'));
    db.exec(`INSERT INTO send (n, kind, way, orgId, state, family, size, most, canary, createdDate, maker)
      VALUES (1, 'createUser', 'job', '../../../oauth2/revoke', 'closed', 'highVolume', 1, 1, 0, '2026-01-01T00:00:00.000Z', '005')`);
    db.close();
    const end = await lab.resume(folder).then(
      (run) => (run.end.end === 'call' ? run.end.fault : run.end.end),
      (error: unknown) => error,
    );
    expect(String(toCliError(end, 'lab'))).to.match(/ingest job: what is asked for is no Id/);
    expect(lab.count('GET', /revoke/)).to.equal(0);
  });
});
