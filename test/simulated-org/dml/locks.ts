/**
 * Who holds which lock while chunks of different batches run at the same time (portal-users §13).
 *
 * Chunks are executed one after another, so "at the same time" is a round: the Bulk scheduler opens one, runs a chunk of
 * each batch it works on in parallel, and the locks taken are held until the round's end on the org's clock.
 */
import { refuse } from './rowRefusal.ts';

export type LockTable = {
  /** Locks are held until `until` (org's clock), at least until the next round begins. */
  beginRound(until: number): void;
  /** Says whether anybody had to wait for a lock since the round began. */
  endRound(): boolean;
  /** The group-membership lock, which making portal roles takes. */
  takeGroupMembership(owner: string, now: number): void;
  /** A row lock, as a role-based user takes on its account. */
  takeRow(owner: string, recordId: string, now: number): void;
};

type Hold = { readonly owner: string; readonly until: number };

export function createLockTable(): LockTable {
  const holds = new Map<string, Hold>();
  let roundUntil: number | undefined;
  let heldBeyondRound = 0;
  let waits = 0;
  let hasWaited = false;

  const blocked = (key: string, owner: string, now: number): boolean => {
    const hold = holds.get(key);
    const isBlocked = hold !== undefined && hold.owner !== owner && (roundUntil !== undefined || hold.until > now);
    hasWaited ||= isBlocked;
    return isBlocked;
  };
  const take = (key: string, owner: string): void => {
    if (roundUntil !== undefined) holds.set(key, { owner, until: roundUntil });
  };
  const forgetOldHolds = (now: number): void => {
    if (roundUntil === undefined && heldBeyondRound <= now) holds.clear();
  };

  return {
    beginRound(until) {
      holds.clear();
      hasWaited = false;
      roundUntil = until;
    },
    endRound() {
      heldBeyondRound = roundUntil ?? 0;
      roundUntil = undefined;
      return hasWaited;
    },
    takeGroupMembership(owner, now) {
      forgetOldHolds(now);
      // Two in three do not get the lock within the ten seconds Salesforce waits: "some rows fail".
      if (blocked('group membership', owner, now) && waits++ % 3 < 2) {
        refuse(
          'UNKNOWN_EXCEPTION',
          waits % 2 === 0 ? 'could not acquire lock' : 'group membership operation already in progress',
        );
      }
      if (!holds.has('group membership')) take('group membership', owner);
    },
    takeRow(owner, recordId, now) {
      forgetOldHolds(now);
      if (blocked(recordId, owner, now)) {
        refuse('UNABLE_TO_LOCK_ROW', `unable to obtain exclusive access to this record or 1 records: ${recordId}`);
      }
      if (!holds.has(recordId)) take(recordId, owner);
    },
  };
}
