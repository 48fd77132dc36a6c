/** README.md and docs/ tell the truth: their commands parse, their reasons and exit codes are those of the code. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { contactRefusals, unchangedReasons, userRefusals } from '../../../lib/model/reasons.js';
import { exitCodesSection } from '../../../lib/cli/helpSections.js';
import { exitCodes } from '../../../lib/report/exitCodes.js';
import { classifyRowError } from '../../../lib/model/rowErrors.js';
import { exportNames } from '../../../lib/store/runFolder.js';
import { commandPaths, idOf, loadCommand, wordsOf } from './commandClasses.ts';
import { calledBy, problemWith } from './commandLines.ts';
import { defaultSwitches } from '../../simulated-org/switches.ts';
import { blocksNotRun, blocksOf, examplePages, examplesOf } from './docExamples.ts';
import { hostFlags } from './hostCommands.ts';
import { listFiles, readPackageJson, readText, root } from './project.ts';

const papers = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'SKILL.md', ...listFiles('docs', '.md')];
const reasons: readonly string[] = [...new Set([...unchangedReasons, ...contactRefusals, ...userRefusals])];

/** Lines of code blocks, as a shell reads them: a backslash at the end goes on, without prompts and yaml keys. */
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

/** With the flags of the files that the page shows, in place of `--flags-dir`. */
function withFlagFiles(line: string, path: string): string {
  const files = examplesOf(path).filter((each) => each.kind === 'file');
  return line.replace(/--flags-dir (\S+)/, (_, folder: string) =>
    files
      .filter(({ name }) => name.startsWith(`${folder}/`))
      .map(({ name, text }) => `--${name.slice(folder.length + 1)} "${text.trim()}"`)
      .join(' '),
  );
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

/** Files and folders of the project that a page names in its text, links apart. */
function namedPlaces(text: string): string[] {
  return [...text.matchAll(/(?<![\w./-])(?:src|test|bin|messages|schemas)\/(?:[\w./-]*\w)?/g)].map(([place]) => place);
}

/** The picture of the path of a contact in CONTRIBUTING.md: its files in their order, and the list below it. */
function pathOfContact(): { files: string[]; items: Array<{ number: number; file: string; names: string[] }> } {
  const [, section = ''] = /^## The path of a contact$(.*?)^## /ms.exec(readText('CONTRIBUTING.md')) ?? [];
  const [picture = ''] = /^```mermaid$.*?^```$/ms.exec(section) ?? [];
  const boxes = [...picture.matchAll(/"(\d+) (src\/[\w/.]+)"/g)].map(([, number = '', file = '']) => [number, file]);
  const items = section
    .slice(section.indexOf(picture) + picture.length)
    .split(/^(?=\d+\. )/m)
    .slice(1)
    .map((item) => {
      const [, number = '', file = ''] = /^(\d+)\. `([^`]+)`/.exec(item) ?? [];
      return { number: Number(number), file, names: codeSpans(item).filter((span) => /^[a-z]+[A-Z]\w*$/.test(span)) };
    });
  return { files: boxes.map(([number, file]) => `${String(number)} ${String(file)}`), items };
}

const rowErrorClasses: Readonly<Record<string, string>> = {
  'Sent again': 'again',
  'Repaired and sent again': 'repairNickname',
  'Asked of the org': 'ask',
  'The run stops: no license': 'licenses',
  'The run stops: no storage': 'storage',
  'The run stops: the org': 'org',
  'Failed for good': 'final',
};

/** The rows of docs/row-errors.md, with the text that tells two meanings of a code apart. */
function rowErrorRows(): Array<{ code: string; text: string; section: string }> {
  const sections = readText('docs/row-errors.md').split(/^## /m).slice(1);
  return sections.flatMap((section) =>
    [...section.matchAll(/^\| `([A-Z_]+)` \| ([^|]*)\|/gm)].map(([, code = '', text = '']) => ({
      code,
      text: text.replaceAll('"', '').trim(),
      section: section.split('\n')[0] ?? '',
    })),
  );
}

/** The cells of the table of dangers: danger, elsewhere, here, test. */
function dangerRows(table: string): string[][] {
  const lines = table.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

function faultsOfDanger([danger = '', elsewhere = '', here = '', test = '']: readonly string[]): string[] {
  const [, name = '', target = ''] = /^\[(.+)\]\(\.\.\/(test\/[\w/.]+\.test\.ts)\)$/.exec(test) ?? [];
  const isProved = existsSync(join(root, target)) && target !== '' && titlesOf(target).includes(name);
  return [
    ...(/\[[^\]]+\]\(https:\/\/[^)]+\)/.test(elsewhere) ? [] : [`${danger} No link to others: ${elsewhere}`]),
    ...(here === '' ? [`${danger} Nothing guards against it`] : []),
    ...(isProved ? [] : [`${danger} No such test: ${test}`]),
  ];
}

/** What the tests of a file are called. */
function titlesOf(path: string): string[] {
  return [...readText(path).matchAll(/\bit\((['"])(.+?)\1,/g)].map(([, , title = '']) => title);
}

describe('papers', () => {
  for (const path of papers) {
    it(`${path}: each command of ours has these flags`, async () => {
      const text = handWritten(path);
      // A command in running text may be named without its required flags.
      const spans = codeSpans(text).filter((span) => /^sf portal users \w+ -/.test(span));
      const lines = [...codeLines(text), ...spans].map((line) => withFlagFiles(line, path));
      const problems = await Promise.all(lines.map(problemWith));
      expect(problems.filter((problem) => problem !== undefined)).to.deep.equal([]);
    });

    it(`${path}: each flag and command in running text exists`, async () => {
      const classes = await Promise.all(commandPaths.map(loadCommand));
      const flags = new Set(classes.flatMap((each) => Object.keys({ ...each.baseFlags, ...each.flags })));
      const words = codeSpans(handWritten(path)).filter((span) => !/^(sf (?!portal)|np[mx] |oclif |node )/.test(span));
      const named = words.flatMap((span) => wordsOf(span).filter((word) => /^--[a-z]/.test(word)));
      // --async is named because it is missing on purpose.
      const foreign = new Set(['json', 'async', ...(await hostFlags())]);
      const unknown = named.map((word) => word.slice(2).split('=')[0] ?? '');
      expect(unknown.filter((name) => !flags.has(name) && !foreign.has(name))).to.deep.equal([]);
      const commands = words.filter((span) => span.startsWith('sf portal users ')).map((span) => calledBy(span));
      expect(commands).not.to.include(undefined);
    });

    it(`${path}: each link leads somewhere`, () => {
      expect(brokenLinks(path)).to.deep.equal([]);
    });

    it(`${path}: each file of the project that it names is there`, () => {
      const missing = namedPlaces(handWritten(path)).filter((place) => !existsSync(join(root, place)));
      expect(missing).to.deep.equal([]);
    });
  }

  it('README.md has the two commands on its first screen', () => {
    const screen = readText('README.md').split('\n').slice(0, 24).join('\n');
    expect(screen).to.match(/```sh\nnpm ci && npm run demo\nnpm cit\n```/);
  });

  it('docs/README.md leads to each guide', () => {
    for (const path of listFiles('docs', '.md').filter((name) => name !== 'docs/README.md'))
      expect(readText('docs/README.md')).to.include(`](${path.slice('docs/'.length)})`);
  });

  it('CONTRIBUTING.md draws the path of a contact in at most 12 files, and tells what is done in each', () => {
    const { files, items } = pathOfContact();
    expect(items.map(({ number, file }) => `${String(number)} ${file}`)).to.deep.equal(files);
    expect(items.map(({ number }) => number)).to.deep.equal(items.map((_, index) => index + 1));
    expect(items.length).to.be.within(8, 12);
    for (const { file, names } of items) for (const name of names) expect(readText(file)).to.include(name);
    expect(items.flatMap(({ names }) => names).length).to.be.greaterThan(8);
  });

  it('README.md has the exit codes of the code', () => {
    const [, section = ''] = /^## Exit codes$(.*?)^## /ms.exec(readText('README.md')) ?? [];
    const rows = [...section.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, name, description]) => ({
      name,
      description,
    }));
    expect(rows).to.deep.equal(exitCodesSection?.body);
  });

  it('SKILL.md says what to do about each exit code, and forbids what needs a person', () => {
    const codes = [...readText('SKILL.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
    expect(codes).to.deep.equal(Object.values(exitCodes).map(String));
    const never = /^2\. \*\*Never pass (.+) unless/m.exec(readText('SKILL.md'))?.[1];
    expect(never).to.include('--allow-welcome-emails').and.include('--no-prompt');
    expect(blocksOf('SKILL.md').filter(({ text }) => text.includes('--allow-welcome-emails'))).to.deep.equal([]);
    const shown = blocksOf('SKILL.md').map(({ text }) => text.trim().split(' ')[3]);
    expect(shown).to.include.members(commandPaths.map((path) => idOf(path).split(' ').at(-1)));
  });

  it('docs/reasons.md explains each reason, and no other', () => {
    const codes = headingsOf('docs/reasons.md').filter((title) => /^[A-Z][A-Z_]+$/.test(title));
    expect(codes).to.have.members([...reasons]);
    for (const code of codes) {
      const [, text = ''] = new RegExp(`^### ${code}$(.*?)(^#|$(?![^]))`, 'ms').exec(readText('docs/reasons.md')) ?? [];
      expect(text.trim().length, code).to.be.greaterThan(40);
    }
  });

  it('docs/row-errors.md has each error that we know or advise about', () => {
    const advised = [...readText('messages/rowErrors.md').matchAll(/^# advice\.([A-Z_]+)$/gm)].map(([, code]) => code);
    const classed = [...readText('src/model/rowErrors.ts').matchAll(/code: '([A-Z_]+)'/g)].map(([, code]) => code);
    expect(advised).not.to.have.length(0);
    expect(classed).not.to.have.length(0);
    const told = rowErrorRows().map(({ code }) => code);
    expect(told).to.include.members([...new Set([...advised, ...classed])]);
  });

  it('docs/row-errors.md puts each error where the engine puts it', () => {
    const rows = rowErrorRows();
    expect(new Set(rows.map(({ section }) => section))).to.deep.equal(new Set(Object.keys(rowErrorClasses)));
    for (const { code, text, section } of rows)
      expect(classifyRowError(code, text), `${code} ${text}`).to.equal(rowErrorClasses[section]);
  });

  it('docs/run-folder.md has each file', () => {
    for (const name of Object.values(exportNames)) expect(readText('docs/run-folder.md')).to.include(`| \`${name}\` |`);
  });

  it('docs/sync.md names a test for each danger, and what is done about it elsewhere', () => {
    const [, table = ''] = /^## Dangers$(.*?)^## /ms.exec(readText('docs/sync.md')) ?? [];
    const rows = dangerRows(table);
    expect(rows.length).to.be.greaterThan(10);
    expect(rows.flatMap(faultsOfDanger)).to.deep.equal([]);
    for (const peer of ['Peribolos', 'Entra Connect', 'Okta', 'Terraform', 'safe-settings'])
      expect(table).to.include(peer);
    const [first = []] = rows;
    expect(faultsOfDanger(first.with(3, '[no such test](../test/scenarios/sync/dangers.test.ts)'))).to.have.length(1);
    expect(faultsOfDanger(first.with(1, '').with(2, ''))).to.have.length(2);
    expect(faultsOfDanger(first.with(1, 'Peribolos guards against it.'))).to.have.length(1);
  });

  it('docs/cases.md: each case has a test with its number, and public ones are in the order that the page says', () => {
    const rows = [...readText('docs/cases.md').matchAll(/^\| (P?)(\d+) \| .* \| `?([^|]+?)`? \|$/gm)];
    const own = rows.filter(([, isPublic]) => isPublic === '');
    expect(own.map(([, , number]) => Number(number))).to.deep.equal(Array.from({ length: 22 }, (_, n) => n + 1));
    const numbered = (file: string, start: string): boolean => new RegExp(`['"]${start} `).test(readText(file));
    const unproved = own.filter(([, , number = '', file = '']) => !numbered(file, `${number}:`));
    expect(unproved.map(([, , number]) => number)).to.deep.equal([]);
    const found = rows.flatMap(([, isPublic, number = '']) => (isPublic === '' ? [] : [`P${number}`]));
    expect(found.length).to.be.greaterThan(24);
    expect(found.filter((number) => !numbered('test/scenarios/publicCases.test.ts', number))).to.deep.equal([]);
    const sections = readText('docs/cases.md').split(/^### /m).slice(1);
    const sizes = sections.map((section) => [...section.matchAll(/^\| P\d+ /gm)].length);
    expect(sizes).to.deep.equal(sizes.toSorted((one, other) => other - one));
  });

  it('docs/unproven.md names switches that the simulated org has', () => {
    const switches = Object.entries(defaultSwitches()).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null ? Object.keys(value).map((key) => `${name}.${key}`) : [name],
    );
    const meant = codeSpans(readText('docs/unproven.md')).filter((span) =>
      /^(users|licenses|mail|locks|bulk)\.|^userLogin/.test(span),
    );
    expect(meant.length).to.be.greaterThan(20);
    expect(meant.filter((span) => !switches.includes(span))).to.deep.equal([]);
  });

  it('each example is of a kind that is run (test/scenarios/commands/docs.test.ts)', () => {
    expect(examplePages.flatMap((path) => blocksNotRun(path))).to.deep.equal([]);
  });

  it('the package that is installed has the version of now', () => {
    const packages = papers.flatMap((path) => [...readText(path).matchAll(/sf-portal-users-(\S+?)\.tgz/g)]);
    expect(packages).not.to.have.length(0);
    for (const [, version] of packages) expect(version).to.equal(readPackageJson().version);
  });

  it('each example is right for a POSIX shell', function () {
    if (process.platform === 'win32') this.skip();
    const scripts = examplePages
      .flatMap((path) => examplesOf(path))
      .map((each) => (each.kind === 'script' ? each : { place: each.name, text: each.text }))
      .filter(({ place }) => !/\.(csv|ya?ml)$|file$|flags\//.test(place));
    expect(scripts).not.to.have.length(0);
    for (const { place, text } of scripts) {
      const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
      expect(status, `${place}: ${stderr}`).to.equal(0);
    }
  });

  it('each pipeline of docs/ci.md makes a plan, applies it and creates users at night, by the script', () => {
    const files = new Map(
      examplesOf('docs/ci.md').flatMap((each) => (each.kind === 'file' ? [[each.name, each.text]] : [])),
    );
    const known = [...(files.get('portal-users.sh') ?? '').matchAll(/^ {2}([a-z]+)\)$/gm)].map(([, name]) => name);
    expect(known).to.deep.equal(['plan', 'apply', 'nightly']);
    const workflow = blocksOf('docs/ci.md').find(({ text }) => text.includes('actions/checkout'))?.text;
    for (const text of [
      workflow,
      ...['.gitlab-ci.yml', 'Jenkinsfile', 'azure-pipelines.yml'].map((name) => files.get(name)),
    ]) {
      const calls = [...(text ?? '').matchAll(/sh portal-users\.sh (\w+)/g)].map(([, name]) => name);
      expect(new Set(calls)).to.deep.equal(new Set(['install', ...known]));
    }
    for (const [name, text] of files) if (/\.ya?ml$/.test(name)) expect(parse(text), name).to.be.an('object');
  });

  it('planted faults are found', async () => {
    expect(await problemWith('sf portal users create --target-org x --where y --no-such')).to.include('--no-such');
    expect(await problemWith('sf portal users destroy --target-org x')).to.include('no such command');
    expect(await problemWith('sf portal users create --target-org x')).to.include('--file, --where');
    expect(await problemWith('sf portal users check --target-org x || code=$?')).to.equal(undefined);
    expect(await problemWith('sf org login jwt --username x --jwt-key-file y')).to.include('missing flags: client-id');
    expect(await problemWith('true | sf plugins trust allowlist add --nme x')).to.include('unknown flags: nme');
    expect(await problemWith('sf org no-such')).to.include('no such command');
    expect(namedPlaces('in `src/plan/a.ts`, src/run/, [x](../test/a.ts)')).to.deep.equal(['src/plan/a.ts', 'src/run']);
    expect(blocksNotRun('x.md', '```\nsf portal users check\n```\n')).to.have.length(1);
    expect(blocksNotRun('x.md', '```sh\nsf portal users check\n```\n')).to.have.length(0);
    expect(() => examplesOf('x.md', '```yaml\na: [\n```\n')).to.throw();
    expect(codeLines('```bash\nsf a \\\n  --b\n```\n')).to.include('sf a --b');
  });
});
