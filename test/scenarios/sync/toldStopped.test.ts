/** What is said of a sync that stops, and of what it refuses: in the words of its definition. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { RunFault } from '../../../lib/model/faults.js';
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
    const [group, created, profile, frozen] = lines.slice(lines.findIndex((line) => line.includes('Group Customers:')));
    expect(group).to.match(/^ {2}\+ Group Customers: \d+ contacts$/);
    expect(created).to.match(/^ {6}\d+ to create {3}\S.* and \d+ more +users\.csv$/);
    expect(profile)
      .to.match(/^ {2}- Profile .*: \d+ users under this definition, .* with access/)
      .and.not.to.match(/in no group/);
    expect(frozen)
      .to.match(/^ {6}1 to freeze {3}\S.* {2}users\.csv$/)
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

  it('is not resumed with a limit on its users: that of the definition holds, and no flag raises it', async () => {
    const leavers = [sync.person(), sync.person()];
    for (const { contactId } of leavers) sync.leave(contactId);
    const { folder } = await sync.sync({ ...active, limits: { takeAway: 1, takeAwayShare: 1 } }, { dryRun: true });
    for (const maxUsers of [1, 1_000]) {
      const fault = await sync.lab.resume(folder, { maxUsers }).catch((error: unknown) => error);
      expect(fault).to.be.instanceOf(RunFault).and.include({ key: 'maxUsersUnused' });
      expect(Reflect.get(Object(fault), 'facts')).to.deep.equal({ folder });
    }
    const { end } = await sync.lab.resume(folder);
    expect(end).to.have.nested.property('failures[0].guard', 'limit.takeAway');
    expect(leavers.map(({ userId }) => sync.access(userId))).to.deep.equal(['active', 'active']);
  });

  it('names people in the rows of its files, and nobody in the tables of its summary', async () => {
    const { store, switches } = sync.lab.org;
    const people = ['Leaver', 'Frozen', 'Lacking', 'Stranger', 'Failing'].map((name) => {
      const LastName = `Quibble${name}`;
      const Title = name === 'Lacking' ? 'In' : 'Out';
      return sync.person({ LastName, Title, Email: `${LastName}@people.example`, Portal_Access__c: false });
    });
    const [, frozen, , stranger, failing] = people;
    sync.changeLogin(frozen?.userId ?? '', { IsFrozen: true });
    store.update('Contact', frozen?.contactId ?? '', { Title: 'In' });
    store.update('User', stranger?.userId ?? '', { ContactId: null });
    switches.users.deactivationBlockers.set(failing?.userId ?? '', 'defaultCaseOwner');
    // One of them gets a user, and one is refused.
    const [newcomer, refused] = sync.lab.freeContacts();
    store.update('Contact', newcomer?.Id ?? '', { Title: 'In', LastName: 'QuibbleNew' });
    store.update('Contact', refused?.Id ?? '', { Title: 'In', LastName: 'QuibbleRefused', Email: null });
    const run = await sync.sync({
      ...active,
      groups: [{ ...report.groups[0], contacts: "Title = 'In'", permissionSets: ['Portal_Documents'] }],
      leavers: { action: 'freeze', deactivateAfterDays: 0 },
    });
    const { counts } = run.result;
    expect(counts).to.include({ created: 1, refused: 1, failed: 1, succeeded: 3, unchanged: 2 });
    const rows = ['succeeded', 'failed', 'refused', 'unchanged'].flatMap((name) => csvOf(run.folder, name));
    expect(JSON.stringify(rows).match(/Quibble\w+/gi)).not.to.equal(null);
    const lines = readFileSync(join(run.folder, 'summary.md'), 'utf8').split('\n');
    const tables = lines.filter((line) => line.startsWith('|'));
    // Of counts, groups, profiles and reasons, each below two lines of its head.
    expect(tables.length).to.be.above(15);
    expect(tables.filter((line) => line.includes('OFF_BY_OTHERS'))).to.have.length(1);
    const ids = [...people.flatMap((person) => Object.values(person)), newcomer?.Id, refused?.Id].map(String);
    const named = [/quibble/i, /people\.example/i, ...ids.map((id) => new RegExp(id.slice(0, 15)))];
    expect(tables.filter((line) => named.some((name) => name.test(line)))).to.deep.equal([]);
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
