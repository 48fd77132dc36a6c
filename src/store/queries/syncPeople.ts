/**
 * Those whom a sync is about: contacts of its groups, users, logins and permission sets, in temporary tables: on disk and for this
 * process alone. SQL joins them.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { HeldAssignment } from '../../model/access/assignments.js';
import { idKey, type ContactId, type ProfileId, type UserId } from '../../model/ids.js';
import {
  numberOf,
  optionalText,
  requiredText,
  selectNumber,
  selectRows,
  textsOf,
  transaction,
  type Row,
} from '../sqlite.js';
import { requiredValue } from '../../org/queryRow.js';
import { pagesOf } from '../subjects.js';

/** A record as it was read; fields without a value are absent, or null. */
export type OrgRecord = Readonly<Record<string, string | null>>;

const tables = `
  DROP TABLE IF EXISTS temp.member; DROP TABLE IF EXISTS temp.portalUser; DROP TABLE IF EXISTS temp.login;
  DROP TABLE IF EXISTS temp.held; DROP TABLE IF EXISTS temp.seenContact;
  CREATE TABLE temp.member (n INTEGER PRIMARY KEY, contact TEXT NOT NULL UNIQUE, "group" INTEGER NOT NULL, email TEXT, fields TEXT NOT NULL);
  CREATE TABLE temp.portalUser (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, contact TEXT, profileId TEXT,
    isActive INTEGER NOT NULL, isGoverned INTEGER NOT NULL, protectedBy TEXT, email TEXT, fields TEXT NOT NULL);
  CREATE TABLE temp.login ("user" TEXT PRIMARY KEY, isFrozen INTEGER NOT NULL, fields TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE temp.held ("user" TEXT NOT NULL, setId TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY ("user", setId)) WITHOUT ROWID;
  CREATE TABLE temp.seenContact (contact TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE INDEX temp.memberEmail ON member (email);
  CREATE INDEX temp.portalUserContact ON portalUser (contact);
`;

/** SQL: the users that were added, with Id and Username. */
export const addedUsers = `(SELECT fields ->> '$.Id' AS "Id", fields ->> '$.Username' AS "Username" FROM temp.portalUser)`;

/** Someone who a sync decides about, as the org has it; what is not there is undefined. */
export type SyncedPerson = {
  /** Place of the group; undefined for a user of whom no group has the contact. */
  readonly group: number | undefined;
  readonly contact: OrgRecord | undefined;
  readonly user: OrgRecord | undefined;
  readonly isGoverned: boolean;
  readonly protectedBy: string | undefined;
  readonly login: OrgRecord | undefined;
  /** The permission sets and groups that it holds, of those that the definition names. */
  readonly namedSets: readonly HeldAssignment[];
  readonly isContactVisible: boolean;
  readonly hasMembersEmail: boolean;
};

/** Of a profile: governed users, those of them who can log in, and of these those whose contact is in no group. */
type GovernedCount = {
  readonly profileId: ProfileId;
  readonly users: number;
  readonly withAccess: number;
  readonly unexplained: number;
};

export class SyncPeople {
  private readonly db: DatabaseSync;

  public constructor(db: DatabaseSync) {
    this.db = db;
    db.exec(tables);
  }

  /** What was read of a group before: it is read again. */
  public forgetGroup(group: number): void {
    this.db.prepare('DELETE FROM temp.member WHERE "group" = ?').run(group);
  }

  /** A contact stays in the group that had it first. @param contacts with Id and Email */
  public addContacts(group: number, contacts: readonly OrgRecord[]): void {
    const sql = 'INSERT OR IGNORE INTO temp.member (contact, "group", email, fields) VALUES (?, ?, lowerCase(?), ?)';
    const insert = this.db.prepare(sql);
    transaction(this.db, () => {
      for (const contact of contacts)
        insert.run(
          idKey(requiredValue(contact, 'Id')),
          group,
          contact['Email'] ?? null,
          JSON.stringify(present(contact)),
        );
    });
  }

