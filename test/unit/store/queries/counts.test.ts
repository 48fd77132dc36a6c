/** The numbers of a run add up, whatever becomes of its steps. */
import { expect } from 'chai';
import fc from 'fast-check';
import { refuse, decideExisting } from '../../../../lib/model/reasons.js';
import {
  checkStates,
  countByCode,
  countRefusedSincePlan,
  countByReason,
  countOpen,
  countProgress,
  countByProfile,
  countStepsByKind,
  countSubjects,
  countToSend,
  countUndone,
  hasSent,
  hasUnsureSteps,
  kindNames,
  runStateOf,
} from '../../../../lib/store/queries/counts.js';
import { giveUpSubject } from '../../../../lib/store/subjects.js';
import { writeMeta, type MetaKey } from '../../../../lib/store/meta.js';
import { planCall, planJob, recordClosed, recordCreated, recordUploaded } from '../../../../lib/store/sends.js';
import { paintStep, RunDb, userIdOf, type Wanted } from '../runDb.ts';

const unchanged = decideExisting({ id: '005', username: 'x', isActive: true });

const time = '2026-11-22T15:30:12.000Z';

describe('the counts of a run', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('add up, whatever becomes of its subjects', async () => {
    const subject = fc.record({
      verdict: fc.constantFrom('steps', 'unchanged', 'refused'),
      state: fc.constantFrom('open', 'succeeded', 'failed', 'unknown'),
      created: fc.constantFrom('yes', 'unknown'),
    });
    run = await RunDb.with();
    await fc.assert(
      fc.asyncProperty(fc.array(subject, { maxLength: 12 }), async (subjects) => {
        run.close();
        run = await RunDb.with(
          ...subjects.map(({ verdict }): Wanted => {
            if (verdict === 'steps') return {};
            return { decision: verdict === 'refused' ? refuse('NO_EMAIL.detail') : unchanged };
          }),
        );
        const tally = { steps: 0, unchanged: 0, refused: 0, open: 0, succeeded: 0, failed: 0, unknown: 0, yes: 0 };
        let step = 0;
        for (const [index, { verdict, state, created }] of subjects.entries()) {
          tally[verdict] += 1;
          if (verdict !== 'steps') continue;
          step += 1;
          tally[state] += 1;
          run.setSubject(index + 1, `state = '${state}'`);
          if (state !== 'succeeded') continue;
          if (created === 'yes') tally.yes += 1;
          run.setStep(step, `state = 'done', created = '${created}'`);
        }
        const counts = countSubjects(run.db);
        const progress = {
          planned: tally.steps,
          succeeded: tally.succeeded,
          failed: tally.failed,
          unknown: tally.unknown,
          pending: tally.open,
        };
        expect(countProgress(run.db)).to.deep.equal(progress);
        expect(counts).to.deep.equal({
          selected: subjects.length,
          ...progress,
          unchanged: tally.unchanged,
          refused: tally.refused,
          created: tally.yes,
        });
        expect(counts.selected).to.equal(counts.planned + counts.unchanged + counts.refused);
        expect(counts.planned).to.equal(counts.succeeded + counts.failed + counts.unknown + counts.pending);
        expect(countOpen(run.db)).to.equal(counts.pending);
        expect(countByReason(run.db, 'refused')).to.deep.equal(tally.refused > 0 ? { NO_EMAIL: tally.refused } : {});
        expect(countByReason(run.db, 'unchanged')).to.deep.equal(
          tally.unchanged > 0 ? { ALREADY_HAS_USER: tally.unchanged } : {},
        );
      }),
      { numRuns: 30 },
    );
  });

  it('name the commonest reason first', async () => {
    const row = { column: 'Key__c', value: 'K', line: '2' };
    const decisions = [
      refuse('NO_EMAIL.detail'),
      refuse('BAD_VALUE.boolean', { field: 'IsActive', value: 'maybe' }),
      refuse('BAD_VALUE.noProfile'),
      refuse('AMBIGUOUS_KEY.detail', { ...row, count: 2, ids: '003a, 003b' }),
    ];
    run = await RunDb.with(...decisions.map((decision) => ({ decision })));
    expect(Object.entries(countByReason(run.db, 'refused'))).to.deep.equal([
      ['BAD_VALUE', 2],
      ['AMBIGUOUS_KEY', 1],
      ['NO_EMAIL', 1],
    ]);
  });

  const states: ReadonlyArray<
    readonly [what: string, expected: string, subjectStates: string[], meta: Partial<Record<MetaKey, string>>]
  > = [
    ['a plan that is not begun', 'planned', ['open'], {}],
    ['a dry run', 'planned', ['open'], { dryRun: 'true' }],
    ['a dry run with nothing to do', 'complete', [], { dryRun: 'true' }],
    ['a run with nothing to do', 'complete', [], { dryRun: 'false' }],
    ['rows on their way', 'running', ['succeeded', 'open'], { startedAt: 'x' }],
    ['rows to be sent again', 'running', ['failed', 'open'], { startedAt: 'x' }],
    ['all rows done', 'complete', ['succeeded', 'succeeded'], { startedAt: 'x' }],
    ['some rows failed', 'partial', ['succeeded', 'failed'], { startedAt: 'x' }],
    ['some rows unknown', 'partial', ['succeeded', 'unknown'], { startedAt: 'x' }],
    ['all rows failed', 'failed', ['failed'], { startedAt: 'x' }],
    ['an applied dry run', 'complete', ['succeeded'], { startedAt: 'x', dryRun: 'true' }],
  ];
  for (const [what, expected, subjectStates, meta] of states) {
    it(`say ${expected} of ${what}`, async () => {
      run = await RunDb.with(...subjectStates.map(() => ({})));
      for (const [index, state] of subjectStates.entries()) run.setSubject(index + 1, `state = '${state}'`);
      writeMeta(run.db, meta);
      expect(runStateOf(run.db, countSubjects(run.db))).to.equal(expected);
    });
  }

  it('tell the steps of each kind; what is under way counts as planned, what was dropped does not', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1', '0PS2'] }, { permissionSets: ['0PS1', '0PS2'] });
    for (const [n, state] of [
      [1, 'done'],
      [2, 'failed'],
      [3, 'unknown'],
      [4, 'sending'],
      [5, 'dropped'],
    ] as const)
      run.setStep(n, `state = '${state}'`);
    expect(countStepsByKind(run.db)).to.deep.equal({
      createUser: { planned: 1, done: 1, failed: 0, unknown: 0 },
      assignPermissionSet: { planned: 1, done: 0, failed: 1, unknown: 1 },
    });
    expect(countUndone(run.db, 'createUser')).to.equal(1);
    expect(countUndone(run.db, 'assignPermissionSet')).to.equal(1);
    expect(kindNames(run.db)).to.have.members(['createUser', 'assignPermissionSet']);
  });

  it('tell failures by code, each subject once by each of its codes', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1', '0PS2'] }, {}, {});
    const fail = (n: number, code: string): void => run.setStep(n, `state = 'failed', errorCode = '${code}'`);
    fail(2, 'A');
    fail(3, 'B');
    fail(4, 'C');
    fail(5, 'C');
    expect(Object.entries(countByCode(run.db))).to.deep.equal([
      ['C', 2],
      ['A', 1],
      ['B', 1],
    ]);
    // Two steps with the same code are one subject.
    fail(3, 'A');
    expect(countByCode(run.db)).to.deep.equal({ C: 2, A: 1 });
  });

  it('tell who was refused after the plan was made from who never was in it', async () => {
    run = await RunDb.with({}, { decision: refuse('NO_ACCOUNT.detail') }, {});
    expect(countRefusedSincePlan(run.db)).to.equal(undefined);
    giveUpSubject(run.db, 3, refuse('CHANGED_SINCE.active', { userId: userIdOf(3) }));
    expect(countRefusedSincePlan(run.db)).to.deep.equal({ CHANGED_SINCE: 1 });
  });

  it('need licenses for active users that are still to be made, by profile', async () => {
    const profile = (ProfileId: string, IsActive?: string): Wanted => ({
      values: { ProfileId, ...(IsActive === undefined ? {} : { IsActive }) },
    });
    run = await RunDb.with(
      profile('A'),
      profile('A', 'true'),
      profile('A', 'FALSE'),
      profile('A', '0'),
      profile('B', '1'),
      { decision: refuse('NO_EMAIL.detail') },
      profile('B'),
      profile('B'),
      { userId: userIdOf(9), permissionSets: ['0PS1'] },
    );
    run.setStep(6, "state = 'done'");
    run.setStep(7, "state = 'failed'");
    expect(Object.fromEntries(countByProfile(run.db, 'planned'))).to.deep.equal({
      A: { users: 4, seats: 2 },
      B: { users: 1, seats: 1 },
    });
    expect(Object.fromEntries(countByProfile(run.db, 'done'))).to.deep.equal({ B: { users: 1, seats: 1 } });
  });

  it('know what Salesforce does not have yet, and what it may have', async () => {
    run = await RunDb.painting(6, (n) => ({ family: n <= 2 ? 'roleBased' : 'highVolume' }));
    const toSend = (): Array<readonly [string, number]> =>
      countToSend(run.db).map(({ family, rows }) => [family, rows] as const);
    expect(toSend()).to.have.deep.members([
      ['roleBased', 2],
      ['highVolume', 4],
    ]);
    expect([hasSent(run.db), hasUnsureSteps(run.db)]).to.deep.equal([false, false]);
    planJob(run.db, { kind: 'paintDoor', family: 'highVolume', canary: false, size: 3, most: 9 }, 0);
    // An intent alone: nothing has reached the org.
    expect([hasSent(run.db), hasUnsureSteps(run.db)]).to.deep.equal([false, true]);
    expect(toSend()).to.have.deep.members([
      ['roleBased', 2],
      ['highVolume', 4],
    ]);
    recordCreated(run.db, 1, { id: '750', createdDate: '2026-01-01', maker: '005' });
    expect(hasSent(run.db)).to.equal(true);
    recordUploaded(run.db, 1);
    // What is uploaded is not worked on before the job is closed.
    expect(toSend()).to.have.deep.members([
      ['roleBased', 2],
      ['highVolume', 4],
    ]);
    recordClosed(run.db, 1);
    expect(toSend()).to.have.deep.members([
      ['roleBased', 2],
      ['highVolume', 1],
    ]);
  });

  it('take the intent of a call for something that may have reached the org', async () => {
    run = await RunDb.painting(1);
    planCall(run.db, { kind: 'paintDoor', way: 'collection', size: 200, maker: '005', time }, 0);
    expect(hasSent(run.db)).to.equal(true);
  });
});

