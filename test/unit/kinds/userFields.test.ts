/** Kinds that write one field of a user: what is sent, and when it is proven. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { AskContext, RowKind } from '../../../lib/engine/kind.js';
import { userFieldKinds, userFieldStep } from '../../../lib/kinds/userFields.js';
import {
  disableModes,
  enableModes,
  modeRule,
  userFields,
  type Mode,
  type UserFieldRule,
} from '../../../lib/model/modes.js';
import type { Answer, StepOutcome } from '../../../lib/model/outcomes.js';
import type { PlannedStep, Send, Step } from '../../../lib/model/steps.js';
import { stepsOfSend } from '../../../lib/store/steps.js';
import { planJob } from '../../../lib/store/sends.js';
import { queryAnswer, soqlOf, stubClient } from '../org/stubClient.ts';
import { RunDb, userIdOf } from '../store/runDb.ts';

const modes: readonly Mode[] = [...disableModes, ...enableModes];
const kindNamed = (name: UserFieldRule['name']): RowKind => userFieldKinds.find((kind) => kind.name === name)!;

describe('userFieldStep', () => {
  it('writes one field, locks the account, and counts the license that it takes or frees', () => {
    const seats: Record<Mode, number> = { freeze: 0, unfreeze: 0, deactivate: -1, activate: 1, 'disable-portal': -1 };
    fc.assert(
      fc.property(
        fc.constantFrom(...modes),
        fc.constantFrom('highVolume' as const, 'roleBased' as const),
        fc.boolean(),
        (mode, family, isActive) => {
          const { kind, value } = modeRule(mode);
          const { name, stage, field, object } = kind;
          expect(userFieldStep(modeRule(mode), '005', { accountId: '001', family, isActive })).to.deep.equal({
            kind: name,
            stage,
            target: '005',
            values: { [field]: String(value) },
            // An inactive user holds no license that could be freed.
            seats: isActive ? seats[mode] : Math.max(0, seats[mode]),
            family: object === 'UserLogin' ? 'highVolume' : family,
            lock: '001',
          });
        },
      ),
    );
  });
});

describe('the kinds of user fields', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  /** Steps of a kind that a job has taken. */
  async function sent(mode: Mode, count = 3): Promise<{ kind: RowKind; steps: Step[]; send: Send }> {
    const planned = (n: number): PlannedStep =>
      userFieldStep(modeRule(mode), userIdOf(n), { accountId: undefined, family: 'highVolume', isActive: true });
    run = await RunDb.with(
      ...Array.from({ length: count }, (_, index) => ({ userId: userIdOf(index + 1), steps: [planned(index + 1)] })),
    );
    const kind = kindNamed(modeRule(mode).kind.name);
    const send = planJob(run.db, { kind: kind.name, family: 'highVolume', canary: false, size: 9, most: 9 }, 0)!;
    return { kind, steps: stepsOfSend(run.db, send.n), send };
  }

  type Stub = ReturnType<typeof stubClient>;
  const org = (records: ReadonlyArray<Record<string, unknown>>): Stub => stubClient(() => queryAnswer(records));
  const context = (client: Stub): AskContext =>
    ({
      client,
      db: run.db,
      random: () => 0.5,
      userFields: new Set(['username', 'isactive', 'isportalenabled', 'contactid']),
    }) as unknown as AskContext;

  async function judged(mode: Mode, answers: ReadonlyMap<number, Answer>, client: Stub): Promise<StepOutcome[]> {
    const { kind, steps, send } = await sent(mode);
    const all = await kind.judging.judge(context(client), send, steps, answers);
    return (all ?? []).map(([, outcome]) => outcome);
  }

  it('are one for each field, in the order of their stages, and send Id and field alone', async () => {
    run = await RunDb.with();
    expect(userFieldKinds.map(({ name }) => name)).to.deep.equal(userFields.map(({ name }) => name));
    for (const [index, kind] of userFieldKinds.entries()) {
      const { object, field } = userFields[index]!;
      expect(kind).to.deep.include({
        request: { object, operation: 'update' },
        takesCollections: object === 'UserLogin',
        hasCanary: true,
      });
      expect(kind.columns(run.db)).to.deep.equal(['Id', field]);
      const step = { target: userIdOf(1) } as Step;
      expect(kind.row({ step, values: { [field]: 'false' } })).to.deep.equal({ Id: userIdOf(1), [field]: 'false' });
      // A collection is typed.
      expect(kind.record({ step, values: { [field]: 'false' } })).to.deep.equal({ Id: userIdOf(1), [field]: false });
      expect(kind.record({ step, values: { [field]: 'true' } })).to.deep.equal({ Id: userIdOf(1), [field]: true });
      expect(kind.keyOfStep(step)).to.equal(kind.keyOfResult({ Id: userIdOf(1).slice(0, 15) }));
    }
  });

  it('take a success for done, and ask about every other answer: a batch may have been repeated', async () => {
    const client = org([{ Id: userIdOf(2), IsActive: false }]);
    const answers = new Map<number, Answer>([
      [1, { id: userIdOf(1) }],
      [2, { error: { code: 'UNABLE_TO_LOCK_ROW', message: '' } }],
    ]);
    const [first, second, third] = await judged('deactivate', answers, client);
    expect(first).to.deep.equal({ outcome: 'done' });
    expect(second).to.deep.equal({ outcome: 'done', after: { IsActive: 'false' } });
    expect(third).to.deep.equal({ outcome: 'again', delay: 0 });
    const soql = client.calls.map(soqlOf).join();
    expect([1, 2, 3].map((n) => soql.includes(userIdOf(n)))).to.deep.equal([false, true, true]);
  });

  it('ask nothing about rows that were not got to', async () => {
    const client = org([]);
    const unprocessed = new Map<number, Answer>([1, 2, 3].map((n) => [n, 'unprocessed']));
    const outcomes = await judged('deactivate', unprocessed, client);
    expect(outcomes).to.deep.equal(Array(3).fill({ outcome: 'again', delay: 0 }));
    expect(client.calls).to.deep.equal([]);
  });

  it('believe in no cut before it is read back: no portal user any more, and no login', async () => {
    const client = org([
      { Id: userIdOf(1), IsPortalEnabled: false, IsActive: false, Username: 'old', ContactId: null },
      { Id: userIdOf(2), IsPortalEnabled: false, IsActive: true, Username: 'b', ContactId: null },
    ]);
    const success = new Map<number, Answer>([1, 2, 3].map((n) => [n, { id: userIdOf(n) }]));
    const [cut, half, unseen] = await judged('disable-portal', success, client);
    expect(cut).to.deep.equal({
      outcome: 'done',
      after: { IsPortalEnabled: 'false', IsActive: 'false', Username: 'old' },
    });
    expect(half).to.deep.equal({
      outcome: 'failed',
      code: 'NOT_CUT_OFF',
      message: 'IsPortalEnabled=false, IsActive=true',
    });
    expect(unseen).to.deep.equal({ outcome: 'failed', code: 'NOT_CUT_OFF', message: undefined });
    // What can't be seen is not asked for.
    expect(client.calls.map(soqlOf).join()).not.to.include('FederationIdentifier');
  });

  it('leave a portal administrator, fail who has a closed profile, and stop for what all would meet', async () => {
    const refused = (message: string, code = 'FIELD_INTEGRITY_EXCEPTION'): Answer => ({ error: { code, message } });
    const answers = new Map<number, Answer>([
      [1, refused('You cannot deactivate a Portal Administrator')],
      [2, refused('enable "Allow using standard external profiles…"')],
      [3, refused('no', 'INSUFFICIENT_ACCESS')],
    ]);
    const [admin, profile, access] = await judged('deactivate', answers, org([]));
    expect(admin).to.deep.include({ outcome: 'dropped', continues: false });
    expect(admin).to.have.property('verdict').that.includes({ action: 'refused', reason: 'PORTAL_ADMINISTRATOR' });
    expect(profile).to.include({ outcome: 'failed', code: 'FIELD_INTEGRITY_EXCEPTION' });
    expect(access).to.include({ outcome: 'stopped', cause: 'org' });
  });

  it('take a lost call for their own where the field is as requested and the caller changed it last', async () => {
    const { kind, steps, send } = await sent('freeze', 4);
    const maker = '005000000000009';
    const login = (n: number, IsFrozen: boolean, LastModifiedById: string | null): Record<string, unknown> => ({
      Id: userIdOf(n),
      IsFrozen,
      LastModifiedById,
    });
    const client = org([
      login(1, true, `${maker}AAA`),
      login(2, true, '005000000000008AAA'),
      login(3, false, `${maker}AAA`),
      login(4, true, null),
    ]);
    const all = await kind.judging.judgeLost(context(client), { ...send, maker }, steps);
    const again = { outcome: 'again', delay: 0 };
    expect(all.map(([, outcome]) => outcome)).to.deep.equal([{ outcome: 'done' }, again, again, again]);
    // Without a known caller nothing is ours.
    const nobody = await kind.judging.judgeLost(context(client), { ...send, maker: undefined }, steps);
    expect(nobody.map(([, outcome]) => outcome)).to.deep.equal([again, again, again, again]);
  });
});
