/** Users by their last login: each rule is a condition for the org, and the same rule for users that were read already. */
import type { OrgClient } from '../org/orgClient.js';
import { dayMilliseconds } from '../model/time/days.js';
import type { QueryRow } from '../org/query.js';
import { soqlTime } from '../org/soql.js';

/** What was asked for, in days. */
export type LoginDays = { readonly inactiveFor: number | undefined; readonly neverLoggedIn: number | undefined };

/** The same as times, ISO 8601, UTC. Users meet all that is given. */
export type LoginAge = {
  /** No login since; users who have never logged in count from their creation. */
  readonly inactiveSince: string | undefined;
  /** Made before, and never logged in. */
  readonly neverLoggedInSince: string | undefined;
};

/** Days are counted by the org's clock. */
export function loginAgeOf({ inactiveFor, neverLoggedIn }: LoginDays, client: OrgClient): LoginAge {
  const daysAgo = (days: number | undefined): string | undefined =>
    days === undefined ? undefined : soqlTime(client.now() - days * dayMilliseconds);
  return { inactiveSince: daysAgo(inactiveFor), neverLoggedInSince: daysAgo(neverLoggedIn) };
}

/** The flag that asks for LastLoginDate; undefined where none does. */
export function loginFlag({ inactiveFor, neverLoggedIn }: LoginDays): string | undefined {
  if (inactiveFor !== undefined) return '--inactive-for';
  return neverLoggedIn === undefined ? undefined : '--never-logged-in';
}

/** Conditions: what `isOfLoginAge` says of a user. None where nothing is asked for. */
export function loginConditions({ inactiveSince: idle, neverLoggedInSince: never }: LoginAge): string[] {
  return [
    ...(idle === undefined ? [] : [`(LastLoginDate < ${idle} OR (${neverLoggedInSince(idle)}))`]),
    ...(never === undefined ? [] : [neverLoggedInSince(never)]),
  ];
}

export function isOfLoginAge(user: QueryRow, { inactiveSince: idle, neverLoggedInSince: never }: LoginAge): boolean {
  const hasLoggedIn = user['LastLoginDate'] != null;
  return (
    (idle === undefined || isInactiveSince(user, idle)) &&
    (never === undefined || (!hasLoggedIn && isInactiveSince(user, never)))
  );
}

function neverLoggedInSince(since: string): string {
  return `LastLoginDate = null AND CreatedDate < ${since}`;
}

/** Whether a user has not logged in since a time; one who never did counts from its creation. */
export function isInactiveSince(user: QueryRow, since: string): boolean {
  const last = user['LastLoginDate'] ?? user['CreatedDate'];
  return last != null && Date.parse(last) < Date.parse(since);
}
