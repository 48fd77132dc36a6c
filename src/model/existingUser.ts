/** Users that contacts have already, and what follows from that. */
import type { OthersUser } from './orgFacts.js';
import { leave, refuse, type NothingDone } from './reasons.js';

export type ExistingUser = OthersUser & {
  readonly contactId: string;
  readonly isFrozen: boolean;
  /** Ids of the permission sets and groups that the user holds; only read when some are asked for. */
  readonly permissionSetIds: ReadonlySet<string>;
};

/** One contact has one user for ever: an inactive one still holds it (docs/salesforce-facts.md). */
export function decideExisting(user: Pick<ExistingUser, 'id' | 'username' | 'isActive'>): NothingDone {
  const { id: userId, username } = user;
  if (!user.isActive) return { ...refuse('HAS_INACTIVE_USER.detail', { username }), userId };
  return { ...leave('ALREADY_HAS_USER.detail', { username }), userId };
}
