/** Which portal users are listed. Each filter is a condition for the org, and the same rule for users that --where has brought. */
import { sameId, type ProfileId } from '../model/ids.js';
import type { ListStatus, UserState } from '../model/access/userList.js';
import type { QueryRow } from '../org/query.js';
import { quoteSoql } from '../org/soql.js';
import { isOfLoginAge, loginConditions, type LoginAge } from '../selection/loginAge.js';

export type UserFilter = LoginAge & {
  readonly profileId: ProfileId | undefined;
  readonly frozen: boolean;
  readonly status: ListStatus;
};

/** What a filter asks of User. Whether a user is frozen is in another object. */
export function conditionsOf(filter: UserFilter): string[] {
  const { profileId, frozen, status } = filter;
  return [
    ...(profileId === undefined ? [] : [`ProfileId = ${quoteSoql(profileId)}`]),
    ...loginConditions(filter),
    ...(frozen || status === 'active' ? ['IsActive = true'] : []),
    ...(status === 'inactive' ? ['IsActive = false'] : []),
  ];
}

export function isListed(filter: UserFilter, user: QueryRow, state: UserState): boolean {
  const { profileId, frozen, status } = filter;
  return (
    (profileId === undefined || sameId(user['ProfileId'] ?? undefined, profileId)) &&
    isOfLoginAge(user, filter) &&
    (!frozen || state === 'frozen') &&
    (status !== 'active' || state === 'active' || state === 'activeOrFrozen') &&
    (status !== 'inactive' || state === 'inactive')
  );
}

/** Whether it leaves anybody out. */
export function isNarrow(filter: UserFilter): boolean {
  return filter.frozen || conditionsOf(filter).length > 0;
}
