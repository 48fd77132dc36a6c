/** The arrows of DESIGN.md §5 hold: commands → run → plan, org; report reads events and results; plan does no I/O. */
import { expect } from 'chai';
import { importsOf, resolveImport } from './imports.ts';
import { listFiles, readText } from './project.ts';

const mayImport: Readonly<Record<string, readonly string[]>> = {
  plan: ['plan'],
  org: ['org'],
  run: ['run', 'plan', 'org'],
  report: ['report', 'run', 'plan'],
  commands: ['commands', 'run', 'plan', 'org', 'report'],
};

const noInputOutput =
  /^(node:)?(fs|http|https|http2|net|tls|dns|dgram|sqlite|child_process|worker_threads|cluster|readline)(\/|$)|^@(salesforce|oclif)\//;

/** The imports of a file of src/ that go against the arrows, as `file → import`. */
function wrongImports(path: string, text: string): string[] {
  const layer = path.split('/')[1] ?? '';
  return importsOf(text)
    .filter((name) => {
      const target = resolveImport(path, name);
      if (!name.startsWith('.')) return layer === 'plan' && noInputOutput.test(name);
      const allowed = mayImport[layer]?.some((other) => target.startsWith(`src/${other}/`));
      return allowed !== true;
    })
    .map((name) => `${path} → ${name}`);
}

describe('layers', () => {
  it('no file of src/ imports against the arrows, and none imports test/', () => {
    const files = listFiles('src', '.ts').filter((path) => path !== 'src/index.ts');
    expect(files).not.to.have.length(0);
    expect(files.flatMap((path) => wrongImports(path, readText(path)))).to.deep.equal([]);
  });

  it('each folder of src/ is a known layer', () => {
    const folders = new Set(listFiles('src', '.ts').map((path) => path.split('/').slice(1, -1)[0] ?? 'index'));
    expect([...folders].filter((name) => name !== 'index' && !(name in mayImport))).to.deep.equal([]);
  });

  const planted: ReadonlyArray<readonly [path: string, text: string]> = [
    ['src/plan/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['src/plan/a.ts', "import type { Connection } from '@salesforce/core';"],
    ['src/plan/a.ts', "import { openRun } from '../run/runFolder.js';"],
    ['src/plan/deep/a.ts', "const fs = await import('fs');"],
    ['src/org/a.ts', "export * from '../plan/reasons.js';"],
    ['src/org/a.ts', "import '../run/runFolder.js';"],
    ['src/run/a.ts', "type Table = import('../report/table.js').Table;"],
    ['src/run/a.ts', "const it = await import('../commands/portal/users/create.js');"],
    ['src/report/a.ts', "import type { OrgClient } from '../org/orgClient.js';"],
    ['src/commands/portal/users/a.ts', "import { startOrg } from '../../../../test/simulated-org/start.js';"],
  ];
  for (const [path, text] of planted) {
    it(`a planted fault is found: ${text} in ${path}`, () => {
      expect(wrongImports(path, text)).to.have.length(1);
    });
  }

  it('what is allowed is not found', () => {
    expect(wrongImports('src/run/a.ts', "import { a } from '../plan/a.js'; import { b } from './b.js';")).to.deep.equal(
      [],
    );
    expect(wrongImports('src/plan/a.ts', "import { distance } from 'fastest-levenshtein';")).to.deep.equal([]);
  });
});
