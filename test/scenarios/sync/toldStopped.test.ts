/** What is said of a sync that stops, and of what it refuses: in the words of its definition. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
    for (const line of obstacles) expect(line).to.match(/^- \S.*\.$|^- To be decided: /);
    expect(run.next.map(({ purpose }) => purpose)).not.to.include('apply');
    expect(actions).not.to.match(/resume/);
    // The plan leaves room for what is said below it.
    expect(lines.length).to.be.at.most(10);
    expect(lines.join('\n')).to.match(/1 to freeze/);
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
