/** The npm package as users get it, in the real host: it brings all that it needs, and nothing of the tests. */
import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { mainSelection, PortalOrg, type RunResult } from '../scenarios/commands/portalOrg.ts';
import { envelopeOf, newFolder, repository, type SfAnswer } from '../scenarios/commands/sfCall.ts';
import { linkPlugins, sf } from './sfHost.ts';

/** With the machine's own npm settings: its registry and its cache. npm is a script on Windows. */
async function npm(cwd: string, ...args: string[]): Promise<string> {
  const isWindows = process.platform === 'win32';
  const { stdout } = await promisify(execFile)('npm', args, { cwd, shell: isWindows, timeout: 120_000 });
  return stdout;
}

describe('packed plugin', function () {
  let portal: PortalOrg;
  let installed: string;
  let dataDir: string;

  before(async () => {
    portal = await PortalOrg.start();
    const folder = await newFolder('packed');
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline'];
    // Packs the folder, and installs what it has packed. The scripts of the package compile; the tests run on what is compiled.
    await npm(folder, 'install', '--install-links', '--omit=dev', '--ignore-scripts', ...quiet, repository);
    installed = join(folder, 'node_modules', 'sf-portal-users');
    dataDir = await linkPlugins(installed);
  });

  after(() => portal.stop());

  const run = (...args: string[]): Promise<SfAnswer> =>
    sf(['portal', 'users', ...args], { home: portal.home, cwd: portal.cwd, dataDir });

  it('holds no sources and no tests', () => {
    const names = readdirSync(installed).filter((name) => name !== 'node_modules');
    expect(names.sort()).to.deep.equal(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SKILL.md',
        'lib',
        'messages',
        'oclif.manifest.json',
        'package.json',
        'schemas',
        'templates',
      ].sort(),
    );
    const all = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.startsWith('node_modules'),
    );
    expect(all.filter((name) => /simulated|\.test\.|e2e|(^|[/\\])test([/\\]|$)/.test(name))).to.deep.equal([]);
  });

  it('gives working commands and help', async () => {
    const plugins = await sf(['plugins', '--json'], { home: portal.home, dataDir });
    expect(plugins.stdout).to.include(JSON.stringify(installed));
    const help = await run('create', '--help');
    expect(help.code, help.stderr).to.equal(0);
    expect(help.stdout)
      .to.match(/Give Contacts a portal login/)
      .and.to.match(/ERROR CODES/);
    const check = envelopeOf(await run('check', '--target-org', 'portal', '--json'));
    expect(check.status, JSON.stringify(check)).to.equal(0);
    const planned = envelopeOf(await run('create', ...mainSelection, '--target-org', 'portal', '--dry-run', '--json'));
    expect((planned.result as RunResult).counts).to.include({ selected: 198, planned: 189 });
    const done = envelopeOf(
      await run('resume', '--use-most-recent', '--no-prompt', '--target-org', 'portal', '--json'),
    );
    expect((done.result as RunResult).counts).to.include({ succeeded: 189 });
  });
});
