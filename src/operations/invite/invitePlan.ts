/** The rules that decide whom `invite` sends an email with a link to set a password: facts in, decision out. */
import { sendPasswordMailStep } from '../../kinds/sendPasswordMail.js';
import { sameId, type UserId } from '../../model/ids.js';
import { externalType } from '../../model/licenseFamilies.js';
import { leave, refuse, type Decision } from '../../model/reasons.js';
import type { Login } from '../../org/facts/userLogins.js';
import type { QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';

/** A user as the org has it. */
export type InvitedUser = {
  readonly user: QueryRow;
  /** Undefined where it can't be seen. */
  readonly login: Login | undefined;
  /** Live sites that the user is in; undefined where the running user can't see all sites. */
  readonly sites: readonly string[] | undefined;
};

export type InviteSettings = {
  readonly runningUserId: UserId;
  /** User Id → the condition of --protect that it meets. */
  readonly protectedBy: ReadonlyMap<UserId, string>;
  readonly includeLoggedIn: boolean;
  readonly includeSso: boolean;
  /** Milliseconds by the org's clock: whose password was reset since then has an email already. */
  readonly resetSince: number;
};

/** Whether users have set their new password themselves: they log in by it. */
export function isOwnPassword({ LastLoginDate, LastPasswordChangeDate }: QueryRow): boolean {
  return Date.parse(LastLoginDate ?? '') >= Date.parse(LastPasswordChangeDate ?? '');
}

/** Whatever the selection brought: only external users who can't get in yet, never the running user, never a protected one. */
export function planInvite({ user, login, sites }: InvitedUser, settings: InviteSettings): Decision {
  const id = requiredValue(user, 'Id');
  const username = user['Username'] ?? id;
  const userType = user['UserType'] ?? null;
  if (sameId(id, settings.runningUserId)) return refuse('IS_RUNNING_USER.detail', { username });
  if (externalType(userType) === undefined) {
    return refuse('NOT_EXTERNAL.detail', { username, userType: userType ?? 'unknown' });
  }
  const condition = settings.protectedBy.get(id);
  if (condition !== undefined) return refuse('PROTECTED.detail', { username, condition });
  if (user['IsActive'] !== 'true') return refuse('IS_INACTIVE.detail', { username });
  if (login?.isFrozen === true) return refuse('IS_FROZEN.detail', { username });
  const loggedIn = user['LastLoginDate'] ?? undefined;
  if (loggedIn !== undefined && !settings.includeLoggedIn) {
    return refuse('HAS_LOGGED_IN.detail', { username, time: loggedIn });
  }
  if (user['FederationIdentifier'] != null && !settings.includeSso) return refuse('HAS_SSO.detail', { username });
  if (sites?.length === 0) return refuse('NO_SITE.detail', { username });
  const reset = user['LastPasswordChangeDate'] ?? undefined;
  if (reset !== undefined && Date.parse(reset) >= settings.resetSince) {
    return { ...leave('ALREADY_INVITED.detail', { username, time: reset }), userId: id };
  }
  return { action: 'steps', steps: [sendPasswordMailStep(id)] };
}