  /** @param users with Id, ContactId, ProfileId, IsActive and Email */
  public addUsers(users: readonly OrgRecord[]): void {
    const sql = `INSERT OR IGNORE INTO temp.portalUser (id, contact, profileId, isActive, isGoverned, email, fields)
      VALUES (?, ?, ?, ?, 0, lowerCase(?), ?)`;
    const insert = this.db.prepare(sql);
    transaction(this.db, () => {
      for (const user of users) {
        const { ContactId: contactId, ProfileId: profileId, IsActive: isActive, Email: email } = user;
        const id = idKey(requiredValue(user, 'Id'));
        const contact = contactId == null ? null : idKey(contactId);
        const active = isActive === 'true' ? 1 : 0;
        insert.run(id, contact, profileId ?? null, active, email ?? null, JSON.stringify(present(user)));
      }
    });
  }

  /** @param users Ids */
  public govern(users: readonly string[]): void {
    const update = this.db.prepare('UPDATE temp.portalUser SET isGoverned = 1 WHERE id = ?');
    transaction(this.db, () => {
      for (const id of users) update.run(idKey(id));
    });
  }

  /** @param users Ids */
  public protect(users: readonly string[], condition: string): void {
    const sql = 'UPDATE temp.portalUser SET protectedBy = ?, isGoverned = 0 WHERE id = ?';
    const update = this.db.prepare(sql);
    transaction(this.db, () => {
      for (const id of users) update.run(condition, idKey(id));
    });
  }

  public forgetLogins(): void {
    this.db.exec('DELETE FROM temp.login');
  }

  /** @param logins with UserId and IsFrozen */
  public addLogins(logins: readonly OrgRecord[]): void {
    const insert = this.db.prepare('INSERT OR IGNORE INTO temp.login VALUES (?, ?, ?)');
    transaction(this.db, () => {
      for (const login of logins) {
        const isFrozen = login['IsFrozen'] === 'true' ? 1 : 0;
        insert.run(idKey(requiredValue(login, 'UserId')), isFrozen, JSON.stringify(present(login)));
      }
    });
  }

  public forgetHeld(): void {
    this.db.exec('DELETE FROM temp.held');
  }

  /** @param held permission sets and groups */
  public addHeld(held: readonly HeldAssignment[]): void {
    const insert = this.db.prepare('INSERT OR IGNORE INTO temp.held VALUES (?, ?, ?)');
    transaction(this.db, () => {
      for (const { userId, target, id, label, values } of held)
        insert.run(idKey(userId), target, JSON.stringify({ id, target, label, ...values }));
    });
  }

  /**
   * Contacts of governed users that no group has, page by page: from nobody is anything taken whose contact is not seen.
   * @param withOff of frozen users who are inactive, too @param size of a page
   */
  public *strangersContacts(withOff: boolean, size: number): Generator<string[]> {
    const sql = `SELECT n, json_extract(fields, '$.ContactId') AS contactId FROM temp.portalUser AS u
      WHERE ${mayLeave(withOff)} AND n > ?`;
    for (const rows of pagesOf(this.db, sql, size)) yield rows.map((row) => requiredText(row['contactId']));
  }

  public countStrangersContacts(withOff: boolean): number {
    return selectNumber(this.db, `SELECT count(*) FROM temp.portalUser AS u WHERE ${mayLeave(withOff)}`);
  }

  /** @param contacts Ids */
  public seeContacts(contacts: readonly string[]): void {
    const insert = this.db.prepare('INSERT OR IGNORE INTO temp.seenContact VALUES (?)');
    transaction(this.db, () => {
      for (const id of contacts) insert.run(idKey(id));
    });
  }

  /** Every contact of a group, in the order of the groups, page by page. */
  public *members(): Generator<SyncedPerson[]> {
    for (const rows of pagesOf(this.db, `${membersSql} WHERE member.n > ?`)) yield rows.map(personOfRow);
  }

  /** Every governed user of whom no group has the contact, page by page. */
  public *strangers(): Generator<SyncedPerson[]> {
    for (const rows of pagesOf(this.db, `${strangersSql} AND u.n > ?`)) yield rows.map(personOfRow);
  }

  /** The person that a subject of the plan is by now; undefined: neither a contact of a group nor a governed user. */
  public find({
    contactId,
    userId,
  }: {
    contactId: ContactId | undefined;
    userId: UserId | undefined;
  }): SyncedPerson | undefined {
    const byContact =
      contactId === undefined ? [] : selectRows(this.db, `${membersSql} WHERE member.contact = ?`, idKey(contactId));
    for (const row of byContact) return personOfRow(row);
    const byUser = userId === undefined ? [] : selectRows(this.db, `${strangersSql} AND u.id = ?`, idKey(userId));
    for (const row of byUser) return personOfRow(row);
    return undefined;
  }

