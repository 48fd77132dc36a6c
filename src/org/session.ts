/** The session of a connection: its token, and a new one when the org no longer takes it. */
import type { Connection } from '@salesforce/core';
import { renewalError } from './orgErrors.js';
import { OrgError } from '../model/orgError.js';
import type { OrgAnswer } from './orgClient.js';

export class Session {
  readonly #connection: Connection;
  #renewal: Promise<void> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The access token, if the login has one; waits for one that is on its way. @throws OrgError if none comes, or a damaged one */
  async token(): Promise<string | undefined> {
    await this.#renewal;
    const { accessToken } = this.#connection;
    if (!accessToken) return undefined;
    // No header can hold it, and fetch would quote it in its error.
    if (!/^[!-~]+$/u.test(accessToken)) throw damagedToken();
    return accessToken;
  }

  /**
   * Renews the session, once for all calls that come with the same token. By the function that AuthInfo gives to every
   * connection for that, not by `Connection.refreshAuth()`: this one first makes a call of its own, with jsforce's
   * repetitions and its time-out of 30 minutes, and renews only if that call is refused as well.
   * @param refused the token that the org did not take
   * @returns false if a login of this kind cannot be renewed: all that it has is an access token @throws OrgError
   */
  async renew(refused: string | undefined): Promise<boolean> {
    const renew = this.#connection.getAuthInfo().getConnectionOptions().refreshFn;
    if (renew === undefined) return false;
    if ((await this.token()) !== refused) return true;
    this.#renewal ??= this.#ask(renew).finally(() => (this.#renewal = undefined));
    await this.#renewal;
    return true;
  }

  async #ask(renew: Renew): Promise<void> {
    const take: Parameters<Renew>[1] = (error, accessToken) => {
      if (error) return Promise.reject(error);
      this.#connection.accessToken = accessToken;
      return Promise.resolve();
    };
    try {
      await renew(this.#connection, take);
    } catch (error) {
      throw renewalError(error);
    }
  }
}

function damagedToken(): OrgError {
  return new OrgError({ kind: 'session', code: 'INVALID_SESSION_ID', message: 'the access token is damaged' });
}

type Renew = NonNullable<ReturnType<ReturnType<Connection['getAuthInfo']>['getConnectionOptions']>['refreshFn']>;

/** Of a 401 that a new token would not change; jsforce knows the same two. */
const otherRefusals = ['Connected app is not attached to Agent', 'This session is not valid for use with the REST API'];

/** Whether the org no longer takes the token. */
export function isSessionOver(answer: OrgAnswer): boolean {
  return answer.status === 401 && !otherRefusals.some((refusal) => answer.body.includes(refusal));
}
