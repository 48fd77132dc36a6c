/** What the release workflow takes from the repository exists. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { readPackageJson, readText, root } from './project.ts';

const notesOf = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [join(root, '.github', 'releaseNotes.js'), ...args], { encoding: 'utf8' });

describe('release', () => {
  it('has notes of each version: its section of the changelog, and no other', () => {
    const { status, stdout } = notesOf(readPackageJson().version);
    expect(status).to.equal(0);
    expect(stdout).to.match(/^### /).and.not.match(/^## /m);
    expect(readText('CHANGELOG.md')).to.include(stdout.trim());
  });

  for (const version of ['0.0.9', '0.1', '']) {
    it(`stops at "${version}", of which the changelog says nothing`, () => {
      const { status, stdout, stderr } = notesOf(version);
      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
      expect(stderr).to.include('CHANGELOG.md has nothing about');
    });
  }

  it('publishes what the tests have seen: npm cit comes first, and the tag is compared with package.json', () => {
    const workflow = parse(readText('.github/workflows/release.yml')) as {
      readonly on: { readonly push: { readonly tags: readonly string[] } };
      readonly jobs: { readonly release: { readonly steps: ReadonlyArray<{ readonly run?: string }> } };
    };
    expect(workflow.on.push.tags).to.deep.equal(['v*']);
    const runs = workflow.jobs.release.steps.flatMap(({ run }) => run ?? []);
    const order = ['$GITHUB_REF_NAME', 'npm cit', 'npm pack', 'npm publish --provenance', 'gh release create'];
    const places = order.map((command) => runs.findIndex((run) => run.includes(command)));
    expect(places).to.deep.equal([...places].sort((one, other) => one - other));
    expect(places).not.to.include(-1);
  });
});
