/** Sends one HTTP request and reads its whole answer: in time, within bounds, and from nobody but whom it was sent to. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { EnvHttpProxyAgent, request as undiciRequest } from 'undici';
import type { OrgAnswer } from './orgClient.js';
import { timedOut, tooLarge, toOrgError } from './orgErrors.js';

export type HttpRequest = {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Milliseconds for the whole answer, body included. */
  readonly timeout: number;
  /** Bytes of the body, unpacked: what goes on beyond is no answer, and would take the memory of the machine. */
  readonly greatestBody: number;
};

/** An answer that came whole, whatever its status. Repeats nothing, and follows no redirect. @throws OrgError */
type Transport = (request: HttpRequest) => Promise<OrgAnswer>;

type Http = { readonly request: typeof undiciRequest; readonly dispatcher: EnvHttpProxyAgent };

/**
 * A transport by the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name (or the same in lower case), with the
 * certificates that Node accepts (NODE_EXTRA_CA_CERTS). Its connections are kept for the calls that follow.
 */
export function openTransport(): Transport {
  let opened: Promise<Http> | undefined;
  return async ({ url, method, headers, body, timeout, greatestBody }) => {
    const signal = AbortSignal.timeout(timeout);
    try {
      const { request, dispatcher } = await (opened ??= openHttp());
      const asked = { ...headers, 'accept-encoding': 'gzip' };
      const answer = await request(url, { method, headers: asked, body: body ?? null, signal, dispatcher });
      const sent = await readBody(answer.body, greatestBody);
      const texts = oneTextEach(answer.headers);
      const isPacked = texts['content-encoding']?.toLowerCase() === 'gzip';
      const chunks = isPacked ? await unpack(sent, greatestBody) : sent;
      return {
        status: answer.statusCode,
        headers: texts,
        chunks,
        // Made when it is asked for: only who needs it in one piece pays for that.
        get body(): string {
          return Buffer.concat(chunks).toString();
        },
      };
    } catch (error) {
      throw signal.aborted ? timedOut(timeout) : toOrgError(error);
    }
  };
}

/**
 * Loaded with the first call. Undici's own time-outs of five minutes are off: a call has its own. Its `fetch` takes three times
 * as much processor time for a small answer.
 */
async function openHttp(): Promise<Http> {
  const undici = await import('undici');
  const dispatcher = new undici.EnvHttpProxyAgent({ allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  return { request: undici.request, dispatcher };
}

/** To stop reading ends the connection. */
async function readBody(body: AsyncIterable<Buffer>, greatest: number): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > greatest) throw tooLarge(greatest);
    chunks.push(chunk);
  }
  return chunks;
}

/** Bytes. To hand less than that to another thread takes longer than to unpack it. */
const smallBody = 65_536;

/** @param packed empty where an answer has no body, whatever its headers say */
async function unpack(packed: Buffer[], greatest: number): Promise<Buffer[]> {
  const bytes = packed.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes === 0) return [];
  if (bytes > smallBody)
    return pipeline(Readable.from(packed), createGunzip(), (unpacked: AsyncIterable<Buffer>) =>
      readBody(unpacked, greatest),
    );
  try {
    return [gunzipSync(Buffer.concat(packed), { maxOutputLength: greatest })];
  } catch (error) {
    throw error instanceof RangeError ? tooLarge(greatest) : error;
  }
}

/** A header that an answer has several times is one list (RFC 9110 §5.3). */
function oneTextEach(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]));
}