  /** By place of the group: contacts that belong to it. */
  public countMembers(): ReadonlyMap<number, number> {
    const sql = 'SELECT "group", count(*) AS rows FROM temp.member GROUP BY 1';
    return new Map(Array.from(selectRows(this.db, sql), (row) => [numberOf(row['group']), numberOf(row['rows'])]));
  }

  public countGoverned(): GovernedCount[] {
    const hasAccess = 'isActive = 1 AND coalesce(login.isFrozen, 0) = 0';
    const sql = `SELECT profileId, count(*) AS users, sum(${hasAccess}) AS withAccess, sum(${hasAccess} AND ${noMember}) AS unexplained
      FROM temp.portalUser AS u LEFT JOIN temp.login ON login."user" = u.id WHERE isGoverned = 1 GROUP BY 1 ORDER BY 1`;
    return Array.from(selectRows(this.db, sql), (row) => ({
      profileId: requiredText(row['profileId']),
      users: numberOf(row['users']),
      withAccess: numberOf(row['withAccess']),
      unexplained: numberOf(row['unexplained']),
    }));
  }
}

/** SQL: no group has the contact of the user `u`. */
const noMember = 'NOT EXISTS (SELECT 1 FROM temp.member WHERE member.contact = u.contact)';

/** SQL: a governed user with a contact that no group has, and who is active, or frozen. */
function mayLeave(withOff: boolean): string {
  const isFrozen = 'EXISTS (SELECT 1 FROM temp.login WHERE login."user" = u.id AND login.isFrozen = 1)';
  const isConcerned = withOff ? `(isActive = 1 OR ${isFrozen})` : 'isActive = 1';
  return `isGoverned = 1 AND ${isConcerned} AND contact IS NOT NULL AND ${noMember}`;
}

const ofUser = `u.fields AS userFields, coalesce(u.isGoverned, 0) AS isGoverned, u.protectedBy, login.fields AS loginFields,
  (SELECT json_group_array(held.fields) FROM temp.held WHERE held."user" = u.id) AS sets`;

const membersSql = `SELECT member.n, member."group", member.fields AS contactFields, ${ofUser}, 1 AS isContactVisible, 0 AS hasMembersEmail
  FROM temp.member LEFT JOIN temp.portalUser AS u ON u.contact = member.contact LEFT JOIN temp.login ON login."user" = u.id`;

const strangersSql = `SELECT u.n, NULL AS "group", NULL AS contactFields, ${ofUser},
  EXISTS (SELECT 1 FROM temp.seenContact WHERE seenContact.contact = u.contact) AS isContactVisible,
  EXISTS (SELECT 1 FROM temp.member WHERE member.email = u.email) AS hasMembersEmail
  FROM temp.portalUser AS u LEFT JOIN temp.login ON login."user" = u.id WHERE u.isGoverned = 1 AND ${noMember}`;

function personOfRow(row: Row): SyncedPerson {
  const recordOf = (column: string): OrgRecord | undefined => (row[column] === null ? undefined : textsOf(row[column]));
  const user = recordOf('userFields');
  return {
    group: row['group'] === null ? undefined : numberOf(row['group']),
    contact: recordOf('contactFields'),
    user,
    isGoverned: numberOf(row['isGoverned']) === 1,
    protectedBy: optionalText(row['protectedBy']),
    login: recordOf('loginFields'),
    namedSets: user === undefined ? [] : setsOf(row, requiredValue(user, 'Id')),
    isContactVisible: numberOf(row['isContactVisible']) === 1,
    hasMembersEmail: numberOf(row['hasMembersEmail']) === 1,
  };
}

/** As `addHeld` has put them in. */
function setsOf(row: Row, userId: UserId): HeldAssignment[] {
  const sets: unknown = JSON.parse(optionalText(row['sets']) ?? '[]');
  return (Array.isArray(sets) ? sets.map(String) : []).map((set) => {
    const { id = '', target = '', label = '', ...values } = textsOf(set);
    return { type: 'permissionSet', userId, id, target, label, values };
  });
}

function present(record: OrgRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([field, value]) => (value === null ? [] : [[field, value]])),
  );
}
