/** Finds out which contacts have a user already, and which usernames, nicknames and federation ids are taken. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { OrgError } from '../org/orgErrors.js';
import { readAssignments } from '../org/permissionSets.js';
import { queryIn, queryPages, type QueryRow } from '../org/query.js';
import type { ExistingUser } from '../plan/contactPlan.js';
import type { RefusalReason } from '../plan/reasons.js';
import { plannedValues, refuseTaken, type IdentityColumn } from './planRecords.js';

/** From here on one query of all users is cheaper than asking for each of them by an IN list. */
const wholeTableAbove = 10_000;

const userFields = ['Id', 'ContactId', 'Username', 'IsActive', 'ProfileId'];

/** Looks users up by contact, page by page; reads all portal users once when the pages have become many. */
export class ExistingUsers {
  private readonly client: OrgClient;
  private readonly readsAssignments: boolean;
  private asked = 0;
  private all: Map<string, ExistingUser> | undefined;

  public constructor(client: OrgClient, readsAssignments: boolean) {
    this.client = client;
    this.readsAssignments = readsAssignments;
  }

  /** @returns the users of the contacts, by ContactId */
  public async of(contactIds: readonly string[]): Promise<ReadonlyMap<string, ExistingUser>> {
    if (contactIds.length === 0) return new Map();
    this.asked += contactIds.length;
    if (this.asked > wholeTableAbove) {
      this.all ??= await this.readAll();
      return this.withAssignments(this.all, contactIds);
    }
    const found = await collectUsers(
      queryIn(this.client, { fields: userFields, from: 'User', field: 'ContactId', values: contactIds }),
    );
    const values = [...found.values()].filter((user) => user.isActive).map((user) => user.id);
    const logins = queryIn(this.client, {
      fields: ['UserId'],
      from: 'UserLogin',
      field: 'UserId',
      values,
      and: 'IsFrozen = true',
    });
    return this.withAssignments(await markFrozen(found, logins), contactIds);
  }

  private async withAssignments(
    users: ReadonlyMap<string, ExistingUser>,
    contactIds: readonly string[],
  ): Promise<ReadonlyMap<string, ExistingUser>> {
    const asked = contactIds.flatMap((contactId) => users.get(contactId) ?? []);
    const active = asked.filter((user) => user.isActive).map((user) => user.id);
    if (!this.readsAssignments || active.length === 0) return users;
    const held = await readAssignments(this.client, active);
    const holders = asked.map((user) => ({ ...user, permissionSetIds: held.get(user.id) ?? user.permissionSetIds }));
    return new Map(holders.map((user) => [user.contactId, user]));
  }

  private async readAll(): Promise<Map<string, ExistingUser>> {
    const soql = `SELECT ${userFields.join(',')} FROM User WHERE ContactId != null`;
    const users = await collectUsers(queryPages(this.client, soql, { fields: userFields }));
    const frozen = queryPages(this.client, 'SELECT UserId FROM UserLogin WHERE IsFrozen = true', {
      fields: ['UserId'],
    });
    return markFrozen(users, frozen);
  }
}

/** A frozen user looks like any other active one; UserLogin is hidden from users without Manage Users. */
async function markFrozen(
  users: Map<string, ExistingUser>,
  logins: AsyncGenerator<readonly QueryRow[]>,
): Promise<Map<string, ExistingUser>> {
  const byId = new Map([...users.values()].filter((user) => user.isActive).map((user) => [user.id, user]));
  try {
    for await (const page of logins) {
      for (const login of page) {
        const user = byId.get(login['UserId'] ?? '');
        if (user !== undefined) users.set(user.contactId, { ...user, isFrozen: true });
      }
    }
  } catch (error) {
    if (!(error instanceof OrgError) || error.kind !== 'refused') throw error;
  }
  return users;
}

async function collectUsers(pages: AsyncGenerator<readonly QueryRow[]>): Promise<Map<string, ExistingUser>> {
  const users = new Map<string, ExistingUser>();
  for await (const page of pages) {
    for (const row of page) {
      const contactId = row['ContactId'] ?? '';
      users.set(contactId, {
        id: row['Id'] ?? '',
        contactId,
        username: row['Username'] ?? '',
        isActive: row['IsActive'] === 'true',
        isFrozen: false,
        profileId: row['ProfileId'] ?? '',
        permissionSetIds: new Set(),
      });
    }
  }
  return users;
}

type TakenValue = { readonly value: string; readonly owner: string };

const identities: ReadonlyArray<readonly [column: IdentityColumn, field: string, reason: RefusalReason]> = [
  ['username', 'Username', 'USERNAME_TAKEN'],
  ['givenNickname', 'CommunityNickname', 'NICKNAME_TAKEN'],
  ['givenFederationId', 'FederationIdentifier', 'FEDERATION_ID_TAKEN'],
];

/** Refuses the rows to be sent whose username, given nickname or given federation id a user has. @throws OrgError */
export async function refuseTakenIdentities(client: OrgClient, db: DatabaseSync): Promise<void> {
  for (const [column, field, reason] of identities) {
    refuseTaken(db, column, reason, await findTaken(client, field, plannedValues(db, column)));
  }
}

/**
 * Which of the wanted values a user of the org has, active or not (portal-users §15).
 * @returns the wanted values that are taken, spelled as wanted, with the Id of the user who has them
 */
async function findTaken(client: OrgClient, field: string, wanted: readonly string[]): Promise<TakenValue[]> {
  if (wanted.length === 0) return [];
  const fields = ['Id', field];
  const pages =
    wanted.length > wholeTableAbove
      ? queryPages(client, `SELECT ${fields.join(',')} FROM User WHERE ${field} != null`, { fields })
      : queryIn(client, { fields, from: 'User', field, values: wanted });
  const spelled = new Map(wanted.map((value) => [value.toLowerCase(), value]));
  const taken: TakenValue[] = [];
  for await (const page of pages) {
    for (const user of page) {
      const value = spelled.get((user[field] ?? '').toLowerCase());
      if (value !== undefined) taken.push({ value, owner: user['Id'] ?? '' });
    }
  }
  return taken;
}
