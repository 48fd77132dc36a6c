/** Access and refresh tokens: the caller, and for how long. */
import { randomBytes } from 'node:crypto';

/** Why a token request is refused, in the words of OAuth. */
export type TokenRefusal = { readonly error: string; readonly error_description: string };

export interface Sessions {
  /** A new access token for this user, valid until expired. */
  login(userId: string): string;
  /** A new refresh token for this user, as `sf org login web` gets one. */
  allowRefresh(userId: string): string;
  /** The user behind a valid access token. */
  userOf(accessToken: string): string | undefined;
  /** From now on this token (all tokens when left out) is answered with 401. */
  expire(accessToken?: string): void;
  /** From now on the refresh token is refused with `invalid_grant`. */
  expireRefresh(refreshToken?: string): void;
  /** A new access token, or the refusal. */
  refresh(refreshToken: string): { readonly accessToken: string; readonly userId: string } | TokenRefusal;
}

export function createSessions(orgId: string): Sessions {
  const access = new Map<string, string>();
  const refreshable = new Map<string, string>();
  const login = (userId: string): string => {
    const token = `${orgId.slice(0, 15)}!${randomBytes(48).toString('base64url')}`;
    access.set(token, userId);
    return token;
  };
  return {
    login,
    allowRefresh(userId) {
      const token = `5Aep861${randomBytes(40).toString('base64url')}`;
      refreshable.set(token, userId);
      return token;
    },
    userOf: (accessToken) => access.get(accessToken),
    expire: (accessToken) => forget(access, accessToken),
    expireRefresh: (refreshToken) => forget(refreshable, refreshToken),
    refresh(refreshToken) {
      const userId = refreshable.get(refreshToken);
      if (userId === undefined) return { error: 'invalid_grant', error_description: 'expired access/refresh token' };
      return { accessToken: login(userId), userId };
    },
  };
}

function forget(tokens: Map<string, string>, token: string | undefined): void {
  if (token === undefined) tokens.clear();
  else tokens.delete(token);
}
