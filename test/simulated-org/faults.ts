/** Trouble on demand: which calls it hits, and what happens to them. */
import type { LedgerEntry } from './ledger.ts';

/** Which calls a fault hits. All conditions given must hold. */
export type FaultMatch = {
  readonly method?: string;
  /** Against the path below `/services/data/vXX.0` (the whole path for other calls). */
  readonly path?: string | RegExp;
  readonly when?: (call: LedgerEntry) => boolean;
  /** Only from the nth matching call on, counted from when the fault was added; 1 by default. */
  readonly nth?: number;
  /** How many calls it hits; 1 by default, `Infinity` for all. */
  readonly times?: number;
};

/** What happens to a call that is hit. */
export type FaultAction =
  /** The call is not processed; this is the answer. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    }
  /** The connection is cut and the call never processed. */
  | { readonly kind: 'dropBefore' }
  /** The call is processed, its answer lost with the connection. */
  | { readonly kind: 'dropAfter' }
  /** The answer is held back so many milliseconds, `Infinity` until the client gives up. `before` decides whether it is processed first. */
  | { readonly kind: 'stall'; readonly milliseconds: number; readonly before?: boolean }
  /** The connection is cut when half of the call's body has come in; a call without a body passes. */
  | { readonly kind: 'cutUpload' }
  /**
   * The answer's body ends after so many bytes or lines, or a share of it (0 to 1), then the connection is cut. The length header promises it all;
   * `chunked`: there is none, and the last chunk never comes.
   */
  | ({ readonly kind: 'truncate'; readonly chunked?: boolean } & Part)
  /** The body is shortened in the same way, but the answer looks whole to the client. */
  | ({ readonly kind: 'shorten' } & Part)
  /** Something else happens in the org just before (or after) the call is processed: drift, an expired token. */
  | { readonly kind: 'meanwhile'; readonly run: (call: LedgerEntry) => void | Promise<void>; readonly after?: boolean };

/** One of the three says how much of a body is left. */
export type Part = { readonly bytes?: number; readonly lines?: number; readonly share?: number };

export type Fault = {
  readonly name: string;
  readonly match: FaultMatch;
  readonly action: FaultAction;
  /** Matching calls seen so far, and those hit. */
  seen: number;
  hits: number;
};

export class Faults {
  private active: Fault[] = [];

  /** `org.faults.add({ path: /^\/jobs\/ingest$/, method: 'POST' }, faultAnswers.unavailable())` */
  add(match: FaultMatch, action: FaultAction, name: string = action.kind): Fault {
    const fault: Fault = { name, match, action, seen: 0, hits: 0 };
    this.active.push(fault);
    return fault;
  }

  remove(fault: Fault): void {
    this.active = this.active.filter((other) => other !== fault);
  }

  clear(): void {
    this.active = [];
  }

  /**
   * For the server: the faults that hit this call, oldest first. At most one answers or cuts; others of that kind wait
   * for the next call, so that faults added in a row strike one after another.
   */
  hitting(call: LedgerEntry): Fault[] {
    const hit: Fault[] = [];
    for (const fault of this.active) {
      if (fault.action.kind === 'cutUpload' || !isDue(fault, call) || (isFinal(fault) && hit.some(isFinal))) continue;
      fault.hits += 1;
      hit.push(fault);
    }
    return hit;
  }

  /** For the server, before the body of a call has come in: the fault that cuts its upload. */
  cutting(call: LedgerEntry): Fault | undefined {
    const fault = this.active.filter(({ action }) => action.kind === 'cutUpload').find((it) => isDue(it, call));
    if (fault !== undefined) fault.hits += 1;
    return fault;
  }
}

/** Counts the call, if the fault is about calls like this one. */
function isDue(fault: Fault, call: LedgerEntry): boolean {
  if (!concerns(fault.match, call)) return false;
  fault.seen += 1;
  return fault.seen >= (fault.match.nth ?? 1) && fault.hits < (fault.match.times ?? 1);
}

/** It decides alone what becomes of the call. */
function isFinal({ action }: Fault): boolean {
  return action.kind === 'answer' || action.kind === 'dropBefore' || action.kind === 'dropAfter';
}

function concerns(match: FaultMatch, call: LedgerEntry): boolean {
  if (match.method !== undefined && match.method !== call.method) return false;
  if (typeof match.path === 'string' && match.path !== call.resource) return false;
  if (match.path instanceof RegExp && !match.path.test(call.resource)) return false;
  return match.when?.(call) ?? true;
}

type Answer = Extract<FaultAction, { kind: 'answer' }>;

/** The refusals of section 3 of the wire reference, ready to use as actions. */
export const faultAnswers = {
  /** The token is dead for this call only; `session.expire` kills it for good. */
  sessionExpired: (): Answer => ({
    kind: 'answer',
    status: 401,
    body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }],
    headers: { 'WWW-Authenticate': 'Token' },
  }),
  dailyLimit: (): Answer => ({
    kind: 'answer',
    status: 403,
    body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
  }),
  concurrentLimit: (): Answer => ({
    kind: 'answer',
    status: 403,
    body: [
      { message: 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' },
    ],
  }),
  tooManyRequests: (retryAfterSeconds: number): Answer => ({
    kind: 'answer',
    status: 429,
    body: [{ message: 'Too many requests', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
    headers: { 'Retry-After': String(retryAfterSeconds) },
  }),
  gone: (): Answer => ({
    kind: 'answer',
    status: 404,
    body: [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }],
  }),
  serverError: (): Answer => ({ kind: 'answer', status: 500, body: '' }),
  badGateway: (): Answer => htmlAnswer(502, 'Bad Gateway'),
  unavailable: (): Answer => htmlAnswer(503, 'Service Unavailable'),
} as const;

function htmlAnswer(status: number, title: string): Answer {
  return {
    kind: 'answer',
    status,
    body: `<html><head><title>${title}</title></head><body>${title}</body></html>`,
    headers: { 'Content-Type': 'text/html' },
  };
}
