/** What only all subjects of a plan together can tell: records that are in it twice, and which values more than one wants. */
import type { DatabaseSync } from 'node:sqlite';
import type { UserId } from '../../model/ids.js';
import { refuse, type Refusal } from '../../model/reasons.js';
import { allSteps } from './counts.js';
import { inLowerCase, numberOf, requiredText, selectNumber, selectRows, transaction } from '../sqlite.js';

/** The second and later subject of one contact, unless the earlier ones are refused for another reason. */
export function refuseRepeatedContacts(db: DatabaseSync): void {
  refuseRepeatedSubjects(db, 'contactId', refuse('DUPLICATE_CONTACT.detail', { line: 'rival' }));
}

/** The second and later subject of one user, unless the earlier ones are refused for another reason. */
export function refuseRepeatedUsers(db: DatabaseSync): void {
  refuseRepeatedSubjects(db, 'userId', refuse('DUPLICATE_USER.detail', { line: 'rival' }));
}

/**
 * Users that are to be changed although the row of the file says the opposite.
 * @param column of the file, as in the subjects' cells @param agreeing what it may hold, in lower case
 */
export function refuseContradicted(db: DatabaseSync, column: string, agreeing: readonly string[]): void {
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  refuseAll(
    db,
    refuse('CONTRADICTED.detail', { column: 'given', value: 'value', line: 'line' }),
    `SELECT n AS subject, key AS given, value, line FROM
      (SELECT subject.n, cell.key, cell.value, cast(subject.line AS TEXT) AS line
        FROM subject, json_each(subject.cells) AS cell WHERE verdict = 'steps' AND cell.key = ${literal(column)})
      WHERE lower(value) NOT IN (${agreeing.map(literal).join(',')})`,
  );
}

/**
 * Two plans of the same people are carried out in different orders: run at the same time, each soon comes to somebody whom the
 * other has reached. In one order, they could go side by side to the end without either noticing.
 */
export function shuffleSteps(db: DatabaseSync): void {
  db.exec('UPDATE step SET wave = 1 + abs(random() % 1000000)');
}

/** Sorts the repeated values only, which are few. */
function refuseRepeatedSubjects(db: DatabaseSync, column: 'contactId' | 'userId', refusal: Refusal): void {
  const repeated = `SELECT ${column} FROM subject WHERE ${column} IS NOT NULL GROUP BY 1 HAVING count(*) > 1`;
  refuseAll(
    db,
    refusal,
    `SELECT subject, cast(rival AS TEXT) AS rival FROM (
      SELECT n AS subject, min(iif(verdict <> 'refused', coalesce(line, n), NULL)) OVER earlier AS rival FROM subject
      WHERE ${column} IN (${repeated})
      WINDOW earlier AS (PARTITION BY ${column} ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
      WHERE rival IS NOT NULL`,
  );
}

/** The first of several contacts that would get the same username keeps it. */
export function refuseRepeatedUsernames(db: DatabaseSync): void {
  refuseRepeatedValues(db, 'username', refuse('DUPLICATE_USERNAME_IN_PLAN.detail', inPlan));
}

/** Two rows of a file that ask for the same nickname or federation id: the later one is refused like a taken one. */
export function refuseRepeatedGiven(db: DatabaseSync): void {
  const wanted = countWantedValues(db);
  const refuseRepeated = (column: IdentityColumn, refusal: Refusal): void => {
    if (wanted[column] > 1) refuseRepeatedValues(db, column, refusal);
  };
  refuseRepeated('givenNickname', refuse('NICKNAME_TAKEN.inPlan', inPlan));
  refuseRepeated('givenFederationId', refuse('FEDERATION_ID_TAKEN.inPlan', inPlan));
}

/** Facts of a refusal are columns here. */
const inPlan = { value: 'value', contactId: 'rival' };

export type IdentityColumn = 'username' | 'givenNickname' | 'givenFederationId';

function refuseRepeatedValues(db: DatabaseSync, column: IdentityColumn, refusal: Refusal): void {
  const wanted = `state = 'planned' AND ${column} IS NOT NULL`;
  const repeated = `SELECT ${column} FROM ${allSteps} WHERE ${wanted} GROUP BY 1 HAVING count(*) > 1`;
  refuseAll(
    db,
    refusal,
    `SELECT subject, value, rival FROM (
      SELECT subject, ${column} AS value, first_value(target) OVER earlier AS rival FROM ${allSteps}
      WHERE ${wanted} AND ${column} IN (${repeated})
      WINDOW earlier AS (PARTITION BY ${column} ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
      WHERE rival IS NOT NULL`,
  );
}

/** The values of a column that the steps to be sent want, each once. */
export function wantedValues(db: DatabaseSync, column: IdentityColumn): string[] {
  const sql = `SELECT DISTINCT ${column} AS value FROM ${allSteps} WHERE state = 'planned' AND ${column} IS NOT NULL`;
  return Array.from(selectRows(db, sql), (row) => requiredText(row['value']));
}

/** How many steps to be sent want a value of each column. */
export function countWantedValues(db: DatabaseSync): Record<IdentityColumn, number> {
  const columns =
    'count(username) AS username, count(givenNickname) AS givenNickname, count(givenFederationId) AS givenFederationId';
  const [row] = selectRows(db, `SELECT ${columns} FROM ${allSteps} WHERE state = 'planned'`);
  return {
    username: numberOf(row?.['username']),
    givenNickname: numberOf(row?.['givenNickname']),
    givenFederationId: numberOf(row?.['givenFederationId']),
  };
}

