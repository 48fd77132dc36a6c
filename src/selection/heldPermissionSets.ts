/** Which permission sets and groups users hold, by name. */
import type { DatabaseSync } from 'node:sqlite';
import { setEndsCell } from '../files/snapshots.js';
import { assignmentQueryOf } from '../org/facts/assignments.js';
import { assignmentQuery, readAssignments, readPermissionSets } from '../org/facts/permissionSets.js';
import type { OrgClient } from '../org/orgClient.js';
import { Lookup, type Amount } from './lookup.js';
import { idKey, type IdKey, type PermissionSetId, type UserId } from '../model/ids.js';

/** Names and Ids of what a user holds, each joined by semicolons; and which of them end when, as in snapshot.csv. */
export type HeldSets = { readonly names: string; readonly ids: string; readonly ends: string };

export class HeldPermissionSets {
  private readonly client: OrgClient;
  private readonly db: DatabaseSync;
  private readonly amount: Amount;
  private readonly readsEnds: boolean;
  private assignments: Promise<Lookup> | undefined;
  private names: Map<IdKey<'PermissionSet'>, string> | undefined;

  /** @param db where a copy may lie @param amount of the users that will be asked for @param readsEnds for one more call */
  public constructor(client: OrgClient, db: DatabaseSync, amount: Amount, readsEnds: boolean) {
    this.client = client;
    this.db = db;
    this.amount = amount;
    this.readsEnds = readsEnds;
  }

  /** By user Id. @throws OrgError */
  public async of(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, HeldSets>> {
    if (userIds.length === 0) return new Map();
    const names = (this.names ??= namesById(await readPermissionSets(this.client)));
    const { find } = await (this.assignments ??= this.makeLookup());
    const held = await readAssignments(find, userIds);
    return new Map(
      [...held].map(([userId, sets]) => {
        // What is not listed belongs to a profile, and comes with it.
        const known = [...sets].flatMap(([id, end]) => {
          const name = names.get(idKey(id));
          return name === undefined ? [] : [{ id, name, end }];
        });
        const joined = (part: 'id' | 'name'): string => known.map((each) => each[part]).join(';');
        return [userId, { names: joined('name'), ids: joined('id'), ends: setEndsCell(known) }];
      }),
    );
  }

  private async makeLookup(): Promise<Lookup> {
    const withEnds = this.readsEnds ? await assignmentQueryOf(this.client, 'permissionSet') : undefined;
    return new Lookup(this.client, this.db, withEnds ?? assignmentQuery, this.amount);
  }
}

/** By Id: the name, or the Id where a permission set and a group share a name, so that `create` knows which is meant. */
export function namesById(
  sets: ReadonlyArray<{ readonly id: PermissionSetId; readonly name: string }>,
): Map<IdKey<'PermissionSet'>, string> {
  const alike = Map.groupBy(sets, ({ name }) => name.toLowerCase());
  return new Map(sets.map(({ id, name }) => [idKey(id), alike.get(name.toLowerCase())?.length === 1 ? name : id]));
}
