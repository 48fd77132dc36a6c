/** The CSV files hold exactly what run.db holds. */
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ExportTexts } from '../../../lib/model/fileTexts.js';
import { decideExisting, refuse } from '../../../lib/model/reasons.js';
import {
  exportOutcome,
  exportPlan,
  exportSummary,
  type ExportSource,
  type RunFiles,
} from '../../../lib/files/exports.js';
import { createFiles } from '../../../lib/files/createFiles.js';
import { writeMeta } from '../../../lib/store/meta.js';
import { DamagedValue } from '../../../lib/store/sqlite.js';
import { readRecord } from '../../../lib/store/runResult.js';
import { fillDisk } from '../store/fullDisk.ts';
import { contactIdOf, paintStep, RunDb, userIdOf, type Wanted } from '../store/runDb.ts';
import { csvOf } from '../../scenarios/runLab.ts';

const texts: ExportTexts = {
  detail: (key, facts) => [key, JSON.stringify(facts)].join('|'),
  advice: (reason, { contactId, accountId, userId }) => [reason, contactId, accountId, userId].join('|'),
  rowAdvice: (name, operation) => `${name} ${operation}`,
  oldUser: (userId, { held, ending, licenses, wasInactive }) =>
    [userId, ...held, ...ending, ...licenses, wasInactive].join('|'),
  guards: () => [],
  next: () => [],
  summary: ({ state }) => `It is ${state}.\n`,
  page: ({ state }) => [state],
};
const unchanged: Wanted = { decision: decideExisting({ id: '005u', username: 'x', isActive: true }), userId: '005u' };

const notFound = refuse('CONTACT_NOT_FOUND.detail', { column: 'Key__c', value: 'K-1', line: '2' });

