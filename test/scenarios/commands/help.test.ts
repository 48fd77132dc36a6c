/** The help that the host prints for the topic and for each command. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseDefinition } from '../../../lib/operations/definition/readDefinition.js';
import { newFolder, repository, sideBySide } from './sfCall.ts';
import { warmSf } from './warmSf.ts';

const commands = {
  check: { summary: /Check whether portal users can be created/, flags: ['--target-org', '--profile', '--json'] },
  create: {
    summary: /Give Contacts a portal login/,
    flags: [
      '--target-org',
      '--where',
      '--file',
      '--profile',
      '--username',
      '--dry-run',
      '--max-users',
      '--strict',
      '--no-prompt',
      '--wait',
      '--output-dir',
      '--json',
    ],
  },
  disable: { summary: /Take the portal login away/, flags: ['--mode', '--inactive-for', '--protect', '--output-dir'] },
  enable: { summary: /Give users their portal login back/, flags: ['--mode', '--from-run', '--where', '--file'] },
  resume: {
    summary: /Continue a run from where it stopped/,
    flags: [
      '--target-org',
      '--run-dir',
      '--use-most-recent',
      '--max-users',
      '--strict',
      '--no-prompt',
      '--wait',
      '--json',
    ],
  },
};

/** The shell keeps the indent of the next line in a value. SOQL passes over blanks, but for those in its texts. */
function expectPastable(text: string): void {
  const commands = text.match(/^ *\$ sf (?:.*\\\n)*.*$/gm) ?? [];
  expect(commands).not.to.have.length(0);
  for (const command of commands.map((each) => each.replaceAll('\\\n', '')))
    expect(command).not.to.match(/--(?!where|protect)[\w-]+ "[^"]* {2}[^"]*"|'[^'"]* {2}[^'"]*'/);
}

describe('help', function () {
  it('the topic lists its commands, also when help of it was shown before', async () => {
    const [args, home] = [['portal', 'users', '--help'], await newFolder('home')];
    const { code, stdout } = await warmSf(args, { home });
    expect(code).to.equal(0);
    expect((await warmSf(args, { home })).stdout).to.equal(stdout);
    for (const name of Object.keys(commands)) expect(stdout).to.match(new RegExp(`portal users ${name}\\s+\\w`));
  });

  it('each command shows summary, usage, flags, description, examples and error codes', async () => {
    const home = await newFolder('home');
    await sideBySide(Object.entries(commands), async ([name, { summary, flags }]) => {
      const { code, stdout, stderr } = await warmSf(['portal', 'users', name, '--help'], { home });
      expect(code, stderr).to.equal(0);
      expect(stdout).to.match(summary);
      for (const flag of flags) expect(stdout, name).to.include(flag);
      for (const section of ['USAGE', 'DESCRIPTION', 'EXAMPLES', 'ERROR CODES', 'FLAG DESCRIPTIONS']) {
        expect(stdout, name).to.match(new RegExp(`^${section}$`, 'm'));
      }
      expect(stdout)
        .to.match(/\$ sf portal users/)
        .and.to.match(/^\s+(69|68)\b/m);
      expect(stdout).not.to.match(/<%=|undefined|%s/);
      // Nothing is left over of flags that exclude each other, and what every sf command has comes last.
      const [usage = ''] = /^USAGE\n[^]*?\n\n/m.exec(stdout) ?? [];
      expect(usage, name).not.to.match(/\|\s*\]|\s\]|\[\s/);
      expect(stdout.match(/^[A-Z]* ?FLAGS$/gm)?.at(-1), name).to.equal('GLOBAL FLAGS');
      expect(stdout.replace(/\s+/g, ' '), name).to.include('Username or alias of the target org.');
      expectPastable(stdout);
      const short = await warmSf(['portal', 'users', name, '-h'], { home });
      expect(short.code).to.equal(0);
    });
  });

  it('no example is broken inside of a value: not in help, and not in README.md', async () => {
    const home = await newFolder('home');
    for (const name of ['invite', 'list', 'runs', 'sync'])
      expectPastable((await warmSf(['portal', 'users', name, '--help'], { home })).stdout);
    expectPastable(readFileSync(join(repository, 'README.md'), 'utf8'));
    expect(() => {
      expectPastable('$ sf portal users check --profile "Acme \\\n    Portal"');
    }).to.throw();
  });

  it('sync shows a definition as it can be copied: with its indentation, and no line broken', async () => {
    const { stdout } = await warmSf(['portal', 'users', 'sync', '--help'], { home: await newFolder('home') });
    const [, shown = ''] = /^ {2}A definition file[^\n]*:\n([^]*?)\n\n/m.exec(stdout) ?? [];
    expect(shown.split('\n')[0]).to.match(/^ {4}# yaml-language-server: .*portal-users\.schema\.json$/);
    const { groups, leavers } = parseDefinition(shown, 'help');
    expect(groups.map(({ name }) => name)).to.deep.equal(['Partners', 'Customers']);
    expect(leavers).to.include({ action: 'freeze', deactivateAfterDays: 30 });
  });
});
