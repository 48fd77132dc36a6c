/** A loopback server that answers as a test says, and real connections of `@salesforce/core` to it. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { takeOwnHome } from '../../ownHome.ts';

const home = takeOwnHome('portal-users-org-');
const { AuthInfo, Connection } = await import('@salesforce/core');
const { connectOrg } = await import('../../../lib/org/connectOrg.js');

type OrgClient = Awaited<ReturnType<typeof connectOrg>>;
type CoreConnection = InstanceType<typeof Connection>;

export type Seen = {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | ((response: ServerResponse) => void);

export const token = '00D000000000001EAA!first';

const userInfo = {
  user_id: '005000000000001AAA',
  organization_id: '00D000000000001EAA',
  preferred_username: 'admin@sim.example',
};

export class StubServer {
  /** Calls to the API, without those that log in. */
  readonly seen: Seen[] = [];
  readonly waits: number[] = [];
  readonly url: string;
  /** Answers the calls to the API. */
  handle: (seen: Seen, count: number) => Reply;
  /** Answers requests for a new access token. */
  handleToken: () => Reply = () => ({ status: 400, body: { error: 'invalid_grant', error_description: 'expired' } });
  readonly #server: Server;

  private constructor(server: Server, handle: (seen: Seen, count: number) => Reply) {
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${String(port)}`;
    this.#server = server;
    this.handle = handle;
  }

  static async start(handle: (seen: Seen, count: number) => Reply): Promise<StubServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const stub = new StubServer(server, handle);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void stub.#answer(request, response));
    return stub;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A client with a session that cannot be refreshed. */
  async client(): Promise<OrgClient> {
    return this.clientOf(await this.connection());
  }

  async clientOf(connection: CoreConnection): Promise<OrgClient> {
    const sleep = (milliseconds: number): Promise<void> => {
      this.waits.push(milliseconds);
      return Promise.resolve();
    };
    return connectOrg(connection, { sleep, random: () => 0.5 });
  }

  async connection(): Promise<CoreConnection> {
    process.env['SF_ORG_INSTANCE_URL'] = this.url;
    const authInfo = await AuthInfo.create({ username: token });
    return Connection.create({ authInfo, connectionOptions: { version: '67.0' } });
  }

  /** A connection whose session is renewed by `handleToken`, with a refresh token or, as pipelines do, with a key (JWT). */
  async refreshableConnection(by: 'token' | 'key' = 'token'): Promise<CoreConnection> {
    const handleToken = this.handleToken;
    this.handleToken = () => ({ body: { access_token: token, instance_url: this.url, id: `${this.url}/id/a/b` } });
    const login = by === 'token' ? { refreshToken: 'r' } : { privateKeyFile: keyFile() };
    const authInfo = await AuthInfo.create({
      ...(by === 'key' && { username: 'pipeline@sim.example' }),
      oauth2Options: { clientId: 'PlatformCLI', ...login, loginUrl: this.url, instanceUrl: this.url },
    });
    this.handleToken = handleToken;
    return Connection.create({ authInfo, connectionOptions: { version: '67.0' } });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const url = new URL(request.url ?? '/', this.url);
    const seen: Seen = {
      method: request.method ?? '',
      url: request.url ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    send(response, this.#login(seen) ?? this.handle(seen, this.seen.push(seen)));
  }

  #login(seen: Seen): Reply | undefined {
    if (seen.path === '/services/oauth2/userinfo') return { body: userInfo };
    if (seen.path === '/services/oauth2/token') return this.handleToken();
    if (seen.path.includes('/sobjects/User/005')) return { body: { Username: userInfo.preferred_username } };
    if (seen.path.includes('/v51.0/')) return { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'no' }] };
    if (/\/services\/data\/?$/u.test(seen.path)) return { body: [{ version: '67.0' }] };
    if (seen.headers['sforce-call-options'] !== 'client=portal-users') return { status: 404, body: [] };
    return undefined;
  }
}

function keyFile(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const path = join(home, 'server.key');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return path;
}

function send(response: ServerResponse, reply: Reply): void {
  if (typeof reply === 'function') {
    reply(response);
    return;
  }
  const { status = 200, headers = {}, body } = reply;
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/csv' : 'application/json', ...headers });
  response.end(isText || body === undefined ? body : JSON.stringify(body));
}

/** The error that a promise ends with. */
export async function failure(promise: Promise<unknown>): Promise<Record<string, unknown> & Error> {
  try {
    await promise;
  } catch (error) {
    return error as Record<string, unknown> & Error;
  }
  throw new Error('it was expected to fail');
}

export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const rows: T[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}