describe('the files of a run', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });
  const source = (changes: Partial<RunFiles> = {}, meta: Readonly<Record<string, string>> = {}): ExportSource => {
    writeMeta(run.db, {
      operation: 'create',
      columns: '["ContactId","LastName","UserRoleId","CommunityNickname"]',
      keyColumn: 'ContactId',
      givenColumns: '[]',
      ...meta,
    });
    return { db: run.db, folder: run.folder, files: { ...createFiles(run.db), ...changes }, texts };
  };
  const headerOf = (name: string): string => readFileSync(join(run.folder, `${name}.csv`), 'utf8').split('\n')[0] ?? '';

  it('hold exact values, however odd', async () => {
    const odd = [
      '=HYPERLINK("x")',
      '+1',
      '@a',
      '-2',
      'a,b',
      'say "hi"',
      'two\nlines',
      ' padded ',
      '😀',
      "'",
      '\uFEFFx',
    ];
    run = await RunDb.with(...odd.map((LastName) => ({ values: { LastName } })));
    await exportPlan(source());
    expect(csvOf(run.folder, 'users').map((row) => row['LastName'])).to.deep.equal(odd);
    expect(readFileSync(join(run.folder, 'users.csv'), 'utf8')).not.to.include('\r');
  });

  it('hold each record once, in its order, in the file that it belongs to', async () => {
    run = await RunDb.with(
      {},
      unchanged,
      { decision: refuse('NO_EMAIL.detail') },
      {},
      {},
      {},
      { decision: refuse('BAD_VALUE.id', { field: 'a', value: 'b' }) },
    );
    // Steps 2 to 4 are those of the subjects 4 to 6.
    run.setStep(1, "state = 'done', created = 'yes'");
    run.setStep(2, "state = 'failed', errorCode = 'X', errorMessage = 'why, \"really\"'");
    run.setStep(3, "state = 'done', created = 'unknown', nickname = 'repaired'");
    run.setSubject(1, "state = 'succeeded', userId = '005a'");
    run.setSubject(4, "state = 'failed'");
    run.setSubject(5, "state = 'succeeded', userId = '005b'");
    await exportPlan(source());
    await exportOutcome(source());
    expect(run.subjects('detailFacts')[6]).to.match(/"a".*"b"/);
    const contacts = (name: string): unknown[] => csvOf(run.folder, name).map((row) => row['ContactId']);
    expect(contacts('users')).to.deep.equal([1, 4, 5, 6].map(contactIdOf));
    expect(contacts('unchanged')).to.deep.equal([contactIdOf(2)]);
    expect(contacts('refused')).to.deep.equal([3, 7].map(contactIdOf));
    expect(contacts('failed')).to.deep.equal([contactIdOf(4)]);
    expect(
      csvOf(run.folder, 'succeeded').map((row) => [row['UserId'], row['Created'], row['CommunityNickname']]),
    ).to.deep.equal([
      ['005a', 'yes', 'user-1'],
      ['005b', 'unknown', 'repaired'],
    ]);
    expect(csvOf(run.folder, 'failed')[0]).to.include({
      Step: 'User',
      ErrorCode: 'X',
      Error: 'why, "really"',
      Advice: 'X create',
    });
    expect(csvOf(run.folder, 'refused')[1]).to.include({
      Reason: 'BAD_VALUE',
      Detail: `BAD_VALUE.id|${String(run.subjects('detailFacts')[6])}`,
      Advice: `BAD_VALUE.id|${contactIdOf(7)}|0017|`,
    });
    expect(csvOf(run.folder, 'unchanged')[0]).to.include({
      UserId: '005u',
      Detail: `ALREADY_HAS_USER.detail|${String(run.subjects('detailFacts')[1])}`,
      AccountName: 'Acme',
    });
  });

  it('have the key as it was given first, and only one column when that is the ContactId', async () => {
    run = await RunDb.with({ key: 'K-1', contactId: null, decision: notFound });
    await exportPlan(source({}, { keyColumn: 'Key__c' }));
    expect(headerOf('refused')).to.equal('Key__c,ContactId,Name,AccountId,AccountName,UserId,Reason,Detail,Advice');
    expect(csvOf(run.folder, 'refused')[0]).to.include({ Key__c: 'K-1', ContactId: '' });
    await exportPlan(source());
    expect(headerOf('refused')).to.equal('ContactId,Name,AccountId,AccountName,UserId,Reason,Detail,Advice');
    expect(csvOf(run.folder, 'refused')[0]).to.include({ ContactId: 'K-1' });
  });

  it('have a header also when they are empty, and replace what was there', async () => {
    run = await RunDb.with({}, {});
    await exportPlan(source());
    run.db.exec('DELETE FROM subject; DELETE FROM step');
    await exportPlan(source());
    await exportOutcome(source());
    for (const name of ['users', 'unchanged', 'refused', 'succeeded', 'failed']) {
      expect(csvOf(run.folder, name), name).to.deep.equal([]);
      expect(headerOf(name), name).to.include('ContactId');
    }
  });

  it('that were refused hold what was given for them, so that they can be given again', async () => {
    const cells = { Key__c: 'K-1', LastName: 'Ada, "A"', Empty: '' };
    run = await RunDb.with({ key: 'K-1', cells, contactId: null, decision: notFound });
    await exportPlan(source({}, { keyColumn: 'Key__c', givenColumns: '["Key__c","LastName","Empty","Absent"]' }));
    expect(headerOf('refused')).to.match(/,Advice,LastName,Empty,Absent$/);
    expect(csvOf(run.folder, 'refused')[0]).to.include({ Key__c: 'K-1', LastName: 'Ada, "A"', Empty: '', Absent: '' });
  });

  it('that failed name the permission set that could not be given', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1'] });
    run.setStep(1, "state = 'done'");
    run.setStep(2, "state = 'failed', errorCode = 'X', errorMessage = 'no'");
    run.setSubject(1, "state = 'failed', userId = '005a'");
    await exportOutcome(source());
    expect(csvOf(run.folder, 'failed')).to.have.length(1);
    expect(csvOf(run.folder, 'failed')[0]).to.include({ Step: 'Set 0PS1', UserId: '005a', ErrorCode: 'X' });
  });

  it('keep what users were where they are changed, and what makes them anew where they are cut off', async () => {
    const snapshot = { Id: userIdOf(1), Username: 'ada@acme.example', ContactId: contactIdOf(1), IsActive: 'false' };
    run = await RunDb.with({ userId: userIdOf(1), snapshot, steps: [paintStep(1)] }, {});
    await exportPlan(source());
    expect(readdirSync(run.folder)).not.to.include('snapshot.csv');
    await exportPlan(source({ hasSnapshot: true }));
    expect(csvOf(run.folder, 'snapshot')).to.have.length(1);
    expect(csvOf(run.folder, 'snapshot')[0]).to.include(snapshot);
    expect(readdirSync(run.folder)).not.to.include('create-again.csv');
    await exportPlan(source({ hasSnapshot: true, hasCreateAgain: true }));
    expect(csvOf(run.folder, 'create-again')[0]).to.include({
      ContactId: contactIdOf(1),
      Username: 'ada@acme.example',
      Detail: `${userIdOf(1)}|true`,
    });
    run.setStep(1, `after = '{"Username":"ada@acme.example"}'`);
    await exportOutcome(source({ hasSnapshot: true, hasCreateAgain: true }));
    expect(csvOf(run.folder, 'create-again')[0]).to.include({ Username: '', Detail: `${userIdOf(1)}|Username|true` });
  });

  it('are as they were when the disk fills in the middle of the next export', async () => {
    run = await RunDb.with({}, {});
    await exportPlan(source());
    const files = readdirSync(run.folder);
    const before = readFileSync(join(run.folder, 'users.csv'), 'utf8');
    run.setStep(1, "nickname = 'another'");
    const mend = await fillDisk();
    const thrown = await exportPlan(source())
      .then(() => undefined, String)
      .finally(mend);
    expect(thrown).to.equal('RunFault: diskFull');
    expect(readFileSync(join(run.folder, 'users.csv'), 'utf8')).to.equal(before);
    expect(readdirSync(run.folder)).to.deep.equal(files);
  });

  it('tell that run.db is damaged where a reason or its facts are not what was written', async () => {
    const damages = [
      'detailFacts = NULL',
      "detailFacts = '{'",
      "detailFacts = '[1]'",
      'detailFacts = \'{"value":null}\'',
      "detailText = 'other'",
      "reason = 'X'",
    ];
    for (const damage of damages) {
      run = await RunDb.with({ decision: refuse('NO_EMAIL.detail') });
      run.setSubject(1, damage);
      const thrown = await exportPlan(source()).then(
        () => undefined,
        (error: unknown) => error,
      );
      // src/run/drive.ts tells it as runDamaged.
      expect(thrown, damage).to.be.instanceOf(DamagedValue);
      if (damage !== damages.at(-1)) run.close();
    }
  });

  it('say in summary.md what has become of the run', async () => {
    run = await RunDb.with({});
    writeMeta(run.db, {
      operation: 'create',
      orgId: '00D',
      orgKind: 'sandbox',
      username: 'admin@sim.example',
      selectedBy: 'file',
      plannedAt: '2026-11-22T15:29:00.000Z',
    });
    await exportSummary(source(), {
      result: { ...readRecord(run.db, run.folder), guards: [], failedAdvice: {}, next: [] },
      next: [],
    });
    run.setSubject(1, "state = 'succeeded'");
    writeMeta(run.db, { startedAt: '2026-11-22T15:30:12.000Z' });
    await exportSummary(source(), {
      result: { ...readRecord(run.db, run.folder), guards: [], failedAdvice: {}, next: [] },
      next: [],
    });
    expect(readFileSync(join(run.folder, 'summary.md'), 'utf8')).to.equal('It is complete.\n');
  });

  it('replace what a process that died, or somebody else, has left beside them', async function () {
    if (process.platform === 'win32') this.skip();
    run = await RunDb.with({});
    const precious = join(run.folder, 'precious.txt');
    writeFileSync(precious, 'precious');
    symlinkSync(precious, join(run.folder, 'users.csv.new'));
    writeFileSync(join(run.folder, 'refused.csv.new'), 'half a li', { mode: 0o644 });
    await exportPlan(source());
    expect(readFileSync(precious, 'utf8')).to.equal('precious');
    expect(readdirSync(run.folder).filter((name) => name.endsWith('.new'))).to.deep.equal([]);
    expect(statSync(join(run.folder, 'refused.csv')).mode & 0o777).to.equal(0o600);
  });

  it('are for their owner’s eyes only', async function () {
    if (process.platform === 'win32') this.skip();
    run = await RunDb.with({});
    const before = process.umask(0);
    try {
      await exportPlan(source());
      await exportOutcome(source());
    } finally {
      process.umask(before);
    }
    for (const name of ['users', 'unchanged', 'refused', 'succeeded', 'failed'])
      expect(statSync(join(run.folder, `${name}.csv`)).mode & 0o777, name).to.equal(0o600);
  });
});
