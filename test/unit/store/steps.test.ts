/** Steps in run.db: what is read of them, what each outcome makes of them, and that their subject always agrees. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Answer, Dropped, StepOutcome } from '../../../lib/model/outcomes.js';
import { refuse, decideExisting } from '../../../lib/model/reasons.js';
import type { Send, Step } from '../../../lib/model/steps.js';
import { checkRelations } from '../../../lib/store/integrity.js';
import { retractCanaries } from '../../../lib/store/queries/canaries.js';
import { countOpen, countStepsByKind, countSubjects } from '../../../lib/store/queries/counts.js';
import { giveBack, planCall, planJob, recordCreated, unfinishedSends } from '../../../lib/store/sends.js';
import {
  countDue,
  dropSteps,
  forgetPauses,
  recordMade,
  recordOutcomes,
  stepsIn,
  stepsOfSend,
  valuesOfSend,
  valuesOfSteps,
  waitingKinds,
  waitingSteps,
} from '../../../lib/store/steps.js';
import { giveUpSubject } from '../../../lib/store/subjects.js';
import { contactIdOf, paintStep, RunDb, userIdOf } from './runDb.ts';

const error = { code: 'LOCK', message: 'm' };
const dropped = (isActive: boolean, continues = false): Dropped => ({
  outcome: 'dropped',
  verdict: decideExisting({ id: '005b', username: 'b@acme.example', isActive }),
  continues,
});

const time = '2026-11-22T15:30:12.000Z';

describe('steps in run.db', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  const plan = (kind = 'createUser', size = 100): number => {
    const send = planJob(run.db, { kind, family: 'highVolume', canary: false, size, most: 100 }, 5000);
    return send?.n ?? 0;
  };
  const record = (send: number, judge: (step: Step) => { outcome: StepOutcome; answer?: Answer | undefined }): void => {
    const judged = stepsOfSend(run.db, send).map((step) => ({ step, answer: undefined, ...judge(step) }));
    recordOutcomes(run.db, send, judged, 1000);
  };

  it('wait, and say how many may go when', async () => {
    run = await RunDb.painting(3, (n) => ({ family: n === 3 ? 'roleBased' : 'highVolume' }));
    run.setStep(1, 'notBefore = 500');
    run.setStep(2, 'notBefore = 300');
    run.setStep(3, 'notBefore = 400');
    expect(waitingSteps(run.db, 'paintDoor')).to.deep.equal({ rows: 3, time: 300 });
    expect(waitingSteps(run.db, 'other')).to.equal(undefined);
    expect([299, 300, 500].map((now) => countDue(run.db, 'paintDoor', 'highVolume', now))).to.deep.equal([0, 1, 2]);
    expect(countDue(run.db, 'paintDoor', 'roleBased', 400)).to.equal(1);
    forgetPauses(run.db);
    expect(waitingSteps(run.db, 'paintDoor')).to.deep.equal({ rows: 3, time: 0 });
  });

  it('carry what the answer is judged by, and their values with a repaired nickname', async () => {
    run = await RunDb.with(
      { nickname: 'made up' },
      { nickname: 'asked for', givenNickname: 'asked for' },
      { steps: [paintStep(3, { stage: 4 })] },
    );
    run.setStep(1, "nickname = 'made up-2', refusals = 1");
    run.setSubject(1, "userId = '005'");
    const send = plan();
    expect(stepsOfSend(run.db, send)).to.deep.equal([
      {
        n: 1,
        subject: 1,
        target: contactIdOf(1),
        userId: '005',
        nickname: 'made up-2',
        nicknameIsGiven: false,
        refusals: 1,
      },
      {
        n: 2,
        subject: 2,
        target: contactIdOf(2),
        userId: undefined,
        nickname: 'asked for',
        nicknameIsGiven: true,
        refusals: 0,
      },
    ]);
    const values = [...valuesOfSend(run.db, send)].map((each) => each.values['CommunityNickname']);
    expect(values).to.deep.equal(['made up-2', 'asked for']);
    const some = valuesOfSteps(run.db, [{ n: 1 }, { n: 3 }]);
    expect([...some.keys()]).to.deep.equal([1, 3]);
    expect(some.get(1)).to.include({ ContactId: contactIdOf(1), CommunityNickname: 'made up-2' });
    expect(some.get(3)).to.deep.equal(paintStep(3).values);
  });

  it('have each the outcome that was recorded', async () => {
    run = await RunDb.with(...Array.from({ length: 8 }, () => ({})));
    const outcomes: Record<number, StepOutcome> = {
      1: { outcome: 'done', userId: '005', created: 'yes' },
      2: { outcome: 'failed', code: 'X', message: 'about X' },
      3: { outcome: 'again', delay: 500, error },
      4: { outcome: 'again', delay: 0, nickname: 'user-4-2', error },
      5: { outcome: 'stopped', cause: 'licenses', code: 'LICENSE', message: 'm' },
      6: dropped(true),
      7: dropped(false),
      8: { outcome: 'done', userId: '008', created: 'unknown', after: { Username: 'x' } },
    };
    record(plan(), ({ n }) => ({ outcome: outcomes[n]! }));
    expect(run.subjects('verdict')).to.deep.equal([
      ...['steps', 'steps', 'steps', 'steps', 'steps'],
      ...['unchanged', 'refused', 'steps'],
    ]);
    expect(run.subjects('state')).to.deep.equal([
      ...['succeeded', 'failed', 'open', 'open', 'open'],
      ...[null, null, 'succeeded'],
    ]);
    expect(run.steps('state')).to.deep.equal([
      ...['done', 'failed', 'planned', 'planned', 'planned'],
      ...['dropped', 'dropped', 'done'],
    ]);
    expect(run.subjects('userId')).to.deep.equal(['005', null, null, null, null, '005b', '005b', '008']);
    expect(run.steps('created')).to.deep.equal(['yes', null, null, null, null, null, null, 'unknown']);
    expect(run.steps('errorCode')).to.deep.equal([null, 'X', 'LOCK', 'LOCK', 'LICENSE', null, null, null]);
    expect(run.steps('errorMessage')[1]).to.equal('about X');
    expect(run.steps('notBefore')).to.deep.equal([0, 0, 1500, 0, 0, 0, 0, 0]);
    expect(run.steps('nickname').slice(3, 5)).to.deep.equal(['user-4-2', 'user-5']);
    expect(run.steps('after')[7]).to.equal('{"Username":"x"}');
    expect(run.subjects('reason').slice(5, 7)).to.deep.equal(['ALREADY_HAS_USER', 'HAS_INACTIVE_USER']);
    expect(
      [...valuesOfSend(run.db, plan())].map(({ step, values }) => [step.n, values['CommunityNickname']]),
    ).to.deep.equal([
      [3, 'user-3'],
      [4, 'user-4-2'],
      [5, 'user-5'],
    ]);
  });

  it('count refusals, and nothing else', async () => {
    run = await RunDb.painting(5);
    const outcomes: Record<number, StepOutcome> = {
      1: { outcome: 'done' },
      2: { outcome: 'failed', code: 'X', message: '' },
      3: { outcome: 'again', delay: 0, error },
      // Salesforce has not judged it.
      4: { outcome: 'again', delay: 0 },
      5: { outcome: 'stopped', cause: 'org', code: 'X', message: '' },
    };
    record(plan('paintDoor'), ({ n }) => ({ outcome: outcomes[n]! }));
    expect(run.steps('refusals')).to.deep.equal([0, 1, 1, 0, 1]);
    record(plan('paintDoor'), () => ({ outcome: { outcome: 'again', delay: 0, error } }));
    expect(run.steps('refusals')).to.deep.equal([0, 1, 2, 1, 2]);
    // To take them for a job is none, and to give them back takes none away.
    giveBack(run.db, { n: plan('paintDoor') } as Send);
    expect(run.steps('refusals')).to.deep.equal([0, 1, 2, 1, 2]);
  });

  it('keep which send carried them, and what it answered', async () => {
    run = await RunDb.painting(4);
    const answers: Record<number, Answer | undefined> = {
      1: { id: undefined },
      2: 'unprocessed',
      3: { error },
      4: undefined,
    };
    const again: StepOutcome = { outcome: 'again', delay: 0 };
    record(plan('paintDoor'), ({ n }) => ({ answer: answers[n], outcome: n === 1 ? { outcome: 'done' } : again }));
    record(plan('paintDoor', 2), () => ({ answer: { id: undefined }, outcome: { outcome: 'done' } }));
    expect(run.table('sending')).to.deep.equal([
      { step: 1, send: 1, answer: 'done' },
      { step: 2, send: 1, answer: 'unprocessed' },
      { step: 2, send: 2, answer: 'done' },
      { step: 3, send: 1, answer: 'LOCK' },
      { step: 3, send: 2, answer: 'done' },
      { step: 4, send: 1, answer: null },
    ]);
    expect(run.steps('send')).to.deep.equal([1, 2, 2, 1]);
    expect(run.table('send').map((row) => [row['state'], row['again']])).to.deep.equal([
      ['collected', 3],
      ['collected', 0],
    ]);
  });

  it('get an outcome from each send once', async () => {
    run = await RunDb.painting(2);
    const send = plan('paintDoor');
    const steps = stepsOfSend(run.db, send);
    record(send, ({ n }) => ({ outcome: n === 1 ? { outcome: 'done' } : { outcome: 'again', delay: 0 } }));
    expect(stepsOfSend(run.db, send)).to.deep.equal([]);
    plan('paintDoor');
    const before = ['step', 'sending', 'send', 'subject'].map((table) => run.table(table));
    for (const judged of [
      [],
      steps.map((step) => ({ step, answer: undefined, outcome: { outcome: 'done' } as const })),
    ]) {
      expect(() => recordOutcomes(run.db, send, judged, 0)).to.throw('collected');
      expect(['step', 'sending', 'send', 'subject'].map((table) => run.table(table))).to.deep.equal(before);
    }
  });

  it('that rest on a failed one are dropped, and go on for a user who exists', async () => {
    const permissionSets = ['0PS1', '0PS2'];
    run = await RunDb.with({ permissionSets }, { permissionSets }, { permissionSets }, {});
    const outcomes: Record<number, StepOutcome> = {
      1: { outcome: 'failed', code: 'X', message: '' },
      2: dropped(true, true),
      3: dropped(true, false),
      4: dropped(true, true),
    };
    record(plan(), ({ subject }) => ({ outcome: outcomes[subject]! }));
    expect(run.steps('state')).to.deep.equal([
      ...['failed', 'dropped', 'dropped'],
      ...['dropped', 'planned', 'planned'],
      ...['dropped', 'dropped', 'dropped'],
      'dropped',
    ]);
    expect(run.subjects('state')).to.deep.equal(['failed', 'open', null, null]);
    expect(run.subjects('userId')).to.deep.equal([null, '005b', '005b', '005b']);
  });

  it('that are dropped give their reason to the subject only where nothing else has gone wrong', async () => {
    const steps = [paintStep(1), paintStep(2)];
    run = await RunDb.with({ steps }, { steps }, { steps });
    for (const [n, state] of [
      [1, 'failed'],
      [3, 'unknown'],
      [5, 'done'],
    ] as const)
      run.setStep(n, `state = '${state}'`);
    record(plan('paintDoor'), () => ({ outcome: dropped(true) }));
    expect(run.subjects('state')).to.deep.equal(['failed', 'unknown', null]);
    expect(run.subjects('verdict')).to.deep.equal(['steps', 'steps', 'unchanged']);
  });

  it('are dropped with what they rest on, by their stages, and say because of which step', async () => {
    const failed: StepOutcome = { outcome: 'failed', code: 'X', message: '' };
    const later = [
      paintStep(3, { stage: 3 }),
      paintStep(4, { stage: 4, restsOn: 1 }),
      paintStep(5, { stage: 5, restsOn: 2 }),
      paintStep(6, { stage: 6, restsOn: 0 }),
    ];
    run = await RunDb.with(
      { steps: [paintStep(1), paintStep(2, { stage: 2 }), ...later] },
      { steps: [paintStep(7, { stage: 2 }), paintStep(8, { stage: 2 })] },
    );
    record(plan('paintDoor'), () => ({ outcome: { outcome: 'done' } }));
    record(plan('paintDoor'), ({ n }) => ({ outcome: n === 8 ? { outcome: 'done' } : failed }));
    expect(run.steps('state')).to.deep.equal([
      ...['done', 'failed', 'dropped', 'planned', 'dropped', 'planned'],
      ...['failed', 'done'],
    ]);
    expect(run.steps('droppedFor')).to.deep.equal([null, null, 2, null, 2, null, null, null]);
    expect(run.subjects('state')).to.deep.equal(['open', 'failed']);
  });

  it('go stage by stage, also those of one kind, and none beside one that is under way', async () => {
    run = await RunDb.with({ steps: [paintStep(1, { stage: 3 }), paintStep(2)] }, { steps: [paintStep(3)] });
    run.setStep(3, "kind = 'hangDoor', stage = 2");
    expect(waitingKinds(run.db)).to.deep.equal(['paintDoor']);
    const first = plan('paintDoor');
    expect(stepsOfSend(run.db, first).map(({ n }) => n)).to.deep.equal([2]);
    expect([waitingKinds(run.db), waitingSteps(run.db, 'paintDoor'), plan('hangDoor')]).to.deep.equal([
      [],
      undefined,
      0,
    ]);
    record(first, () => ({ outcome: { outcome: 'done' } }));
    expect([waitingKinds(run.db), waitingSteps(run.db, 'paintDoor')]).to.deep.equal([['hangDoor'], undefined]);
    expect(countDue(run.db, 'paintDoor', 'highVolume', 10_000)).to.equal(0);
    record(plan('hangDoor'), () => ({ outcome: { outcome: 'done' } }));
    expect(waitingSteps(run.db, 'paintDoor')).to.deep.equal({ rows: 1, time: 0 });
  });

  it('that are dropped right before they are sent leave a failure of the same subject to be told', async () => {
    run = await RunDb.with(
      { steps: [paintStep(1), paintStep(2)] },
      { steps: [paintStep(3), paintStep(4)] },
      { steps: [paintStep(5), paintStep(6)] },
    );
    const failed: StepOutcome = { outcome: 'failed', code: 'X', message: '' };
    const first = run.table('step').filter(({ n }) => Number(n) % 2 === 1);
    for (const { n } of first) run.setStep(Number(n) + 1, 'notBefore = 9000');
    record(plan('paintDoor'), ({ n }) => ({ outcome: n === 1 ? failed : { outcome: 'done' } }));
    const steps = stepsIn(run.db, 'SELECT n FROM step WHERE n IN (2, 4, 6)');
    const outcomes = [dropped(false), dropped(false), dropped(true, true)];
    dropSteps(
      run.db,
      steps.map((step, index) => [step, outcomes[index]!] as const),
    );
    expect(run.steps('state')).to.deep.equal(['failed', 'dropped', 'done', 'dropped', 'done', 'dropped']);
    expect(run.subjects('state')).to.deep.equal(['failed', null, 'succeeded']);
  });

  it('that an earlier job has made after all are done, without a proof of it', async () => {
    run = await RunDb.with({}, { permissionSets: ['0PS1'] });
    run.setStep(1, "errorCode = 'LOCK', errorMessage = 'm', notBefore = 99");
    recordMade(run.db, { n: 1, subject: 1 }, userIdOf(1));
    recordMade(run.db, { n: 2, subject: 2 }, userIdOf(2));
    expect(run.steps('state')).to.deep.equal(['done', 'done', 'planned']);
    expect(run.steps('created')).to.deep.equal(['unknown', 'unknown', null]);
    expect(run.steps('errorCode')).to.deep.equal([null, null, null]);
    expect(run.subjects('userId')).to.deep.equal([1, 2].map(userIdOf));
    expect(run.subjects('state')).to.deep.equal(['succeeded', 'open']);
  });

  it('whose values are no object of texts are damage, never empty', async () => {
    for (const damage of ["'{'", "'7'", '\'{"A":1}\'', "''"]) {
      run = await RunDb.painting(1);
      run.setStep(1, `fieldValues = ${damage}`);
      const send = plan('paintDoor');
      expect(() => [...valuesOfSend(run.db, send)], damage).to.throw();
      expect(() => valuesOfSteps(run.db, [{ n: 1 }]), damage).to.throw();
      run.close();
    }
  });
});

/** What a run is allowed at any time; `pick` decides about the rest. */
type Move = { readonly move: (typeof moves)[number]; readonly picks: readonly number[] };

