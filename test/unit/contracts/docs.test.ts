/** README.md and docs/ tell the truth: their commands parse, their reasons and exit codes are those of the code. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { refusalReasons, unchangedReasons } from '../../../lib/plan/reasons.js';
import { exitCodesSection } from '../../../lib/report/exitCodes.js';
import { argumentsOf, commandPaths, idOf, loadCommand, parseArguments, wordsOf } from './commandClasses.ts';
import { listFiles, readText, root } from './project.ts';

const papers = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...listFiles('docs', '.md')];
const reasons: readonly string[] = [...unchangedReasons, ...refusalReasons];

/** Lines of code blocks, as a shell reads them: a backslash at the end goes on, prompts and yaml keys are left out. */
function codeLines(text: string): string[] {
  return [...text.matchAll(/^```\w*\n(.*?)^```/gms)]
    .flatMap(([, block = '']) => block.replace(/ \\\n\s*/g, ' ').split('\n'))
    .map((line) => line.trim().replace(/^(\$ |- run: |run: )/, ''));
}

function codeSpans(text: string): string[] {
  return [...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

/** By hand, without the command reference, which is made from the classes themselves. */
function handWritten(path: string): string {
  return readText(path).replace(/<!-- commands -->.*<!-- commandsstop -->/s, '');
}

function calledBy(line: string): string | undefined {
  return commandPaths.find((path) => argumentsOf(line, idOf(path)) !== undefined);
}

/** The command's arguments; what a shell would do with the rest of the line (`|| code=$?`) is left out. */
function argvOf(line: string, path: string): string[] {
  const argv = argumentsOf(line, idOf(path)) ?? [];
  const end = argv.findIndex((word) => /^(\|\|?|&&|;|>{1,2})$/.test(word));
  // Every sf command has --json; oclif adds it when a command runs.
  return (end < 0 ? argv : argv.slice(0, end)).filter((word) => word !== '--json');
}

/** What is wrong with a command line of ours; undefined where it is right, or calls something else. */
async function problemWith(line: string): Promise<string | undefined> {
  if (!/\bsf portal users\b/.test(line)) return undefined;
  const path = calledBy(line);
  if (path === undefined) return `no such command: ${line}`;
  try {
    await parseArguments(await loadCommand(path), argvOf(line, path));
    return undefined;
  } catch (error) {
    return `${line}: ${String(error)}`;
  }
}

function headingsOf(path: string): string[] {
  return [...readText(path).matchAll(/^#+ +(.+)$/gm)].map(([, title = '']) => title);
}

/** As GitHub makes them, near enough for plain titles. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function brokenLinks(path: string): string[] {
  return [...readText(path).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : join(dirname(path), file).replaceAll('\\', '/');
    if (!existsSync(join(root, linked))) return [`${path}: ${target}`];
    const isThere = anchor === undefined || headingsOf(linked).map(anchorOf).includes(anchor);
    return isThere ? [] : [`${path}: ${target}`];
  });
}

describe('papers', () => {
  for (const path of papers) {
    it(`${path}: each command of ours has these flags`, async () => {
      const text = handWritten(path);
      // A command in running text may be named without its required flags.
      const spans = codeSpans(text).filter((span) => /^sf portal users \w+ -/.test(span));
      const problems = await Promise.all([...codeLines(text), ...spans].map(problemWith));
      expect(problems.filter((problem) => problem !== undefined)).to.deep.equal([]);
    });

    it(`${path}: each flag and command in running text exists`, async () => {
      const classes = await Promise.all(commandPaths.map(loadCommand));
      const flags = new Set(classes.flatMap((each) => Object.keys({ ...each.baseFlags, ...each.flags })));
      const words = codeSpans(handWritten(path)).filter((span) => !/^(sf (?!portal)|np[mx] |oclif |node )/.test(span));
      const named = words.flatMap((span) => wordsOf(span).filter((word) => /^--[a-z]/.test(word)));
      // --async is named because it is missing on purpose.
      const foreign = new Set(['json', 'async']);
      const unknown = named.map((word) => word.slice(2).split('=')[0] ?? '');
      expect(unknown.filter((name) => !flags.has(name) && !foreign.has(name))).to.deep.equal([]);
      const commands = words.filter((span) => span.startsWith('sf portal users ')).map((span) => calledBy(span));
      expect(commands).not.to.include(undefined);
    });

    it(`${path}: each link leads somewhere`, () => {
      expect(brokenLinks(path)).to.deep.equal([]);
    });
  }

  it('README.md begins with what it is for and the two commands', () => {
    const top = readText('README.md').slice(0, 1500);
    expect(top).to.include('npm ci && npm run demo').and.include('npm cit');
  });

  it('README.md has the exit codes of the code', () => {
    const [, section = ''] = /^## Exit codes$(.*?)^## /ms.exec(readText('README.md')) ?? [];
    const rows = [...section.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, name, description]) => ({
      name,
      description,
    }));
    expect(rows).to.deep.equal(exitCodesSection?.body);
  });

  it('README.md links each reason to its explanation', () => {
    const links = [...readText('README.md').matchAll(/\[([A-Z_]+)\]\(docs\/reasons\.md#([a-z_]+)\)/g)];
    expect(links.map(([, code]) => code)).to.have.members([...reasons]);
    for (const [, code, anchor] of links) expect(anchor).to.equal(code?.toLowerCase());
  });

  it('docs/reasons.md explains each reason, and no other', () => {
    const codes = headingsOf('docs/reasons.md').filter((title) => /^[A-Z][A-Z_]+$/.test(title));
    expect(codes).to.have.members([...reasons]);
    for (const code of codes) {
      const [, text = ''] = new RegExp(`^### ${code}$(.*?)(^#|$(?![^]))`, 'ms').exec(readText('docs/reasons.md')) ?? [];
      expect(text.trim().length, code).to.be.greaterThan(40);
    }
  });

  it('docs/row-errors.md has each error that we advise about', () => {
    const advised = [...readText('messages/rowErrors.md').matchAll(/^# advice\.([A-Z_]+)$/gm)].map(([, code]) => code);
    const told = [...readText('docs/row-errors.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(advised).not.to.have.length(0);
    expect(told).to.include.members(advised);
  });

  it('planted faults are found', async () => {
    expect(await problemWith('sf portal users create --target-org x --where y --no-such')).to.include('--no-such');
    expect(await problemWith('sf portal users destroy --target-org x')).to.include('no such command');
    expect(await problemWith('sf portal users create --target-org x')).to.include('--file, --where');
    expect(await problemWith('sf portal users check --target-org x || code=$?')).to.equal(undefined);
    expect(codeLines('```bash\nsf a \\\n  --b\n```\n')).to.include('sf a --b');
  });
});
