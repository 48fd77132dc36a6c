/** The HTTP side of the org: reads a call, checks session and limits, lets faults strike, and writes the answer. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { constants, gzip, gzipSync } from 'node:zlib';
import type { OrgRequest, OrgResponse, Route } from './contracts.ts';
import { ApiError } from './contracts.ts';
import type { Fault, Part } from './faults.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Org } from './org.ts';
import { errorResponse } from './rest/errorBody.ts';
import { revoke, token, userInfo } from './rest/identity.ts';
import { notFound } from './rest/records.ts';
import { firstAnswer } from './rest/routes.ts';
import { readMetadata } from './soap/metadata.ts';
import { isRetired, isServed, versionList } from './versions.ts';

const longestUri = 16_384;

/** A call as it came off the wire. */
type Call = {
  readonly entry: LedgerEntry;
  readonly body: Buffer;
  readonly query: URLSearchParams;
  readonly apiVersion: string | undefined;
};

export class OrgServer {
  private readonly org: Org;
  private readonly routes: readonly Route[];
  private readonly server: Server;

  constructor(org: Org, routes: readonly Route[]) {
    this.org = org;
    this.routes = routes;
    // Headers may be as long as an address, so that a long address gets its 414 and not a cut connection.
    this.server = createServer({ maxHeaderSize: 1_000_000, keepAliveTimeout: 60_000 }, (request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        process.stderr.write(
          `simulated org: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
        response.destroy();
      });
    });
  }

  /** The port it listens on. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    if (await this.cutsUpload(request)) return;
    const body = await readBody(request);
    if (body === undefined) return;
    const call = this.register(request, body);
    this.org.ledger.entries.push(call.entry);
    const faults = this.org.faults.hitting(call.entry);
    if (faults.length > 0) call.entry.fault = faults.map((fault) => fault.name).join(', ');
    const answer = await this.answerWithFaults(request, call, faults);
    call.entry.milliseconds = performance.now() - started;
    if (!answer) {
      request.socket.destroy();
      return;
    }
    call.entry.status = answer.status;
    await this.send(request, response, call, answer, faults);
  }

  /** Reads half of a body (of one in chunks: the first) and cuts the connection, if a fault says so. */
  private async cutsUpload(request: IncomingMessage): Promise<boolean> {
    const { entry } = this.register(request, Buffer.alloc(0));
    const fault = this.org.faults.cutting(entry);
    const length = Number(request.headers['content-length'] ?? 0);
    const hasBody = length > 0 || request.headers['transfer-encoding'] !== undefined;
    if (fault === undefined || !hasBody) return false;
    entry.fault = fault.name;
    this.org.ledger.entries.push(entry);
    // A request that is left in the middle has no socket any more.
    const { socket } = request;
    let received = 0;
    for await (const chunk of request) {
      received += (chunk as Buffer).length;
      if (received >= length / 2) break;
    }
    socket.destroy();
    return true;
  }

  private register(request: IncomingMessage, body: Buffer): Call {
    const url = new URL((request.url ?? '/').replace(/^\/+/, '/'), 'http://org');
    const path = url.pathname.replace(/\/{2,}/g, '/');
    const match = /^\/services\/data\/v(\d+\.\d+)(\/.*)?$/.exec(path);
    const { ledger } = this.org;
    const query = Object.fromEntries(url.searchParams);
    const entry: LedgerEntry = {
      seq: (ledger.entries.at(-1)?.seq ?? 0) + 1,
      time: this.org.clock.timestamp(),
      method: request.method ?? 'GET',
      path,
      resource: match ? (match[2] ?? '').replace(/\/$/, '') : path,
      query,
      soql: query['q'] ?? soqlOfJob(request.method, match?.[2], body),
      headers: plainHeaders(request),
      bodyBytes: body.length,
      body: ledger.keepsBodies ? body.toString('utf8') : undefined,
      status: undefined,
      counted: false,
      fault: undefined,
      milliseconds: undefined,
    };
    return { entry, body, query: url.searchParams, apiVersion: match?.[1] };
  }

  /** Undefined: the connection is to be cut. */
  private async answerWithFaults(
    request: IncomingMessage,
    call: Call,
    faults: readonly Fault[],
  ): Promise<OrgResponse | undefined> {
    for (const { action } of faults) {
      if (action.kind === 'meanwhile' && action.after !== true) await action.run(call.entry);
      if (action.kind === 'dropBefore') return undefined;
      if (action.kind === 'stall' && action.before !== true) {
        if (!(await stall(request, action.milliseconds))) return undefined;
      }
      if (action.kind === 'answer') return action;
    }
    const answer = await this.answer(request, call);
    for (const { action } of faults) {
      if (action.kind === 'meanwhile' && action.after === true) await action.run(call.entry);
      if (action.kind === 'dropAfter') return undefined;
      if (action.kind === 'stall' && action.before === true) {
        if (!(await stall(request, action.milliseconds))) return undefined;
      }
    }
    return answer;
  }

  private async answer(request: IncomingMessage, call: Call): Promise<OrgResponse> {
    if (Buffer.byteLength(request.url ?? '') > longestUri) {
      return {
        status: 414,
        body: '<html><head><title>414 URI Too Long</title></head></html>',
        headers: { 'Content-Type': 'text/html' },
      };
    }
    try {
      return (await this.route(call)) ?? errorResponse(notFound());
    } catch (error) {
      if (error instanceof ApiError) return errorResponse(error);
      process.stderr.write(
        `simulated org: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      return errorResponse(
        new ApiError(
          500,
          'UNKNOWN_EXCEPTION',
          'An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-123456789)',
        ),
      );
    }
  }

  private async route(call: Call): Promise<OrgResponse | undefined> {
    const { entry } = call;
    switch (entry.path) {
      case '/services/data':
      case '/services/data/':
        return { status: 200, body: versionList() };
      case '/services/oauth2/token':
        return entry.method === 'POST' ? token(this.org, call.body) : undefined;
      case '/services/oauth2/revoke':
        return revoke(
          this.org,
          call.query.get('token') ?? new URLSearchParams(call.body.toString('utf8')).get('token') ?? '',
        );
      case '/services/oauth2/userinfo':
        return userInfo(this.org, this.userOf(entry));
    }
    const metadata = /^\/services\/Soap\/m\/(\d+\.\d+)$/.exec(entry.path);
    if (metadata?.[1] !== undefined && isServed(metadata[1]) && entry.method === 'POST') {
      return readMetadata(this.org, call.body.toString('utf8'), (userId) => {
        this.admit(entry, userId);
      });
    }
    if (call.apiVersion === undefined) return undefined;
    // The text that comes with the status is not public.
    if (isRetired(call.apiVersion)) throw new ApiError(410, 'GONE', 'GONE');
    if (!isServed(call.apiVersion)) return undefined;
    const runningUserId = this.userOf(entry);
    this.admit(entry, runningUserId);
    const request: OrgRequest = {
      method: entry.method,
      path: entry.resource,
      query: call.query,
      headers: { ...entry.headers },
      body: call.body,
      apiVersion: call.apiVersion,
      runningUserId,
    };
    return firstAnswer(this.routes, request);
  }

  private userOf(entry: LedgerEntry): string {
    const accessToken = /^(?:Bearer|OAuth) (.+)$/.exec(entry.headers['authorization'] ?? '')?.[1] ?? '';
    const userId = this.org.session.userOf(accessToken);
    if (userId === undefined || this.org.store.get('User', userId, ['IsActive'])?.['IsActive'] !== true) {
      throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    }
    return userId;
  }

  /** Rights to the API at all, and the day's allowance. */
  private admit(entry: LedgerEntry, userId: string): void {
    if (!this.org.hasPermission(userId, 'ApiEnabled')) {
      throw new ApiError(403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.');
    }
    if (this.org.limits.remaining('DailyApiRequests') === 0) {
      throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    entry.counted = true;
    this.org.limits.use('DailyApiRequests');
  }

  private async send(
    request: IncomingMessage,
    response: ServerResponse,
    call: Call,
    answer: OrgResponse,
    faults: readonly Fault[],
  ): Promise<void> {
    const { body, isJson } = serialize(answer.body);
    const headers = new Map<string, string>(Object.entries(answer.headers ?? {}));
    headers.set('Date', new Date(this.org.clock.now()).toUTCString());
    if (isJson && !has(headers, 'content-type')) headers.set('Content-Type', 'application/json;charset=UTF-8');
    if (call.entry.counted)
      headers.set(
        'Sforce-Limit-Info',
        `api-usage=${this.org.limits.used('DailyApiRequests')}/${this.org.limits.max('DailyApiRequests')}`,
      );
    const shortened = faults.reduce((rest, { action }) => (action.kind === 'shorten' ? cut(rest, action) : rest), body);
    const truncation = faults.map(({ action }) => action).find((action) => action.kind === 'truncate');
    const zip =
      this.org.switches.compressesAnswers &&
      (shortened.length > onePacket || (truncation !== undefined && shortened.length > 0)) &&
      /\bgzip\b/.test(call.entry.headers['accept-encoding'] ?? '');
    const payload = zip ? await compressed(shortened, Object.isFrozen(answer.body)) : shortened;
    if (zip) headers.set('Content-Encoding', 'gzip');
    if (answer.status !== 204 && truncation?.chunked !== true) headers.set('Content-Length', String(payload.length));
    response.writeHead(answer.status, Object.fromEntries(headers));
    if (truncation === undefined) {
      response.end(payload);
      return;
    }
    const part = zip ? payload.subarray(0, Math.floor(payload.length / 2)) : cut(payload, truncation);
    if (part.length === 0) response.flushHeaders();
    response.write(part, () => request.socket.destroy());
  }
}

/** Bytes of an answer that servers don't compress, as it would be sent in one packet all the same. */
const onePacket = 1_400;

/** What is frozen is the same each time, and its bytes are kept. */
const serializations = new WeakMap<object, Buffer>();
const compressions = new WeakMap<Buffer, Buffer>();

/** Fast rather than small; pages of megabytes in the background, as other calls wait for their answers. */
function compressed(body: Buffer, isKept: boolean): Buffer | Promise<Buffer> {
  const options = { level: constants.Z_BEST_SPEED };
  if (isKept) {
    const kept = compressions.get(body) ?? gzipSync(body, options);
    compressions.set(body, kept);
    return kept;
  }
  return body.length < 65_536 ? gzipSync(body, options) : promisify(gzip)(body, options);
}

/** Undefined when the client went away while sending. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}

function soqlOfJob(method: string | undefined, path: string | undefined, body: Buffer): string | undefined {
  if (method !== 'POST' || path !== '/jobs/query') return undefined;
  return /"query"\s*:\s*("(?:[^"\\]|\\.)*")/
    .exec(body.toString('utf8'))
    ?.slice(1, 2)
    .map((text) => JSON.parse(text) as string)[0];
}

/** False when the client gave up first. */
async function stall(request: IncomingMessage, milliseconds: number): Promise<boolean> {
  const gone = new AbortController();
  request.socket.once('close', () => gone.abort());
  // The longest time a timer can take stands for ever.
  const slept = sleep(Math.min(milliseconds, 2_147_483_647), true, { signal: gone.signal, ref: false });
  return slept.catch(() => false);
}

function serialize(body: unknown): { readonly body: Buffer; readonly isJson: boolean } {
  if (body === undefined) return { body: Buffer.alloc(0), isJson: false };
  if (Buffer.isBuffer(body)) return { body, isJson: false };
  if (typeof body === 'string') return { body: Buffer.from(body), isJson: false };
  if (typeof body !== 'object' || body === null || !Object.isFrozen(body))
    return { body: Buffer.from(JSON.stringify(body)), isJson: true };
  const kept = serializations.get(body) ?? Buffer.from(JSON.stringify(body));
  serializations.set(body, kept);
  return { body: kept, isJson: true };
}

function has(headers: ReadonlyMap<string, string>, name: string): boolean {
  return [...headers.keys()].some((key) => key.toLowerCase() === name);
}

function cut(body: Buffer, limit: Part): Buffer {
  if (limit.share !== undefined) return body.subarray(0, Math.floor(body.length * limit.share));
  if (limit.bytes !== undefined) return body.subarray(0, limit.bytes);
  let end = 0;
  for (let line = 0; line < (limit.lines ?? 0); line += 1) {
    const next = body.indexOf('\n', end);
    if (next < 0) return body;
    end = next + 1;
  }
  return body.subarray(0, end);
}
