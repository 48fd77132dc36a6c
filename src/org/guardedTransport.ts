/** Wraps a connection's transport so that no answer can hang, be taken as whole when it is cut, or crash the process. */
import type { EventEmitter } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { Connection } from '@salesforce/core';
import { errorOfAnswer, malformed, OrgError, timedOut, tooLarge, toOrgError } from './orgErrors.js';

type Transport = Connection['_transport'];
type Request = Parameters<Transport['httpRequest']>[0];
type Options = NonNullable<Parameters<Transport['httpRequest']>[1]>;
type JsforceResponse = Awaited<ReturnType<Transport['httpRequest']>>;

/** An answer that came whole. The body is kept as it came: only who needs it in one piece pays for that. */
export type Response = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly Buffer[];
};

export type GuardedCall = {
  /** Milliseconds for the whole answer, body included. */
  readonly timeout: number;
  /** Bytes of the body, unpacked: what goes on beyond is no answer, and would take the memory of the machine. */
  readonly greatestBody: number;
  /** Called before each sending: the first, and the one after a renewed session. */
  readonly onSend: () => void;
  /** Called with each answer that came whole, whatever its status. */
  readonly onResponse: (response: Response) => void;
  /** Whether a 401 may still be handed to jsforce, which renews the session and sends again, without end if we let it. */
  readonly canRefresh: () => boolean;
};

/**
 * A transport for one call. It sends by the given transport, so that its proxy and TLS settings stay honored, and
 * - never repeats or redirects by itself: jsforce's own repetition is switched off (`methods: []` also for status 420),
 * - gives up after the time-out, also in the middle of a body (jsforce's time-out ends with the headers),
 * - gives up when a body is larger than any that the call can have,
 * - rejects when a body breaks off: jsforce pipes the body without an error handler, so that a dropped connection
 *   would be an uncaught exception,
 * - rejects with an OrgError for any status outside 2xx but a 401 that can be refreshed.
 */
export function guardedTransport(inner: Transport, call: GuardedCall): Transport {
  const httpRequest = (request: Request, options: Options = {}): Promise<JsforceResponse> => {
    call.onSend();
    const sent = send(inner, withOurHeaders(request), { ...options, ...ownOptions(call.timeout) }, call);
    const answer = sent.then((response) => {
      call.onResponse(response);
      const { statusCode, headers } = response;
      if (isSuccess(statusCode)) return { statusCode, headers: { ...headers }, body: '' };
      const body = textOf(response);
      if (statusCode !== 401 || !call.canRefresh()) throw errorOfAnswer(statusCode, headers, body);
      return { statusCode, headers: { ...headers }, body };
    });
    // jsforce copies this stream next to the body it has read; nobody reads the copy.
    return Object.assign(answer, { stream: () => new PassThrough() });
  };
  return new Proxy(inner, {
    get: (target, name, receiver): unknown =>
      name === 'httpRequest' ? httpRequest : Reflect.get(target, name, receiver),
  });
}

/** The body in one piece. */
export function textOf({ chunks }: Pick<Response, 'chunks'>): string {
  return Buffer.concat(chunks).toString();
}

function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function ownOptions(timeout: number): Options {
  return {
    timeout,
    followRedirect: false,
    retry: { maxRetries: 0, statusCodes: [], errorCodes: [], methods: [] },
  };
}

/** The connection's own client name is that of sf; ours lets an administrator tell the calls apart. */
function withOurHeaders(request: Request): Request {
  return { ...request, headers: { ...request.headers, 'Sforce-Call-Options': 'client=portal-users' } };
}

async function send(
  inner: Transport,
  request: Request,
  options: Options,
  { timeout, greatestBody }: GuardedCall,
): Promise<Response> {
  const sent = inner.httpRequest(request, options);
  const reading = readAnswer(sent.stream(), greatestBody);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(timedOut(timeout));
      reading.abort();
    }, timeout);
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      // jsforce's own timer, which alone can end a call that has no answer yet, may be the first of the two.
      reject(error instanceof Error && error.name === 'AbortError' ? timedOut(timeout) : toOrgError(error));
    };
    sent.catch(fail);
    reading.answer.then((response) => {
      clearTimeout(timer);
      if (isShort(response)) fail(bodyCut());
      else resolve(response);
    }, fail);
  });
}

/**
 * Reads the answer in jsforce's stead, which would hold a large body three times over. jsforce pipes the body into the
 * readable half of the stream that it hands out, which a private property holds; should that be gone in a later version, no
 * answer is read, and our tests say so.
 */
function readAnswer(
  stream: EventEmitter,
  greatestBody: number,
): { readonly answer: Promise<Response>; readonly abort: () => void } {
  let source: Readable | undefined;
  const answer = new Promise<Response>((resolve, reject) => {
    // Whoever listens to this gets the whole body as one text.
    stream.removeAllListeners('complete');
    const chunks: Buffer[] = [];
    let bytes = 0;
    let head: Omit<Response, 'chunks'> | undefined;
    const end = (): void => {
      if (head === undefined) reject(malformed('an answer without a head'));
      else resolve({ ...head, chunks });
    };
    stream.once('response', (response: Omit<Response, 'chunks'>) => (head = response));
    const output: unknown = Reflect.get(stream, '_readable');
    if (!(output instanceof PassThrough)) {
      reject(malformed('jsforce hands out no stream'));
      return;
    }
    // Of an answer without a body, nothing is piped.
    output.once('finish', end);
    output.on('pipe', (piped: Readable) => {
      source = piped;
      piped.unpipe(output);
      piped.on('error', reject);
      piped.on('end', end);
      piped.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > greatestBody) piped.destroy(tooLarge(greatestBody));
        else chunks.push(chunk);
      });
    });
  });
  return {
    answer,
    abort: (): void => {
      source?.destroy();
    },
  };
}

/** Whether an uncompressed body has fewer bytes than its header announced. */
function isShort({ headers, chunks }: Response): boolean {
  const announced = headers['content-length'];
  if (announced === undefined || headers['content-encoding'] !== undefined) return false;
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0) < Number(announced);
}

function bodyCut(): OrgError {
  return new OrgError({ kind: 'network', code: 'BODY_CUT', message: 'the answer broke off', lost: true });
}