describe('checkStates', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('takes every word that this version writes', async () => {
    run = await RunDb.with(
      { permissionSets: ['0PS1'] },
      { decision: unchanged },
      { decision: refuse('NO_EMAIL.detail') },
    );
    planJob(run.db, { kind: 'createUser', family: 'highVolume', canary: false, size: 3, most: 9 }, 0);
    for (const state of ['planned', 'sending', 'done', 'failed', 'unknown', 'dropped']) {
      run.setStep(1, `state = '${state}', send = 1`);
      checkStates(run.db);
    }
    run.db.exec("UPDATE step SET state = 'done'");
    for (const state of ['succeeded', 'failed', 'unknown']) {
      run.setSubject(1, `state = '${state}'`);
      checkStates(run.db);
    }
  });

  const damages: ReadonlyArray<readonly [table: string, assignment: string]> = [
    ['subject', "verdict = 'create'"],
    ['subject', "verdict = 'Steps'"],
    ['subject', "state = 'sent'"],
    ['subject', "state = ''"],
    ['step', "state = 'sent'"],
    ['step', "family = 'lowVolume'"],
    ['send', "state = 'aborted'"],
    ['send', "way = 'letter'"],
    ['send', "family = 'x'"],
  ];
  for (const [table, assignment] of damages) {
    it(`takes ${table}.${assignment} for damage`, async () => {
      run = await RunDb.with({ permissionSets: ['0PS1'] }, {});
      planJob(run.db, { kind: 'createUser', family: 'highVolume', canary: false, size: 3, most: 9 }, 0);
      run.db.exec(`UPDATE ${table} SET ${assignment} WHERE n = 1`);
      expect(() => checkStates(run.db))
        .to.throw()
        .with.property('code', 'runDamaged');
    });
  }

  it('knows no kind: the made-up one of the tests is none of its business', async () => {
    run = await RunDb.with({ steps: [paintStep(1)] });
    checkStates(run.db);
    expect(kindNames(run.db)).to.deep.equal(['paintDoor']);
  });
});
