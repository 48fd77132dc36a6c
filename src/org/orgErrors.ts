/** The translation of every answer and every foreign error into the one error that calls to Salesforce end with. */
import { OrgError, type OrgErrorKind } from '../model/orgError.js';

/** An answer that the API does not document. `what` says where it came from and what is wrong with it. */
export function malformed(what: string): OrgError {
  return new OrgError({ kind: 'malformed', code: 'MALFORMED_ANSWER', message: what });
}

/** Whether the org has said no: to what is not allowed, is not there, or can't be understood. */
export function isRefusal(error: unknown): error is OrgError {
  return error instanceof OrgError && error.kind === 'refused';
}

/** What is read; `otherwise` where the org has no such thing, or hides it from the running user. @throws any other error */
export function unlessHidden<Read, Otherwise>(reading: Promise<Read>, otherwise: Otherwise): Promise<Read | Otherwise> {
  return reading.catch((error: unknown) => {
    if (isRefusal(error)) return otherwise;
    throw error;
  });
}

/** The call took longer than its time-out; nobody knows whether the org has processed it. */
export function timedOut(milliseconds: number): OrgError {
  const message = `no answer within ${String(milliseconds / 1000)} seconds`;
  return new OrgError({ kind: 'network', code: 'TIMEOUT', message, lost: true });
}

/** The answer goes on beyond anything that the call can be answered by; the org may have processed it all the same. */
export function tooLarge(bytes: number): OrgError {
  const message = `the answer is larger than ${String(bytes / 1_000_000)} MB`;
  return new OrgError({ kind: 'malformed', code: 'ANSWER_TOO_LARGE', message, lost: true });
}

/**
 * The error that an answer with a status outside 2xx stands for. @param headers names in lower case
 * Source: REST API guide "Status Codes and Error Responses", Bulk API 2.0 guide "Errors".
 */
export function errorOfAnswer(status: number, headers: Readonly<Record<string, string>>, body: string): OrgError {
  // No call of the API is answered so; to follow would hand the access token to the host that is named there (RFC 9110 §15.4).
  if (status < 400) return malformed(`instead of an answer, another address to go to (HTTP ${String(status)})`);
  const { code, message } = readErrorBody(status, body);
  const retryAfterSeconds = secondsToWait(headers['retry-after']);
  return new OrgError({ ...classify(status, code, message), code, message, status, retryAfterSeconds });
}

/**
 * Code (upper case) and message of a failed call, in any of the forms that Salesforce is known to use. Several errors are
 * joined: the first one's code, all messages. A body that is no JSON (an HTML page of an edge server, nothing at all) gives
 * `HTTP_<status>`; its text is not passed on. OAuth errors: RFC 6749 §5.2.
 */
function readErrorBody(status: number, body: string): { readonly code: string; readonly message: string } {
  const errors = errorsIn(body);
  const firstTexts = (names: readonly string[]): string[] => errors.flatMap((error) => firstText(error, names) ?? []);
  const code = firstTexts(['errorCode', 'statusCode', 'exceptionCode', 'error'])[0]?.toUpperCase();
  const messages = new Set(firstTexts(['message', 'exceptionMessage', 'error_description']));
  return {
    code: code ?? `HTTP_${String(status)}`,
    message: messages.size > 0 ? [...messages].join('; ') : (code ?? `HTTP ${String(status)}`),
  };
}

function errorsIn(body: string): object[] {
  try {
    const parsed: unknown = JSON.parse(body);
    return [parsed].flat().filter((error) => typeof error === 'object' && error !== null);
  } catch {
    return [];
  }
}

/** The first of the properties that is a text, and not an empty one. */
function firstText(object: object, names: readonly string[]): string | undefined {
  const values: unknown[] = names.map((name): unknown => Reflect.get(object, name));
  return values.filter((value) => typeof value === 'string').find((value) => value !== '');
}

