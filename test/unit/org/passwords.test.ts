/** What becomes of the parts of a call that resets passwords; none of its answers goes anywhere else. */
import { expect } from 'chai';
import { resetOne, resetTogether } from '../../../lib/org/passwords.js';
import { OrgError } from '../../../lib/model/orgError.js';
import type { OrgAnswer, OrgClient } from '../../../lib/org/orgClient.js';
import { orgError, FakeOrg } from '../engine/fakeOrg.ts';

const users = ['005000000000001AAA', '005000000000002AAA'];
const secret = 'Tmp4711';

function clientOf(answer: unknown): OrgClient {
  const call = (): Promise<OrgAnswer> =>
    answer instanceof OrgError
      ? Promise.reject(answer)
      : Promise.resolve({
          status: 200,
          headers: {},
          body: typeof answer === 'string' ? answer : JSON.stringify(answer),
        });
  return { ...new FakeOrg().client, call };
}

const part = (index: number, httpStatusCode: number, body: unknown): object => ({
  ...{ referenceId: `user${String(index)}`, httpStatusCode, body },
});
const refusal = (errorCode: string): unknown => [{ errorCode, message: 'm' }];
const together = async (...parts: object[]): Promise<unknown> =>
  resetTogether(clientOf({ compositeResponse: parts }), users).catch((error: unknown) => error);

describe('resetting passwords', () => {
  it('gives each user an answer, in whatever order they come', async () => {
    expect(
      await together(part(1, 403, refusal('INSUFFICIENT_ACCESS')), part(0, 200, { NewPassword: secret })),
    ).to.deep.equal(['done', { error: { code: 'INSUFFICIENT_ACCESS', message: 'm' } }]);
    expect(await together(part(0, 500, []), part(1, 302, null))).to.deep.equal(['lost', 'lost']);
  });

  it('counts a call as lost whose answer is none, without quoting it', async () => {
    for (const answer of [
      `{"compositeResponse": "${secret}`,
      { compositeResponse: [part(0, 200, { NewPassword: secret })] },
    ]) {
      const error = await resetTogether(clientOf(answer), users).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(OrgError).and.include({ lost: true });
      expect(String(error)).not.to.include(secret);
    }
  });

  it('says that an org takes no such call, as a whole or part by part', async () => {
    expect(await resetTogether(clientOf(orgError('refused', 'NOT_FOUND')), users)).to.equal(undefined);
    expect(await together(part(0, 404, refusal('NOT_FOUND')), part(1, 405, refusal('METHOD_NOT_ALLOWED')))).to.equal(
      undefined,
    );
    expect(await together(part(0, 404, refusal('NOT_FOUND')), part(1, 200, {}))).to.deep.equal([
      { error: { code: 'NOT_FOUND', message: 'm' } },
      'done',
    ]);
  });

  it('of one user is refused, or not known', async () => {
    const [user = ''] = users;
    expect(await resetOne(clientOf({ NewPassword: secret }), user)).to.equal('done');
    expect(await resetOne(clientOf(orgError('refused', 'NO')), user)).to.have.nested.property('error.code', 'NO');
    const lost = orgError('network', 'ECONNRESET', true);
    expect(await resetOne(clientOf(lost), user).catch((error: unknown) => error)).to.equal(lost);
  });
});
