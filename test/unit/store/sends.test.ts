/** Sends in run.db: which steps each takes, what is recorded of it, and what is left when it is given back. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Send } from '../../../lib/model/steps.js';
import {
  giveBack,
  planCall,
  planJob,
  readLastJob,
  readMakers,
  readSend,
  recordClosed,
  recordComplete,
  recordCreated,
  recordedJobIds,
  recordUploaded,
  unfinishedSends,
  type WantedJob,
} from '../../../lib/store/sends.js';
import { recordOutcomes, stepsOfSend } from '../../../lib/store/steps.js';
import { RunDb } from './runDb.ts';

const kind = 'paintDoor';
const maker = '005000000000009AAA';

const time = '2026-11-22T15:30:12.000Z';

describe('sends in run.db', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  const plan = (wanted: Partial<WantedJob> = {}, now = 0): Send | undefined =>
    planJob(run.db, { kind, family: 'highVolume', canary: false, size: 100, most: 100, ...wanted }, now);
  const numbers = (send: Send | undefined): number[] => stepsOfSend(run.db, send?.n ?? 0).map(({ n }) => n);
  const collect = (send: Send | undefined): void => {
    const judged = stepsOfSend(run.db, send?.n ?? 0).map((step) => ({
      step,
      answer: { id: undefined },
      outcome: { outcome: 'done' } as const,
    }));
    recordOutcomes(run.db, send?.n ?? 0, judged, 0);
  };

  it('take the steps of one kind and family in the order of their locks, at most so many', async () => {
    const locks = ['B', 'A', 'C', 'B', 'A'];
    run = await RunDb.painting(5, (n) => ({ lock: locks[n - 1], family: n === 3 ? 'roleBased' : 'highVolume' }));
    run.setStep(5, "kind = 'other', lock = NULL");
    expect(plan({ size: 2 })).to.include({ n: 1, kind, way: 'job', state: 'planned', size: 2, canary: false });
    expect(numbers(readSend(run.db, 1))).to.deep.equal([2, 1]);
    expect(run.steps('state')).to.deep.equal(['sending', 'sending', 'planned', 'planned', 'planned']);
    expect(plan({ family: 'roleBased' })).to.include({ n: 2, size: 1, family: 'roleBased' });
    expect(plan({ family: 'roleBased' })).to.equal(undefined);
    expect(plan({ kind: 'other' })).to.include({ n: 3, size: 1, kind: 'other' });
  });

  it('send first what makes roles', async () => {
    run = await RunDb.painting(4, (n) => ({ lock: 'ABCD'.charAt(n - 1) }));
    run.setStep(3, 'wave = 0');
    expect(numbers(plan())).to.deep.equal([3, 1, 2, 4]);
  });

  it('where roles are made, never hold an account that is in a running job', async () => {
    run = await RunDb.painting(6, (n) => ({ lock: n <= 4 ? 'A' : 'B', family: 'roleBased' }));
    const planRoles = (size = 9): Send | undefined => plan({ size, family: 'roleBased' });
    const first = planRoles(3);
    expect(numbers(first)).to.deep.equal([1, 2, 3]);
    expect(numbers(planRoles())).to.deep.equal([5, 6]);
    expect(planRoles()).to.equal(undefined);
    collect(first);
    expect(numbers(planRoles())).to.deep.equal([4]);
  });

  it('of other licenses may hold an account side by side, until a row had to be sent again', async () => {
    run = await RunDb.painting(6, () => ({ lock: 'A' }));
    const [first, second] = [plan({ size: 2 }), plan({ size: 1 })];
    expect([numbers(first), numbers(second)]).to.deep.equal([[1, 2], [3]]);
    const error = { code: 'UNABLE_TO_LOCK_ROW', message: 'm' };
    const [step] = stepsOfSend(run.db, second?.n ?? 0);
    if (step === undefined) throw new Error('the job has no step');
    recordOutcomes(
      run.db,
      second?.n ?? 0,
      [{ step, answer: { error }, outcome: { outcome: 'again', delay: 0, error } }],
      0,
    );
    expect(plan(), 'beside the first job').to.equal(undefined);
    collect(first);
    expect(numbers(plan())).to.deep.equal([3, 4, 5, 6]);
  });

  it('hold steps without a lock side by side', async () => {
    run = await RunDb.painting(2);
    expect(plan({ size: 1 })).to.include({ size: 1 });
    expect(plan({ size: 1 })).to.include({ size: 1 });
  });

  it('leave steps that may not be sent yet', async () => {
    run = await RunDb.painting(2);
    run.setStep(1, 'notBefore = 500');
    run.setStep(2, 'notBefore = 300');
    expect(plan({}, 299)).to.equal(undefined);
    expect(numbers(plan({}, 300))).to.deep.equal([2]);
    expect(planCall(run.db, { kind, way: 'collection', size: 9, maker, time }, 499)).to.equal(undefined);
    expect(numbers(planCall(run.db, { kind, way: 'collection', size: 9, maker, time }, 500))).to.deep.equal([1]);
  });

  it('by collection take steps of every family, and know who calls before the call', async () => {
    run = await RunDb.painting(3, (n) => ({ family: n === 1 ? 'roleBased' : 'highVolume' }));
    const call = planCall(run.db, { kind, way: 'collection', size: 2, maker, time }, 0);
    expect(call).to.include({ way: 'collection', state: 'planned', size: 2, maker, canary: false });
    expect(numbers(call)).to.deep.equal([1, 2]);
    expect(run.table('sending')).to.deep.equal([
      { step: 1, send: 1, answer: null },
      { step: 2, send: 1, answer: null },
    ]);
  });

  it('are found again in the state that was recorded last', async () => {
    run = await RunDb.painting(2);
    plan();
    const transitions = [
      () => recordCreated(run.db, 1, { id: '750a', createdDate: '2026-11-22T15:30:12.000Z', maker }),
      () => recordUploaded(run.db, 1),
      () => recordClosed(run.db, 1),
      () => recordComplete(run.db, 1, { orgState: 'Failed', errorMessage: 'InvalidBatch', milliseconds: 7 }),
    ];
    const states = transitions.map((transition) => {
      const send = transition();
      expect(unfinishedSends(run.db)).to.deep.equal([send]);
      expect(readSend(run.db, 1)).to.deep.equal(send);
      return send.state;
    });
    expect(states).to.deep.equal(['created', 'uploaded', 'closed', 'complete']);
    expect(readSend(run.db, 1)).to.include({
      orgId: '750a',
      createdDate: '2026-11-22T15:30:12.000Z',
      maker,
      errorMessage: 'InvalidBatch',
    });
    collect(readSend(run.db, 1));
    expect(unfinishedSends(run.db)).to.deep.equal([]);
    expect(readSend(run.db, 1).state).to.equal('collected');
    expect(() => readSend(run.db, 2)).to.throw('not in run.db');
  });

  it('are taken for damaged in a state, way or family that nobody writes, never for planned', async () => {
    for (const damage of ["state = 'sent'", "way = 'mail'", "family = 'employee'"]) {
      run = await RunDb.painting(1);
      plan();
      run.db.exec(`UPDATE send SET ${damage}`);
      expect(() => unfinishedSends(run.db), damage)
        .to.throw()
        .with.property('code', 'runDamaged');
      run.close();
    }
  });

  it('know their Ids in the org, and who has made jobs of a kind since when', async () => {
    run = await RunDb.painting(3);
    for (const [n, createdDate] of [
      [1, '2026-01-02'],
      [2, '2026-01-01'],
      [3, '2026-01-03'],
    ] as const) {
      plan({ size: 1 });
      recordCreated(run.db, n, { id: `750${String(n)}`, createdDate, maker: n === 3 ? 'other' : maker });
    }
    expect([...recordedJobIds(run.db)]).to.deep.equal(['7501', '7502', '7503']);
    // The first job counts, whatever the clock says.
    expect([...readMakers(run.db, kind)]).to.deep.equal([
      [maker, '2026-01-02'],
      ['other', '2026-01-03'],
    ]);
    expect([...readMakers(run.db, 'other')]).to.deep.equal([]);
  });

  describe('tell the size of the next by the last', () => {
    const end = (send: Send | undefined, orgState: string, milliseconds = 5): void => {
      recordComplete(run.db, send?.n ?? 0, { orgState, errorMessage: undefined, milliseconds });
      collect(send);
    };

    it('of their kind and family, and none before the first is collected', async () => {
      run = await RunDb.painting(6, (n) => ({ family: n > 4 ? 'roleBased' : 'highVolume' }));
      const first = plan({ size: 3, most: 50 });
      expect(readLastJob(run.db, kind, 'highVolume')).to.equal(undefined);
      end(first, 'JobComplete', 7);
      const last = { most: 50, rows: 3, milliseconds: 7, troubled: false };
      expect(readLastJob(run.db, kind, 'highVolume')).to.deep.equal(last);
      expect(readLastJob(run.db, kind, 'roleBased')).to.equal(undefined);
      expect(readLastJob(run.db, 'other', 'highVolume')).to.equal(undefined);
      // Neither a test row nor a call says anything of sizes.
      end(plan({ canary: true, size: 1, most: 1, family: 'roleBased' }), 'Failed');
      expect(readLastJob(run.db, kind, 'roleBased')).to.equal(undefined);
      collect(planCall(run.db, { kind, way: 'collection', size: 9, maker, time }, 0));
      expect(readLastJob(run.db, kind, 'highVolume')).to.deep.equal(last);
    });

    it('which was in trouble when it failed, or more than a fifth of it goes again', async () => {
      run = await RunDb.painting(10);
      const troubled = (): boolean | undefined => readLastJob(run.db, kind, 'highVolume')?.troubled;
      const again = (count: number): void => {
        let left = count;
        const judge = (): { outcome: 'again'; delay: number } | { outcome: 'done' } =>
          left-- > 0 ? { outcome: 'again', delay: 0 } : { outcome: 'done' };
        run.answer(kind, judge);
      };
      again(2);
      expect(troubled()).to.equal(false);
      again(1);
      expect(troubled()).to.equal(true);
      end(plan(), 'Failed');
      expect(troubled()).to.equal(true);
    });
  });

  describe('that are given back', () => {
    it('leave every step as it was before, with the send that it had', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ lock: fc.constantFrom('A', 'B', undefined), wasSent: fc.boolean() }), {
            minLength: 1,
            maxLength: 8,
          }),
          fc.integer({ min: 1, max: 8 }),
          fc.constantFrom('job', 'canary', 'collection'),
          async (steps, size, way) => {
            run = await RunDb.painting(steps.length, (n) => ({ lock: steps[n - 1]?.lock }));
            // Some were refused for now by an earlier job: they have a send, an answer and a refusal.
            if (steps.some(({ wasSent }) => wasSent)) {
              steps.forEach(({ wasSent }, index) => {
                if (!wasSent) run.setStep(index + 1, 'notBefore = 9999');
              });
              const error = { code: 'LOCK', message: 'm' };
              run.answer(kind, () => ({ outcome: 'again', delay: 0, error }));
              run.db.exec('UPDATE step SET notBefore = 0');
            }
            const before = ['step', 'sending', 'send', 'subject'].map((table) => run.table(table));
            const send =
              way === 'collection'
                ? planCall(run.db, { kind, way: 'collection', size, maker, time }, 5000)
                : plan({ size, canary: way === 'canary' }, 5000);
            expect(run.steps('state')).to.include('sending');
            giveBack(run.db, send!);
            expect(['step', 'sending', 'send', 'subject'].map((table) => run.table(table))).to.deep.equal(before);
            run.close();
          },
        ),
        { numRuns: 40 },
      );
    });

    it('leave other sends alone, and their number to the next', async () => {
      run = await RunDb.painting(2);
      const first = plan({ size: 1 });
      const second = plan({ size: 1 });
      giveBack(run.db, second!);
      expect(numbers(first)).to.deep.equal([1]);
      expect(plan()).to.include({ n: 2, size: 1 });
    });
  });
});