const moves = ['job', 'canary', 'call', 'giveBack', 'collect', 'giveUp', 'made', 'retract', 'forget'] as const;

describe('the state machine of steps', () => {
  const outcomes: readonly StepOutcome[] = [
    { outcome: 'done', userId: '005', created: 'yes' },
    { outcome: 'done' },
    { outcome: 'failed', code: 'X', message: 'm' },
    { outcome: 'again', delay: 0 },
    { outcome: 'again', delay: 700, error },
    { outcome: 'stopped', cause: 'org', code: 'Y', message: 'm' },
    dropped(true, true),
    dropped(false),
  ];

  /** Permission sets are for users that exist. */
  function isTurnOf(run: RunDb, kind: string): boolean {
    const isOpen = (step: Record<string, unknown>): boolean => ['planned', 'sending'].includes(String(step['state']));
    return kind === 'createUser' || !run.table('step').some((step) => step['kind'] === 'createUser' && isOpen(step));
  }

  /** Makes one move, where it is possible. */
  function make(run: RunDb, { move, picks }: Move): void {
    const { db } = run;
    const [pick = 0, second = 0] = picks;
    const [kind, family] = [['createUser', 'assignPermissionSet'][pick % 2] ?? '', 'highVolume'] as const;
    const left = unfinishedSends(db);
    const send = left[pick % Math.max(1, left.length)];
    switch (move) {
      case 'job':
      case 'canary':
        // No job goes beside a call, and kinds come one after the other.
        if (!isTurnOf(run, kind) || left.some(({ way }) => way === 'collection')) break;
        planJob(db, { kind, family, canary: move === 'canary', size: 1 + (second % 3), most: 9 }, second * 100);
        break;
      case 'call':
        if (!isTurnOf(run, kind) || left.length > 0) break;
        planCall(db, { kind, way: 'collection', size: 1 + (second % 3), maker: '005', time }, second * 100);
        break;
      case 'giveBack':
        if (send !== undefined) giveBack(db, send);
        break;
      case 'collect': {
        if (send === undefined) break;
        if (send.way === 'job') recordCreated(db, send.n, { id: '750', createdDate: '2026-01-01', maker: '005' });
        // No answer drops a permission set.
        const possible = outcomes.filter(({ outcome }) => outcome !== 'dropped' || send.kind === 'createUser');
        const judged = stepsOfSend(db, send.n).map((step, index) => ({
          step,
          answer: undefined,
          outcome: possible[(picks[index + 1] ?? 0) % possible.length]!,
        }));
        recordOutcomes(db, send.n, judged, second);
        break;
      }
      case 'giveUp':
      case 'made': {
        // Only of a subject of which nothing is under way.
        const open = db
          .prepare(
            `SELECT subject, n FROM step WHERE state = 'planned' AND kind = 'createUser'
              AND subject NOT IN (SELECT subject FROM step WHERE state = 'sending')`,
          )
          .all();
        const found = open[pick % Math.max(1, open.length)];
        if (found === undefined) break;
        const subject = Number(found['subject']);
        if (move === 'giveUp') giveUpSubject(db, subject, refuse('NO_EMAIL.detail'));
        else recordMade(db, { n: Number(found['n']), subject }, '005');
        break;
      }
      case 'retract':
        // The engine does so when nothing is under way.
        if (left.length === 0) retractCanaries(db, 'createUser');
        break;
      case 'forget':
        forgetPauses(db);
        break;
    }
  }

  /** What can't be, however it came to be. */
  function check(run: RunDb): void {
    checkRelations(run.db);
    const states = Map.groupBy(run.table('step'), (step) => step['subject']);
    for (const subject of run.table('subject')) {
      const of = new Set((states.get(subject['n']) ?? []).map((step) => step['state']));
      const isOpen = of.has('planned') || of.has('sending');
      const follows = isOpen ? 'open' : of.has('failed') ? 'failed' : of.has('unknown') ? 'unknown' : 'succeeded';
      expect(subject['state']).to.equal(subject['verdict'] === 'steps' ? follows : null);
      if (subject['verdict'] !== 'steps') expect(isOpen).to.equal(false);
    }
    const sends = new Map(run.table('send').map((send) => [send['n'], send]));
    const sendings = Map.groupBy(run.table('sending'), (sending) => sending['step']);
    for (const step of run.table('step')) {
      const carried = (sendings.get(step['n']) ?? []).map((sending) => Number(sending['send']));
      // The last send that carried it, and no other.
      expect(step['send']).to.equal(carried.length === 0 ? null : Math.max(...carried));
      const isCarried = sends.get(step['send'])?.['state'] === 'planned';
      expect(step['state'] === 'sending').to.equal(isCarried);
    }
    const counts = countSubjects(run.db);
    expect(counts.selected).to.equal(run.table('subject').length);
    expect(counts.selected).to.equal(counts.planned + counts.unchanged + counts.refused);
    expect(counts.planned).to.equal(counts.succeeded + counts.failed + counts.unknown + counts.pending);
    expect(countOpen(run.db)).to.equal(counts.pending);
    for (const [kind, each] of Object.entries(countStepsByKind(run.db))) {
      const rows = run.table('step').filter((step) => step['kind'] === kind && step['state'] !== 'dropped');
      expect(each.planned + each.done + each.failed + each.unknown).to.equal(rows.length);
    }
  }

  it('keeps subjects, steps, sends and counts in agreement, whatever a run does', async () => {
    const move = fc.record({
      move: fc.constantFrom(...moves),
      picks: fc.array(fc.nat({ max: 99 }), { minLength: 2, maxLength: 5 }),
    });
    const subject = fc.constantFrom(
      {},
      { permissionSets: ['0PS1'] },
      { permissionSets: ['0PS1', '0PS2'] },
      { userId: userIdOf(1), permissionSets: ['0PS1'] },
      { decision: refuse('NO_EMAIL.detail') },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(subject, { minLength: 1, maxLength: 4 }),
        fc.array(move, { maxLength: 25 }),
        async (subjects, sequence) => {
          const run = await RunDb.with(...subjects);
          try {
            check(run);
            for (const each of sequence) {
              make(run, each);
              check(run);
            }
          } finally {
            run.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
