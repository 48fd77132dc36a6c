/** Finds out which contacts have a user already. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { unlessHidden } from '../org/orgErrors.js';
import { assignmentQuery, readAssignments } from '../org/facts/permissionSets.js';
import { requiredValue } from '../org/queryRow.js';
import { allRows, type QueryRow } from '../org/query.js';
import type { ContactId } from '../model/ids.js';
import type { ExistingUser } from '../model/orgFacts.js';
import { Lookup, type Amount, type LookupQuery } from './lookup.js';

const existingUserFields = ['Id', 'ContactId', 'Username', 'IsActive', 'ProfileId'];

/** The users that contacts have. */
export class ExistingUsers {
  private readonly users: Lookup;
  private readonly frozen: Lookup;
  private readonly assignments: Lookup | undefined;

  /** @param amount of the contacts that will be asked for */
  public constructor(client: OrgClient, db: DatabaseSync, readsAssignments: boolean, amount: Amount) {
    const lookup = (query: LookupQuery): Lookup => new Lookup(client, db, query, amount);
    this.users = lookup({ fields: existingUserFields, from: 'User', field: 'ContactId' });
    this.frozen = lookup({ fields: ['UserId'], from: 'UserLogin', field: 'UserId', where: 'IsFrozen = true' });
    this.assignments = readsAssignments ? lookup(assignmentQuery) : undefined;
  }

  /** Begins to read all users. */
  public startCopy(): void {
    this.users.startCopy();
  }

  /** The copy of all users of the org, where one was made: a table with the column Username. */
  public get table(): string | undefined {
    return this.users.table;
  }

  /** @returns the users of the contacts, by ContactId */
  public async of(contactIds: readonly ContactId[]): Promise<ReadonlyMap<ContactId, ExistingUser>> {
    const users = new Map<ContactId, ExistingUser>();
    for (const row of await allRows(this.users.find(contactIds))) {
      const user = existingUser(row);
      users.set(user.contactId, user);
    }
    const active = [...users.values()].filter((user) => user.isActive);
    if (active.length === 0) return users;
    const ids = active.map((user) => user.id);
    // A frozen user looks like any other active one; UserLogin is hidden from users without Manage Users.
    const logins = await unlessHidden(allRows(this.frozen.find(ids)), []);
    const frozen = new Set(logins.map((login) => login['UserId']));
    const held = this.assignments === undefined ? undefined : await readAssignments(this.assignments.find, ids);
    for (const user of active) {
      const permissionSetIds = new Set(held?.get(user.id)?.keys());
      users.set(user.contactId, { ...user, isFrozen: frozen.has(user.id), permissionSetIds });
    }
    return users;
  }
}

function existingUser(row: QueryRow): ExistingUser {
  return {
    id: requiredValue(row, 'Id'),
    contactId: requiredValue(row, 'ContactId'),
    username: requiredValue(row, 'Username'),
    isActive: row['IsActive'] === 'true',
    isFrozen: false,
    profileId: requiredValue(row, 'ProfileId'),
    permissionSetIds: new Set(),
  };
}
