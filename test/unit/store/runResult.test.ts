/** The result of a run says what run.db says, and nothing else. */
import { join } from 'node:path';
import { expect } from 'chai';
import { leave, refuse } from '../../../lib/model/reasons.js';
import { writeMeta, type RunDescription } from '../../../lib/store/meta.js';
import { readMode, readOperation, readRecord } from '../../../lib/store/runResult.js';
import { planCall, planJob, recordComplete, recordCreated } from '../../../lib/store/sends.js';
import { giveUpSubject } from '../../../lib/store/subjects.js';
import { paintStep, profileId, RunDb, userIdOf, type Wanted } from './runDb.ts';

const time = '2026-11-22T15:30:12.000Z';

describe('the result of a run', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  async function begin(meta: RunDescription, ...wanted: readonly Wanted[]): Promise<void> {
    run = await RunDb.with(...wanted);
    writeMeta(run.db, {
      operation: 'create',
      orgId: '00D',
      orgKind: 'production',
      username: 'admin@sim.example',
      selectedBy: 'where',
      dryRun: 'true',
      ...meta,
    });
  }

  it('of a plan has counts, what is to be done, and the files that exist', async () => {
    await begin(
      {},
      { permissionSets: ['0PS1'] },
      { userId: userIdOf(2), permissionSets: ['0PS1'] },
      { decision: refuse('NO_EMAIL.detail') },
    );
    const result = readRecord(run.db, '/runs/a');
    expect(result).to.deep.include({
      operation: 'create',
      state: 'planned',
      dryRun: true,
      runDir: '/runs/a',
      orgId: '00D',
      username: 'admin@sim.example',
      actions: { create: 1, assign: 1, change: 0 },
      refusedByReason: { NO_EMAIL: 1 },
      unchangedByReason: {},
      failedByCode: {},
      licenses: [],
      welcomeEmails: { possible: 0, atLeast: false, sites: [], senders: [] },
      apiCalls: 0,
      apiBudget: { calls: 0, batches: 0 },
      jobs: [],
    });
    expect(result).not.to.have.property('mode');
    expect(result.steps).to.have.keys('createUser', 'assignPermissionSet');
    expect(Object.keys(result.files)).to.deep.equal(['users', 'unchanged', 'refused', 'summary', 'report']);
    expect(result.files.users).to.equal(join('/runs/a', 'users.csv'));
  });

  it('of a run that began has its jobs, its failures and their files', async () => {
    await begin({ startedAt: '2026-11-22T15:30:12.000Z', apiCalls: '7' }, {}, {});
    planJob(run.db, { kind: 'createUser', family: 'highVolume', canary: false, size: 1, most: 9 }, 0);
    recordCreated(run.db, 1, { id: '750a', createdDate: '2026-01-01', maker: '005' });
    recordComplete(run.db, 1, { orgState: 'JobComplete', errorMessage: undefined, milliseconds: 1 });
    planCall(run.db, { kind: 'createUser', way: 'collection', size: 200, maker: '005', time }, 0);
    run.setStep(1, "state = 'failed', errorCode = 'X'");
    const result = readRecord(run.db, '/runs/a');
    expect(result).to.deep.include({ dryRun: false, state: 'running', apiCalls: 7, failedByCode: { X: 1 } });
    expect(result.jobs).to.deep.equal([{ id: '750a', rows: 1, state: 'JobComplete' }]);
    expect(result.files).to.include({ succeeded: join('/runs/a', 'succeeded.csv') });
  });

  it('of a change has its mode, and the snapshot; users who are cut off can be made anew', async () => {
    for (const [mode, again] of [
      ['freeze', false],
      ['disable-portal', true],
    ] as const) {
      await begin({ operation: 'disable', mode }, { userId: userIdOf(1), steps: [paintStep(1)] });
      const result = readRecord(run.db, '/runs/a');
      expect(result).to.deep.include({ mode, actions: { create: 0, assign: 0, change: 1 } });
      expect('createAgain' in result.files).to.equal(again);
      expect(result.files).to.have.property('snapshot');
      if (!again) run.close();
    }
  });

  it('gives back what the guards have kept', async () => {
    const kept = {
      licenses: [{ name: 'Customer Community', total: 10, used: 2, needed: 3, ids: [profileId] }],
      welcomeEmails: {
        possible: 3,
        atLeast: true,
        sites: ['Help'],
        senders: [{ site: 'Help', address: 'help@acme.example' }],
      },
      apiBudget: { calls: 9, batches: 1, callsLeft: 100 },
    };
    const texts = Object.entries(kept).map(([key, value]): [string, string] => [key, JSON.stringify(value)]);
    await begin(Object.fromEntries(texts));
    const licenses = [{ name: 'Customer Community', total: 10, used: 2, needed: 3 }];
    expect(readRecord(run.db, '/runs/a')).to.deep.include({ ...kept, licenses });
  });

  it('has the licenses and emails of what was done, not of what was planned', async () => {
    const emails = { possible: 3, atLeast: false, sites: ['Help'], senders: [] };
    await begin(
      {
        startedAt: time,
        licenses: JSON.stringify([{ name: 'Customer Community', total: 10, used: 2, needed: 3, ids: [profileId] }]),
        welcomeEmails: JSON.stringify(emails),
        siteMembers: JSON.stringify([['0PS1', profileId], ['0PS2']]),
      },
      ...[{}, {}, {}],
    );
    const taken = (): unknown[] => {
      const { licenses, welcomeEmails } = readRecord(run.db, '/runs/a');
      return [...licenses.map(({ used, needed, done }) => [used, needed, done]), welcomeEmails];
    };
    // Those contacts have got users elsewhere by now.
    for (const n of [1, 2]) giveUpSubject(run.db, n, leave('ALREADY_HAS_USER.detail', { username: 'a' }));
    expect(taken()).to.deep.equal([[2, 3, 0], { ...emails, done: 0 }]);
    run.setStep(3, "state = 'done', created = 'yes'");
    expect(taken()).to.deep.equal([[2, 3, 1], { ...emails, done: 1 }]);
  });

  it('is a damaged run for every word and form that nobody writes, never create', async () => {
    const damages: RunDescription[] = [
      { operation: 'upsert' },
      { operation: '' },
      { operation: 'constructor' },
      { mode: 'melt' },
      { mode: '' },
      { apiCalls: 'NaN' },
      { licenses: '[{}]' },
      { licenses: '{}' },
      { licenses: '[{"name":"Customer Community","total":10,"used":2,"needed":3}]' },
      { startedAt: time, welcomeEmails: '{"possible":1,"atLeast":false,"sites":["Help"],"senders":[]}' },
      { welcomeEmails: '{"possible":1}' },
      { welcomeEmails: '{"possible":1,"atLeast":false,"sites":["Help"]}' },
      { welcomeEmails: '{"possible":1,"atLeast":false,"sites":["Help"],"senders":[{"site":"Help"}]}' },
      { apiBudget: '{"calls":"1","batches":1}' },
      { apiBudget: 'x' },
    ];
    for (const damage of damages) {
      await begin(damage);
      expect(() => readRecord(run.db, '/runs/a'), JSON.stringify(damage))
        .to.throw()
        .with.property('code', 'runDamaged');
      run.close();
    }
    await begin({ operation: 'enable', mode: 'activate' });
    expect([readOperation(run.db), readMode(run.db)]).to.deep.equal(['enable', 'activate']);
    for (const key of ['operation', 'orgId', 'username']) {
      run.db.exec(`DELETE FROM meta WHERE key = '${key}'`);
      expect(() => readRecord(run.db, '/runs/a'), key)
        .to.throw()
        .with.property('code', 'runDamaged');
      writeMeta(run.db, { [key]: 'create' });
    }
  });
});
