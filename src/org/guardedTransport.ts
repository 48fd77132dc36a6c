/** Wraps a connection's transport so that no answer can hang, be taken as whole when it is cut, or crash the process. */
import { Readable, PassThrough } from 'node:stream';
import type { Connection } from '@salesforce/core';
import { errorOfAnswer, OrgError, timedOut, tooLarge, toOrgError } from './orgErrors.js';

type Transport = Connection['_transport'];
type Request = Parameters<Transport['httpRequest']>[0];
type Options = NonNullable<Parameters<Transport['httpRequest']>[1]>;
export type Response = Awaited<ReturnType<Transport['httpRequest']>>;

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
  const httpRequest = (request: Request, options: Options = {}): Promise<Response> => {
    call.onSend();
    const sent = send(inner, withOurHeaders(request), { ...options, ...ownOptions(call.timeout) }, call);
    const answer = sent.then((response) => {
      call.onResponse(response);
      const isRefreshable = response.statusCode === 401 && call.canRefresh();
      if (!isRefreshable && !isSuccess(response)) {
        throw errorOfAnswer(response.statusCode, response.headers, response.body);
      }
      return response;
    });
    // jsforce copies this stream next to the body it has read; nobody reads the copy.
    return Object.assign(answer, { stream: () => new PassThrough() });
  };
  return new Proxy(inner, {
    get: (target, name, receiver): unknown =>
      name === 'httpRequest' ? httpRequest : Reflect.get(target, name, receiver),
  });
}

function isSuccess(response: Response): boolean {
  return response.statusCode >= 200 && response.statusCode < 300;
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
  const body = bodyOf(sent.stream(), greatestBody);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(timedOut(timeout));
      body.abort();
    }, timeout);
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      // jsforce's own timer, which alone can end a call that has no answer yet, may be the first of the two.
      reject(error instanceof Error && error.name === 'AbortError' ? timedOut(timeout) : toOrgError(error));
    };
    body.onError(fail);
    sent.then((response) => {
      clearTimeout(timer);
      if (isShort(response)) fail(bodyCut());
      else resolve(response);
    }, fail);
  });
}

/**
 * Watches the stream that carries the answer's body. jsforce pipes it into the readable half of the stream it hands out,
 * which a private property holds; should that be gone in a later version, the body is unwatched, and our tests say so.
 */
function bodyOf(
  stream: object,
  greatestBody: number,
): { onError: (listener: (error: unknown) => void) => void; abort: () => void } {
  let source: Readable | undefined;
  let bytes = 0;
  let listener: (error: unknown) => void = () => undefined;
  const output: unknown = Reflect.get(stream, '_readable');
  if (output instanceof Readable) {
    output.on('pipe', (piped: unknown) => {
      if (!(piped instanceof Readable)) return;
      source = piped;
      piped.on('error', (error) => {
        listener(error);
      });
      piped.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > greatestBody) piped.destroy(tooLarge(greatestBody));
      });
    });
  }
  return {
    onError: (added): void => {
      listener = added;
    },
    abort: (): void => {
      source?.destroy();
    },
  };
}

/** Whether an uncompressed body has fewer bytes than its header announced. */
function isShort(response: Response): boolean {
  const announced = response.headers['content-length'];
  if (announced === undefined || response.headers['content-encoding'] !== undefined) return false;
  return Buffer.byteLength(response.body) < Number(announced);
}

function bodyCut(): OrgError {
  return new OrgError({ kind: 'network', code: 'BODY_CUT', message: 'the answer broke off', lost: true });
}
