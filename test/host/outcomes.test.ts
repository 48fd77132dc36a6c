/**
 * How a process of the real `sf` ends: its exit code for each outcome, what is on stdout and what on stderr, also with --json.
 * All that the documents tell is judged in one process: test/scenarios/commands/jsonDocuments.test.ts. Signals (130):
 * interruptions.test.ts.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { judge, type JsonPath } from '../scenarios/commands/jsonPath.ts';
import { contactsCsv, mainProfile, mainSelection, PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { sideBySide, type CallOptions, type Envelope, type SfAnswer } from '../scenarios/commands/sfCall.ts';
import { validationRule } from '../simulated-org/dml/automation.ts';
import { sf } from './sfHost.ts';

const profile = ['--profile', mainProfile];

describe('how a process ends', function () {
  let portal: PortalOrg;
  /** Contacts that no other test has. */
  let free: string[];
  let files = 0;

  before(async () => {
    portal = await PortalOrg.start();
    free = portal.plainContacts(20).map(({ Id }) => Id);
  });

  after(() => portal.stop());

  function createFor(contacts: number): string[] {
    files += 1;
    const name = `contacts-${String(files)}.csv`;
    portal.file(name, contactsCsv(free.splice(0, contacts).map((Id) => ({ Id }))));
    return ['create', '--file', name, ...profile, '--output-dir', `run-${String(files)}`];
  }

  async function run(args: readonly string[], options: Partial<CallOptions> = {}): Promise<SfAnswer> {
    const { home, cwd } = portal;
    return sf(['portal', 'users', ...args, '--target-org', 'portal'], { home, cwd, ...options });
  }

  async function call(path: Omit<JsonPath, 'what'>, stdin = ''): Promise<Envelope> {
    return judge({ what: path.args.join(' '), ...path }, await run([...path.args, '--json'], { stdin }));
  }

  it('with --json: 1, 2, 68 and 69, stdout is the document and stderr is empty', async () => {
    const [unlucky] = free;
    portal.org.rules.automation.add(
      validationRule('User', ({ record }) => record['ContactId'] === unlucky, 'Not this one.'),
    );
    const partial: Omit<JsonPath, 'what'> = { args: createFor(2), code: 68, result: 'run' };
    portal.org.switches.bulk.msInQueue = 0;
    const paths: ReadonlyArray<Omit<JsonPath, 'what'>> = [
      partial,
      { args: ['create', ...mainSelection, '--max-users', '5'], code: 1, error: /^GuardStoppedError$/, result: 'run' },
      { args: ['create', '--where', 'x', '--nope'], code: 2, error: /Error$/ },
    ];
    await sideBySide(paths, async (path) => {
      await call(path);
    });
    portal.org.switches.bulk.msInQueue = 60_000;
    await call({ args: [...createFor(1), '--wait', '0'], code: 69, result: 'run' });
    portal.org.switches.bulk.msInQueue = 0;
  });

  it('for a person: the same codes, the answer on stdout, and what went wrong on stderr; colors where they are asked for', async () => {
    const done = await run(createFor(1), { env: { NO_COLOR: '', FORCE_COLOR: '1' } });
    expect(done.code, done.stderr).to.equal(0);
    expect(done.stdout).to.match(/\u001B\[3\dm✔/);
    expect(stripVTControlCharacters(done.stdout)).to.match(/✔ 1 user created in portal \(production\)/);
    const wrong = await run(['create', ...mainSelection, '--max-users', '5'], { env: { NO_COLOR: '' } });
    expect(wrong.code).to.equal(1);
    expect(wrong.stdout).not.to.match(/ at .*\.js/);
    expect(wrong.stderr)
      .to.match(/more than --max-users allows \(5\)/)
      .and.to.match(/Try this/);
    expect(wrong.stdout + wrong.stderr).not.to.match(/\u001B/);
    const flags = await run(['create', '--where', 'x', '--nope']);
    expect(flags.code).to.equal(2);
    expect(flags.stderr).to.match(/--nope/);
  });

  it('with --json: 0, and what comes through a pipe, and flags from a folder, are taken', async () => {
    mkdirSync(join(portal.cwd, 'flags'));
    portal.file(join('flags', 'profile'), `${mainProfile}\n`);
    portal.file(join('flags', 'dry-run'), '');
    const args = ['create', '--file', '-', '--flags-dir', 'flags'];
    const [one] = free.splice(0, 1);
    const { result } = await call({ args, code: 0, result: 'run' }, contactsCsv([{ Id: one ?? '' }]));
    expect(result).to.have.nested.include({ dryRun: true, 'counts.planned': 1 });
  });
});
