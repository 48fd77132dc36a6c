/** In a real terminal: the plan and the question, progress that redraws, widths and colors. Outside one: none of it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { contactsCsv, mainProfile, mainSelection, PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { finished } from '../scenarios/commands/sfCall.ts';
import { hasTerminals, startInTerminal, startSf, type TerminalOptions } from './sfHost.ts';

type Seen = { readonly code: number | undefined; readonly raw: string; readonly text: string };

const enter = '\r';
const ctrlC = '\u0003';
const ctrlD = '\u0004';

describe('a terminal', function () {
  let portal: PortalOrg;
  let free: string[];
  let untouched: string;
  let files = 0;

  before(async function () {
    if (!hasTerminals()) this.skip();
    portal = await PortalOrg.start();
    free = portal.plainContacts(40).map(({ Id }) => Id);
  });

  after(async () => {
    if (hasTerminals()) await portal.stop();
  });

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
  async function type(args: readonly string[], keys?: string, options: Partial<TerminalOptions> = {}): Promise<Seen> {
    const child = await startInTerminal(['portal', 'users', ...args, '--target-org', 'portal'], {
      home: portal.home,
      cwd: portal.cwd,
      ...options,
      env: { NO_COLOR: '', ...options.env },
    });
    let raw = '';
    let typed = false;
    child.stdout?.on('data', (chunk: Buffer) => {
      raw += chunk.toString('utf8');
      if (typed || keys === undefined || !raw.includes('(y/N)')) return;
      typed = true;
      child.stdin?.write(keys);
    });
    const { code } = await finished(child);
    expect(raw.includes('(y/N)'), raw).to.equal(keys !== undefined);
    return { code, raw, text: stripVTControlCharacters(raw).replaceAll('\r', '') };
  }

  it('shows the plan with its permission sets, asks, and goes on with a yes; resume does not ask again', async () => {
    const args = createFor(2, '--permission-set', 'Portal_Documents', '--wait', '0');
    portal.org.switches.bulk.msInQueue = 60_000;
    const seen = await type(args, `y${enter}`);
    expect(seen.code, seen.text).to.equal(69);
    expect(seen.text).to.match(/2 users to create.*Portal_Documents for 2 users/s);
    expect(seen.text).to.match(/Create 2 users in portal \(production\)\? \(y\/N\) y/);
    expect(portal.org.ledger.count('POST', '/jobs/ingest')).to.equal(1);
    portal.org.clock.advance(61_000);
    portal.org.switches.bulk.msInQueue = 0;
    const resumed = await type(['resume', '--use-most-recent']);
    expect(resumed.code, resumed.text).to.equal(0);
    expect(resumed.text).to.match(
      new RegExp(`The newest unfinished run:\\s+${join(portal.cwd, `run-${String(files)}`)}`),
    );
    expect(resumed.text).to.match(/✔ 2 users created in portal \(production\)/);
  });

  // That resume asks again: test/scenarios/commands/questions.test.ts.
  const refusals: ReadonlyArray<readonly [what: string, keys: string, code: number]> = [
    ['Enter alone', enter, 1],
    ['the end of the input', ctrlD, 1],
    ['Ctrl-C', ctrlC, 130],
  ];
  for (const [what, keys, code] of refusals) {
    it(`${what} is a no (${String(code)}): nothing is written`, async () => {
      const seen = await type(createFor(1), keys);
      expect(seen.code, seen.text).to.equal(code);
      expect(seen.text).to.match(/sf portal users resume +--run-dir +"?[^" ]+"? +--target-org portal/);
      expect(portal.digest()).to.equal(untouched);
      if (code === 130) expect(seen.text).to.match(/Interrupted\. Nothing was written\. The plan is kept\./);
    });
  }

  it('Ctrl-C once, while a job waits, ends with what is known so far and how to go on', async () => {
    portal.org.switches.bulk.msInQueue = 60_000;
    const args = ['portal', 'users', ...createFor(2, '--no-prompt'), '--target-org', 'portal'];
    const child = await startInTerminal(args, { home: portal.home, cwd: portal.cwd, env: { NO_COLOR: '' } });
    const closed = portal.org.ledger.count('PATCH', /^\/jobs\/ingest\//);
    while (portal.org.ledger.count('PATCH', /^\/jobs\/ingest\//) === closed) await sleep(50);
    // Somewhere in the pause between two looks at the job.
    await sleep(1000);
    const ended = finished(child);
    child.stdin?.write(ctrlC);
    const { code, stdout } = await ended;
    portal.org.switches.bulk.msInQueue = 0;
    portal.org.clock.advance(61_000);
    const text = stripVTControlCharacters(stdout).replaceAll('\r', '');
    expect(code, text).to.equal(130);
    expect(text)
      .to.match(/Interrupted.*2 users are not finished/s)
      .and.not.to.match(/Stopped immediately/);
    expect(text).to.match(/sf portal users resume +--run-dir +"?[^" ]+"? +--target-org portal/);
    await expectResumed(2);
  });

  for (const NO_COLOR of ['1', '']) {
    it(`Ctrl-C is answered at once, twice leaves at once, and says how to go on (${NO_COLOR === '' ? 'redrawn' : 'lines'})`, async () => {
      await expectTwiceLeaves(NO_COLOR);
    });
  }

  async function expectTwiceLeaves(NO_COLOR: string): Promise<void> {
    portal.org.faults.add({ method: 'PUT' }, { kind: 'stall', milliseconds: Infinity, before: true });
    const args = ['portal', 'users', ...createFor(1, '--no-prompt'), '--target-org', 'portal'];
    const child = await startInTerminal(args, { home: portal.home, cwd: portal.cwd, env: { NO_COLOR } });
    const uploads = portal.org.ledger.count('PUT');
    while (portal.org.ledger.count('PUT') === uploads) await sleep(50);
    const ended = finished(child);
    child.stdin?.write(ctrlC);
    await once(child.stdout ?? child, 'data');
    await sleep(300);
    child.stdin?.write(ctrlC);
    const { code, stdout } = await ended;
    portal.org.faults.clear();
    expect(code, stdout).to.equal(130);
    const text = stripVTControlCharacters(stdout);
    expect(text).to.match(
      /Interrupting after the current step\. To exit immediately, press Ctrl-C again\.\s+(?:\^C)?Stopped immediately\./,
    );
    expect(text).to.match(/Stopped immediately\..*sf portal users resume +--run-dir +"?[^" ]+"? +--target-org portal/s);
    await expectResumed(1);
  }

  async function expectResumed(created: number): Promise<void> {
    const { result } = await portal.json(['resume', '--run-dir', `run-${String(files)}`]);
    expect(result).to.have.nested.include({ state: 'complete', 'counts.created': created, 'counts.pending': 0 });
  }

  it('that is closed does not stop a run in the middle of a step: what Salesforce has is recorded, resume finds it', async () => {
    const count = (method: string): number => portal.org.ledger.count(method, /^\/jobs\/ingest/);
    const before = { POST: count('POST'), PUT: count('PUT') };
    portal.org.faults.add({ method: 'PUT' }, { kind: 'stall', milliseconds: 1_500, before: true });
    portal.org.switches.bulk.msInQueue = 60_000;
    const args = ['portal', 'users', ...createFor(2, '--no-prompt'), '--target-org', 'portal'];
    const child = await startInTerminal(args, { home: portal.home, cwd: portal.cwd, env: { NO_COLOR: '' } });
    while (count('PUT') === before.PUT) await sleep(50);
    const gone = finished(child);
    child.kill('SIGKILL');
    await gone;
    const resume = ['resume', '--run-dir', `run-${String(files)}`];
    const isLocked = async (): Promise<boolean> => {
      const again = await portal.text([...resume, '--wait', '0', '--json']);
      if (again.stdout.includes('RunLockedError')) return true;
      portal.readJson(resume, again, 69);
      return false;
    };
    for (let tries = 0; await isLocked(); tries++) {
      expect(tries, 'the process of the terminal still works').to.be.below(400);
      await sleep(50);
    }
    portal.org.clock.advance(61_000);
    portal.org.switches.bulk.msInQueue = 0;
    await expectResumed(2);
    // The job of the run that was left was closed, and taken up.
    expect([count('POST') - before.POST, count('PUT') - before.PUT]).to.deep.equal([1, 1]);
  });

  it('is asked on stderr, where stdout goes to a file', async () => {
    const seen = await type(createFor(1), `y${enter}`, { redirect: '> out.txt' });
    expect(seen.code, seen.text).to.equal(0);
    expect(seen.text).to.match(/1 user to create/);
    const out = readFileSync(join(portal.cwd, 'out.txt'), 'utf8');
    expect(out).to.match(/✔ 1 user created in portal \(production\)/);
    expect(out).not.to.match(/y\/N|\u001B/);
  });

  // With --no-prompt and --json: test/scenarios/commands/questions.test.ts.
  const unasked: ReadonlyArray<readonly [what: string, redirect: string]> = [
    ['stdin that is no terminal', '< /dev/null'],
    ['stderr that is no terminal', '2> err.txt'],
  ];
  for (const [what, redirect] of unasked) {
    it(`is not asked with ${what}, and the run goes ahead`, async () => {
      const seen = await type(createFor(1), undefined, { redirect });
      expect(seen.code, seen.text).to.equal(0);
      expect(portal.digest()).not.to.equal(untouched);
    });
  }

  it('of 40 columns: no line is broken but commands and long words', async () => {
    const columns = 40;
    const seen = await type(['create', ...mainSelection], `n${enter}`, { columns });
    const plan = seen.text.slice(seen.text.lastIndexOf('Plan for portal'), seen.text.indexOf('(y/N)'));
    const lines = plan.split('\n').filter((line) => line.length > columns);
    expect(plan).to.match(/with an inactive user/);
    for (const line of lines) expect(line.trim()).to.match(/^(sf [a-z]|(\S+ ?\S* {2,})?\S+$)/);
  });

  it('redraws and has colors; with CI it gets lines, with NO_COLOR no colors', async () => {
    const redraws = /\u001B\[\d*[AJK]/;
    const colors = /\u001B\[(?:3\d|9\d)m/;
    const dryRun = ['create', ...mainSelection, '--dry-run'];
    const drawn = await type(dryRun);
    expect(drawn.raw).to.match(redraws).and.to.match(colors);
    // How often the counts between them are drawn depends on the clock.
    expect(drawn.text).to.match(/Checking the org.*Reading records.*Making the plan/s);
    const plain = await type(dryRun, undefined, { env: { NO_COLOR: '1' } });
    expect(plain.raw).not.to.match(colors);
    const ci = await type(dryRun, undefined, { env: { CI: 'true' } });
    expect(ci.raw).not.to.match(redraws);
    expect(ci.text).to.match(/^Checking the org…\nReading records…\nMaking the plan…\nPlan: \d+ to do/);
    for (const { code } of [drawn, plain, ci]) expect(code).to.equal(0);
  });
});

describe('a pipe', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ChildProcess> {
    const full = ['portal', 'users', ...args, '--target-org', 'portal'];
    return startSf(full, { home: portal.home, cwd: portal.cwd, env });
  }

  it('has plain lines; colors only when they are asked for', async () => {
    const args = ['check', '--profile', mainProfile];
    const plain = await finished(await start(args, { NO_COLOR: '' }));
    expect(plain.stdout)
      .to.match(/^ {2}✔ /m)
      .and.not.to.match(/\u001B/);
    const colored = await finished(await start(args, { NO_COLOR: '', FORCE_COLOR: '1' }));
    expect(colored.stdout).to.match(/\u001B\[3\dm✔/);
  });

  it('that is closed early does not stop a run', async () => {
    portal.file('one.csv', contactsCsv(portal.plainContacts(1)));
    const child = await start(['create', '--file', 'one.csv', '--profile', mainProfile, '--output-dir', 'run']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code, stderr).to.equal(0);
    expect(stderr).not.to.match(/EPIPE/);
    const summary = readFileSync(join(portal.cwd, 'run', 'summary.md'), 'utf8');
    expect(summary).to.match(/^# 1 user created in portal \(production\)$/m);
    const again = await portal.json(['resume', '--run-dir', 'run']);
    expect(again.result.counts).to.include({ planned: 1, succeeded: 1 });
  });
});
