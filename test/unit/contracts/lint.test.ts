/** Every lint rule that we rely on fires: a silent linter is worse than none. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ESLint } from 'eslint';

const root = join(import.meta.dirname, '..', '..', '..');
const fixtures = join(import.meta.dirname, 'fixtures');
const sfPluginRules = 27;

/** The project's own configuration; only the fixtures' paths, where no file is, are let into the typed project. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    files: ['src/**/faulty.ts'],
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['src/*/faulty.ts', 'src/commands/portal/users/faulty.ts'],
          defaultProject: 'tsconfig.json',
        },
      },
    },
  },
});

async function lint(text: string, path: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, path) });
  return (result?.messages ?? []).map(({ line, ruleId, message }) => `${line} ${ruleId ?? message}`);
}

function expectations(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const rules = /\/\/ expect: (.+)$/.exec(line)?.[1]?.split(', ') ?? [];
    return rules.map((rule) => `${index + 1} ${rule}`);
  });
}

describe('lint', () => {
  const texts = readdirSync(fixtures)
    .filter((name) => name.endsWith('.ts.txt'))
    .map((name) => ({ name, text: readFileSync(join(fixtures, name), 'utf8') }));

  for (const { name, text } of texts) {
    it(`finds every planted fault of ${name}`, async () => {
      const path = /Linted as (\S+)\.\n/.exec(text)?.[1] ?? '';
      const found = await lint(text, path);
      const expected = expectations(text);
      expect(expected).not.to.have.length(0);
      expect(expected.filter((fault) => !found.includes(fault))).to.deep.equal([]);
    });
  }

  it('has a planted fault for each recommended rule of eslint-plugin-sf-plugin, and all of them are errors', async () => {
    const config: unknown = await eslint.calculateConfigForFile(join(root, 'src/commands/portal/users/faulty.ts'));
    if (typeof config !== 'object' || config === null || !('rules' in config)) throw new Error('no rules');
    const levels = Object.entries(config.rules as Record<string, [number]>).filter(([rule]) =>
      rule.startsWith('sf-plugin/'),
    );
    const active = levels.filter(([, [level]]) => level !== 0);
    expect(active.every(([, [level]]) => level === 2)).to.equal(true);
    expect(active).to.have.length.of.at.least(sfPluginRules);
    const planted = texts.map(({ text }) => text).join('\n');
    expect(
      active.map(([rule]) => rule).filter((rule) => !new RegExp(`expect:.*${rule}\\b`).test(planted)),
    ).to.deep.equal([]);
  });

  it('allows "as const", and nothing that was planted is needed for a clean file', async () => {
    expect(await lint("/** States. */\nexport const states = ['open'] as const;\n", 'src/run/faulty.ts')).to.deep.equal(
      [],
    );
  });

  it('finds files and functions that are too long, in src only', async () => {
    const statement = "  process.stdout.write('x');\n";
    const long = `/** Long. */\nexport function long(): void {\n${statement.repeat(249)}}\n`;
    expect(await lint(long, 'src/run/faulty.ts')).to.include.members(['2 max-lines-per-function', '252 max-lines']);
    const short = `/** Short. */\nexport function short(): void {\n${statement.repeat(57)}}\n`;
    expect(await lint(short, 'src/run/faulty.ts')).to.deep.equal([]);
  });
});
