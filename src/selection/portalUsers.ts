/** What is read of the users that are to be changed: for the decision, and to be kept before the first write. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { readRoleLevels } from '../org/facts/portalRoles.js';
import { requiredValue } from '../org/queryRow.js';
import type { QueryRow } from '../org/query.js';
import { loginQuery, readLogins, type Login } from '../org/facts/userLogins.js';
import type { UserId, UserRoleId } from '../model/ids.js';
import type { UserValues } from '../model/reasons.js';
import { snapshotFields } from '../files/snapshots.js';
import { modeRule, type Mode } from '../model/modes.js';
import { HeldPermissionSets, type HeldSets } from './heldPermissionSets.js';
import { Lookup, type Amount, type LookupQuery } from './lookup.js';
import type { OrgFacts } from '../preflight/orgFacts.js';

/** Those of the fields that the org has and the running user can see. @param wanted fields of User, and paths over one relationship */
export function userFieldsOf(
  { userFields }: Pick<OrgFacts, 'userFields'>,
  wanted: readonly string[] = snapshotFields,
): string[] {
  return wanted.filter((field) => userFields.has(field.replace(/\..*$/u, 'Id').toLowerCase()));
}

type UserDetails = {
  readonly logins: ReadonlyMap<UserId, Login>;
  /** By user Id: names and Ids of the permission sets and groups that the user holds. */
  readonly permissionSets: ReadonlyMap<UserId, HeldSets>;
  /** By Id of the role: Executive, Manager, Worker, PersonAccount. */
  readonly roleLevels: ReadonlyMap<UserRoleId, string | undefined>;
};

/** What is read of users besides their fields. */
type DetailName = 'logins' | 'permissionSets' | 'roleLevels';

export function detailsOfMode(mode: Mode): DetailName[] {
  const { kind, reads = [] } = modeRule(mode);
  return [...(kind.object === 'UserLogin' ? (['logins'] as const) : []), ...reads];
}

/** Reads it. */
export class UserDetailReader {
  private readonly client: OrgClient;
  private readonly logins: Lookup | undefined;
  private readonly permissionSets: HeldPermissionSets | undefined;
  private readonly readsRoles: boolean;

  /** @param amount of the users that will be asked for */
  public constructor(client: OrgClient, db: DatabaseSync, reads: readonly DetailName[], amount: Amount) {
    const lookup = (query: LookupQuery): Lookup => new Lookup(client, db, query, amount);
    this.client = client;
    this.logins = reads.includes('logins') ? lookup(loginQuery) : undefined;
    this.permissionSets = reads.includes('permissionSets') ? new HeldPermissionSets(client, db, amount) : undefined;
    this.readsRoles = reads.includes('roleLevels');
  }

  /** @throws OrgError */
  public async of(users: readonly QueryRow[]): Promise<UserDetails> {
    const ids = [...new Set(users.map((user) => requiredValue(user, 'Id')))];
    const logins = this.logins === undefined ? new Map() : await readLogins(this.logins.find, ids);
    const permissionSets = (await this.permissionSets?.of(ids)) ?? new Map<UserId, HeldSets>();
    return { logins, permissionSets, roleLevels: await this.roleLevelsOf(users) };
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
  const roleId = user['UserRoleId'];
  const values: Record<string, string | null | undefined> = {
    ...user,
    IsFrozen: login === undefined ? undefined : String(login.isFrozen),
    PortalRole: roleId == null ? undefined : roleLevels.get(roleId),
    PermissionSets: held?.names,
    PermissionSetIds: held?.ids,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => (value == null || value === '' ? [] : [[field, value]])),
  );
}
