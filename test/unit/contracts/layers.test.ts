/** The shape of src/: the arrows between its folders, no circles, folders that one can look through, SQL in one place. */
import { expect } from 'chai';
import { families, sendStates, sendWays, stepStates, subjectStates, verdicts } from '../../../lib/model/steps.js';
import { layers } from '../../lint/layers.ts';
import { importsOf, resolveImport } from './imports.ts';
import { listFiles, readText } from './project.ts';

const noInputOutput =
  /^(node:)?(fs|http|https|http2|net|tls|dns|dgram|sqlite|child_process|worker_threads|cluster|readline)(\/|$)|^@(salesforce|oclif)\//;

const sources = listFiles('src', '.ts').filter((path) => path !== 'src/index.ts');

function layerOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function mayImport(from: string, to: string): boolean {
  // Events and results in, words and pictures out.
  if (from === 'report') return to === 'report' || to === 'model';
  return layers.includes(to) && layers.indexOf(to) <= layers.indexOf(from);
}

/** The imports of a file of src/ that go against the arrows, as `file → import`. */
function wrongImports(path: string, text: string): string[] {
  const layer = layerOf(path);
  return importsOf(text)
    .filter((name) => {
      if (!name.startsWith('.')) return layer === 'model' && noInputOutput.test(name);
      const target = resolveImport(path, name);
      return !target.startsWith('src/') || !mayImport(layer, layerOf(target));
    })
    .map((name) => `${path} → ${name}`);
}

/** Circles of files that import each other, by types too. @param imports file → files */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file]);
    if (done.has(file) || way.includes(file)) return;
    for (const next of imports.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return circles;
}

function fileImports(): Map<string, string[]> {
  const targetsOf = (path: string): string[] =>
    importsOf(readText(path))
      .filter((name) => name.startsWith('.'))
      .map((name) => resolveImport(path, name).replace(/\.js$/, '.ts'));
  return new Map(sources.map((path) => [path, targetsOf(path)]));
}

