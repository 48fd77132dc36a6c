/** `sf doctor` tells about this plugin, and about nobody. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { mainSelection, PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { newFolder } from '../scenarios/commands/sfCall.ts';
import { readPackageJson } from '../unit/contracts/project.ts';
import { sf } from './sfHost.ts';

type Diagnosis = {
  readonly pluginSpecificData: Readonly<Record<string, ReadonlyArray<Readonly<Record<string, unknown>>>>>;
  readonly diagnosticResults: ReadonlyArray<{ readonly testName: string; readonly status: string }>;
  readonly suggestions: readonly string[];
};

describe('sf doctor', function () {
  let portal: PortalOrg;
  before(async () => {
    portal = await PortalOrg.start();
  });
  after(() => portal.stop());

  it('has versions and the state of the newest run, without names, addresses, Ids or paths', async () => {
    const planned = await portal.json(['create', ...mainSelection, '--dry-run']);
    const folder = await newFolder('doctor');
    const call = ['doctor', '--plugin', 'sf-portal-users', '--output-dir', folder];
    const answer = await sf(call, { home: portal.home, cwd: portal.cwd });
    expect(answer.code, answer.stderr).to.equal(0);
    expect(answer.stdout).to.match(/^pass - \[sf-portal-users\] the newest run on this machine/m);
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('diagnosis.json'));
    const diagnosis = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Diagnosis;
    const [about] = diagnosis.pluginSpecificData['sf-portal-users'] ?? [];
    expect(about).to.include({ version: readPackageJson().version, node: process.version });
    const { plannedAt, ...newest } = about?.['newestRun'] as Record<string, unknown>;
    expect(newest).to.deep.equal({ operation: 'create', state: 'planned', counts: planned.result.counts });
    expect(plannedAt).to.match(/^\d{4}-/);
    const told = JSON.stringify(about);
    for (const secret of [planned.result.runDir, planned.result.orgId, planned.result.username, '@'])
      expect(told).not.to.include(secret);
  });
});
