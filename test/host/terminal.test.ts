/** In a real terminal: the plan and the question, progress that redraws, widths and colors. Outside one: none of it. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { contactsCsv, mainProfile, mainSelection, PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { finished } from '../scenarios/commands/sfCall.ts';
import { warmSf } from '../scenarios/commands/warmSf.ts';
import { hasTerminals, startInTerminal, startSf, type TerminalOptions } from './sfHost.ts';

type Seen = { readonly code: number | undefined; readonly raw: string; readonly text: string };

const enter = '\r';
const ctrlC = '\u0003';
const redraws = /\u001B\[\d*[AJK]/;
const colors = /\u001B\[(?:3\d|9\d)m/;

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

  // Without colors, and in CI: test/scenarios/commands/questions.test.ts.
  it('shows the plan with its permission sets, asks, and goes on with a yes, redrawn and in colors; resume does not ask again', async () => {
    const args = createFor(2, '--permission-set', 'Portal_Documents', '--wait', '0');
    portal.org.switches.bulk.msInQueue = 60_000;
    const seen = await type(args, `y${enter}`);
    expect(seen.code, seen.text).to.equal(69);
    expect(seen.text).to.match(/2 users to create.*Portal_Documents for 2 users/s);
    expect(seen.text).to.match(/Create 2 users in portal \(production\)\? \(y\/N\) y/);
    expect(seen.raw).to.match(redraws).and.to.match(colors);
    // How often the counts between them are drawn depends on the clock.
    expect(seen.text).to.match(/Checking the org.*Reading records.*Making the plan/s);
    expect(portal.org.ledger.count('POST', '/jobs/ingest')).to.equal(1);
    portal.org.clock.advance(61_000);
    portal.org.switches.bulk.msInQueue = 0;
    const { home, cwd } = portal;
    const resume = ['portal', 'users', 'resume', '--use-most-recent', '--target-org', 'portal'];
    const resumed = await warmSf(resume, { home, cwd, terminal: { columns: 80 } });
    const text = stripVTControlCharacters(resumed.stderr + resumed.stdout).replaceAll('\r', '');
    expect(resumed.code, text).to.equal(0);
    expect(text).not.to.include('(y/N)');
    expect(text).to.match(new RegExp(`The newest unfinished run:\\s+${join(cwd, `run-${String(files)}`)}`));
    expect(text).to.match(/✔ 2 users created in portal \(production\)/);
  });

  it('of 40 columns: Enter alone is a no, and no line is broken but commands and long words', async () => {
    const columns = 40;
    const seen = await type(['create', ...mainSelection], enter, { columns });
    expectRefused(seen, 1);
    const plan = seen.text.slice(seen.text.lastIndexOf('Plan for portal'), seen.text.indexOf('(y/N)'));
    const lines = plan.split('\n').filter((line) => line.length > columns);
    expect(plan).to.match(/with an inactive user/);
    for (const line of lines) expect(line.trim()).to.match(/^(sf [a-z]|(\S+ ?\S* {2,})?\S+$)/);
  });

  it('Ctrl-C is a no (130)', async () => {
    const seen = await type(createFor(1), ctrlC);
    expectRefused(seen, 130);
    expect(seen.text).to.match(/Interrupted\. Nothing was written\. The plan is kept\./);
  });

  // The end of the input, and that resume asks again: test/scenarios/commands/questions.test.ts.
  function expectRefused(seen: Seen, code: number): void {
    expect(seen.code, seen.text).to.equal(code);
    expect(seen.text).to.match(/sf portal users resume +--run-dir +"?[^" ]+"? +--target-org portal/);
    expect(portal.digest()).to.equal(untouched);
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
    if (NO_COLOR === '') expect(stdout).to.match(redraws).and.to.match(colors);
    else expect(stdout).not.to.match(colors);
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
});

describe('a pipe', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  // Its colors, when they are asked for: outcomes.test.ts.
  it('has plain lines, and when it is closed early, that does not stop a run', async () => {
    portal.file('one.csv', contactsCsv(portal.plainContacts(1)));
    const create = ['create', '--file', 'one.csv', '--profile', mainProfile, '--output-dir', 'run'];
    const { home, cwd } = portal;
    const child = await startSf(['portal', 'users', ...create, '--target-org', 'portal'], {
      home,
      cwd,
      env: { NO_COLOR: '' },
    });
    let stdout = '';
    child.stdout?.once('data', (chunk: Buffer) => {
      stdout = chunk.toString('utf8');
      child.stdout?.destroy();
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^Checking the org…\n/);
    expect(stdout + stderr).not.to.match(/\u001B/);
    expect(stderr).not.to.match(/EPIPE/);
    const summary = readFileSync(join(cwd, 'run', 'summary.md'), 'utf8');
    expect(summary).to.match(/^# 1 user created in portal \(production\)$/m);
    const again = await portal.json(['resume', '--run-dir', 'run']);
    expect(again.result.counts).to.include({ planned: 1, succeeded: 1 });
  });
});
