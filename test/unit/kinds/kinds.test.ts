/** Every kind of step, each known by one name; what is none of them is damage. */
import { expect } from 'chai';
import { checkUnderstood, kinds, kindsOf } from '../../../lib/kinds/kinds.js';
import { userFieldStep } from '../../../lib/kinds/userFields.js';
import { writeMeta } from '../../../lib/store/meta.js';
import { planJob } from '../../../lib/store/sends.js';
import { modeRule } from '../../../lib/model/modes.js';
import { workText } from '../../../lib/report/eventLines.js';
import { word } from '../../../lib/report/page/sections.js';
import { paintStep, RunDb, userIdOf } from '../store/runDb.ts';

describe('kinds', () => {
  for (const { name } of kinds) {
    it(`${name} has words, for the progress and for the page`, () => {
      expect(workText({ unit: name, done: 1, steps: 2, pace: undefined })).to.include('1 of 2');
      expect(word(`step.${name}`)).not.to.equal('');
    });
  }
});

describe('kindsOf', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('gives the kinds of a plan, and no other', async () => {
    const cut = userFieldStep(modeRule('disable-portal'), userIdOf(2), {
      accountId: undefined,
      family: 'highVolume',
      isActive: true,
    });
    run = await RunDb.with({ permissionSets: ['0PS1'] }, { userId: userIdOf(2), steps: [cut] });
    expect(kindsOf(run.db).map(({ name }) => name)).to.deep.equal(['cutOff', 'createUser', 'assignPermissionSet']);
    run.close();
    run = await RunDb.with({});
    expect(kindsOf(run.db).map(({ name }) => name)).to.deep.equal(['createUser']);
  });

  it('takes a kind that it does not know for damage, of a step or a send', async () => {
    for (const table of ['step', 'send']) {
      run = await RunDb.with({});
      planJob(run.db, { kind: 'createUser', family: 'highVolume', canary: false, size: 1, most: 1 }, 0);
      writeMeta(run.db, { orgId: '00D', userId: '005', username: 'a@b.example', apiVersion: '67.0', maxUsers: '1' });
      writeMeta(run.db, { dryRun: 'false', strict: 'false', allowWelcomeEmails: 'false' });
      checkUnderstood(run.db);
      run.db.exec(`UPDATE ${table} SET kind = 'paintDoor'`);
      for (const look of [kindsOf, checkUnderstood])
        expect(() => look(run.db), table)
          .to.throw()
          .with.property('code', 'runDamaged');
      if (table === 'step') run.close();
    }
  });

  it('knows no kind of the tests', async () => {
    run = await RunDb.with({ steps: [paintStep(1)] });
    expect(() => kindsOf(run.db)).to.throw();
  });
});
