/** The rules that decide whom `invite` sends an email with a link to set a password: facts in, decision out. */
import { sendPasswordMailStep } from '../../kinds/sendPasswordMail.js';
import type { UserId } from '../../model/ids.js';
import { leave, refuse, refuseForAll, type Decision, type Refusal } from '../../model/reasons.js';
import type { Login } from '../../org/facts/userLogins.js';
import type { QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { refuseUntouchable } from '../userPlan.js';

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
export function planInvite(invited: InvitedUser, settings: InviteSettings): Decision {
  const refusal = refuseForAll(refusalsOf(invited, settings));
  if (refusal !== undefined) return refusal;
  const { user } = invited;
  const id = requiredValue(user, 'Id');
  const username = user['Username'] ?? id;
  const reset = user['LastPasswordChangeDate'] ?? undefined;
  if (reset !== undefined && Date.parse(reset) >= settings.resetSince) {
    return { ...leave('ALREADY_INVITED.detail', { username, time: reset }), userId: id };
  }
  return { action: 'steps', steps: [sendPasswordMailStep(id)] };
}

/** All reasons at once, as somebody who removes one of them wants to know the others. */
function refusalsOf({ user, login, sites }: InvitedUser, settings: InviteSettings): Refusal[] {
  const untouchable = refuseUntouchable(user, settings);
  const username = user['Username'] ?? requiredValue(user, 'Id');
  const time = user['LastLoginDate'] ?? undefined;
  // Nothing makes an employee, or oneself, somebody to invite.
  if (untouchable !== undefined && untouchable.reason !== 'PROTECTED') return [untouchable];
  return [
    untouchable,
    user['IsActive'] === 'true' ? undefined : refuse('IS_INACTIVE.detail', { username }),
    login?.isFrozen === true ? refuse('IS_FROZEN.detail', { username }) : undefined,
    time === undefined || settings.includeLoggedIn ? undefined : refuse('HAS_LOGGED_IN.detail', { username, time }),
    user['FederationIdentifier'] == null || settings.includeSso ? undefined : refuse('HAS_SSO.detail', { username }),
    sites?.length === 0 ? refuse('NO_SITE.detail', { username }) : undefined,
  ].filter((refusal) => refusal !== undefined);
}
