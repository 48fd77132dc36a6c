/** Tests the way to the org: proxies, certificates, and who is not called at all. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { openTransport, type HttpRequest } from '../../../lib/org/transport.js';
import { failure } from './stubServer.ts';

const variables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];

function requestOf(url: string, timeout = 5_000): HttpRequest {
  return { method: 'GET', url, headers: {}, body: undefined, timeout, greatestBody: 1_000 };
}

describe('transport', () => {
  const environment = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  const servers: Server[] = [];
  const asked: string[] = [];

  beforeEach(() => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
    asked.length = 0;
  });

  afterEach(async () => {
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function listen(server: Server, protocol = 'http'): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `${protocol}://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  /** A proxy that says what it is asked for, and lets through or refuses. @param tunnels the answer to who wants through */
  function proxy(tunnels = 'HTTP/1.1 200 OK\r\n\r\n'): Promise<string> {
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('by proxy');
    });
    server.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url ?? ''}`);
      const { hostname, port } = new URL(`http://${request.url ?? ''}`);
      socket.on('error', () => undefined);
      socket.write(tunnels, () => {
        if (!tunnels.includes(' 200 ')) return void socket.end();
        const there = connect(Number(port), hostname);
        there.on('error', () => socket.destroy());
        socket.pipe(there).pipe(socket);
      });
    });
    return listen(server);
  }

  const org = (): Promise<string> => listen(createServer((_, response) => response.end('direct')));
  const bodyOf = async (url: string): Promise<string> => (await openTransport()(requestOf(url))).body;

  for (const name of ['http_proxy', 'HTTP_PROXY']) {
    it(`goes by the proxy of ${name}, but not to those of NO_PROXY`, async () => {
      const url = await org();
      process.env[name] = await proxy();
      expect(await bodyOf(`${url}/x`)).to.equal('by proxy');
      expect(asked).to.deep.equal([`${url}/x`]);
      process.env[name === 'HTTP_PROXY' ? 'NO_PROXY' : 'no_proxy'] = '.example,127.0.0.1';
      expect(await bodyOf(`${url}/x`)).to.equal('direct');
    });
  }

  for (const name of ['https_proxy', 'HTTPS_PROXY', 'HTTP_PROXY']) {
    it(`sends nothing where the proxy of ${name} lets nobody through`, async () => {
      process.env[name] = await proxy('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const ended = await failure(openTransport()(requestOf('https://org.my.salesforce.example/x')));
      expect(asked).to.deep.equal(['CONNECT org.my.salesforce.example:443']);
      expect(ended).to.include({ name: 'OrgError', kind: 'network', lost: false });
      expect(ended.message).to.match(/Proxy response \(407\)/u);
    });
  }

  it('takes a proxy that is no address for a fault that does not pass', async () => {
    process.env['HTTPS_PROXY'] = 'localhost';
    const ended = await failure(openTransport()(requestOf('https://org.my.salesforce.example/x')));
    expect(ended).to.include({ name: 'OrgError', kind: 'network', code: 'ERR_INVALID_URL', lost: false });
  });

  it('does not go where it is sent, to a host of whatever kind', async () => {
    let elsewhere = 0;
    const other = await listen(createServer((_, response) => response.end(String(++elsewhere))));
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await listen(createServer((_, response) => response.writeHead(status, { location: other }).end()));
      expect(await openTransport()(requestOf(url))).to.include({ status });
    }
    expect(elsewhere).to.equal(0);
  });

  it('ends in the middle of a body when the time is over, and lets the server know', async () => {
    let isClosed = false;
    const url = await listen(
      createServer((_, response) => {
        response.on('close', () => (isClosed = true));
        response.write('half');
      }),
    );
    expect(await failure(openTransport()(requestOf(url, 100)))).to.include({ code: 'TIMEOUT', lost: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isClosed).to.equal(true);
  });

  describe('an answer that is packed', () => {
    /** Texts that stay long when they are packed. */
    const noise = (bytes: number): string => randomBytes(bytes / 2).toString('hex');
    const answered = async (body: Buffer, headers: OutgoingHttpHeaders = {}): Promise<HttpRequest> => {
      const url = await listen(
        createServer((_, response) => response.writeHead(200, { 'content-encoding': 'gzip', ...headers }).end(body)),
      );
      return { ...requestOf(url), greatestBody: 400_000 };
    };

    it('is unpacked, whether it is large or small, or nothing at all', async () => {
      for (const text of ['{}', noise(1_000), noise(300_000), 'x'.repeat(300_000)]) {
        const { body } = await openTransport()(await answered(gzipSync(text)));
        expect(body === text, `${String(text.length)} characters`).to.equal(true);
      }
      expect((await openTransport()(await answered(Buffer.alloc(0)))).body).to.equal('');
      const plain = await openTransport()(await answered(Buffer.from('plain'), { 'content-encoding': 'identity' }));
      expect(plain.body).to.equal('plain');
    });

    it('ends where it is larger than anything that the call can be answered by', async () => {
      for (const text of ['x'.repeat(50_000_000), noise(400_002)])
        expect(await failure(openTransport()(await answered(gzipSync(text))))).to.include({ code: 'ANSWER_TOO_LARGE' });
    });

    it('counts for nothing where a part of it is missing, or is something else', async () => {
      for (const text of [noise(1_000), noise(300_000)]) {
        const packed = gzipSync(text);
        for (const body of [packed.subarray(0, -9), packed.subarray(0, packed.length / 2), Buffer.from(text)]) {
          const ended = await failure(openTransport()(await answered(body)));
          expect(ended).to.include({ name: 'OrgError', kind: 'network', lost: true });
        }
      }
    });
  });

  it('gives a header that comes twice as one list', async () => {
    const cookies = { 'set-cookie': ['a=1', 'b=2'] };
    const url = await listen(createServer((_, response) => response.writeHead(200, cookies).end()));
    expect((await openTransport()(requestOf(url))).headers['set-cookie']).to.equal('a=1, b=2');
  });

  describe('with a certificate that nobody knows', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portal-users-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    after(() => rmSync(folder, { recursive: true }));

    before(function (this: Mocha.Context) {
      const make = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=org -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${cert}`;
      try {
        execFileSync('openssl', make.split(' '), { stdio: 'ignore' });
      } catch {
        this.skip();
      }
    });

    const tlsOrg = (): Promise<string> => {
      const pems = { key: readFileSync(key), cert: readFileSync(cert) };
      return listen(
        createTlsServer(pems, (_, response) => response.end('safe')),
        'https',
      );
    };

    it('sends nothing', async () => {
      const ended = await failure(openTransport()(requestOf(await tlsOrg())));
      expect(ended).to.include({ kind: 'network', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', lost: false });
    });

    it('sends where NODE_EXTRA_CA_CERTS has it, also through a proxy', async () => {
      const url = await tlsOrg();
      const library = new URL('../../../lib/org/transport.js', import.meta.url).href;
      const script = `const { openTransport } = await import(${JSON.stringify(library)});
        console.log((await openTransport()(${JSON.stringify(requestOf(url))})).body)`;
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: cert };
      for (const HTTPS_PROXY of ['', await proxy()]) {
        const args = ['--input-type=module', '-e', script];
        const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...env, HTTPS_PROXY } });
        expect(stdout).to.equal('safe\n');
      }
      expect(asked).to.deep.equal([`CONNECT ${new URL(url).host}`]);
    });
  });
});
