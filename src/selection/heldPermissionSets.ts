/** Which permission sets and groups users hold, by name. */
import type { DatabaseSync } from 'node:sqlite';
import { assignmentQuery, readAssignments, readPermissionSets } from '../org/facts/permissionSets.js';
import type { OrgClient } from '../org/orgClient.js';
import { Lookup, type Amount } from './lookup.js';
import { idKey, type IdKey, type PermissionSetId, type UserId } from '../model/ids.js';

/** Names and Ids of what a user holds, each joined by semicolons. */
export type HeldSets = { readonly names: string; readonly ids: string };

export class HeldPermissionSets {
  private readonly client: OrgClient;
  private readonly assignments: Lookup;
  private names: Map<IdKey<'PermissionSet'>, string> | undefined;

  /** @param db where a copy may lie @param amount of the users that will be asked for */
  public constructor(client: OrgClient, db: DatabaseSync, amount: Amount) {
    this.client = client;
    this.assignments = new Lookup(client, db, assignmentQuery, amount);
  }

  /** By user Id. @throws OrgError */
  public async of(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, HeldSets>> {
    if (userIds.length === 0) return new Map();
    const names = (this.names ??= namesById(await readPermissionSets(this.client)));
    const held = await readAssignments(this.assignments.find, userIds);
    return new Map(
      [...held].map(([userId, setIds]) => {
        // What is not listed belongs to a profile, and comes with it.
        const known = [...setIds].flatMap((id) => {
          const name = names.get(idKey(id));
          return name === undefined ? [] : [{ id, name }];
        });
        return [userId, { names: known.map(({ name }) => name).join(';'), ids: known.map(({ id }) => id).join(';') }];
      }),
    );
  }
}

/** By Id: the name, or the Id where a permission set and a group share a name, so that `create` knows which is meant. */
export function namesById(
  sets: ReadonlyArray<{ readonly id: PermissionSetId; readonly name: string }>,
): Map<IdKey<'PermissionSet'>, string> {
  const alike = Map.groupBy(sets, ({ name }) => name.toLowerCase());
  return new Map(sets.map(({ id, name }) => [idKey(id), alike.get(name.toLowerCase())?.length === 1 ? name : id]));
}
