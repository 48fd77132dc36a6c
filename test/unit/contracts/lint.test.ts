/** Every lint rule that we rely on fires: a silent linter is worse than none. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import config from '../../../oxlint.config.ts';
import { root } from './project.ts';

type Diagnostic = {
  readonly code?: string;
  readonly message: string;
  readonly filename: string;
  readonly labels: ReadonlyArray<{ readonly span: { readonly line: number } }>;
};

const fixtures = join(import.meta.dirname, 'fixtures');
const sfPluginRules = 27;
/** Planted below, as no line of a fixture can say that it is one too many. */
const limits = ['max-lines', 'max-lines-per-function'];

const statement = "  process.stdout.write('x');\n";
const long = `/** Long. */\nexport function long(): void {\n${statement.repeat(249)}}\n`;
const short = `/** Short. */\nexport function short(): void {\n${statement.repeat(57)}}\n`;

const planted = readdirSync(fixtures)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => readFileSync(join(fixtures, name), 'utf8'))
  .filter((text) => text.startsWith('// Linted as '))
  .map((text) => ({ path: /^\/\/ Linted as (\S+)\.\n/.exec(text)?.[1] ?? '', text }));
const others = [
  { path: 'src/run/states.ts', text: "/** States. */\nexport const states = ['open'] as const;\n" },
  { path: 'src/run/long.ts', text: long },
  { path: 'src/run/short.ts', text: short },
  { path: 'test/long.test.ts', text: long },
  { path: 'test/loose.test.ts', text: "const found = ['open'].find(String)!;\nconsole.log(found);\n" },
];

/** A project that has the planted files, and of this one all that decides what is found in them. */
function makeProject(): string {
  const project = mkdtempSync(join(tmpdir(), 'lint-'));
  for (const path of ['package.json', 'tsconfig.json', 'oxlint.config.ts', 'test/tsconfig.json', 'test/lint'])
    cpSync(join(root, path), join(project, path), { recursive: true });
  for (const path of ['node_modules', 'messages']) symlinkSync(join(root, path), join(project, path), 'junction');
  for (const { path, text } of [...planted, ...others]) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  return project;
}

async function lint(project: string): Promise<readonly Diagnostic[]> {
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const args = [oxlint, '--format', 'json', 'src', 'bin', 'test'];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: project, maxBuffer: Infinity }, (_error, stdout) => resolve(stdout));
  });
  return (JSON.parse(output) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
}

/** What was found, on each line that it concerns; `typescript(no-deprecated)` is typescript/no-deprecated. */
function faultsOf({ code, message, labels }: Diagnostic): string[] {
  const rule = code?.replace(/^eslint\(|\)$/g, '').replace('(', '/') ?? message;
  return labels.map(({ span }) => `${span.line} ${rule}`);
}

function expectations(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const rules = /\/\/ expect: (.+)$/.exec(line)?.[1]?.split(', ') ?? [];
    return rules.map((rule) => `${index + 1} ${rule}`);
  });
}

describe('lint', () => {
  let project: string;
  let diagnostics: readonly Diagnostic[];
  const foundIn = (path: string): string[] =>
    diagnostics.filter(({ filename }) => filename.replaceAll('\\', '/') === path).flatMap(faultsOf);

  before(async () => {
    project = makeProject();
    diagnostics = await lint(project);
  });

  after(() => rmSync(project, { recursive: true }));

  for (const { path, text } of planted) {
    it(`finds every planted fault of ${path}`, () => {
      const expected = expectations(text);
      const found = foundIn(path);
      expect(expected).not.to.have.length(0);
      expect(expected.filter((fault) => !found.includes(fault))).to.deep.equal([]);
    });
  }

  it('has a planted fault for each rule, and all rules are errors', () => {
    const levels = config.overrides
      .flatMap(({ rules }) => Object.entries<unknown>(rules))
      .map(([rule, setting]) => ({ rule, level: Array.isArray(setting) ? (setting[0] as unknown) : setting }));
    const active = levels.filter(({ level }) => level !== 'off');
    expect(active.filter(({ level }) => level !== 'error')).to.deep.equal([]);
    const rules = [...new Set(active.map(({ rule }) => rule))];
    expect(rules.filter((rule) => rule.startsWith('sf-plugin/'))).to.have.length.of.at.least(sfPluginRules);
    const known = planted.flatMap(({ text }) => expectations(text)).map((fault) => fault.replace(/^\d+ /, ''));
    expect(rules.filter((rule) => ![...known, ...limits].includes(rule))).to.deep.equal([]);
  });

  it('allows "as const", and nothing that was planted is needed for a clean file', () => {
    expect(foundIn('src/run/states.ts')).to.deep.equal([]);
  });

  it('lets tests print, and be sure that there is a value', () => {
    expect(foundIn('test/loose.test.ts')).to.deep.equal([]);
  });

  it('finds files and functions that are too long, in src only', () => {
    expect(foundIn('src/run/long.ts')).to.have.members(['2 max-lines-per-function', '252 max-lines']);
    expect(foundIn('src/run/short.ts')).to.deep.equal([]);
    expect(foundIn('test/long.test.ts')).to.deep.equal([]);
  });
});
