/** Faults strike the calls they are meant for, and as often as told. */
import { expect } from 'chai';
import { faultAnswers } from '../../simulated-org/faults.ts';
import { SimulatedOrg } from '../../simulated-org/simulatedOrg.ts';
import { ask, call, refusal } from './orgClient.ts';

const accounts = '/services/data/v67.0/sobjects/Account';

describe('simulated org: faults', () => {
  let org: SimulatedOrg;

  beforeEach(async () => {
    org = await SimulatedOrg.start();
  });

  afterEach(async () => {
    await org.stop();
  });

  const made = (): number => org.store.find('Account').length;

  async function fails(work: Promise<unknown>): Promise<void> {
    const failed = await work.then(
      () => false,
      () => true,
    );
    expect(failed, 'the connection is cut').to.equal(true);
  }

  it('answers the nth matching call, so many times', async () => {
    org.faults.add({ path: '/query', nth: 2, times: 2 }, faultAnswers.unavailable(), 'maintenance');
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await ask(org, 'SELECT Id FROM User')).status);
    expect(statuses).to.deep.equal([200, 503, 503, 200]);
    expect(org.ledger.entries.map((entry) => entry.fault)).to.deep.equal([
      undefined,
      'maintenance',
      'maintenance',
      undefined,
    ]);
    expect((await call(org, 'GET', '/services/data/v67.0')).status).to.equal(200);
  });

  it('has the refusals of the wire ready; faults added in a row strike in a row', async () => {
    const answers = [
      faultAnswers.sessionExpired(),
      faultAnswers.dailyLimit(),
      faultAnswers.concurrentLimit(),
      faultAnswers.tooManyRequests(3),
      faultAnswers.serverError(),
      faultAnswers.badGateway(),
    ];
    for (const answer of answers) org.faults.add({ path: '/query' }, answer);
    const got = [];
    for (const _ of answers) got.push(await ask(org, 'SELECT Id FROM User'));
    expect(got.map((answer) => answer.status)).to.deep.equal([401, 403, 403, 429, 500, 502]);
    expect(got[0]?.headers.get('www-authenticate')).to.equal('Token');
    expect(got.slice(1, 3).map((answer) => refusal(answer).errorCode)).to.deep.equal([
      'REQUEST_LIMIT_EXCEEDED',
      'REQUEST_LIMIT_EXCEEDED',
    ]);
    expect(got[3]?.headers.get('retry-after')).to.equal('3');
    expect([got[4]?.text, got[5]?.headers.get('content-type')]).to.deep.equal(['', 'text/html']);
  });

  it('drops a call before or after it was processed', async () => {
    org.faults.add({ method: 'POST' }, { kind: 'dropBefore' });
    await fails(call(org, 'POST', accounts, { body: { Name: 'lost' } }));
    expect(made()).to.equal(0);
    org.faults.add({ method: 'POST' }, { kind: 'dropAfter' });
    await fails(call(org, 'POST', accounts, { body: { Name: 'kept' } }));
    expect(made()).to.equal(1);
    expect(org.ledger.entries.at(-1)?.status).to.equal(undefined);
  });

  it('stalls until the client gives up, without processing', async () => {
    org.faults.add({ method: 'POST' }, { kind: 'stall', milliseconds: Infinity });
    await fails(
      fetch(org.url + accounts, {
        method: 'POST',
        body: '{"Name":"slow"}',
        headers: { authorization: `Bearer ${org.accessToken}` },
        signal: AbortSignal.timeout(50),
      }),
    );
    expect(made()).to.equal(0);
  });

  it('cuts an answer short, openly or in silence', async () => {
    org.faults.add({ path: '/query' }, { kind: 'truncate', bytes: 10 });
    await fails(ask(org, 'SELECT Id FROM User'));
    org.faults.add({ path: '/query' }, { kind: 'truncate', bytes: 10, chunked: true });
    await fails(ask(org, 'SELECT Id FROM User'));
    org.faults.add({ path: '/query' }, { kind: 'shorten', bytes: 10 });
    const response = await fetch(`${org.url}/services/data/v67.0/query?q=SELECT+Id+FROM+User`, {
      headers: { authorization: `Bearer ${org.accessToken}` },
    });
    expect(await response.text()).to.equal('{"totalSiz');
  });

  it('cuts an upload in the middle: nothing of it is processed', async () => {
    const fault = org.faults.add({ path: '/sobjects/Account' }, { kind: 'cutUpload' });
    await fails(call(org, 'POST', accounts, { body: { Name: 'half', Description: 'x'.repeat(10_000_000) } }));
    expect([fault.hits, made(), org.ledger.entries.length]).to.deep.equal([1, 0, 1]);
    expect((await call(org, 'POST', accounts, { body: { Name: 'whole' } })).status).to.equal(201);
    expect([fault.hits, made()]).to.deep.equal([1, 1]);
  });

  it('lets something else happen meanwhile', async () => {
    org.faults.add({ path: '/query', nth: 2 }, { kind: 'meanwhile', run: () => org.session.expire() }, 'logout');
    expect((await ask(org, 'SELECT Id FROM User')).status).to.equal(200);
    expect((await ask(org, 'SELECT Id FROM User')).status).to.equal(401);
  });
});
