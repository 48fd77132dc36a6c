/** The plan in run.db: one record per selected contact, and the checks that need all of them at once. */
import type { OthersUser } from '../model/orgFacts.js';
import type { DatabaseSync } from 'node:sqlite';
import { refuse, type Decision, type Refusal, type UserValues } from '../model/reasons.js';
import type { UserDecision } from '../operations/userPlan.js';
import { decideExisting } from '../operations/contactPlan.js';
import { numberOf, selectNumber, selectRows, textOf, transaction } from './sqlite.js';

export type PlannedRecord = {
  readonly n: number;
  /** As given in the file, or the ContactId. */
  readonly key: string;
  /** In the file. */
  readonly line: number | null;
  /** What the file gave for the user, as given. */
  readonly cells: UserValues;
  readonly contactId: string | null;
  readonly accountId: string | null;
  readonly contactName: string;
  readonly accountName: string | null;
  readonly decision: Decision | UserDecision;
  /** From the file or a flag, in lower case: made-up nicknames are repaired, given ones are refused when taken. */
  readonly givenNickname: string | null;
  readonly givenFederationId: string | null;
  /** The user that the record is about, as it is before anything is changed. */
  readonly user?: { readonly id: string | null; readonly username: string | null; readonly snapshot: UserValues };
};

