/** A value that SQLite takes and this version never writes is damage. */
import { expect } from 'chai';
import { refuse } from '../../../lib/model/reasons.js';
import { checkColumns } from '../../../lib/store/columns.js';
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
  ]) {
    it(`takes ${damage} for damage`, () => {
      run.db.exec(`UPDATE ${damage}`);
      expect(() => checkColumns(run.db))
        .to.throw()
        .with.property('code', 'runDamaged');
    });
  }
});
