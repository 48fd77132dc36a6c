/** What is read of the users that are to be changed: for the decision, and to be kept before the first write. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { assignmentQuery, readAssignments, readPermissionSets } from '../org/facts/permissionSets.js';
import { readRoleLevels } from '../org/facts/portalRoles.js';
import { requiredValue } from '../org/queryRow.js';
import type { QueryRow } from '../org/query.js';
import { loginQuery, readLogins, type Login } from '../org/facts/userLogins.js';
import type { UserValues } from '../model/reasons.js';
import { snapshotFields } from '../files/snapshots.js';
import { modeRule, type Mode } from '../model/modes.js';
import { Lookup, type Amount, type LookupQuery } from './lookup.js';
import type { OrgFacts } from '../preflight/orgFacts.js';

/** The fields of the snapshot that the org has and the running user can see. */
export function userFieldsOf({ userFields }: Pick<OrgFacts, 'userFields'>): string[] {
  return snapshotFields.filter((field) => userFields.has(field === 'Account.Name' ? 'accountid' : field.toLowerCase()));
}

export type UserDetails = {
  readonly logins: ReadonlyMap<string, Login>;
  /** By user Id: names and Ids of the permission sets and groups that the user holds. */
  readonly permissionSets: ReadonlyMap<string, { readonly names: string; readonly ids: string }>;
  /** By Id of the role: Executive, Manager, Worker, PersonAccount. */
  readonly roleLevels: ReadonlyMap<string, string | undefined>;
};

/** By Id: the name, or the Id where a permission set and a group share a name, so that `create` knows which is meant. */
function namesById(sets: ReadonlyArray<{ readonly id: string; readonly name: string }>): Map<string, string> {
  const alike = Map.groupBy(sets, ({ name }) => name.toLowerCase());
  return new Map(sets.map(({ id, name }) => [id, alike.get(name.toLowerCase())?.length === 1 ? name : id]));
}

/** Reads what a mode needs besides the users themselves. */
export class UserDetailReader {
  private readonly client: OrgClient;
  private readonly logins: Lookup | undefined;
  private readonly assignments: Lookup | undefined;
  private readonly readsRoles: boolean;
  private names: Map<string, string> | undefined;

  /** @param amount of the users that will be asked for */
  public constructor(client: OrgClient, db: DatabaseSync, mode: Mode, amount: Amount) {
    const lookup = (query: LookupQuery): Lookup => new Lookup(client, db, query, amount);
    this.client = client;
    const { kind, reads = [] } = modeRule(mode);
    this.logins = kind.object === 'UserLogin' ? lookup(loginQuery) : undefined;
    this.assignments = reads.includes('permissionSets') ? lookup(assignmentQuery) : undefined;
    this.readsRoles = reads.includes('roleLevels');
  }

  /** @throws OrgError */
  public async of(users: readonly QueryRow[]): Promise<UserDetails> {
    const ids = [...new Set(users.map((user) => requiredValue(user, 'Id')))];
    const logins = this.logins === undefined ? new Map() : await readLogins(this.logins.find, ids);
    return { logins, permissionSets: await this.permissionSetsOf(ids), roleLevels: await this.roleLevelsOf(users) };
  }

  private async permissionSetsOf(ids: readonly string[]): Promise<UserDetails['permissionSets']> {
    if (this.assignments === undefined || ids.length === 0) return new Map();
    const names = (this.names ??= namesById(await readPermissionSets(this.client)));
    const held = await readAssignments(this.assignments.find, ids);
    return new Map(
      [...held].map(([userId, setIds]) => {
        // What is not listed belongs to a profile, and comes with it.
        const known = [...setIds].filter((id) => names.has(id));
        return [userId, { names: known.map((id) => names.get(id) ?? '').join(';'), ids: known.join(';') }];
      }),
    );
  }

  /** `User.PortalRole` reads null: the level is that of the role (docs/salesforce-facts.md#portal-roles). */
  private async roleLevelsOf(users: readonly QueryRow[]): Promise<UserDetails['roleLevels']> {
    const roleIds = users.flatMap((user) => user['UserRoleId'] ?? []);
    if (!this.readsRoles || roleIds.length === 0) return new Map();
    return readRoleLevels(this.client, [...new Set(roleIds)]);
  }
}

/** Every field that is read, and what the user holds besides; fields without a value are absent. */
export function snapshotOf(user: QueryRow, { logins, permissionSets, roleLevels }: UserDetails): UserValues {
  const id = requiredValue(user, 'Id');
  const login = logins.get(id);
  const held = permissionSets.get(id);
  const values: Record<string, string | null | undefined> = {
    ...user,
    IsFrozen: login === undefined ? undefined : String(login.isFrozen),
    PortalRole: roleLevels.get(user['UserRoleId'] ?? ''),
    PermissionSets: held?.names,
    PermissionSetIds: held?.ids,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => (value == null || value === '' ? [] : [[field, value]])),
  );
}
