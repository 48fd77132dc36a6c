/** The npm package holds what a user needs and nothing else, and its commands load fast. */
import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { importsOf, packageOf, resolveImport, staticImportsOf } from './imports.ts';
import { listFiles, readPackageJson, readText, root } from './project.ts';

/** Each with the reason why we take it. A new one is a decision: add it here with its reason. */
const reviewedDependencies: Readonly<Record<string, string>> = {
  '@inquirer/select':
    'a choice by the arrow keys; of the family of prompts that sf-plugins-core has, which has none of these',
  '@salesforce/core': 'org, connection, messages',
  '@salesforce/sf-plugins-core': 'the command class and its flags',
  'csv-parse': 'reads the input file, in any dialect',
  'fastest-levenshtein': 'names the likely column where one is misspelled; no dependencies of its own',
  undici: 'calls the org: fetch through the proxies of the environment; the one that jsforce brings',
  yaml: 'reads the definition file of sync, with the place of each value; no dependencies of its own',
  zod: 'checks the shape of the definition file; @salesforce/core brings it',
};

const slowPackages = ['csv-parse', 'node:sqlite', 'undici', 'yaml', 'zod', '@inquirer/select'];

function packedFiles(): string[] {
  // npm is a script (npm.cmd) on Windows, so it takes a shell; the command is a constant.
  const answer: unknown = JSON.parse(
    execSync('npm pack --dry-run --json --ignore-scripts', {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  // npm 11 answers with a list, npm 12 with an object by name.
  const [first] = Object.values(answer as Record<string, { files: Array<{ path: string }> }>);
  return (first?.files ?? []).map(({ path }) => path);
}

/** The packages that loading a file of lib/ loads at once, each with the chain of files that leads there. */
function packagesLoadedBy(path: string): Map<string, string> {
  const found = new Map<string, string>();
  const seen = new Set<string>();
  const walk = (file: string, chain: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of staticImportsOf(readText(file))) {
      if (name.startsWith('.')) walk(resolveImport(file, name), `${chain} → ${name}`);
      else found.set(packageOf(name), chain);
    }
  };
  walk(path, path);
  return found;
}

describe('package', () => {
  it('holds lib, messages, schemas, templates, the manifest and the papers, and no sources or tests', () => {
    const files = packedFiles();
    const folders = new Set(files.map((path) => (path.includes('/') ? `${path.split('/')[0] ?? ''}/` : path)));
    expect([...folders].sort()).to.deep.equal(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SKILL.md',
        'lib/',
        'messages/',
        'oclif.manifest.json',
        'package.json',
        'schemas/',
        'templates/',
      ].sort(),
    );
    expect(
      files.filter((path) => /(^|\/)(test|src|docs|\.ci)\/|\.tsbuildinfo$|\.test\.|portal-users\//.test(path)),
    ).to.deep.equal([]);
  });

  it('holds a compiled file for each source, and none without a source', () => {
    const names = (folder: string, ending: string): string[] =>
      listFiles(folder, ending).map((path) => path.slice(folder.length, -ending.length));
    expect(names('lib', '.js')).to.deep.equal(names('src', '.ts'));
  });

  it('has LF at its line ends, on whatever system it is checked out', () => {
    // Git for Windows makes CRLF of them by default; snapshots, scripts of the docs and CSV files are compared byte by byte.
    expect(readText('.gitattributes')).to.match(/^\* text=auto eol=lf$/m);
    const texts = ['.ts', '.md', '.json', '.csv', '.yml'].flatMap((ending) =>
      ['src', 'test', 'messages', 'schemas', 'docs', '.github'].flatMap((folder) => listFiles(folder, ending)),
    );
    expect(texts.length).to.be.above(300);
    expect(texts.filter((path) => readFileSync(join(root, path)).includes('\r\n'))).to.deep.equal([]);
  });

  it('depends on reviewed packages only, and uses each', () => {
    const { dependencies } = readPackageJson();
    expect(Object.keys(dependencies).sort()).to.deep.equal(Object.keys(reviewedDependencies).sort());
    const used = new Set(
      listFiles('lib', '.js')
        .flatMap((path) => importsOf(readText(path)))
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .map(packageOf),
    );
    expect([...used].sort()).to.deep.equal(Object.keys(reviewedDependencies).sort());
  });

  for (const path of listFiles('lib/commands', '.js')) {
    it(`${path} loads nothing slow before it runs`, () => {
      const loaded = packagesLoadedBy(path);
      const slow = [...loaded].filter(([name]) => slowPackages.includes(name));
      expect(slow.map(([name, chain]) => `${chain} → ${name}`)).to.deep.equal([]);
      expect(loaded.has('@salesforce/sf-plugins-core')).to.equal(true);
    });
  }
});