/** Whether steps to be sent have a nickname that nobody asked for. */
export function wantMadeUpNicknames(db: DatabaseSync): boolean {
  return selectNumber(db, `SELECT EXISTS (SELECT 1 FROM ${allSteps} WHERE ${madeUp})`) === 1;
}

const madeUp = "state = 'planned' AND nickname IS NOT NULL AND givenNickname IS NULL";

/** The user that has a value. */
export type Owner = {
  readonly userId: UserId;
  /** Of a user that was cut off from its contact: by this it can be told which contact that was. */
  readonly former?: { readonly nickname: string; readonly email: string } | undefined;
};

/** Values that others have, in lower case, with their owners; for this process alone. */
export class TakenValues {
  private readonly db: DatabaseSync;
  private readonly table: string;

  /** @param name of the field */
  public constructor(db: DatabaseSync, name: string) {
    this.db = db;
    this.table = `temp.taken${name}`;
    db.exec(`DROP TABLE IF EXISTS ${this.table}`);
    db.exec(`CREATE TABLE ${this.table} (value TEXT PRIMARY KEY, owner TEXT, nickname TEXT, email TEXT) WITHOUT ROWID`);
  }

  public add(values: ReadonlyArray<readonly [value: string, owner: Owner]>): void {
    const insert = this.db.prepare(`INSERT OR IGNORE INTO ${this.table} VALUES (?, ?, ?, ?)`);
    transaction(this.db, () => {
      for (const [value, { userId, former }] of values) {
        const known = [former?.nickname.toLowerCase() ?? null, former?.email.toLowerCase() ?? null];
        insert.run(value.toLowerCase(), userId, ...known);
      }
    });
  }

  /** @param copy a temporary table with the users of the org (src/store/copyTable.ts) */
  public addUsernamesOf(copy: string): void {
    this.db.exec(
      `INSERT OR IGNORE INTO ${this.table} (value, owner) SELECT ${inLowerCase('"Username"')}, "Id" FROM ${copy}`,
    );
  }

  /** Refuses the subjects that want one of them. */
  public refuse(column: IdentityColumn): void {
    this.refuseWhere(takenKeys[column], column, 'TRUE');
  }

  /** Refuses those whose federation id the user has that the same contact had before: by its nickname, or its address. */
  public refuseOfFormerUsers(): void {
    const isOwn = `(instr(taken.nickname, 'user-' || lower(step.target)) = 1
      OR taken.email = lowerCase(json_extract(step.fieldValues, '$.Email')))`;
    this.refuseWhere('FEDERATION_ID_TAKEN.formerUser', 'givenFederationId', isOwn);
  }

  private refuseWhere(
    key: (typeof takenKeys)[IdentityColumn] | 'FEDERATION_ID_TAKEN.formerUser',
    column: IdentityColumn,
    condition: string,
  ): void {
    const wanted = column === 'givenFederationId' ? `lowerCase(step.${column})` : `step.${column}`;
    refuseAll(
      this.db,
      refuse(key, { value: 'value', userId: 'owner' }),
      `SELECT subject, step.${column} AS value, taken.owner FROM ${allSteps}
        JOIN ${this.table} AS taken ON ${wanted} = taken.value WHERE state = 'planned' AND ${condition}`,
    );
  }

  /** Gives the steps whose made-up nickname is among them the first one that isn't. @param next the one to try after another */
  public replaceNicknames(next: (nickname: string) => string): void {
    const isTaken = this.db.prepare(`SELECT 1 FROM ${this.table} WHERE value = ?`);
    const rename = this.db.prepare('UPDATE step SET nickname = ? WHERE n = ?');
    transaction(this.db, () => {
      this.db.exec(
        `CREATE TABLE temp.renamed AS SELECT n, nickname FROM ${allSteps}
          WHERE ${madeUp} AND nickname IN (SELECT value FROM ${this.table})`,
      );
      for (const row of selectRows(this.db, 'SELECT n, nickname FROM temp.renamed')) {
        let nickname = requiredText(row['nickname']);
        while (isTaken.get(nickname) !== undefined) nickname = next(nickname);
        rename.run(nickname, numberOf(row['n']));
      }
      this.db.exec('DROP TABLE temp.renamed');
    });
  }
}

const takenKeys = {
  username: 'USERNAME_TAKEN.detail',
  givenNickname: 'NICKNAME_TAKEN.detail',
  givenFederationId: 'FEDERATION_ID_TAKEN.detail',
} as const;

/** @param refusal its facts are columns of `among` @param among SQL: the subjects, and what the detail says */
function refuseAll(db: DatabaseSync, { reason, detail }: Refusal, among: string): void {
  const facts = Object.entries(detail.facts).map(([name, column]) => `'${name}', refused.${String(column)}`);
  transaction(db, () => {
    // They are few, and found by their numbers then.
    db.exec(`CREATE TABLE temp.refused AS ${among}`);
    db.exec(
      `UPDATE subject SET verdict = 'refused', state = NULL, reason = '${reason}', detailText = '${detail.text}',
        detailFacts = json_object(${facts.join(', ')}) FROM temp.refused AS refused WHERE n = refused.subject`,
    );
    // Only what is refused after the plan is complete had steps.
    db.exec("DELETE FROM step WHERE subject IN (SELECT subject FROM temp.refused) AND +state = 'planned'");
    db.exec('DROP TABLE temp.refused');
  });
}
