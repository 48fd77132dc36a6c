/** The new users of a plan whose portal roles matter. */
import type { DatabaseSync } from 'node:sqlite';
import type { AccountId, ProfileId } from '../../model/ids.js';
import type { UserValues } from '../../model/reasons.js';
import { numberOf, optionalText, requiredText, selectNumber, selectRows, textsOf } from '../sqlite.js';

/** SQL: the steps whose roles matter; `setWave` takes steps out of wave 1. */
const isConcerned = "state = 'planned' AND family = 'roleBased' AND kind = 'createUser'";

/** @returns how many accounts they have */
export function beginWaves(db: DatabaseSync): number {
  db.exec(`UPDATE step SET wave = 1 WHERE ${isConcerned} AND wave <> 1`);
  return selectNumber(db, `SELECT count(DISTINCT lock) FROM step WHERE ${isConcerned}`);
}

const accountsPerPage = 500;

/** The accounts of the steps, in the order of their Ids. */
export function* accountPages(db: DatabaseSync): Generator<string[]> {
  const sql = `SELECT DISTINCT lock FROM step WHERE ${isConcerned} AND wave = 1 AND lock > ?
    ORDER BY lock LIMIT ${String(accountsPerPage)}`;
  for (let last = ''; ;) {
    const page = Array.from(selectRows(db, sql, last), (row) => requiredText(row['lock']));
    const end = page.at(-1);
    if (end === undefined) return;
    yield page;
    last = end;
  }
}

export type RoleRow = {
  /** Number of the step. */
  readonly n: number;
  readonly subject: number;
  readonly accountId: AccountId;
  readonly accountName: string | undefined;
  readonly profileId: ProfileId;
  readonly values: UserValues;
};

/** The steps of the accounts of a page. @param accountIds in order */
export function roleRows(db: DatabaseSync, accountIds: readonly AccountId[]): RoleRow[] {
  const sql = `SELECT step.n, subject, lock, accountName, profileId, fieldValues FROM step
    JOIN subject ON subject.n = step.subject
    WHERE step.state = 'planned' AND family = 'roleBased' AND kind = 'createUser' AND wave = 1
      AND lock BETWEEN ? AND ? ORDER BY step.n`;
  return Array.from(selectRows(db, sql, accountIds[0] ?? null, accountIds.at(-1) ?? null), (row) => ({
    n: numberOf(row['n']),
    subject: numberOf(row['subject']),
    accountId: requiredText(row['lock']),
    accountName: optionalText(row['accountName']),
    profileId: requiredText(row['profileId']),
    values: textsOf(row['fieldValues']),
  }));
}

/** Steps of wave 0 go first. */
export function setFirstWave(db: DatabaseSync, steps: readonly number[]): void {
  const update = db.prepare('UPDATE step SET wave = 0 WHERE n = ?');
  for (const n of steps) update.run(n);
}

/** The users that were created with licenses that have roles. */
export function countMadeWithRoles(db: DatabaseSync): { made: number; planned: number } {
  const sql = `SELECT count(*) AS planned, count(*) FILTER (WHERE state = 'done') AS made
    FROM step WHERE family = 'roleBased' AND kind = 'createUser' AND state <> 'dropped'`;
  const [row] = selectRows(db, sql);
  return { made: numberOf(row?.['made']), planned: numberOf(row?.['planned']) };
}

/** The users that are still to be created with licenses that have roles, and those of them without PortalRole and UserRoleId. */
export function countRoleBased(db: DatabaseSync): { users: number; withoutRole: number } {
  const sql = `SELECT count(*) AS users, count(*) FILTER (WHERE coalesce(fieldValues ->> '$.PortalRole', fieldValues ->> '$.UserRoleId') IS NULL) AS withoutRole
    FROM step WHERE ${isConcerned}`;
  const [row] = selectRows(db, sql);
  return { users: numberOf(row?.['users']), withoutRole: numberOf(row?.['withoutRole']) };
}