describe('the shape of src/', () => {
  it('no file imports against the arrows, and none imports test/', () => {
    expect(sources).not.to.have.length(0);
    expect(sources.flatMap((path) => wrongImports(path, readText(path)))).to.deep.equal([]);
  });

  it('each folder is a known layer', () => {
    expect([...new Set(sources.map(layerOf))].filter((name) => !layers.includes(name))).to.deep.equal([]);
  });

  it('CONTRIBUTING.md tells the arrows, and what each folder is for', () => {
    const text = readText('CONTRIBUTING.md');
    expect(text).to.include(`\n${layers.join(' < ')}\n`);
    expect(layers.filter((name) => !new RegExp(`^src/${name}/\\S* +\\w`, 'm').test(text))).to.deep.equal([]);
  });

  it('no files import each other in a circle, also not by types', () => {
    expect(circlesOf(fileImports())).to.deep.equal([]);
    expect(
      circlesOf(
        new Map([
          ['a', ['b']],
          ['b', ['c', 'd']],
          ['c', ['b']],
          ['d', []],
        ]),
      ),
    ).to.deep.equal([['b', 'c', 'b']]);
  });

  it('a folder holds 20 files at most', () => {
    const counts = Map.groupBy(sources, (path) => path.slice(0, path.lastIndexOf('/')));
    expect([...counts].filter(([, files]) => files.length > 20).map(([folder]) => folder)).to.deep.equal([]);
  });

  it('a command has less than 80 lines', () => {
    const commands = sources.filter((path) => layerOf(path) === 'commands');
    expect(commands.filter((path) => readText(path).split('\n').length > 80)).to.deep.equal([]);
  });

  it('every SQL statement is in src/store/', () => {
    const statement =
      /\b(INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA |BEGIN IMMEDIATE)|\b(prepare|exec)\(/;
    const elsewhere = sources.filter((path) => layerOf(path) !== 'store' && statement.test(readText(path)));
    // A regular expression has exec(), too.
    expect(
      elsewhere.filter((path) => /\b(INSERT|UPDATE|DELETE|CREATE TABLE|PRAGMA)\b/.test(readText(path))),
    ).to.deep.equal([]);
  });

  it('SQL knows only the words of the state machine', () => {
    const words: Readonly<Record<string, readonly string[]>> = {
      state: [...stepStates, ...subjectStates, ...sendStates],
      verdict: verdicts,
      way: sendWays,
      family: families,
    };
    const compared = /\b(state|verdict|way|family) (?:=|<>|IN) ('\w*'|\((?:'\w*'(?:, )?)+\))/g;
    const used = sources
      .filter((path) => layerOf(path) === 'store')
      .flatMap((path) => [...readText(path).matchAll(compared)])
      .flatMap(([, column = '', list = '']) =>
        [...list.matchAll(/'(\w*)'/g)].map(([, word = '']) => ({ column, word })),
      );
    expect(used.length).to.be.greaterThan(50);
    expect(used.filter(({ column, word }) => words[column]?.includes(word) !== true)).to.deep.equal([]);
  });

  it('no mode or operation is asked for outside of operations/ and kinds/, and the engine knows no kind by name', () => {
    const outside = sources.filter((path) => !['operations', 'kinds'].includes(layerOf(path)));
    expect(outside.filter((path) => readText(path).includes('mode ==='))).to.deep.equal([]);
    const branch = /\b[oO]peration(\([^)]*\))? (===|!==) '(create|disable|enable|sync|invite)'/;
    expect(outside.filter((path) => layerOf(path) !== 'model' && branch.test(readText(path)))).to.deep.equal([]);
    const tables = ['src/model/modes.ts', 'src/model/access/assignments.ts'];
    const kinds = [...listFiles('src/kinds', '.ts'), ...tables].map(readText).join();
    const names = [...kinds.matchAll(/\b(?:name(?: =|:)|assigns:|removes:) '(\w+)'/g)].map(([, name = '']) => name);
    expect(names).to.include.members(['createUser', 'assignPermissionSet', 'setFrozen']);
    const kindName = new RegExp(`'(${names.join('|')})'`);
    expect(sources.filter((path) => layerOf(path) === 'engine' && kindName.test(readText(path)))).to.deep.equal([]);
  });

  it('grep finds a name once: functions, classes, types, and the constants that others import', () => {
    const declared =
      /^(?:export )?(?:async )?(?:abstract )?(?:function\*?|class|type) (\w+)|^export (?:declare )?const (\w+)/gm;
    const places = sources.flatMap((path) => {
      const names = [...readText(path).matchAll(declared)].map(([, name, constant]) => name ?? constant ?? '');
      return [...new Set(names)].map((name) => ({ name, path }));
    });
    expect(places.length).to.be.greaterThan(1_000);
    const twice = [...Map.groupBy(places, ({ name }) => name)].filter(([, found]) => found.length > 1);
    expect(twice.map(([name, found]) => `${name}: ${found.map(({ path }) => path).join(', ')}`)).to.deep.equal([]);
  });

  it('exports only what another file takes, sf finds, or the JSON schemas name', () => {
    const others = [...sources, ...listFiles('test', '.ts')].map((path) => ({ path, text: readText(path) }));
    const schemas = listFiles('schemas', '.json').map(readText).join();
    const alone = sources
      .filter((path) => !['commands', 'hooks'].includes(layerOf(path)))
      .flatMap((path) =>
        [...readText(path).matchAll(/^export (?:async )?(?:type|const|function\*?|class) (\w+)/gm)].map(
          ([, name = '']) => ({ path, name }),
        ),
      )
      .filter(({ name }) => !schemas.includes(`"${name}"`))
      .filter(({ path, name }) => {
        const word = new RegExp(`\\b${name}\\b`);
        return !others.some((other) => other.path !== path && word.test(other.text));
      });
    expect(alone.map(({ path, name }) => `${path}: ${name}`)).to.deep.equal([]);
  });

  it('what is told apart by an Id is compared in one place', () => {
    const byHand = sources.filter((path) => path !== 'src/model/ids.ts' && readText(path).includes('slice(0, 15)'));
    expect(byHand).to.deep.equal([]);
  });

  const planted: ReadonlyArray<readonly [path: string, text: string]> = [
    ['src/model/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['src/model/a.ts', "import type { Connection } from '@salesforce/core';"],
    ['src/model/a.ts', "import { openRun } from '../run/openRun.js';"],
    ['src/model/deep/a.ts', "const fs = await import('fs');"],
    ['src/org/a.ts', "export * from '../store/meta.js';"],
    ['src/store/a.ts', "import '../engine/engine.js';"],
    ['src/run/a.ts', "type Table = import('../report/table.js').Table;"],
    ['src/run/a.ts', "const it = await import('../commands/portal/users/create.js');"],
    ['src/report/a.ts', "import type { OrgClient } from '../org/orgClient.js';"],
    ['src/report/a.ts', "import { readMeta } from '../store/meta.js';"],
    ['src/commands/portal/users/a.ts', "import { startOrg } from '../../../../test/simulated-org/start.js';"],
  ];
  for (const [path, text] of planted) {
    it(`a planted fault is found: ${text} in ${path}`, () => {
      expect(wrongImports(path, text)).to.have.length(1);
    });
  }

  it('what is allowed is not found', () => {
    const allowed = "import { a } from '../store/a.js'; import { b } from './b.js';";
    expect(wrongImports('src/run/a.ts', allowed)).to.deep.equal([]);
    expect(wrongImports('src/model/a.ts', "import { distance } from 'fastest-levenshtein';")).to.deep.equal([]);
  });

  it('leaves the engine of the process as it is: V8 flags may crash it, and lose data', () => {
    const wrong = sources.filter((path) => importsOf(readText(path)).some((name) => /^(node:)?(v8|vm)$/.test(name)));
    expect(wrong).to.deep.equal([]);
  });
});