const insertSql = `INSERT INTO record (n, key, line, cells, contactId, accountId, contactName, accountName, action, reason, detailText,
  detailFacts, fieldValues, profileId, family, username, nickname, givenNickname, givenFederationId, userId, state,
  rowId, snapshot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export function insertRecords(db: DatabaseSync, records: readonly PlannedRecord[]): void {
  const statement = db.prepare(insertSql);
  const assignment = db.prepare(
    'INSERT OR IGNORE INTO assignment (record, permissionSetId, name, isGroup) VALUES (?, ?, ?, ?)',
  );
  transaction(db, () => {
    for (const record of records) {
      statement.run(...recordValues(record));
      const { decision } = record;
      const sets = 'permissionSets' in decision ? decision.permissionSets : [];
      for (const { id, name, isGroup } of sets) assignment.run(record.n, id, name, isGroup ? 1 : 0);
    }
  });
}

function recordValues(record: PlannedRecord): Array<string | number | null> {
  const { decision, user } = record;
  const create = decision.action === 'create' ? decision : undefined;
  const change = decision.action === 'change' ? decision : undefined;
  const other = 'reason' in decision ? decision : undefined;
  const values = 'values' in decision ? decision.values : undefined;
  return [
    record.n,
    record.key,
    record.line,
    JSON.stringify(record.cells),
    record.contactId,
    record.accountId,
    record.contactName,
    record.accountName,
    decision.action,
    other?.reason ?? null,
    other?.detail.text ?? null,
    other === undefined ? null : JSON.stringify(other.detail.facts),
    values === undefined ? null : JSON.stringify(values),
    values?.['ProfileId'] ?? user?.snapshot['ProfileId'] ?? null,
    create?.family ?? change?.family ?? null,
    create?.values['Username'] ?? user?.username ?? null,
    create?.values['CommunityNickname'] ?? null,
    record.givenNickname,
    record.givenFederationId,
    user?.id ?? ('userId' in decision ? (decision.userId ?? null) : null),
    stateOf(decision),
    change?.rowId ?? null,
    user === undefined ? null : JSON.stringify(user.snapshot),
  ];
}

function stateOf({ action }: PlannedRecord['decision']): 'planned' | 'userReady' | null {
  if (action === 'create' || action === 'change') return 'planned';
  return action === 'assign' ? 'userReady' : null;
}

/** The second and later record of one contact, unless the earlier ones are refused for another reason. */
export function refuseRepeatedContacts(db: DatabaseSync): void {
  refuseRepeated(db, 'contactId', refuse('DUPLICATE_CONTACT.detail', { line: 'cast(rival AS TEXT)' }), repeatedRow);
}

/** The second and later record of one user, unless the earlier ones are refused for another reason. */
export function refuseRepeatedUsers(db: DatabaseSync): void {
  refuseRepeated(db, 'userId', refuse('DUPLICATE_USER.detail', { line: 'cast(rival AS TEXT)' }), repeatedRow);
}

/** The first of several contacts that would get the same username keeps it. */
export function refuseRepeatedUsernames(db: DatabaseSync): void {
  const facts = { value: 'username', contactId: 'rival' };
  refuseRepeated(db, 'username', refuse('DUPLICATE_USERNAME_IN_PLAN.detail', facts), repeatedValue);
}

/** Two rows of a file that ask for the same nickname or federation id: the later one is refused like a taken one. */
export function refuseRepeatedGiven(db: DatabaseSync): void {
  const nickname = refuse('NICKNAME_TAKEN.inPlan', { value: 'givenNickname', contactId: 'rival' });
  refuseRepeated(db, 'givenNickname', nickname, repeatedValue);
  const federationId = refuse('FEDERATION_ID_TAKEN.inPlan', { value: 'givenFederationId', contactId: 'rival' });
  refuseRepeated(db, 'givenFederationId', federationId, repeatedValue);
}

type Repetition = {
  /** SQL: which records compete. */
  readonly among: string;
  /** SQL: an aggregate over the earlier records with the same value; null where they don't stand in the way. */
  readonly rival: string;
};

const repeatedRow = { among: 'true', rival: "min(iif(action <> 'refused', coalesce(line, n), NULL))" };
const repeatedValue = { among: "action = 'create'", rival: 'first_value(contactId)' };

/** SQL: what a row that is refused is set to. @param refusal its facts are SQL too */
function refusedAs({ reason, detail: { text, facts } }: Refusal): string {
  const pairs = Object.entries(facts).map(([name, sql]) => `'${name}', ${sql}`);
  return `action = 'refused', state = NULL, reason = '${reason}', detailText = '${text}',
    detailFacts = json_object(${pairs.join(', ')})`;
}

/** Sorts the repeated values only, which are few. @param refusal its facts are SQL */
function refuseRepeated(
  db: DatabaseSync,
  column: 'contactId' | 'userId' | IdentityColumn,
  refusal: Refusal,
  { among, rival }: Repetition,
): void {
  const values = `SELECT ${column} FROM record WHERE ${column} IS NOT NULL AND ${among} GROUP BY 1 HAVING count(*) > 1`;
  db.exec(
    `UPDATE record SET ${refusedAs(refusal)}
     FROM (SELECT n AS later, ${rival} OVER earlier AS rival FROM record WHERE ${among} AND ${column} IN (${values})
       WINDOW earlier AS (PARTITION BY ${column} ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
     WHERE n = later AND rival IS NOT NULL`,
  );
}

export type IdentityColumn = 'username' | 'givenNickname' | 'givenFederationId';

/** SQL: a user is to be made, and Salesforce has not been asked to yet, or is to be asked again. */
export const isUnsent = "action = 'create' AND state = 'planned'";

/** SQL: for what most rows are asked for, in the order in which they lie. By an index each would be looked up elsewhere. */
const allRecords = 'record NOT INDEXED';

/** The values of a column that the rows to be sent want, each once. */
export function plannedValues(db: DatabaseSync, column: IdentityColumn): string[] {
  const sql = `SELECT DISTINCT ${column} AS value FROM ${allRecords} WHERE ${isUnsent} AND ${column} IS NOT NULL`;
  return [...selectRows(db, sql)].map((row) => textOf(row['value']));
}

/** How many rows to be sent want a value of each column. */
export function countPlannedValues(db: DatabaseSync): Record<IdentityColumn, number> {
  const columns =
    'count(username) AS username, count(givenNickname) AS givenNickname, count(givenFederationId) AS givenFederationId';
  const [row] = selectRows(db, `SELECT ${columns} FROM ${allRecords} WHERE ${isUnsent}`);
  return {
    username: numberOf(row?.['username']),
    givenNickname: numberOf(row?.['givenNickname']),
    givenFederationId: numberOf(row?.['givenFederationId']),
  };
}

/**
 * Refuses the planned rows that want a value which a user of the org has.
 * @param taken a table of values in lower case with their owners
 */
export function refuseTaken(db: DatabaseSync, column: IdentityColumn, taken: string): void {
  const refusal = refuse(takenKeys[column], { value: `record.${column}`, userId: 'taken.owner' });
  const wanted = column === 'givenFederationId' ? `lowerCase(record.${column})` : `record.${column}`;
  db.exec(
    `UPDATE ${allRecords} SET ${refusedAs(refusal)}
     FROM ${taken} AS taken WHERE ${isUnsent} AND ${wanted} = taken.value`,
  );
}

const takenKeys = {
  username: 'USERNAME_TAKEN.detail',
  givenNickname: 'NICKNAME_TAKEN.detail',
  givenFederationId: 'FEDERATION_ID_TAKEN.detail',
} as const satisfies Record<IdentityColumn, string>;

/**
 * Decides anew about a row, of a contact or a user, of which nothing is under way. Permission sets that it was given stay
 * counted.
 */
export function changeDecision(db: DatabaseSync, n: number, decision: Exclude<Decision, { action: 'create' }>): void {
  const isAssign = decision.action === 'assign';
  const other = isAssign ? undefined : decision;
  db.prepare(
    `UPDATE record SET action = ?, reason = ?, detailText = ?, detailFacts = ?, userId = coalesce(?, userId),
      state = ?, errorCode = NULL, errorMessage = NULL WHERE n = ?`,
  ).run(
    decision.action,
    other?.reason ?? null,
    other?.detail.text ?? null,
    other === undefined ? null : JSON.stringify(other.detail.facts),
    decision.userId ?? null,
    isAssign ? 'userReady' : null,
    n,
  );
  if (isAssign) {
    const values = JSON.stringify(decision.values);
    db.prepare('UPDATE record SET fieldValues = ?, username = NULL, nickname = NULL WHERE n = ?').run(values, n);
  }
  const wanted = isAssign ? decision.permissionSets.map(({ id }) => id) : [];
  db.prepare(
    `DELETE FROM assignment WHERE record = ? AND state <> 'done'
      AND permissionSetId NOT IN (SELECT value FROM json_each(?))`,
  ).run(n, JSON.stringify(wanted));
}

/**
 * Somebody else gave a planned contact a user. It gets the permission sets that were asked for if it has the profile that
 * was; nothing else of it is touched.
 */
export function recordExistingUser(db: DatabaseSync, n: number, user: OthersUser): void {
  const wanted = `SELECT count(*) FROM assignment JOIN record ON record.n = assignment.record
    WHERE record.n = ? AND record.profileId = ?`;
  if (user.isActive && selectNumber(db, wanted, n, user.profileId) > 0) {
    db.prepare("UPDATE record SET action = 'assign', state = 'userReady', userId = ? WHERE n = ?").run(user.id, n);
    return;
  }
  changeDecision(db, n, decideExisting(user));
}

/** SQL: the new user is to be active. */
export const isToBeActive = "lower(coalesce(record.isActive, 'true')) NOT IN ('false', '0')";

/** SQL: the record makes a user active who was not. */
export const activates = `((record.action = 'create' AND ${isToBeActive})
  OR (record.action = 'change' AND record.isActive = 'true'))`;

/** Users that are still to be sent and will be active, by profile. What was sent has its seat, or will never take one. */
export function activeUsersByProfile(db: DatabaseSync): ReadonlyMap<string, number> {
  const sql = `SELECT profileId, count(*) AS seats FROM record WHERE state = 'planned' AND ${activates}
    GROUP BY profileId`;
  return new Map([...selectRows(db, sql)].map((row) => [textOf(row['profileId']), numberOf(row['seats'])]));
}
