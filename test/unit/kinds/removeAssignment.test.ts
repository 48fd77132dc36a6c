/** What a user holds is taken away: in which order, how many at once, and when it counts as gone. */
import { expect } from 'chai';
import type { AskContext } from '../../../lib/engine/kind.js';
import { removeKinds, removeStep } from '../../../lib/kinds/removeAssignment.js';
import type { AssignmentType } from '../../../lib/model/access/assignments.js';
import type { Answer, StepOutcome } from '../../../lib/model/outcomes.js';
import type { Send, Step } from '../../../lib/model/steps.js';
import { queryAnswer, soqlOf, stubClient } from '../org/stubClient.ts';
import { userIdOf } from '../store/runDb.ts';

const idOf = (n: number): string => `0Pa${String(n).padStart(12, '0')}AAA`;
const stepOf = (n: number): Step => {
  const known = { subject: n, target: idOf(n), userId: userIdOf(n), nickname: undefined };
  return { n, ...known, nicknameIsGiven: false, refusals: 0 };
};

describe('the kinds that take assignments away', () => {
  const [removeSet, removeLicense, removePackage] = removeKinds;
  if (removeSet === undefined || removeLicense === undefined || removePackage === undefined)
    throw new Error('no kinds');
  const { judging, row, record, keyOfStep, keyOfResult, columns } = removeSet;

  it('are one for each object, and delete records by their Ids', () => {
    expect(removeKinds.map(({ name, request }) => [name, request])).to.deep.equal([
      ['removePermissionSet', { object: 'PermissionSetAssignment', operation: 'delete' }],
      ['removePermissionSetLicense', { object: 'PermissionSetLicenseAssign', operation: 'delete' }],
      ['removePackageLicense', { object: 'UserPackageLicense', operation: 'delete' }],
    ]);
    const values = { PermissionSetId: '0PS000000000001AAA' };
    expect([columns({} as never), row({ step: stepOf(1), values }), record({ step: stepOf(1), values })]).to.deep.equal(
      [['Id'], { Id: idOf(1) }, { Id: idOf(1) }],
    );
    expect(keyOfResult({ Id: idOf(1).slice(0, 15) })).to.equal(keyOfStep(stepOf(1)));
    expect(keyOfResult({})).to.equal(undefined);
  });

  it('take fewer than 50 permission sets by one call, as Salesforce frees no license from 50 on', () => {
    expect(removeSet.collectionSize).to.equal(49);
    expect(removeLicense.collectionSize).to.equal(undefined);
  });

  it('go by sets first, then licenses; neither rests on the other, but both on what comes before them', () => {
    const held = { id: idOf(1), userId: userIdOf(1), target: 'x', label: 'Docs', values: { PermissionSetId: 'x' } };
    const types: readonly AssignmentType[] = ['permissionSet', 'permissionSetLicense', 'packageLicense'];
    const steps = types.map((type) => removeStep({ ...held, type }, 'lock'));
    expect(steps.map(({ kind, stage, restsOn }) => [kind, stage, restsOn])).to.deep.equal([
      ['removePermissionSet', 4, 3],
      ['removePermissionSetLicense', 5, 3],
      ['removePackageLicense', 5, 3],
    ]);
    expect(steps[0]).to.deep.include({ target: idOf(1), label: 'Docs', values: held.values, seats: 0, lock: 'lock' });
  });

  it('are done when the record is gone, no matter who removed it', () => {
    const judge = (code: string | undefined): StepOutcome =>
      judging.judgeCall(stepOf(1), code === undefined ? undefined : { code, message: '' }, 0.5);
    for (const code of [undefined, 'ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'NOT_FOUND'])
      expect(judge(code), code).to.deep.equal({ outcome: 'done' });
    expect(judge('UNABLE_TO_LOCK_ROW')).to.include({ outcome: 'again' });
    expect(judge('DELETE_FAILED')).to.include({ outcome: 'failed' });
    expect(judge('INSUFFICIENT_ACCESS')).to.include({ outcome: 'stopped' });
  });

  const context = (client: ReturnType<typeof stubClient>): AskContext =>
    ({ client, random: () => 0.5 }) as unknown as AskContext;

  it('ask for rows without an answer alone', async () => {
    const client = stubClient(() => queryAnswer([{ Id: idOf(3) }]));
    const answers = new Map<number, Answer>([
      [1, { id: idOf(1) }],
      [4, 'unprocessed'],
    ]);
    const judged = await judging.judge(context(client), { n: 1 } as Send, [1, 2, 3, 4].map(stepOf), answers);
    expect(judged?.map(([, { outcome }]) => outcome)).to.deep.equal(['done', 'done', 'again', 'again']);
    const soql = client.calls.map(soqlOf).join();
    expect(soql).to.contain('FROM PermissionSetAssignment');
    expect([1, 2, 3, 4].map((n) => soql.includes(idOf(n)))).to.deep.equal([false, true, true, false]);
  });

  it('send again of a lost call what is still there', async () => {
    const client = stubClient(() => queryAnswer([{ Id: idOf(2) }]));
    const judged = await judging.judgeLost(context(client), { n: 1 } as Send, [stepOf(1), stepOf(2)]);
    expect(judged.map(([, outcome]) => outcome)).to.deep.equal([{ outcome: 'done' }, { outcome: 'again', delay: 0 }]);
  });
});
