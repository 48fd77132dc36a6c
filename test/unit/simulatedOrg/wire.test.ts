/** Session, versions, limits, paging and compression: what holds for every call. */
import { get } from 'node:http';
import { expect } from 'chai';
import { SimulatedOrg } from '../../simulated-org/simulatedOrg.ts';
import { ask, call, query, refusal } from './orgClient.ts';
import type { QueryAnswer } from './orgClient.ts';

const root = '/services/data/v67.0';

describe('simulated org: on the wire', () => {
  let org: SimulatedOrg;

  beforeEach(async () => {
    org = await SimulatedOrg.start();
  });

  afterEach(async () => {
    await org.stop();
  });

  const addContacts = (count: number): void => {
    for (let index = 0; index < count; index += 1)
      org.store.insert('Contact', { LastName: `c${index}`, OwnerId: org.runningUserId });
  };

  it('refuses a dead token as recorded, and takes the one a refresh gives', async () => {
    org.session.expire(org.accessToken);
    const dead = await call(org, 'GET', root);
    expect(dead.status).to.equal(401);
    expect(dead.headers.get('www-authenticate')).to.equal('Token');
    expect(refusal(dead)).to.deep.equal({ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' });
    const form = { body: `grant_type=refresh_token&refresh_token=${encodeURIComponent(org.refreshToken)}` };
    const refreshed = await call(org, 'POST', '/services/oauth2/token', form);
    const token = (refreshed.body as { access_token: string }).access_token;
    expect((await call(org, 'GET', root, { token })).status).to.equal(200);
    org.session.expireRefresh();
    const refused = await call(org, 'POST', '/services/oauth2/token', form);
    expect(refused.status).to.equal(400);
    expect(refused.body).to.deep.equal({ error: 'invalid_grant', error_description: 'expired access/refresh token' });
  });

  it('lets nobody in without API Enabled', async () => {
    const profileId = org.store.insert('Profile', { Name: 'No API', UserType: 'Standard' });
    const userId = org.store.insert('User', {
      Username: 'no@api.example',
      LastName: 'No',
      ProfileId: profileId,
      IsActive: true,
    });
    const answer = await call(org, 'GET', root, { token: org.session.login(userId) });
    expect(answer.status).to.equal(403);
    expect(refusal(answer).errorCode).to.equal('API_DISABLED_FOR_ORG');
  });

  it('folds leading slashes and serves only versions it lists', async () => {
    const versions = (await call(org, 'GET', '//services/data')).body as Array<{ version: string }>;
    expect(versions.at(-1)).to.deep.equal({ label: "Summer '26", url: '/services/data/v67.0', version: '67.0' });
    expect((await call(org, 'GET', '//services/data/v51.0')).status).to.equal(200);
    expect((await call(org, 'GET', '/services/data/v31.0')).status).to.equal(200);
    expect((await call(org, 'GET', '/services/data/v68.0')).status).to.equal(404);
    for (const retired of ['30.0', '20.0'])
      expect((await call(org, 'GET', `/services/data/v${retired}/limits`)).status).to.equal(410);
    expect((await call(org, 'GET', `${root}/nothing`)).status).to.equal(404);
  });

  it('counts calls, tells so, and runs dry', async () => {
    expect((await call(org, 'GET', '/services/data')).headers.has('sforce-limit-info')).to.equal(false);
    expect((await call(org, 'GET', root)).headers.get('sforce-limit-info')).to.equal('api-usage=1/100000');
    const limits = (await call(org, 'GET', `${root}/limits`)).body as Record<
      string,
      { Max: number; Remaining: number }
    >;
    expect(limits['DailyApiRequests']).to.include({ Max: 100_000, Remaining: 99_998 });
    org.switches.dailyApiRequests = 2;
    const answer = await call(org, 'GET', root);
    expect(answer.status).to.equal(403);
    expect(refusal(answer)).to.deep.equal({
      message: 'TotalRequests Limit exceeded.',
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
    });
  });

  it('refuses an address over 16,384 bytes', async () => {
    expect((await ask(org, `SELECT Id FROM User WHERE Name IN (${"'abcdefgh',".repeat(1600)}'x')`)).status).to.equal(
      414,
    );
  });

  it('gives pages with cursors, and the whole count on each', async () => {
    addContacts(4100);
    const first = await query(org, 'SELECT Id FROM Contact');
    expect([first.totalSize, first.done, first.records.length]).to.deep.equal([4100, false, 2000]);
    expect(first.nextRecordsUrl).to.match(/^\/services\/data\/v67\.0\/query\/01g\w{15}-2000$/);
    const second = (await call(org, 'GET', first.nextRecordsUrl ?? '')).body as QueryAnswer;
    const third = (await call(org, 'GET', second.nextRecordsUrl ?? '')).body as QueryAnswer;
    expect([third.totalSize, third.done, third.records.length]).to.deep.equal([4100, true, 100]);
    expect(third).to.not.have.property('nextRecordsUrl');
    expect(new Set([first, second, third].flatMap((page) => page.records.map((record) => record['Id']))).size).to.equal(
      4100,
    );
  });

  it('follows a wish for smaller pages, and its own mind', async () => {
    addContacts(500);
    const wished = await query(org, 'SELECT Id FROM Contact', { headers: { 'Sforce-Query-Options': 'batchSize=200' } });
    expect(wished.records).to.have.length(200);
    org.switches.queryPageSize = 3;
    expect((await query(org, 'SELECT Id FROM Contact')).records).to.have.length(3);
  });

  it('does not know foreign or old cursors', async () => {
    const answer = await call(org, 'GET', `${root}/query/01g5x0000000009AAA-2000`);
    expect(refusal(answer).errorCode).to.equal('INVALID_QUERY_LOCATOR');
  });

  it('describes columns for the official CLI', async () => {
    const answer = await call(org, 'GET', `${root}/query?q=SELECT+Id,Profile.Name+FROM+User&columns=true`);
    const body = answer.body as {
      columnMetadata: Array<Record<string, unknown>>;
      entityName: string;
      keyPrefix: string;
    };
    expect(body).to.include({ entityName: 'User', groupBy: false, idSelected: true, keyPrefix: '005' });
    expect(body.columnMetadata[0]).to.deep.equal({
      aggregate: false,
      apexType: 'Id',
      booleanType: false,
      columnName: 'Id',
      custom: false,
      displayName: 'Id',
      foreignKeyName: null,
      insertable: false,
      joinColumns: [],
      numberType: false,
      textType: false,
      updatable: false,
    });
    expect(body.columnMetadata[1]).to.deep.include({ columnName: 'Profile' });
  });

  it('compresses only when asked', async () => {
    const encoding = (headers: Record<string, string>): Promise<string | undefined> =>
      new Promise((resolve, reject) => {
        get(`${org.url}/services/data`, { headers }, (response) => {
          response.resume();
          resolve(response.headers['content-encoding']);
        }).on('error', reject);
      });
    expect(await encoding({})).to.equal(undefined);
    expect(await encoding({ 'Accept-Encoding': 'gzip, deflate' })).to.equal('gzip');
  });

  it('keeps a ledger of every call', async () => {
    await ask(org, 'SELECT Id FROM User');
    await call(org, 'POST', `${root}/sobjects/Account`, { body: { Name: 'Acme' } });
    const [asked] = org.ledger.find('GET', '/query');
    expect(asked).to.include({ seq: 1, soql: 'SELECT Id FROM User', status: 200, counted: true, fault: undefined });
    expect(org.ledger.find('POST', /^\/sobjects/)[0]).to.include({
      body: '{"Name":"Acme"}',
      bodyBytes: 15,
      status: 201,
    });
  });
});
