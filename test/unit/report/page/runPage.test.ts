/** report.html of real runs: its numbers are those of the JSON, its people those of the files. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunResult } from '../../../../lib/model/result.js';
import { runPage } from '../../../../lib/report/page/runPage.js';
import { word } from '../../../../lib/report/page/sections.js';
import { syncFigures } from '../../../../lib/report/page/syncFigures.js';
import { mainProfile, RunLab, type Run } from '../../../scenarios/runLab.ts';
import { planOfReadme, resultOfReadme } from '../screens/runViews.ts';
import { listFiles, readText } from '../../contracts/project.ts';

type Data = { columns: Array<{ key: string; isName: boolean }>; rows: string[][] };

/** The cells of a column. */
const cellsOf = ({ columns, rows }: Data, key: string): string[] => {
  const place = columns.findIndex((column) => column.key === key);
  expect(place, key).to.be.above(-1);
  return rows.map((row) => row[place] ?? '');
};

describe('report.html of a run', () => {
  let lab: RunLab;
  before(async () => {
    lab = await RunLab.start({ world: { customerContacts: 12 } });
  });
  after(() => lab.stop());

  const pageOf = ({ result }: Run): string => readFileSync(result.files.report, 'utf8');
  const dataOf = (page: string): Data =>
    JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/u.exec(page)?.[1] ?? '') as Data;

  /** Each state has as many rows as the result counts. */
  function expectCounts(run: Run): Data {
    const data = dataOf(pageOf(run));
    const { counts } = run.result;
    for (const state of ['succeeded', 'failed', 'unknown', 'refused', 'unchanged', 'pending'] as const) {
      expect(data.rows.filter(([each]) => each === state).length, state).to.equal(counts[state]);
    }
    expect(data.rows).to.have.length(counts.selected);
    return data;
  }

  it('says all that is wrong with a row', async () => {
    const file = join(lab.home, 'wrong.csv');
    writeFileSync(file, `ContactId,LocaleSidKey,TimeZoneSidKey\n${lab.freeContacts()[0]?.Id ?? ''},xx,yy\n`);
    const [detail = ''] = cellsOf(expectCounts(await lab.create({ file, dryRun: true })), 'detail');
    expect(detail).to.contain('LocaleSidKey').and.to.contain('TimeZoneSidKey');
  });

  it('shows a plan, a run and what was refused, those with trouble first, in a file of its owner', async () => {
    const plan = await lab.create({ dryRun: true, allowWelcomeEmails: true });
    expectCounts(plan);
    expect(pageOf(plan)).to.contain('Nothing was written yet.');
    const run = await lab.create({ allowWelcomeEmails: true });
    const data = expectCounts(run);
    expect(run.result.counts.refused).to.be.above(0);
    expect(data.rows[0]?.[0]).to.equal('refused');
    expect(statSync(run.result.files.report).mode & 0o777).to.equal(0o600);
    const page = pageOf(run);
    expect(page).to.contain(run.result.orgId).and.to.contain('1 job over time').and.to.contain('Undo this run:');
    expect(page).to.not.contain(lab.org.accessToken);
    expect(page.slice(0, page.indexOf('<script'))).to.not.match(/%\{|undefined|\[object/u);
  });

  it('shows the steps of each person where there are several kinds', async () => {
    const run = await lab.create({ permissionSets: ['Portal_Documents'] });
    expect(run.result.counts.succeeded).to.be.above(0);
    const page = pageOf(run);
    expect(page).to.not.contain('<h2>Steps</h2>');
    lab.org.store.remove('User', lab.usersOf(lab.plainContacts()[0]?.Id ?? '')[0]?.Id ?? '');
    const again = await lab.create({ permissionSets: ['Portal_Documents'] });
    expect(again.result.steps).to.have.keys('createUser', 'assignPermissionSet');
    expect(cellsOf(expectCounts(again), 'steps')).to.include('Create user; Assign permission set');
    expect(pageOf(again)).to.contain('<h2>Steps</h2>').and.to.contain('Create user: 1 done, 0 failed');
  });

  it('does not say that nobody needs anything where somebody was refused', async () => {
    const { result } = await lab.create({ permissionSets: ['Portal_Documents'] });
    const { planned, refused, selected } = result.counts;
    expect([planned, refused > 0]).to.deep.equal([0, true]);
    const [refusals, all] = [String(refused), String(selected)];
    expect(readFileSync(result.files.report, 'utf8')).to.contain(
      `<h1>Nothing to change, and ${refusals} of ${all} refused</h1>`,
    );
    const [title] = readFileSync(result.files.summary, 'utf8').split('\n');
    expect(title).to.match(new RegExp(`^# Nothing to change in lab \\(production\\), and ${refusals} refused$`));
  });

  it('shows people who were changed, and licenses before and after', async () => {
    const where = `Profile.Name = '${mainProfile}' AND IsActive = true`;
    const run = await lab.change({ operation: 'disable', mode: 'deactivate', where });
    const data = expectCounts(run);
    expect(data.columns.map(({ key }) => key)).to.include.members(['name', 'username', 'userId']);
    expect(pageOf(run))
      .to.contain('Deactivate portal users')
      .and.to.contain(`${String(run.result.counts.succeeded)} users deactivated`);
  });
});

describe('the emails of report.html', () => {
  const data = { people: [], jobs: [], plannedAt: '2026-11-29T10:00:00.000Z' };
  const emailsOf = (result: RunResult): string | undefined => {
    const page = [...runPage({ result, data, next: [] }, 'acme')].join('');
    return /<dt>Emails<\/dt>\s*<dd>([^<]*)<\/dd>/u.exec(page)?.[1];
  };

  it('are those that Salesforce will send, or has sent, without an address; or it says that it sends none', () => {
    expect(emailsOf(planOfReadme())).to.equal('up to 189 welcome emails from Acme Help Center');
    expect(emailsOf(resultOfReadme())).to.equal('up to 186 welcome emails from Acme Help Center');
    const welcomeEmails = { possible: 0, atLeast: false, sites: [], senders: [] };
    expect(emailsOf({ ...planOfReadme(), welcomeEmails })).to.equal('no welcome emails');
    expect(emailsOf({ ...resultOfReadme(), welcomeEmails: { ...welcomeEmails, done: 0 } })).to.equal(
      'no welcome emails',
    );
  });

  it('are no matter of a run that takes access away', () => {
    expect(emailsOf({ ...resultOfReadme(), operation: 'disable', mode: 'freeze' })).to.equal(undefined);
  });
});

describe('report.html of a sync', () => {
  it('shows the plan by group and by profile, in numbers and in pictures with words', () => {
    const groups = [
      { name: 'Partners <b>', contacts: 1200, create: 30, activate: 2, change: 0, assign: 5 },
      { name: 'Customers', contacts: 9, create: 0, activate: 0, change: 1, assign: 0 },
    ];
    const access = { users: 60, withAccess: 50, unexplained: 9 };
    const profile = { profile: 'Acme Partner', ...access, takeAway: 7, deactivate: 3, release: 1 };
    const done = { create: 0, activate: 0, change: 0, assign: 0, takeAway: 0, deactivate: 0, release: 0 };
    const sync = { groups, profiles: [profile], done, given: 32, unfrozen: 0, taken: 10 };
    const [byGroup, byProfile] = syncFigures({ sync });
    expect(byGroup?.heads).to.have.length(5);
    expect(byGroup?.rows.map(({ name, cells }) => [name, ...cells])).to.deep.equal([
      ['Partners <b>', '1,200', '30', '2', '0', '5'],
      ['Customers', '9', '0', '0', '1', '0'],
    ]);
    expect(byGroup?.rows[0]?.bar?.title).to.equal('Group Partners <b>: 32 of 1,200 contacts get access');
    expect(byProfile?.rows.map(({ name, cells }) => [name, ...cells])).to.deep.equal([
      ['Acme Partner', '60', '50', '7', '3', '1', '9'],
    ]);
    expect(byProfile?.rows[0]?.bar?.title).to.equal(
      'Profile Acme Partner: 7 of 50 users with access lose it, and sync may change 60 users in all',
    );
    for (const row of [...(byGroup?.rows ?? []), ...(byProfile?.rows ?? [])]) {
      const total = row === byProfile?.rows[0] ? 60 : Number(row.cells[0]?.replace(',', ''));
      expect(row.bar?.shares.reduce((sum, { amount }) => sum + amount, 0)).to.equal(total);
    }
  });

  it('has no such table for other operations', () => {
    expect(syncFigures({})).to.deep.equal([]);
  });
});

describe('the kinds of steps', () => {
  it('have words on the page', () => {
    const texts = [...listFiles('src/kinds', '.ts'), 'src/model/modes.ts', 'src/model/access/assignments.ts']
      .map(readText)
      .join();
    const names = [...texts.matchAll(/\b(?:name(?: =|:)|assigns:|removes:) '(\w+)'/g)].map(([, name = '']) => name);
    expect(names).to.include.members(['createUser', 'assignPermissionSet', 'setActive']);
    for (const name of names) expect(word(`step.${name}`), name).to.match(/^[A-Z]/u);
  });
});
