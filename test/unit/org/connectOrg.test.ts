/** Tests how single calls are sent, repeated, given up and ended. */
import dns from 'node:dns';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import sinon from 'sinon';
import { failure, StubServer, token, type Reply, type Seen } from './stubServer.ts';

const get = { method: 'GET', path: '/limits' } as const;
const post = { method: 'POST', path: '/jobs/ingest', body: '{"object":"User"}' } as const;
const html = (status: number): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<html>down: ada@acme.example</html>',
});
const error = (status: number, errorCode: string, message: string): Reply => ({
  status,
  body: [{ errorCode, message }],
});
const drop: Reply = (response) => void response.destroy();

describe('orgClient', () => {
  let server: StubServer;

  const start = async (handle: (seen: Seen, count: number) => Reply): Promise<void> => {
    server = await StubServer.start(handle);
  };
  afterEach(() => server.stop());

  it('knows who is calling where only a token is known, and never takes the token for a username', async () => {
    await start(() => ({}));
    const client = await server.client();
    expect(client).to.include({
      orgId: '00D000000000001EAA',
      userId: '005000000000001AAA',
      username: 'admin@sim.example',
      apiVersion: '67.0',
      instanceUrl: server.url,
      callsMade: 1,
    });
  });

  it('gives status, headers and the body as it is', async () => {
    await start(() => ({
      status: 201,
      headers: { 'Sforce-Limit-Info': 'api-usage=1/100', 'Sforce-Locator': 'x' },
      body: 'a,b\n"1","é\n😀"\n',
    }));
    const answer = await (await server.client()).call({ ...get, accept: 'text/csv' });
    expect(answer.status).to.equal(201);
    expect(answer.body).to.equal('a,b\n"1","é\n😀"\n');
    expect(answer.headers).to.include({ 'sforce-limit-info': 'api-usage=1/100', 'sforce-locator': 'x' });
    const [seen] = server.seen;
    expect(seen?.url).to.equal('/services/data/v67.0/limits');
    expect(seen?.headers).to.include({ authorization: `Bearer ${token}`, accept: 'text/csv' });
    expect(seen?.headers['sforce-call-options']).to.equal('client=portal-users');
  });

  it('keeps bodies out of sf’s debug log: the request that logs them is not used', async () => {
    await start(() => ({ body: {} }));
    const connection = await server.connection();
    const logged: unknown[] = [];
    const debug = (...parts: unknown[]): void => void logged.push(parts);
    Reflect.set(connection, 'logger', { debug, getRawLogger: () => ({ debug }) });
    const client = await server.clientOf(connection);
    await client.call({ ...post, body: 'ada@acme.example' });
    expect(server.seen[0]?.body).to.equal('ada@acme.example');
    expect(logged).to.deep.equal([]);
    await connection.request({ method: 'GET', url: '/limits' }).catch(() => undefined);
    expect(logged).to.have.length(1);
  });

  it('does not parse JSON, and takes absolute paths and empty answers', async () => {
    await start((seen) =>
      seen.method === 'PUT' ? { status: 201 } : seen.path === '/services/x' ? { body: [1] } : { status: 204 },
    );
    const client = await server.client();
    expect((await client.call({ ...get, path: '/services/x' })).body).to.equal('[1]');
    expect((await client.call({ ...get, method: 'PATCH', body: '{}' })).status).to.equal(204);
    expect(await client.call({ ...get, method: 'PUT', body: 'x' })).to.include({ status: 201, body: '' });
  });

  it('sends large bodies whole, and again as they were', async () => {
    const body = 'Id,Name\n005,"é"\n'.repeat(200_000);
    await start((_, count) => (count === 1 ? html(503) : { status: 201 }));
    const client = await server.client();
    await client.call({ method: 'PUT', path: '/jobs/ingest/750/batches', body, contentType: 'text/csv' });
    expect(server.seen.map((seen) => seen.body === body)).to.deep.equal([true, true]);
    expect(server.seen[0]?.headers['content-length']).to.equal(String(Buffer.byteLength(body)));
  });

  it('repeats an HTML 503 with growing pauses, whatever the method, and counts each call', async () => {
    await start((_, count) => (count < 4 ? html(503) : { body: {} }));
    const client = await server.client();
    await client.call(post);
    expect(server.seen.length).to.equal(4);
    expect(client.callsMade).to.equal(5);
    expect(server.waits).to.deep.equal([500, 1000, 2000]);
  });

  it('gives up after about two minutes and shows nothing of the page', async () => {
    await start(() => html(503));
    const ended = await failure((await server.client()).call(get));
    expect(ended).to.include({ name: 'OrgError', kind: 'busy', status: 503, lost: false, message: 'HTTP 503' });
    expect(server.waits.length).to.equal(9);
    expect(server.waits.reduce((sum, wait) => sum + wait)).to.be.within(100_000, 150_000);
  });

  it('waits as long as Retry-After asks', async () => {
    await start((_, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : {}));
    await (await server.client()).call(post);
    expect(server.waits).to.have.length(1);
    expect(server.waits[0]).to.be.within(7000, 7500);
  });

  for (const status of [500, 502, 504]) {
    it(`repeats a GET but no POST that ended with ${String(status)}: it may have been done`, async () => {
      await start((seen, count) => (seen.method === 'POST' || count % 2 === 1 ? { status } : {}));
      const client = await server.client();
      await client.call(get);
      const ended = await failure(client.call(post));
      expect(ended).to.include({ kind: 'busy', status, lost: true });
      expect(server.seen.map((seen) => seen.method)).to.deep.equal(['GET', 'GET', 'POST']);
    });
  }

  it('repeats a dropped GET and a dropped repeatable POST, but no other', async () => {
    await start((_, count) => (count === 1 || count === 3 || count === 5 ? drop : { body: {} }));
    const client = await server.client();
    await client.call(get);
    await client.call({ ...post, repeatable: true });
    expect(await failure(client.call(post))).to.include({ kind: 'network', lost: true });
    expect(server.seen.length).to.equal(5);
  });

  it('repeats whatever was never sent', async () => {
    await start(() => ({}));
    const client = await server.client();
    await server.stop();
    expect(await failure(client.call(post))).to.include({ kind: 'network', code: 'ECONNREFUSED', lost: false });
    expect(server.waits.length).to.equal(9);
  });

  it('21: says within seconds that there is no host of that name, and bears with the network once the org was there', async () => {
    await start(() => ({}));
    const connection = await server.connection();
    const client = await server.clientOf(connection);
    const lookup = sinon.stub(dns, 'lookup').callsFake(((name: string, _: unknown, done: (error: Error) => void) => {
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }));
    }) as typeof dns.lookup);
    try {
      connection.instanceUrl = 'http://nobody.my.salesforce.example';
      expect(await failure(client.call(post))).to.include({ kind: 'network', code: 'ENOTFOUND', lost: false });
      expect(server.waits.length).to.equal(9);
      server.waits.length = 0;
      expect(await failure(server.clientOf(connection))).to.include({ kind: 'network', code: 'ENOTFOUND' });
      expect(server.waits).to.deep.equal([500, 1000]);
    } finally {
      lookup.restore();
    }
  });

  it('tells the two limits apart: the daily one is not waited for', async () => {
    await start((_, count) => {
      if (count === 1)
        return error(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.');
      return error(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    });
    expect(await failure((await server.client()).call(post))).to.include({ kind: 'limit', status: 403 });
    expect(server.waits).to.deep.equal([500]);
  });

  it('gives the code in upper case and Salesforce’s own message, without addresses', async () => {
    const message = "\nSELECT Bacon__c FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon__c'";
    await start((_, count) =>
      count === 1 ? error(400, 'INVALID_FIELD', message) : error(400, 'InvalidJobState', "'ada@acme.example' twice"),
    );
    const client = await server.client();
    expect(await failure(client.call(get))).to.include({
      kind: 'refused',
      code: 'INVALID_FIELD',
      message,
      status: 400,
    });
    expect(await failure(client.call(post))).to.include({ code: 'INVALIDJOBSTATE', message: "'<address>' twice" });
  });

  it('joins several errors', async () => {
    await start(() => ({
      status: 400,
      body: [
        { errorCode: 'A', message: 'one' },
        { errorCode: 'B', message: 'two' },
      ],
    }));
    expect(await failure((await server.client()).call(get))).to.include({ code: 'A', message: 'one; two' });
  });

  it('calls a missing job gone, and any other missing thing refused', async () => {
    await start(() => error(404, 'NOT_FOUND', 'The requested resource does not exist'));
    const client = await server.client();
    expect(await failure(client.call({ ...get, path: '/jobs/ingest/750x' }))).to.include({ kind: 'gone' });
    expect(await failure(client.call({ ...get, path: '/query/01g000000000001-2000' }))).to.include({ kind: 'gone' });
    expect(await failure(client.call({ ...get, path: '/sobjects/X/describe' }))).to.include({ kind: 'refused' });
  });

  it('asks only once at an expired scratch org (420)', async () => {
    await start(() => ({ status: 420 }));
    expect(await failure((await server.client()).call(get))).to.include({ kind: 'refused', status: 420 });
    expect(server.seen.length).to.equal(1);
  });

  it('follows no redirect: a PUT would become a GET, and the token would go elsewhere', async () => {
    await start(() => ({ status: 302, headers: { location: '/services/elsewhere' } }));
    const ended = await failure((await server.client()).call(get));
    expect(ended).to.include({ kind: 'malformed' });
    expect(ended.message).to.match(/another address .*302/u);
    expect(server.seen.length).to.equal(1);
  });

  it('gives up an answer without an end, before it takes the memory of the machine', async () => {
    let sent = 0;
    const piece = Buffer.alloc(1_000_000, ' ');
    await start(() => (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && ++sent < 1_000) {
          if (!response.write(piece)) return;
        }
      };
      response.on('drain', more);
      more();
    });
    const ended = await failure((await server.client()).call(get));
    expect(ended).to.include({ kind: 'malformed', code: 'ANSWER_TOO_LARGE' });
    expect(ended.message).to.match(/larger than 64 MB/u);
    expect(sent).to.be.within(64, 80);
    expect(server.seen.length).to.equal(1);
  });

  it('takes the size of an answer as it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(70_000_000));
    await start(() => (response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    expect(await failure((await server.client()).call(get))).to.include({ code: 'ANSWER_TOO_LARGE' });
  });

  it('does not take plain text for what a header says it is', async () => {
    await start(() => ({ headers: { 'content-encoding': 'gzip' }, body: 'plain' }));
    expect(await failure((await server.client()).call(get))).to.include({ kind: 'network' });
  });

  it('ends with the session where it cannot be refreshed', async () => {
    await start(() => error(401, 'INVALID_SESSION_ID', 'Session expired or invalid'));
    const ended = await failure((await server.client()).call(post));
    expect(ended).to.include({ kind: 'session', code: 'INVALID_SESSION_ID', status: 401, lost: false });
    expect(server.seen.length).to.equal(1);
  });

  it('sends no token that is damaged, and does not quote it', async () => {
    await start(() => ({}));
    const connection = await server.connection();
    const client = await server.clientOf(connection);
    for (const damaged of [`${token}\nX`, `${token}€`]) {
      connection.accessToken = damaged;
      const ended = await failure(client.call(post));
      expect(ended).to.include({ kind: 'session', lost: false, message: 'the access token is damaged' });
    }
    expect(server.seen).to.deep.equal([]);
  });

  describe('with a refresh token', () => {
    const expired = error(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    const renewed = '00D000000000001EAA!second';
    const renew = (): Reply => ({
      body: { access_token: renewed, instance_url: server.url, id: `${server.url}/id/a/b` },
    });

    it('sends a POST again, whole, with the new token', async () => {
      await start((seen) => (seen.headers.authorization === `Bearer ${renewed}` ? { body: {} } : expired));
      const client = await server.clientOf(await server.refreshableConnection());
      server.handleToken = renew;
      await client.call(post);
      expect(server.seen.map((seen) => seen.body)).to.deep.equal([post.body, post.body]);
      expect(server.waits).to.deep.equal([]);
      expect(client.username).to.equal('admin@sim.example');
    });

    it('renews the session of a login by a key (JWT), and waits for its token server as well', async () => {
      await start((seen) => (seen.headers.authorization === `Bearer ${renewed}` ? { body: {} } : expired));
      const client = await server.clientOf(await server.refreshableConnection('key'));
      let asked = 0;
      server.handleToken = () => (++asked <= 4 ? { status: 503, body: '<html>down</html>' } : renew());
      await client.call(post);
      expect(server.waits.length).to.be.above(0);
    });

    it('refreshes once for calls that run side by side', async () => {
      let renewals = 0;
      await start((seen) => (seen.headers.authorization === `Bearer ${renewed}` ? { body: {} } : expired));
      const client = await server.clientOf(await server.refreshableConnection());
      server.handleToken = () => {
        renewals++;
        return renew();
      };
      await Promise.all([1, 2, 3, 4].map(() => client.call(post)));
      expect(renewals).to.equal(1);
    });

    it('ends with the session if the refresh fails', async () => {
      await start(() => expired);
      const client = await server.clientOf(await server.refreshableConnection());
      expect(await failure(client.call(post))).to.include({ kind: 'session', lost: false });
    });

    for (const [status, body] of [
      [503, '<html><body>Service Unavailable</body></html>'],
      [500, ''],
      [429, 'Too many requests'],
      [400, '{"error":"unknown_error","error_description":"retry your request"}'],
    ] as const) {
      it(`tries again when the session can't be renewed just now (${String(status)})`, async () => {
        await start((seen) => (seen.headers.authorization === `Bearer ${renewed}` ? { body: {} } : expired));
        const client = await server.clientOf(await server.refreshableConnection());
        let asked = 0;
        server.handleToken = () => (++asked <= 2 ? { status, body } : renew());
        await client.call(post);
        expect([asked, server.waits.length]).to.deep.equal([3, 2]);
      });

      it(`says that without the page of the server when it lasts (${String(status)})`, async () => {
        await start(() => expired);
        const client = await server.clientOf(await server.refreshableConnection());
        server.handleToken = () => ({ status, body });
        const failed = await failure(client.call(post));
        expect(failed).to.include({ kind: 'busy', lost: false });
        expect(failed.message)
          .to.match(/could not be renewed/)
          .and.not.match(/</);
      });
    }

    it('ends with the session, not in a loop, if the new token is refused as well', async () => {
      await start(() => expired);
      const client = await server.clientOf(await server.refreshableConnection());
      server.handleToken = renew;
      expect(await failure(client.call(get))).to.include({ kind: 'session' });
      expect(server.seen.length).to.equal(2);
    });

    it('does not refresh a session that is not allowed to use the API', async () => {
      await start(() => error(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API'));
      const client = await server.clientOf(await server.refreshableConnection());
      expect(await failure(client.call(get))).to.include({ kind: 'session', status: 401 });
      expect(server.seen.length).to.equal(1);
    });
  });

  describe('when an answer breaks off', () => {
    const half =
      (headers: Record<string, string>): Reply =>
      (response) => {
        response.writeHead(200, headers);
        response.write('a,b\n"1","', () => setTimeout(() => response.destroy(), 20));
      };

    for (const headers of [{ 'content-length': '1000' }, { 'transfer-encoding': 'chunked' }]) {
      it(`asks again (${Object.keys(headers).join('')})`, async () => {
        await start((_, count) => (count === 1 ? half(headers) : { body: 'whole' }));
        const client = await server.client();
        expect((await client.call(get)).body).to.equal('whole');
        server.seen.length = 0;
        expect(await failure(client.call(post))).to.include({ kind: 'network', lost: true });
      });
    }

    it('gives up on a body that stalls', async () => {
      await start((_, count) => (count < 3 ? (response) => void response.write('a,b\n') : { body: 'whole' }));
      const client = await server.client();
      expect((await client.call({ ...get, timeout: 100 })).body).to.equal('whole');
      expect(server.waits.length).to.equal(2);
    });

    it('gives up on an answer that never begins', async () => {
      await start(() => () => undefined);
      const client = await server.client();
      const ended = await failure(client.call({ ...post, timeout: 100 }));
      expect(ended).to.include({ kind: 'network', code: 'TIMEOUT', lost: true });
      expect(server.seen.length).to.equal(1);
      await failure(client.call({ ...get, timeout: 50 }));
      expect(server.seen.length).to.equal(4);
    });
  });
});
