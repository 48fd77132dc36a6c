/** Calls that can't be taken back: none is made twice, and what a lost answer leaves in doubt is asked for. */
import { expect } from 'chai';
import { collectLostCall, makeCall } from '../../../lib/engine/calls.js';
import type { CallAnswer, CallKind } from '../../../lib/engine/kind.js';
import { OrgError } from '../../../lib/model/orgError.js';
import { unfinishedSends } from '../../../lib/store/sends.js';
import { paintStep, RunDb } from '../store/runDb.ts';
import { FakeOrg, orgError } from './fakeOrg.ts';
import { askContext } from './paintDoor.ts';

describe('calls', () => {
  let run: RunDb;
  beforeEach(async () => {
    run = await RunDb.painting(3, (n) => ({ ...paintStep(n), kind: 'ringBell' }));
  });
  afterEach(() => {
    run.close();
  });

  const final = { code: 'NO', message: 'no' };
  const bell = (answer: () => readonly CallAnswer[] | undefined, rung: readonly number[] = []): CallKind => ({
    name: 'ringBell',
    calls: {
      size: 2,
      together: async () => Promise.resolve(answer()),
      one: async () => Promise.resolve(answer()?.[0] ?? 'done'),
    },
    judging: {
      judgeCall: (_step, error) => (error === undefined ? { outcome: 'done' } : { outcome: 'failed', ...error }),
      judgeLost: async (_context, _send, steps) =>
        Promise.resolve(
          steps.map((step) => [step, rung.includes(step.n) ? { outcome: 'done' } : { outcome: 'unknown' }] as const),
        ),
    },
  });
  const throwing = (error: OrgError) => (): never => {
    throw error;
  };
  const context = (): ReturnType<typeof askContext> => askContext(run, new FakeOrg());

  it('record their intent with the time of the org, and what each part has answered', async () => {
    const made = await makeCall(
      context(),
      bell(() => ['done', { error: final }]),
    );
    expect(made).to.include({ rows: 2, succeeded: 1, failed: 1, lost: undefined });
    expect(run.steps('state')).to.deep.equal(['done', 'failed', 'planned']);
    const [send] = run.table('send');
    expect([send?.['way'], send?.['state'], typeof send?.['createdDate']]).to.deep.equal([
      'call',
      'collected',
      'string',
    ]);
  });

  it('ask about parts without an answer, and about all of a call that was lost', async () => {
    await makeCall(
      context(),
      bell(() => ['lost', 'lost'], [2]),
    );
    expect(run.steps('state')).to.deep.equal(['unknown', 'done', 'planned']);
    const lost = orgError('network', 'ECONNRESET', true);
    expect((await makeCall(context(), bell(throwing(lost))))?.lost).to.equal(lost);
    expect([run.steps('state'), run.subjects('state')]).to.deep.equal([
      ['unknown', 'done', 'unknown'],
      ['unknown', 'succeeded', 'unknown'],
    ]);
  });

  it('that were not made leave their steps as they were', async () => {
    const error = await makeCall(context(), bell(throwing(orgError('session')))).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(OrgError);
    expect([run.steps('state'), run.table('send')]).to.deep.equal([Array(3).fill('planned'), []]);
  });

  it('that an earlier process has left are never made again by themselves', async () => {
    const kind = bell(() => {
      throw new Error('the process dies');
    });
    await makeCall(context(), kind).catch(() => undefined);
    const [left] = unfinishedSends(run.db);
    expect(left).to.include({ way: 'call', state: 'planned', size: 2 });
    if (left !== undefined) await collectLostCall(context(), kind, left);
    expect(run.steps('state')).to.deep.equal(['unknown', 'unknown', 'planned']);
  });

  it('go one by one where the org takes none together, also later', async () => {
    let together = 0;
    const kind = bell(() => ['done']);
    const refusing: CallKind = {
      ...kind,
      calls: {
        ...kind.calls,
        together: async () => {
          together++;
          return Promise.resolve(undefined);
        },
      },
    };
    for (let calls = 0; calls < 3; calls++) expect(await makeCall(context(), refusing)).to.include({ rows: 1 });
    expect([together, run.steps('state')]).to.deep.equal([1, Array(3).fill('done')]);
  });
});
