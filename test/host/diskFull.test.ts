/** A disk without room: nothing is lost, and nothing half is left. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { expectSound, mainSelection, PortalOrg, type RunResult } from '../scenarios/commands/portalOrg.ts';
import type { Envelope, SfAnswer } from '../scenarios/commands/sfCall.ts';
import { expectNoToken } from '../scenarios/commands/tokens.ts';
import { warmSf } from '../scenarios/commands/warmSf.ts';
import { sf, type SfOptions } from './sfHost.ts';

const canLimit = spawnSync('prlimit', ['--version']).error === undefined;

/** The limit of a process that runs is changed by `prlimit` of util-linux: where it is, this one stands for a new one. */
async function sfWithLimit(args: readonly string[], options: SfOptions): Promise<SfAnswer> {
  if (!canLimit) return sf(args, options);
  // Loads all that it needs without a limit.
  await warmSf(['portal', 'users', '--help'], options);
  limitFiles(String((options.greatestFile ?? 0) * 512));
  try {
    return await warmSf(args, options);
  } finally {
    limitFiles('unlimited');
  }
}

/** The soft limit, which may be raised again. */
function limitFiles(bytes: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  if (status !== 0) throw new Error(`prlimit: ${String(stderr)}`);
}

describe('a disk without room', function () {
  let portal: PortalOrg;

  before(() => {
    // For good, as nobody knows when a signal arrives; see sfHost.ts.
    process.on('SIGXFSZ', () => undefined);
  });

  beforeEach(async () => {
    portal = await PortalOrg.start();
  });

  afterEach(() => portal.stop());

  /** No file may grow beyond this: the nearest thing to a full disk that needs no rights. @param kilobytes */
  async function withRoomFor(kilobytes: number, args: readonly string[], way = sfWithLimit): Promise<Envelope> {
    const { home, cwd } = portal;
    const all = ['portal', 'users', ...args, '--target-org', 'portal', '--json'];
    const answer = await way(all, { home, cwd, greatestFile: kilobytes * 2 });
    expectNoToken(portal.org, answer.stdout + answer.stderr, 'screen');
    return JSON.parse(answer.stdout) as Envelope;
  }

  it('no room for the plan: exit 1, nothing in the org, no half folder', async function () {
    if (process.platform === 'win32') this.skip();
    await mkdir(join(portal.cwd, 'mine'));
    const untouched = portal.digest();
    for (const [dir, way] of [
      ['new/run', sf],
      ['mine', sfWithLimit],
    ] as const) {
      const failed = await withRoomFor(100, ['create', ...mainSelection, '--output-dir', dir], way);
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
    for (const [share, way] of [
      [0.5, sfWithLimit],
      [1, sfWithLimit],
      [1.25, sf],
      [1.5, sfWithLimit],
      [1.75, sfWithLimit],
      [2, sfWithLimit],
    ] as const) {
      const { status, name, result } = await withRoomFor(Math.ceil(size * share), resume, way);
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