/** Seconds from a `Retry-After` header, a number or an HTTP date (RFC 9110 §10.2.3). */
function secondsToWait(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

type Class = { readonly kind: OrgErrorKind; readonly lost: boolean };

function classify(status: number, code: string, message: string): Class {
  if (status === 401 || code === 'INVALID_SESSION_ID') return { kind: 'session', lost: false };
  if (status === 429) return { kind: 'busy', lost: false };
  if (code === 'REQUEST_LIMIT_EXCEEDED') {
    return { kind: /^\s*Concurrent/iu.test(message) ? 'busy' : 'limit', lost: false };
  }
  // A daily Bulk allowance: "Max bulk v2 query jobs (10000) per 24 hrs has been exceeded".
  if (code === 'EXCEEDEDQUOTA') return { kind: 'limit', lost: false };
  if (status === 503 || code === 'SERVER_UNAVAILABLE') return { kind: 'busy', lost: false };
  if (status >= 500 || status === 408) return { kind: 'busy', lost: true };
  if (status === 404 || code === 'INVALID_QUERY_LOCATOR') return { kind: 'gone', lost: false };
  return { kind: 'refused', lost: false };
}

/**
 * Translates what undici and zlib throw: a call that failed, with its causes, or a body that broke off. Foreign errors are never
 * kept as `cause`: a `TypeError` there makes sf exit with code 10.
 */
export function toOrgError(error: unknown): OrgError {
  if (error instanceof OrgError) return error;
  const chain = causes(error);
  return networkError(chain, !chain.some(isBeforeSending));
}

/**
 * Why a session could not be renewed, from what AuthInfo throws. The call itself was answered by 401, so it was not processed
 * whatever became of that.
 */
export function renewalError(error: unknown): OrgError {
  const chain = causes(error);
  const text = messagesOf(chain);
  const server = chain.findLast(({ message }) => message !== '');
  const told = server?.message.replace(/^[^]*(due to|Errors encountered):/u, '') ?? '';
  if (chain.some(({ name }) => troubleOfServer.test(name)) || noVerdict.test(told)) {
    return new OrgError({ kind: 'busy', code: 'SESSION_NOT_RENEWED', message: 'the session could not be renewed' });
  }
  if (networkText.test(text)) return networkError(chain, false);
  return new OrgError({ kind: 'session', code: 'INVALID_SESSION_ID', message: text });
}

/** What jsforce calls an answer of the token server without an error of OAuth, and what Salesforce asks to try again. */
const troubleOfServer = /^(ERROR_HTTP_(408|429|5\d\d)|unknown_error|server_error|temporarily_unavailable)$/u;

/** A page of HTML, nothing at all, or a request to try again: the token server says nothing about the login. */
const noVerdict = /^\s*$|(^|\n)\s*<|\b(retry|try again|too many|temporarily|unavailable)\b/iu;
const networkText = /fetch failed|terminated|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|tim(e|ed)[- ]?out|socket/iu;

function networkError(chain: readonly Link[], lost: boolean): OrgError {
  const code = chain.findLast((link) => link.code !== undefined)?.code ?? 'NETWORK';
  return new OrgError({ kind: 'network', code, message: messagesOf(chain) || 'the call failed', lost });
}

/** A result that is complete to the org, but has not come whole. */
export function rowsMissing(rows: number, counted: number): OrgError {
  const message = `query: ${String(rows)} rows instead of ${String(counted)}`;
  return new OrgError({ kind: 'malformed', code: 'ROWS_MISSING', message });
}

/** A server whose certificate is not accepted: asking again does not help. */
export function isCertificateCode(code = ''): boolean {
  return /CERT|_TLS_|ERR_SSL|SELF_SIGNED|UNABLE_TO_VERIFY/u.test(code);
}

/** No connection was made, to the org or through the proxy, so the org cannot have seen the call. */
function isBeforeSending({ code, syscall, message }: Link): boolean {
  // Established connections end by some of these codes, too.
  if (syscall === 'read' || syscall === 'write') return false;
  const isRefusedByProxy = message.startsWith('Proxy response (');
  return syscall === 'connect' || isRefusedByProxy || neverSent.test(code ?? '') || isCertificateCode(code);
}

const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)(UNREACH|DOWN)|ERR_INVALID_URL|UND_ERR_(CONNECT_TIMEOUT|PRX_\w+))$/u;

type Link = Readonly<Record<'name' | 'message', string> & Record<'code' | 'syscall', string | undefined>>;

/** The error and what caused it, outermost first. Of several addresses that were tried, the first counts. */
function causes(error: unknown): Link[] {
  const links: Link[] = [];
  let current: unknown = error;
  while (current instanceof Error && links.length < 5) {
    const { name, message } = current;
    links.push({ name, message, code: firstText(current, ['code']), syscall: firstText(current, ['syscall']) });
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return links;
}

function messagesOf(chain: readonly Link[]): string {
  return chain.flatMap(({ message }) => (message === '' ? [] : [message])).join(': ');
}
