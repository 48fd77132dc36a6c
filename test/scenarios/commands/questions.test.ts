/** What a person at a terminal is asked, and is not. A real terminal is in test/host/terminal.test.ts. */
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { contactsCsv, mainProfile, mainSelection, PortalOrg, readCsv, type RunResult } from './portalOrg.ts';
import type { CallOptions, SfAnswer, StandIn } from './sfCall.ts';
import { warmSf } from './warmSf.ts';

const enter = '\r';
const ctrlD = '\u0004';

describe('a person at a terminal', function () {
  let portal: PortalOrg;
  let free: string[];
  let untouched: string;
  let files = 0;

  before(async () => {
    portal = await PortalOrg.start();
    free = portal.plainContacts(20).map(({ Id }) => Id);
  });

  after(() => portal.stop());

  beforeEach(() => {
    untouched = portal.digest();
  });

  function createFor(contacts: number, ...more: string[]): string[] {
    files += 1;
    const name = `contacts-${String(files)}.csv`;
    portal.file(name, contactsCsv(free.splice(0, contacts).map((Id) => ({ Id }))));
    return ['create', '--file', name, '--profile', mainProfile, '--output-dir', `run-${String(files)}`, ...more];
  }

  /** @param keys typed when the question stands on the screen; undefined: there must be none */
  async function type(
    args: readonly string[],
    keys?: string,
    { env = {}, ...standIn }: Partial<StandIn> & Pick<CallOptions, 'env'> = {},
  ): Promise<SfAnswer> {
    const { home, cwd } = portal;
    const terminal = { columns: 80, ...standIn, ...(keys === undefined ? {} : { keys }) };
    const answer = await warmSf(['portal', 'users', ...args, '--target-org', 'portal'], { home, cwd, env, terminal });
    expect(answer.stderr.includes('(y/N)'), answer.stderr).to.equal(keys !== undefined);
    return answer;
  }

  it('after n, Enter alone, or the end of the input, nothing is written, and resume asks again', async () => {
    for (const keys of ['n\n', '', enter, ctrlD]) {
      const said = await type(createFor(1), keys);
      expect(said.code, said.stderr).to.equal(1);
      expect(said.stderr).to.match(/sf portal users resume --run-dir "?[^" ]+"? --target-org portal/);
      expect(portal.digest()).to.equal(untouched);
    }
    const resumed = await type(['resume', '--run-dir', `run-${String(files)}`], 'yes\n');
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(portal.digest()).not.to.equal(untouched);
  });

  it('is asked for the plan of a dry run when it is resumed, and not for the dry run', async () => {
    expect((await type(createFor(1, '--dry-run'))).code).to.equal(0);
    const resumed = await type(['resume', '--run-dir', `run-${String(files)}`], 'n\n');
    expect(resumed.code, resumed.stderr).to.equal(1);
    expect(portal.digest()).to.equal(untouched);
  });

  it('is not asked with --no-prompt, and the run goes ahead', async () => {
    const seen = await type(createFor(1, '--no-prompt'));
    expect(seen.code, seen.stderr).to.equal(0);
    expect(portal.digest()).not.to.equal(untouched);
  });

  for (const redirected of ['stdin', 'stderr'] as const) {
    it(`is not asked where ${redirected} is no terminal, and the run goes ahead`, async () => {
      const seen = await type(createFor(1), undefined, { redirected: [redirected] });
      expect(seen.code, seen.stderr).to.equal(0);
      expect(portal.digest()).not.to.equal(untouched);
    });
  }

  it('is asked on stderr where stdout is redirected, and nothing of that is on stdout', async () => {
    const seen = await type(createFor(1), 'y\n', { redirected: ['stdout'] });
    expect(seen.code, seen.stderr).to.equal(0);
    expect(seen.stderr).to.match(/1 user to create/);
    expect(seen.stdout).to.match(/✔ 1 user created in portal \(production\)/);
    expect(seen.stdout).not.to.match(/y\/N|\u001B/);
  });

  it('sees progress that is redrawn, in colors; with CI lines, with NO_COLOR no colors', async () => {
    const redraws = /\u001B\[\d*[AJK]/;
    const colors = /\u001B\[(?:3\d|9\d)m/;
    const dryRun = ['create', ...mainSelection, '--dry-run'];
    const env = { NO_COLOR: '', TERM: 'xterm-256color' };
    const drawn = await type(dryRun, undefined, { env });
    expect(drawn.stderr + drawn.stdout)
      .to.match(redraws)
      .and.to.match(colors);
    expect(drawn.stderr).to.match(/Checking the org.*Reading records.*Making the plan/s);
    const plain = await type(dryRun, undefined, { env: { ...env, NO_COLOR: '1' } });
    expect(plain.stderr + plain.stdout).not.to.match(colors);
    const ci = await type(dryRun, undefined, { env: { ...env, CI: 'true' } });
    expect(ci.stderr + ci.stdout).not.to.match(redraws);
    expect(stripVTControlCharacters(ci.stderr + ci.stdout)).to.match(
      /^Checking the org…\nReading records…\nMaking the plan…\nPlan: \d+ to do/,
    );
    for (const { code } of [drawn, plain, ci]) expect(code).to.equal(0);
  });

  it('is asked on stderr with --json, and stdout holds the one document', async () => {
    const seen = await type(createFor(1, '--json'), 'y\n');
    expect(seen.code, seen.stderr).to.equal(0);
    expect(stripVTControlCharacters(seen.stderr)).to.match(/Create 1 user in portal \(production\)\? \(y\/N\)/);
    expect(JSON.parse(seen.stdout)).to.have.nested.property('result.counts.succeeded', 1);
    expect(portal.digest()).not.to.equal(untouched);
  });

  it('with --json, too, stands below the warnings of its plan', async () => {
    const where = "Account.Type = 'Partner' AND Portal_Access__c = true LIMIT 1";
    const seen = await type(['create', '--where', where, '--profile', 'Acme Partner', '--json'], 'n\n');
    const said = stripVTControlCharacters(seen.stderr).replaceAll(/\s+/g, ' ');
    expect(said).to.match(/Warning: No live site has the profile "Acme Partner" .* Add it in Setup, .*\(y\/N\)/);
    expect(JSON.parse(seen.stdout)).to.have.nested.property('warnings[0].name', 'Sites');
  });

  it('after no, the screen says that nothing was changed and how to apply the plan later; a pipe needs --no-prompt then', async () => {
    const no = await type(createFor(1, '--json'), 'n\n');
    const { status, result } = JSON.parse(no.stdout) as { status: number; result: RunResult };
    expect([no.code, status]).to.deep.equal([1, 1]);
    expect(no.stderr).to.match(/Canceled\. Nothing was changed\. The plan is kept; to apply it later:$/m);
    expect(stripVTControlCharacters(no.stderr)).to.match(
      /^ +sf portal users resume --run-dir \S+ --target-org portal$/m,
    );
    expect(no.stderr).not.to.match(/error/i);
    const piped = await portal.failure(['resume', '--run-dir', result.runDir]);
    expect(piped.name).to.equal('NeedsNoPromptError');
    expect(portal.digest()).to.equal(untouched);
    const later = await portal.json(['resume', '--run-dir', result.runDir, '--no-prompt']);
    expect(later.result.counts).to.include({ succeeded: 1 });
  });

  it("types the number of users for what can't be undone, nothing else", async () => {
    const { result } = await portal.json(createFor(6));
    const ids = readCsv(result.files['succeeded'] ?? '').map((row) => row['UserId'] ?? '');
    const before = portal.digest();
    const disable = ['disable', '--mode', 'disable-portal', '--from-run', result.runDir];
    const { home, cwd } = portal;
    const answer = async (keys: string): Promise<SfAnswer> =>
      warmSf(['portal', 'users', ...disable, '--target-org', 'portal'], { home, cwd, terminal: { columns: 80, keys } });
    for (const keys of ['y\n', '7\n']) {
      const said = await answer(keys);
      expect(said.code, said.stderr).to.equal(1);
    }
    expect(portal.digest()).to.equal(before);
    const done = await answer('6\n');
    expect(done.code, done.stderr).to.equal(0);
    for (const id of ids) expect(portal.org.store.get('User', id)).to.include({ ContactId: null });
    expect(done.stdout).to.match(/create +--file .*create-again\.csv/s);
  });

  for (const columns of [40, 60, 80]) {
    it(`of ${String(columns)} columns: no line is broken but commands and long words`, async () => {
      const said = await type(['create', ...mainSelection], 'n\n', { columns });
      const stderr = stripVTControlCharacters(said.stderr);
      const plan = stderr.slice(stderr.lastIndexOf('Plan for portal'), stderr.indexOf('(y/N)'));
      const lines = plan.split('\n').filter((line) => line.length > columns);
      expect(plan).to.match(/with an inactive user/);
      for (const line of lines) expect(line.trim()).to.match(/^(sf [a-z]|(\S+ ?\S* {2,})?\S+$)/);
    });
  }
});
