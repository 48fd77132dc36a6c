/** The one door to Salesforce: every call of the plugin goes through `OrgClient.call`. */
import { setTimeout } from 'node:timers/promises';
import { Connection } from '@salesforce/core';
import { guardedTransport, textOf, type Response } from './guardedTransport.js';
import { readIdentity } from './identity.js';
import { errorOfAnswer, malformed, OrgError, toOrgError } from './orgErrors.js';
import { delayBefore, isRepeated } from './retryPolicy.js';

/** A request below `/services/data/vXX.0` of the org. */
export type OrgCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** For example `/jobs/ingest/750…/batches?x=y`, or an absolute path such as `/services/data/v67.0/query/01g…-2000`. */
  readonly path: string;
  /** The whole body; it is sent again as it is when a call is repeated. */
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the call counts as lost. */
  readonly timeout?: number;
  /** Whether the call may be sent again when its answer was lost. Default: only GET. */
  readonly repeatable?: boolean;
};

/** The answer to a call that succeeded (2xx). The body is unparsed text. Header names are in lower case. */
export type OrgAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as it came, for who reads a large one piece by piece. */
  readonly chunks?: readonly Buffer[] | undefined;
};

export type OrgClient = {
  readonly orgId: string;
  readonly userId: string;
  readonly username: string;
  /** For example `67.0`. */
  readonly apiVersion: string;
  readonly instanceUrl: string;
  /** Calls sent so far, repeated ones included. */
  readonly callsMade: number;
  /** @throws OrgError */
  call(call: OrgCall): Promise<OrgAnswer>;
};

/** What tests and the engine replace. */
export type OrgClientDependencies = {
  readonly sleep?: (milliseconds: number) => Promise<void>;
  readonly random?: () => number;
};

/**
 * The client for an org's connection. Its API version is the connection's at this moment.
 *
 * Calls go through jsforce's own `Connection.prototype.request`: the override in `@salesforce/core` writes whole
 * requests, bodies included, to sf's debug log.
 *
 * @throws OrgError if the org must be asked who is calling, and does not answer
 */
export async function connectOrg(connection: Connection, dependencies: OrgClientDependencies = {}): Promise<OrgClient> {
  const sleep = dependencies.sleep ?? setTimeout;
  const random = dependencies.random ?? Math.random;
  const apiVersion = connection.getApiVersion();
  let callsMade = 0;

  const call = async (request: OrgCall): Promise<OrgAnswer> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendOnce(connection, apiVersion, request, () => callsMade++);
      } catch (thrown) {
        const error = settle(toOrgError(thrown), request);
        if (!isRepeated(error, attempt, isRepeatable(request))) throw error;
        await sleep(delayBefore(attempt, random(), error.retryAfterSeconds));
      }
    }
  };

  return {
    ...(await readIdentity(connection, call)),
    apiVersion,
    get instanceUrl(): string {
      return instanceUrlOf(connection);
    },
    get callsMade(): number {
      return callsMade;
    },
    call,
  };
}

function isRepeatable(call: OrgCall): boolean {
  return call.repeatable ?? call.method === 'GET';
}

function instanceUrlOf(connection: Connection): string {
  return connection.instanceUrl.replace(/\/+$/u, '');
}

/** What depends on the call: only jobs and cursors can be gone, and nothing is lost with an answer to a GET. */
function settle(error: OrgError, { method, path }: OrgCall): OrgError {
  const canBeGone = /\/jobs\/(ingest|query)\/|\/query\/01g/u.test(path);
  const kind = error.kind === 'gone' && !canBeGone ? 'refused' : error.kind;
  const lost = error.lost && method !== 'GET';
  if (kind === error.kind && lost === error.lost) return error;
  const { code, message, status, retryAfterSeconds } = error;
  return new OrgError({ kind, code, message, status, lost, retryAfterSeconds });
}

/** Milliseconds: an upload or a page of results is up to tens of megabytes; a query may run two minutes in the org. */
function defaultTimeout(call: OrgCall): number {
  return call.method === 'PUT' || isResult(call) ? 600_000 : 180_000;
}

function isResult({ path }: OrgCall): boolean {
  return /\/jobs\/.*results|\/unprocessedrecords/iu.test(path);
}

/**
 * Bytes. Results of a job repeat its upload of up to 100 MB with two or three columns more, encoded as it was (Bulk API 2.0
 * limits); a page of a query has 2,000 records, and no describe call comes near.
 */
function greatestBody(call: OrgCall): number {
  return isResult(call) ? 256_000_000 : 64_000_000;
}

async function sendOnce(
  connection: Connection,
  apiVersion: string,
  call: OrgCall,
  onSend: () => void,
): Promise<OrgAnswer> {
  let last: Response | undefined;
  let refusals = 0;
  const transport = guardedTransport(connection._transport, {
    timeout: call.timeout ?? defaultTimeout(call),
    greatestBody: greatestBody(call),
    onSend,
    onResponse: (response) => {
      last = response;
      if (response.statusCode === 401) refusals++;
    },
    canRefresh: () => refusals === 1 && connection._refreshDelegate !== undefined,
  });
  const path = call.path.startsWith('/services/') ? call.path : `/services/data/v${apiVersion}${call.path}`;
  const request = {
    method: call.method,
    url: instanceUrlOf(connection) + path,
    headers: headersOf(call),
    ...(call.body === undefined ? {} : { body: call.body }),
  };
  try {
    await Reflect.apply(plainRequest, connection, [request, { transport, responseType: 'text/plain' }]);
  } catch (error) {
    throw errorAfter(error, last);
  }
  if (last === undefined) throw malformed(`${call.method}: no answer was received`);
  return answerOf(last);
}

/** The text is made when it is asked for: large answers are read from their chunks. */
function answerOf(response: Response): OrgAnswer {
  return {
    status: response.statusCode,
    headers: response.headers,
    chunks: response.chunks,
    get body(): string {
      return textOf(response);
    },
  };
}

/** A 401 that jsforce does not take for an expired session ends as jsforce's own error: the answer says more. */
function errorAfter(error: unknown, last: Response | undefined): OrgError {
  const known = toOrgError(error);
  if (error instanceof OrgError || last?.statusCode !== 401 || known.kind === 'session') return known;
  return known.kind === 'refused' ? errorOfAnswer(401, last.headers, textOf(last)) : known;
}

function headersOf(call: OrgCall): Record<string, string> {
  return {
    accept: call.accept ?? 'application/json',
    'user-agent': 'sf-portal-users',
    ...(call.body === undefined ? {} : { 'content-type': call.contentType ?? 'application/json; charset=UTF-8' }),
    ...call.headers,
  };
}

/** `request` of the prototype above the one of `@salesforce/core`. */
const plainRequest = ((): (() => unknown) => {
  const jsforce: unknown = Object.getPrototypeOf(Connection.prototype);
  const request: unknown =
    typeof jsforce === 'object' && jsforce !== null ? Reflect.get(jsforce, 'request') : undefined;
  if (!isFunction(request)) throw malformed('@salesforce/core has no jsforce connection below it');
  return request;
})();

function isFunction(value: unknown): value is () => unknown {
  return typeof value === 'function';
}
