/** The one door to Salesforce: every call of the plugin goes through `OrgClient.call`. */
import { setTimeout } from 'node:timers/promises';
import type { Connection } from '@salesforce/core';
import { readIdentity } from './facts/identity.js';
import { errorOfAnswer, toOrgError } from './orgErrors.js';
import { OrgError } from '../model/orgError.js';
import type { OrgAnswer, OrgCall, OrgClient } from './orgClient.js';
import { delayBefore, isRepeated } from './retryPolicy.js';
import { isSessionOver, Session } from './session.js';
import { openTransport, type HttpRequest } from './transport.js';

/** What tests and the engine replace. */
type OrgClientDependencies = {
  readonly sleep?: (milliseconds: number) => Promise<void>;
  readonly random?: () => number;
};

/**
 * The client for an org's connection. Its API version is the connection's at this moment.
 * Of the connection it takes the address and the session. Its `request` is not used: that writes whole requests, bodies
 * included, to sf's debug log, repeats calls by itself, and parses what it gets.
 * @throws OrgError if the org must be asked who is calling, and does not answer
 */
export async function connectOrg(connection: Connection, dependencies: OrgClientDependencies = {}): Promise<OrgClient> {
  const sleep = dependencies.sleep ?? setTimeout;
  const random = dependencies.random ?? Math.random;
  const apiVersion = connection.getApiVersion();
  const transport = openTransport();
  const session = new Session(connection);
  let callsMade = 0;
  let hasAnswered = false;
  let orgAhead = 0;

  const send = async (request: OrgCall, token: string | undefined): Promise<OrgAnswer> => {
    callsMade++;
    const answer = await transport(httpRequest(instanceUrlOf(connection), apiVersion, token, request));
    hasAnswered = true;
    const orgTime = Date.parse(answer.headers['date'] ?? '');
    if (!Number.isNaN(orgTime)) orgAhead = orgTime - Date.now();
    return answer;
  };

  const sendOnce = async (request: OrgCall): Promise<OrgAnswer> => {
    const token = await session.token();
    const answer = await send(request, token);
    if (!isSessionOver(answer) || !(await session.renew(token))) return succeeded(answer);
    return succeeded(await send(request, await session.token()));
  };

  const call = async (request: OrgCall): Promise<OrgAnswer> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendOnce(request);
      } catch (thrown) {
        const error = settle(toOrgError(thrown), request);
        const repeatable = request.repeatable ?? request.method === 'GET';
        if (!isRepeated(error, attempt, repeatable, hasAnswered)) throw error;
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
    now: () => Date.now() + orgAhead,
    call,
  };
}

function instanceUrlOf(connection: Connection): string {
  return connection.instanceUrl.replace(/\/+$/u, '');
}

/** What depends on the call: only jobs and cursors can be gone, and nothing is lost with an answer to a GET. */
function settle(error: OrgError, { method, path, once = false }: OrgCall): OrgError {
  const canBeGone = /\/jobs\/(ingest|query)\/|\/query\/01g/u.test(path);
  const kind = error.kind === 'gone' && !canBeGone ? 'refused' : error.kind;
  const mayBeDone = once && (error.kind === 'malformed' || (error.status ?? 0) >= 500);
  const lost = (error.lost || mayBeDone) && method !== 'GET';
  if (kind === error.kind && lost === error.lost) return error;
  const { code, message, status, retryAfterSeconds } = error;
  return new OrgError({ kind, code, message, status, lost, retryAfterSeconds });
}

function httpRequest(instanceUrl: string, apiVersion: string, token: string | undefined, call: OrgCall): HttpRequest {
  const body = call.soap?.envelope(token ?? '') ?? call.body;
  const isResult = /\/jobs\/.*results|\/unprocessedrecords/iu.test(call.path);
  const path = call.path.startsWith('/services/') ? call.path : `/services/data/v${apiVersion}${call.path}`;
  return {
    method: call.method,
    url: instanceUrl + path,
    headers: {
      accept: call.accept ?? 'application/json',
      'user-agent': 'sf-portal-users',
      // Lets an administrator tell our calls from those of sf.
      'sforce-call-options': 'client=portal-users',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': contentTypeOf(call) }),
      ...(call.soap === undefined ? {} : { soapaction: call.soap.action }),
    },
    body,
    // An upload or a page of results is up to tens of megabytes; a query may run two minutes in the org.
    timeout: call.timeout ?? (call.method === 'PUT' || isResult ? 600_000 : 180_000),
    // Results of a job repeat its upload of up to 100 MB with two or three columns more, encoded as it was (Bulk API 2.0
    // limits); a page of a query has 2,000 records, and no describe call comes near.
    greatestBody: isResult ? 256_000_000 : 64_000_000,
  };
}

function contentTypeOf({ soap, contentType }: OrgCall): string {
  return soap === undefined ? (contentType ?? 'application/json; charset=UTF-8') : 'text/xml; charset=UTF-8';
}

/** @throws OrgError of a status outside 2xx */
function succeeded(answer: OrgAnswer): OrgAnswer {
  const { status, headers } = answer;
  if (status < 200 || status >= 300) throw errorOfAnswer(status, headers, answer.body);
  return answer;
}
