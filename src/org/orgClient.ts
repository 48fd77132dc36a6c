/** What everything that talks to Salesforce goes through (src/org/connectOrg.ts makes it). */
import type { OrganizationId, UserId } from '../model/ids.js';

/** A request below `/services/data/vXX.0` of the org. */
export type OrgCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** For example `/jobs/ingest/750…/batches?x=y`, or an absolute path such as `/services/data/v67.0/query/01g…-2000`. */
  readonly path: string;
  /** The whole body; it is sent again as it is when a call is repeated. */
  readonly body?: string;
  /** In place of a body: the name of a SOAP call, and its envelope, which the session is a part of. */
  readonly soap?: { readonly action: string; readonly envelope: (token: string) => string };
  readonly contentType?: string;
  readonly accept?: string;
  /** Milliseconds until the call counts as lost. */
  readonly timeout?: number;
  /** Whether the call may be sent again when its answer was lost. Default: only GET. */
  readonly repeatable?: boolean;
  /**
   * What it does can't be taken back: after any failure of the org (5xx), or an answer that is none, it counts as lost. Only
   * what was refused before it was done (401, 429) is sent again.
   */
  readonly once?: boolean;
};

/** The answer to a call; the caller gets those that succeeded (2xx) alone. The body is unparsed text. Header names are in lower case. */
export type OrgAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as it came, for who reads a large one piece by piece. */
  readonly chunks?: readonly Buffer[] | undefined;
};

export type OrgClient = {
  readonly orgId: OrganizationId;
  readonly userId: UserId;
  readonly username: string;
  /** For example `67.0`. */
  readonly apiVersion: string;
  readonly instanceUrl: string;
  /** Calls sent so far, repeated ones included. */
  readonly callsMade: number;
  /** Milliseconds by the org's clock: the Date header of its last answer (RFC 9110, 6.6.1); by this machine's before the first. */
  now(): number;
  /** @throws OrgError */
  call(call: OrgCall): Promise<OrgAnswer>;
};
