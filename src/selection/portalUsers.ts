/** What is read of the users that are to be changed: for the decision, and to be kept before the first write. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { readRoleLevels } from '../org/facts/portalRoles.js';
import { requiredValue } from '../org/queryRow.js';
import type { QueryRow } from '../org/query.js';
import { loginQuery, readLogins, type Login } from '../org/facts/userLogins.js';
import { endField, type HeldAssignment } from '../model/access/assignments.js';
import type { UserId, UserRoleId } from '../model/ids.js';
import type { UserValues } from '../model/reasons.js';
import { setEndsCell, snapshotFields } from '../files/snapshots.js';
import { modeRule, type Mode } from '../model/modes.js';
import { HeldAssignments } from './heldAssignments.js';
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

export type UserDetails = {
  readonly logins: ReadonlyMap<UserId, Login>;
  /** By user Id: names, Ids, and ends of the permission sets and groups that the user holds. */
  readonly permissionSets: ReadonlyMap<UserId, HeldSets>;
  /** By user Id: what is to be taken away; only read when that is asked for. */
  readonly assignments: ReadonlyMap<UserId, readonly HeldAssignment[]>;
  /** By Id of the role: Executive, Manager, Worker, PersonAccount. */
  readonly roleLevels: ReadonlyMap<UserRoleId, string | undefined>;
};

/** What is read of users besides their fields. */
type DetailName = 'logins' | 'permissionSets' | 'assignments' | 'roleLevels';

/** @param releases what users hold is to be taken away: permission sets are among it */
export function detailsOfMode(mode: Mode, releases: boolean): DetailName[] {
  const { kind, reads = [] } = modeRule(mode);
  const held = reads.filter((name) => name !== 'permissionSets' || !releases);
  return [
    ...(kind.object === 'UserLogin' ? (['logins'] as const) : []),
    ...(releases ? (['assignments'] as const) : []),
    ...held,
  ];
}

/** Reads it. */
export class UserDetailReader {
  private readonly client: OrgClient;
  private readonly logins: Lookup | undefined;
  private readonly permissionSets: HeldPermissionSets | undefined;
  private readonly assignments: HeldAssignments | undefined;
  private readonly readsRoles: boolean;

  /** @param amount of the users that will be asked for */
  public constructor(
    client: OrgClient,
    db: DatabaseSync,
    { assignable }: Pick<OrgFacts, 'assignable'>,
    reads: readonly DetailName[],
    amount: Amount,
  ) {
    const lookup = (query: LookupQuery): Lookup => new Lookup(client, db, query, amount);
    this.client = client;
    this.logins = reads.includes('logins') ? lookup(loginQuery) : undefined;
    this.permissionSets = reads.includes('permissionSets')
      ? new HeldPermissionSets(client, db, amount, true)
      : undefined;
    this.assignments = reads.includes('assignments') ? new HeldAssignments(client, db, amount, assignable) : undefined;
    this.readsRoles = reads.includes('roleLevels');
  }

  /** @throws OrgError */
  public async of(users: readonly QueryRow[]): Promise<UserDetails> {
    const ids = [...new Set(users.map((user) => requiredValue(user, 'Id')))];
    const logins = this.logins === undefined ? new Map() : await readLogins(this.logins.find, ids);
    const assignments = (await this.assignments?.of(ids)) ?? new Map<UserId, HeldAssignment[]>();
    const permissionSets = (await this.permissionSets?.of(ids)) ?? setsAmong(assignments);
    return { logins, permissionSets, assignments, roleLevels: await this.roleLevelsOf(users) };
  }

  /** `User.PortalRole` reads null: the level is that of the role (docs/salesforce-facts.md#portal-roles). */
  private async roleLevelsOf(users: readonly QueryRow[]): Promise<UserDetails['roleLevels']> {
    const roleIds = users.flatMap((user) => user['UserRoleId'] ?? []);
    if (!this.readsRoles || roleIds.length === 0) return new Map();
    return readRoleLevels(this.client, [...new Set(roleIds)]);
  }
}

function setsAmong(assignments: UserDetails['assignments']): Map<UserId, HeldSets> {
  return new Map(
    [...assignments].map(([userId, held]) => {
      const sets = held.filter(({ type }) => type === 'permissionSet');
      return [userId, { names: joined(sets, 'label'), ids: joined(sets, 'target'), ends: endsOf(sets) }];
    }),
  );
}

function endsOf(held: readonly HeldAssignment[]): string {
  return setEndsCell(held.map(({ label, values: { [endField]: end } }) => ({ name: label, end })));
}

function joined(held: readonly HeldAssignment[], part: 'label' | 'target'): string {
  return held.map((each) => each[part]).join(';');
}

/** Every field that is read, and what the user holds besides; fields without a value are absent. */
export function snapshotOf(
  user: QueryRow,
  { logins, permissionSets, assignments, roleLevels }: UserDetails,
): UserValues {
  const id = requiredValue(user, 'Id');
  const login = logins.get(id);
  const held = permissionSets.get(id);
  const roleId = user['UserRoleId'];
  const values: Record<string, string | null | undefined> = {
    ...user,
    IsFrozen: login === undefined ? undefined : String(login.isFrozen),
    PortalRole: roleId == null ? undefined : roleLevels.get(roleId),
    ...heldColumns(assignments.get(id) ?? []),
    PermissionSets: held?.names,
    PermissionSetEnds: held?.ends,
    PermissionSetIds: held?.ids,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => (value == null || value === '' ? [] : [[field, value]])),
  );
}

/** For people: the permission sets, which of them are groups, which end when; and the licenses. */
export function heldColumns(held: readonly HeldAssignment[]): Readonly<Record<string, string>> {
  const named = (which: (each: HeldAssignment) => boolean): string => joined(held.filter(which), 'label');
  return {
    PermissionSets: named(({ type }) => type === 'permissionSet'),
    PermissionSetGroups: named(({ values }) => values['PermissionSetGroupId'] !== undefined),
    PermissionSetEnds: endsOf(held),
    PermissionSetLicenses: named(({ type }) => type === 'permissionSetLicense'),
    PackageLicenses: named(({ type }) => type === 'packageLicense'),
  };
}
