/** Sends one HTTP request and reads its whole answer: in time, within bounds, and from nobody but whom it was sent to. */
import type { EnvHttpProxyAgent, fetch as undiciFetch } from 'undici';
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

type Http = { readonly fetch: typeof undiciFetch; readonly dispatcher: EnvHttpProxyAgent };

/**
 * A transport by the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name (or the same in lower case), with the
 * certificates that Node accepts (NODE_EXTRA_CA_CERTS). Its connections are kept for the calls that follow.
 */
export function openTransport(): Transport {
  let opened: Promise<Http> | undefined;
  return async ({ url, method, headers, body, timeout, greatestBody }) => {
    const signal = AbortSignal.timeout(timeout);
    try {
      const { fetch, dispatcher } = await (opened ??= openHttp());
      const answer = await fetch(url, { method, headers, body: body ?? null, redirect: 'manual', signal, dispatcher });
      const chunks = answer.body === null ? [] : await readBody(answer.body, greatestBody);
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
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

/** Loaded with the first call. Undici's own time-outs of five minutes are off: a call has its own. */
async function openHttp(): Promise<Http> {
  const undici = await import('undici');
  const dispatcher = new undici.EnvHttpProxyAgent({ allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  return { fetch: undici.fetch, dispatcher };
}

/** To stop reading ends the connection. */
async function readBody(body: AsyncIterable<Uint8Array>, greatest: number): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const { buffer, byteOffset, byteLength } of body) {
    bytes += byteLength;
    if (bytes > greatest) throw tooLarge(greatest);
    chunks.push(Buffer.from(buffer, byteOffset, byteLength));
  }
  return chunks;
}
