/** What `sf doctor` is told, without a host. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Lifecycle } from '@salesforce/core';
import { expect } from 'chai';
import sinon from 'sinon';
import { hook } from '../../../lib/hooks/diagnostics.js';
import { rememberRun } from '../../../lib/run/startedRuns.js';
import { readPackageJson } from '../contracts/project.ts';

type Told = { readonly data: unknown[]; readonly suggestions: string[]; readonly results: unknown[] };

describe('diagnostics', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'doctor-'));
    sinon.stub(Global, 'SF_DIR').value(home);
  });
  afterEach(() => {
    sinon.restore();
    rmSync(home, { recursive: true, force: true });
  });

  async function consult(): Promise<Told> {
    const told: Told = { data: [], suggestions: [], results: [] };
    const doctor = {
      addPluginData: (plugin: string, data: unknown): unknown => told.data.push(plugin, data),
      addSuggestion: (suggestion: string): unknown => told.suggestions.push(suggestion),
    };
    Lifecycle.getInstance().on(
      'Doctor:diagnostic',
      (result) => Promise.resolve(void told.results.push(result)),
      'test',
    );
    const config = { plugins: new Map([['sf-portal-users', { version: '9.9.9' }]]) };
    await Reflect.apply(hook, { config }, [{ doctor }]);
    Lifecycle.getInstance().removeAllListeners('Doctor:diagnostic');
    return told;
  }

  it('are found by sf doctor under the name of the package', () => {
    const { name, oclif } = readPackageJson() as unknown as { name: string; oclif: { hooks: Record<string, string> } };
    expect(oclif.hooks).to.deep.equal({ [`sf-doctor-${name}`]: './lib/hooks/diagnostics' });
  });

  it('pass where there was no run', async () => {
    const { data, suggestions, results } = await consult();
    expect(data).to.deep.equal(['sf-portal-users', { version: '9.9.9', node: process.version, newestRun: undefined }]);
    expect(suggestions).to.deep.equal([]);
    expect(results).to.have.nested.property('[0].status', 'pass');
  });

  it('fail where its folder is damaged, and name the command that says more, not the folder', async () => {
    const folder = join(home, 'secret-customer');
    mkdirSync(folder);
    writeFileSync(join(folder, 'run.db'), 'no database');
    await rememberRun(home, folder);
    await rememberRun(home, join(home, 'gone'));
    const told = await consult();
    expect(told.data[1]).to.have.deep.property('newestRun', { fault: 'runDamaged' });
    expect(told.results).to.have.nested.property('[0].status', 'fail');
    expect(told.suggestions.join()).to.include('sf portal users runs');
    expect(JSON.stringify(told)).not.to.include('secret-customer');
  });
});
