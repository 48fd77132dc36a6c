/** A value that SQLite takes and this version never writes is damage. */
import { expect } from 'chai';
import { refuse } from '../../../lib/model/reasons.js';
import { checkColumns, checkRelations } from '../../../lib/store/integrity.js';
import { writeMeta } from '../../../lib/store/meta.js';
import { planJob, recordCreated } from '../../../lib/store/sends.js';
import { RunDb } from './runDb.ts';

describe('checkColumns', () => {
  let run: RunDb;
  beforeEach(async () => {
    run = await RunDb.with(
      { cells: { a: 'ü' }, snapshot: {}, permissionSets: ['0PS1'] },
      { decision: refuse('NO_EMAIL.detail') },
    );
    planJob(run.db, { kind: 'createUser', family: 'highVolume', canary: false, size: 3, most: 9 }, 0);
    recordCreated(run.db, 1, { id: '750', createdDate: '2026-01-01', maker: '005' });
    writeMeta(run.db, { operation: 'create' });
    run.setStep(1, `after = '{"Username":""}', notBefore = 1700000000000`);
  });
  afterEach(() => {
    run.close();
  });

  it('takes all that this version writes', () => {
    checkColumns(run.db);
  });

  for (const damage of [
    "meta SET value = x'61'",
    "subject SET key = x'61'",
    "subject SET line = 'seven'",
    "subject SET accountId = x'00'",
    "step SET target = x'00'",
    "step SET refusals = 'many'",
    'step SET notBefore = 1.5',
    "step SET nickname = x'00'",
    "send SET orgId = x'00'",
    "send SET size = 'all'",
    "sending SET answer = x'00'",
    ...["''", "'{'", "'null'", "'[]'", '\'"a"\'', `'{"a":1}'`, `'{"a":null}'`, `'{"a":["b"]}'`].flatMap((json) => [
      `step SET fieldValues = ${json}`,
      `step SET after = ${json}`,
      `subject SET cells = ${json}`,
      `subject SET snapshot = ${json}`,
    ]),
    "subject SET detailFacts = '['",
    "subject SET furtherDetails = '['",
  ]) {
    it(`takes ${damage} for damage`, () => {
      run.db.exec(`UPDATE ${damage}`);
      expect(() => checkColumns(run.db))
        .to.throw()
        .with.property('code', 'runDamaged');
    });
  }
});

describe('checkRelations', () => {
  let run: RunDb;
  beforeEach(async () => {
    run = await RunDb.with({}, {}, { decision: refuse('NO_EMAIL.detail') });
    planJob(run.db, { kind: 'createUser', family: 'highVolume', canary: false, size: 1, most: 1 }, 0);
    recordCreated(run.db, 1, { id: '750', createdDate: '2026-01-01', maker: '005' });
  });
  afterEach(() => {
    run.close();
  });

  it('takes a run that is under way', () => {
    expect(run.steps('state')).to.deep.equal(['sending', 'planned']);
    checkRelations(run.db);
  });

  for (const damage of [
    'subject SET state = NULL WHERE n = 1',
    "subject SET state = 'succeeded' WHERE n = 1",
    "subject SET state = 'failed' WHERE n = 2",
    "subject SET state = 'open' WHERE n = 3",
    'subject SET reason = NULL WHERE n = 3',
    'subject SET detailText = NULL WHERE n = 3',
    "step SET state = 'done' WHERE n = 2",
    "step SET state = 'sending' WHERE n = 2",
    'step SET send = NULL WHERE n = 1',
    'step SET send = 2 WHERE n = 1',
    'step SET subject = 9 WHERE n = 2',
    "step SET created = 'yes' WHERE n = 1",
    "send SET state = 'collected'",
    "send SET kind = 'setFrozen'",
    'send SET orgId = NULL',
    'send SET createdDate = NULL',
  ]) {
    it(`takes ${damage} for damage`, () => {
      run.db.exec(`UPDATE ${damage}`);
      expect(() => checkRelations(run.db))
        .to.throw()
        .with.property('code', 'runDamaged');
    });
  }
});
