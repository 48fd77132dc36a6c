/** A permission set for an existing user: what is sent, what its answer means, and what the org says of a lost one. */
import { expect } from 'chai';
import type { AskContext } from '../../../lib/engine/kind.js';
import { assignPermissionSet, permissionSetSteps } from '../../../lib/kinds/assignPermissionSet.js';
import type { Answer, StepOutcome } from '../../../lib/model/outcomes.js';
import type { Send, Step } from '../../../lib/model/steps.js';
import { queryAnswer, soqlOf, stubClient } from '../org/stubClient.ts';
import { userIdOf } from '../store/runDb.ts';

const [set, group] = ['0PS000000000001AAA', '0PG000000000001AAA'];

function step(n: number, changes: Partial<Step> = {}): Step {
  return {
    n,
    subject: n,
    target: set,
    userId: userIdOf(n),
    nickname: undefined,
    nicknameIsGiven: false,
    refusals: 0,
    ...changes,
  };
}

describe('the kind assignPermissionSet', () => {
  const { judging, row, keyOfStep, keyOfResult } = assignPermissionSet;
  const holding = (...rows: Array<readonly [userId: string, id: string]>): ReturnType<typeof stubClient> =>
    stubClient(() =>
      queryAnswer(
        rows.map(([AssigneeId, id]) => ({
          AssigneeId,
          PermissionSetId: id.startsWith('0PS') ? id : null,
          PermissionSetGroupId: id.startsWith('0PG') ? id : null,
        })),
      ),
    );
  const context = (client: ReturnType<typeof stubClient>): AskContext =>
    ({ client, random: () => 0.5 }) as unknown as AskContext;

  it('names a set or a group, takes no license, and is never in two jobs with others of its subject', () => {
    const wanted = { id: set, name: 'Docs', isGroup: false, userLicenseIds: [] };
    const steps = permissionSetSteps([wanted, { ...wanted, id: group, isGroup: true }, wanted], 'K');
    expect(steps.map(({ target }) => target)).to.deep.equal([set, group]);
    expect(steps[0]).to.deep.include({
      target: set,
      label: 'Docs',
      values: { PermissionSetId: set },
      seats: 0,
      family: 'highVolume',
      lock: 'K',
    });
    expect(steps[1]?.values).to.deep.equal({
      PermissionSetGroupId: group,
    });
  });

  it('is inserted by collections where it is few, for the user that is known by then', () => {
    expect(assignPermissionSet).to.deep.include({
      request: { object: 'PermissionSetAssignment', operation: 'insert' },
      takesCollections: true,
      hasCanary: false,
    });
    expect(row({ step: step(1), values: { PermissionSetId: set } })).to.deep.equal({
      AssigneeId: userIdOf(1),
      PermissionSetId: set,
    });
    expect(() => row({ step: step(1, { userId: undefined }), values: {} })).to.throw('no user');
  });

  it('tells rows by user and set or group, whichever column it has', () => {
    expect(
      keyOfResult({ AssigneeId: userIdOf(1).slice(0, 15), PermissionSetId: set, PermissionSetGroupId: '' }),
    ).to.equal(keyOfStep(step(1)));
    expect(keyOfResult({ AssigneeId: userIdOf(1), PermissionSetGroupId: group })).to.equal(
      keyOfStep(step(1, { target: group })),
    );
    expect(keyOfStep(step(1))).not.to.equal(keyOfStep(step(2)));
    expect(keyOfStep(step(1))).not.to.equal(keyOfStep(step(1, { target: group })));
  });

  it('is done when it exists, no matter who made it', () => {
    const judge = (code: string | undefined): StepOutcome =>
      judging.judgeCall(step(1), code === undefined ? undefined : { code, message: '' }, 0.5);
    expect(judge(undefined)).to.deep.equal({ outcome: 'done' });
    expect(judge('DUPLICATE_VALUE')).to.deep.equal({ outcome: 'done' });
    expect(judge('UNABLE_TO_LOCK_ROW')).to.include({ outcome: 'again' });
    expect(judge('FIELD_INTEGRITY_EXCEPTION')).to.include({ outcome: 'failed' });
    expect(judge('INSUFFICIENT_ACCESS')).to.include({ outcome: 'stopped' });
  });

  it('asks about rows without an answer alone', async () => {
    const client = holding([userIdOf(2), set], [userIdOf(3), group]);
    const answers = new Map<number, Answer>([
      [1, { id: 'x' }],
      [4, 'unprocessed'],
    ]);
    const steps = [1, 2, 3, 4].map((n) => step(n));
    const judged = await judging.judge(context(client), { n: 1 } as Send, steps, answers);
    expect(judged?.map(([, { outcome }]) => outcome)).to.deep.equal(['done', 'done', 'again', 'again']);
    const soql = client.calls.map(soqlOf).join();
    expect([1, 2, 3, 4].map((n) => soql.includes(userIdOf(n)))).to.deep.equal([false, true, true, false]);
  });

  it('asks nothing where every answer is known', async () => {
    const client = holding();
    await judging.judge(context(client), { n: 1 } as Send, [step(1)], new Map([[1, { id: 'x' }]]));
    expect(client.calls).to.deep.equal([]);
  });

  it('sends again of a lost call what is not there', async () => {
    const judged = await judging.judgeLost(context(holding([userIdOf(1), set])), { n: 1 } as Send, [step(1), step(2)]);
    expect(judged.map(([, outcome]) => outcome)).to.deep.equal([{ outcome: 'done' }, { outcome: 'again', delay: 0 }]);
  });
});
