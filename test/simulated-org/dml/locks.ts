/**
 * Which chunk holds which lock while chunks of different batches are in work at the same time (docs/salesforce-facts.md#locks).
 *
 * Rows are written one chunk after another, so "at the same time" is told by beginnings and ends: the Bulk scheduler begins
 * a chunk of each batch in work, and a chunk meets the locks of all that ended after its own beginning.
 */
import { refuse } from './rowRefusal.ts';

export type LockTable = {
  /** A chunk of this owner begins; the locks that it will take are held until its end. */
  begin(owner: string): void;
  end(owner: string): void;
  /** The owner's chunk has asked for a lock that another one had. */
  hasWaited(owner: string): boolean;
  /** The group-membership lock, which making portal roles takes. */
  takeGroupMembership(owner: string): void;
  /** A row lock, as a role-based user takes on its account. */
  takeRow(owner: string, recordId: string): void;
};

type Chunk = { readonly owner: string; readonly begun: number; ended: number; hasWaited: boolean };

export function createLockTable(): LockTable {
  /** Counts beginnings and ends: their order is the time here. */
  let moment = 0;
  const inWork = new Map<string, Chunk>();
  const holders = new Map<string, Chunk>();
  let waits = 0;

  const isBlocked = (key: string, owner: string): boolean => {
    const holder = holders.get(key);
    const chunk = inWork.get(owner);
    const blocked = holder !== undefined && holder.owner !== owner && holder.ended > (chunk?.begun ?? moment);
    if (blocked && chunk !== undefined) chunk.hasWaited = true;
    return blocked;
  };
  const take = (key: string, owner: string): void => {
    const chunk = inWork.get(owner);
    if (chunk !== undefined && !isBlocked(key, owner)) holders.set(key, chunk);
  };

  return {
    begin(owner) {
      moment += 1;
      inWork.set(owner, { owner, begun: moment, ended: Number.POSITIVE_INFINITY, hasWaited: false });
    },
    end(owner) {
      moment += 1;
      const chunk = inWork.get(owner);
      if (chunk !== undefined) chunk.ended = moment;
      inWork.delete(owner);
      // Nobody is left who could meet these locks.
      if (inWork.size === 0) holders.clear();
    },
    hasWaited: (owner) => inWork.get(owner)?.hasWaited ?? false,
    takeGroupMembership(owner) {
      // Two in three do not get the lock within the ten seconds Salesforce waits: "some rows fail".
      if (isBlocked('group membership', owner) && waits++ % 3 < 2) {
        refuse(
          'UNKNOWN_EXCEPTION',
          waits % 2 === 0 ? 'could not acquire lock' : 'group membership operation already in progress',
        );
      }
      take('group membership', owner);
    },
    takeRow(owner, recordId) {
      if (isBlocked(recordId, owner)) {
        refuse('UNABLE_TO_LOCK_ROW', `unable to obtain exclusive access to this record or 1 records: ${recordId}`);
      }
      take(recordId, owner);
    },
  };
}
