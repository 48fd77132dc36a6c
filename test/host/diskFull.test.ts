/** A disk without room: nothing is lost, and nothing half is left. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { expectSound, mainSelection, PortalOrg, type RunResult } from '../scenarios/commands/portalOrg.ts';
import type { Envelope } from '../scenarios/commands/sfCall.ts';
import { expectNoToken } from '../scenarios/commands/tokens.ts';
import { sf } from './sfHost.ts';

describe('a disk without room', function () {
  let portal: PortalOrg;

  beforeEach(async () => {
    portal = await PortalOrg.start();
  });

  afterEach(() => portal.stop());

  /** No file may grow beyond this: the nearest thing to a full disk that needs no rights. @param kilobytes */
  async function withRoomFor(kilobytes: number, args: readonly string[]): Promise<Envelope> {
    const { home, cwd } = portal;
    const all = ['portal', 'users', ...args, '--target-org', 'portal', '--json'];
    const answer = await sf(all, { home, cwd, greatestFile: kilobytes * 2 });
    expectNoToken(portal.org, answer.stdout + answer.stderr, 'screen');
    return JSON.parse(answer.stdout) as Envelope;
  }

  it('no room for the plan: exit 1, nothing in the org, no half folder', async function () {
    if (process.platform === 'win32') this.skip();
    await mkdir(join(portal.cwd, 'mine'));
    const untouched = portal.digest();
    for (const dir of ['new/run', 'mine']) {
      const failed = await withRoomFor(100, ['create', ...mainSelection, '--output-dir', dir]);
      expect(failed).to.include({ name: 'NoRoomForPlanError', status: 1 });
      expect(failed.message)
        .to.contain(dir)
        .and.to.match(/Nothing was written to the org/);
    }
    expect(existsSync(join(portal.cwd, 'new', 'run'))).to.equal(false);
    expect(readdirSync(join(portal.cwd, 'mine'))).to.deep.equal([]);
    expect(portal.writes()).to.deep.equal([]);
    expect(portal.digest()).to.equal(untouched);
  });

  it('no room for a list: exit 1, no half folder', async function () {
    if (process.platform === 'win32') this.skip();
    await portal.stop();
    portal = await PortalOrg.start({ world: { large: { contacts: 1, users: 2500 } } });
    // There is no room for users.csv, or for report.html only, which has the same users and more.
    for (const args of [[], ['--where', 'ContactId != null ORDER BY Id LIMIT 400']]) {
      const failed = await withRoomFor(100, ['list', ...args, '--output-dir', 'who']);
      expect(failed).to.include({ name: 'NoRoomForPlanError', status: 1 });
      expect(failed.message).to.match(/list can't be written to .*who/);
      expect(existsSync(join(portal.cwd, 'who'))).to.equal(false);
    }
  });

  it('no room while it is applied: exit 69, and what the org has accepted is found by resume', async function () {
    if (process.platform === 'win32') this.skip();
    const { result: plan } = await portal.json(['create', ...mainSelection, '--dry-run', '--output-dir', 'run']);
    const size = statSync(join(portal.cwd, 'run', 'run.db')).size / 1024;
    const resume = ['resume', '--run-dir', 'run'];
    const before = portal.org.store.find('User').length;
    const made = (): number => portal.org.store.find('User').length - before;
    // How much is written until when is no concern of this test: it tries one stop after the other.
    let stoppedAfterWriting = false;
    for (const share of [0.5, 1, 1.25, 1.5, 1.75, 2]) {
      const { status, name, result } = await withRoomFor(Math.ceil(size * share), resume);
      if (status === 0) break;
      expect(status, name).to.equal(69);
      if (made() > 0 && result !== undefined) {
        stoppedAfterWriting = true;
        expectSound(result as RunResult);
      }
    }
    expect(stoppedAfterWriting, 'stopped after the org had accepted rows').to.equal(true);
    const { result } = await portal.json(resume);
    expectSound(result);
    expect(result).to.include({ state: 'complete' });
    expect(result.counts).to.include({ planned: plan.counts.planned, succeeded: plan.counts.planned, pending: 0 });
    expect(made()).to.equal(plan.counts.planned);
  });
});
