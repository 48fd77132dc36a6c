/** What is said of a sync that stops, and of what it refuses: in the words of its definition. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { reportEnd } from '../../../lib/report/runReport.js';
import { csvOf, type Run } from '../runLab.ts';
import { active, report, SyncLab } from './syncLab.ts';

/** The lines of a terminal of 80 columns, and the error below them. */
function toldBy(run: Run): { readonly lines: readonly string[]; readonly message: string; readonly actions: string } {
  const lines: string[] = [];
  const screen = {
    log: (line: string) => void lines.push(line),
    note: () => undefined,
    warn: () => undefined,
    draw: undefined,
    json: false,
    verbose: false,
    columns: 80,
    dialogColumns: 80,
    targetOrg: 'lab',
  };
  try {
    reportEnd(screen, run);
  } catch (error) {
    const actions = Reflect.get(Object(error), 'actions') as string[];
    return { lines, message: error instanceof Error ? error.message : '', actions: actions.join('\n') };
  }
  return { lines, message: '', actions: '' };
}

describe('a sync that stops', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  it('says each obstacle on a line of its own, and does not offer a plan that needs another file', async () => {
    const leaver = sync.person();
    sync.leave(leaver.contactId);
    const run = await sync.sync({ ...active, orgs: ['sandboxes'], limits: { create: 1, takeAwayShare: 1 } });
    const { lines, message, actions } = toldBy(run);
    const [head, ...obstacles] = message.split('\n');
    expect(head).to.equal('Stopped before anything was written:');
    expect(obstacles.length).to.be.at.least(2);
    for (const line of obstacles) expect(line).to.match(/^- \S.*\.$|^- To decide: /);
    expect(run.next.map(({ purpose }) => purpose)).not.to.include('apply');
    expect(actions).not.to.match(/resume/);
    // The plan leaves room for what is said below it.
    expect(lines.length).to.be.at.most(10);
    expect(lines.join('\n')).to.match(/1 to freeze/);
  });

  it('names people behind what happens to them, and below their group or profile, at most 80 columns wide', async () => {
    const leaver = sync.person();
    sync.leave(leaver.contactId);
    const leaverName = String(sync.lab.org.store.get('User', leaver.userId)?.['LastName']);
    const run = await sync.sync({ ...active, limits: { create: 1, takeAwayShare: 1 } });
    const lines = toldBy(run).lines.map(stripVTControlCharacters);
    for (const line of lines) expect(line.length).to.be.at.most(80);
    const [group, created, profile, frozen] = lines.slice(lines.findIndex((line) => line.includes('Customers:')));
    expect(group).to.match(/^ {2}\+ Customers: \d+ contacts +users\.csv$/);
    expect(created).to.match(/^ {6}\d+ to create {3}\S.* and \d+ more$/);
    expect(profile)
      .to.match(/^ {2}- .* governed, .* with access/)
      .and.not.to.match(/in no group/);
    expect(frozen)
      .to.match(/^ {6}1 to freeze {3}\S/)
      .and.to.include(leaverName);
    expect(lines.join('\n')).not.to.match(/in no group/);
  });

  it('says at its end what was done, by kind', async () => {
    const leaver = sync.person();
    sync.leave(leaver.contactId);
    const run = await sync.sync(active);
    const text = toldBy(run).lines.map(stripVTControlCharacters).join('\n');
    expect(run.result.sync?.done).to.include({ create: run.result.counts.created, takeAway: 1, change: 0 });
    expect(text).to.match(new RegExp(`✔ ${String(run.result.counts.created)} users created in lab`));
    expect(text).to.match(/✔ 1 user frozen/);
  });

  it('says one obstacle in the same line', async () => {
    const { message } = toldBy(await sync.sync({ ...report, limits: { create: 1 } }));
    expect(message).to.match(/^Stopped before anything was written: The plan creates \d+ users.*\.(\n|$)/);
  });

  it('advises by keys of the definition, not by flags and columns of a file', async () => {
    const [first = expect.fail(), second = expect.fail()] = sync.lab.freeContacts();
    sync.lab.org.store.update('Contact', first.Id, { Email: null });
    sync.lab.org.store.update('Contact', second.Id, { Description: null });
    const groups = [{ ...report.groups[0], username: '{Email}', set: { CompanyName: '{Description}' } }];
    const run = await sync.sync({ ...report, groups }, { dryRun: true });
    const advice = csvOf(run.folder, 'refused').map((row) => row['Advice'] ?? '');
    expect(advice.length).to.be.above(1);
    const summary = readFileSync(join(run.folder, 'summary.md'), 'utf8');
    for (const text of [...advice, summary]) {
      expect(text).not.to.match(/--(username|set|profile|permission-set|portal-role) /);
      expect(text).not.to.match(/column \w+ (of|to) the file|into the file/);
    }
  });
});
