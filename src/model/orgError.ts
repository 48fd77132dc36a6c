/** The one error that calls to Salesforce end with. */
import { maskAddresses } from './privacy/maskedText.js';

/**
 * What an error means for the caller: `session` log in again, `limit` the org's allowance is used up, `busy` try later,
 * `network` no (whole) answer, `refused` Salesforce says no, `gone` the job or cursor is no longer there,
 * `malformed` an answer that is not what the API documents.
 */
export type OrgErrorKind = 'session' | 'limit' | 'busy' | 'network' | 'refused' | 'gone' | 'malformed';

type OrgErrorDetails = Pick<OrgError, 'kind' | 'code' | 'message'> &
  Partial<Pick<OrgError, 'status' | 'lost' | 'retryAfterSeconds'>>;

export class OrgError extends Error {
  readonly kind: OrgErrorKind;
  /** Salesforce's error code in upper case, or the code of the network error. */
  readonly code: string;
  /** The HTTP status, where an answer came. */
  readonly status: number | undefined;
  /** The call may have been processed although no answer, or only the server's failure, came back. */
  readonly lost: boolean;
  /** What the server's `Retry-After` header asks for. */
  readonly retryAfterSeconds: number | undefined;

  constructor(details: OrgErrorDetails) {
    super(maskAddresses(details.message));
    this.name = 'OrgError';
    this.kind = details.kind;
    this.code = details.code;
    this.status = details.status;
    this.lost = details.lost ?? false;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
