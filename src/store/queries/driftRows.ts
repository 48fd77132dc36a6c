/** What a resume looks at anew in run.db: subjects of which nothing is under way. */
import type { DatabaseSync } from 'node:sqlite';
import type { ContactId, PermissionSetId, ProfileId, UserId } from '../../model/ids.js';
import type { UserValues } from '../../model/reasons.js';
import { numberOf, optionalText, requiredText, selectNumber, selectRows, textsOf } from '../sqlite.js';
import { pagesOf } from '../subjects.js';
import { isAssignmentStep } from './assignmentSteps.js';

/** A contact that is to get a user, or permission sets for the user it has. */
export type OpenContact = {
  /** Number of the subject. */
  readonly n: number;
  /** Number of the step that makes its user; undefined where only permission sets are to be given. */
  readonly step: number | undefined;
  readonly contactId: ContactId;
  readonly profileId: ProfileId;
  /** The user is to be active. */
  readonly isActive: boolean;
  /** The user who was there when the plan was made. */
  readonly userId: UserId | undefined;
  /** Has been given a permission set by this run. */
  readonly isBegun: boolean;
  /** A job has sent it before, or may have. */
  readonly wasSent: boolean;
  /** What Salesforce has answered to that is not known. */
  readonly isAnswerLost: boolean;
  /** What is still to be given to its user. */
  readonly permissionSets: ReadonlyArray<{
    readonly id: PermissionSetId;
    readonly name: string;
    readonly isGroup: boolean;
  }>;
};

/** `toMake`: users that are planned. `toMakeOrAssign`: also users who were there, and lack permission sets. */
export type Openness = 'toMake' | 'toMakeOrAssign';

const toMake = `SELECT subject.n, step.n AS step, step.target AS contactId, profileId, seats > 0 AS isActive,
  NULL AS userId, 0 AS isBegun, step.send IS NOT NULL AS wasSent,
  EXISTS (SELECT 1 FROM sending WHERE sending.step = step.n AND sending.send = step.send AND answer IS NULL) AS isAnswerLost
  FROM step JOIN subject ON subject.n = step.subject
  WHERE kind = 'createUser' AND step.state = 'planned'`;

const toAssign = `SELECT n, NULL AS step, contactId, profileId, 1 AS isActive, userId,
  EXISTS (SELECT 1 FROM step WHERE subject = subject.n AND step.state = 'done') AS isBegun, 0 AS wasSent, 0 AS isAnswerLost
  FROM subject WHERE state = 'open'
  AND NOT EXISTS (SELECT 1 FROM step WHERE subject = subject.n AND (kind = 'createUser' AND step.state <> 'dropped'
    OR step.state = 'sending'))`;

function openSql(which: Openness): string {
  return which === 'toMake' ? toMake : `${toMake} UNION ALL ${toAssign}`;
}

export function countOpenContacts(db: DatabaseSync, which: Openness): number {
  return selectNumber(db, `SELECT count(*) FROM (${openSql(which)})`);
}

/** Page by page: each may be decided about before the next page is taken. */
export function* openContacts(db: DatabaseSync, which: Openness): Generator<OpenContact[]> {
  for (const rows of pagesOf(db, `SELECT * FROM (${openSql(which)}) WHERE n > ?`)) {
    const wanted = wantedSets(db, numberOf(rows[0]?.['n']), numberOf(rows.at(-1)?.['n']));
    yield rows.map((row) => ({
      n: numberOf(row['n']),
      step: row['step'] === null ? undefined : numberOf(row['step']),
      contactId: requiredText(row['contactId']),
      profileId: requiredText(row['profileId']),
      isActive: numberOf(row['isActive']) === 1,
      userId: optionalText(row['userId']),
      isBegun: numberOf(row['isBegun']) === 1,
      wasSent: numberOf(row['wasSent']) === 1,
      isAnswerLost: numberOf(row['isAnswerLost']) === 1,
      permissionSets: wanted.get(numberOf(row['n'])) ?? [],
    }));
  }
}

function wantedSets(db: DatabaseSync, first: number, last: number): ReadonlyMap<number, OpenContact['permissionSets']> {
  const sql = `SELECT subject, target, label, json_type(fieldValues, '$.PermissionSetGroupId') IS NOT NULL AS isGroup
    FROM step WHERE kind = 'assignPermissionSet' AND state = 'planned' AND subject BETWEEN ? AND ?`;
  const wanted = Array.from(selectRows(db, sql, first, last), (row) => ({
    subject: numberOf(row['subject']),
    id: requiredText(row['target']),
    name: requiredText(row['label']),
    isGroup: numberOf(row['isGroup']) === 1,
  }));
  return Map.groupBy(wanted, ({ subject }) => subject);
}

/** Subjects by why nothing is made for them, or by `assign` where they only get permission sets. */
export function countDecisions(db: DatabaseSync): ReadonlyMap<string, number> {
  const sql = `SELECT coalesce(reason, 'assign') AS why, count(*) AS rows FROM subject
    WHERE verdict <> 'steps' OR NOT EXISTS (SELECT 1 FROM step WHERE step.subject = subject.n
      AND kind <> 'assignPermissionSet' AND step.state <> 'dropped') GROUP BY why`;
  return new Map(Array.from(selectRows(db, sql), (row) => [requiredText(row['why']), numberOf(row['rows'])]));
}

/** A user for whom something is planned. */
export type OpenUser = {
  /** Number of the subject. */
  readonly n: number;
  readonly userId: UserId;
  readonly snapshot: UserValues;
  /** Something was done for the user already. */
  readonly isBegun: boolean;
  /** A field of the user was written. */
  readonly isSwitched: boolean;
  /** What waits. */
  readonly steps: readonly OpenUserStep[];
};

type OpenUserStep = {
  readonly n: number;
  readonly kind: string;
  readonly target: string;
  readonly label: string | undefined;
  readonly values: UserValues;
};

const isOpenUser = `userId IS NOT NULL AND snapshot IS NOT NULL
  AND EXISTS (SELECT 1 FROM step WHERE step.subject = subject.n AND step.state = 'planned')`;

export function countOpenUsers(db: DatabaseSync): number {
  return selectNumber(db, `SELECT count(*) FROM subject WHERE ${isOpenUser}`);
}

/** Page by page: each may be decided about before the next page is taken. */
export function* openUsers(db: DatabaseSync): Generator<OpenUser[]> {
  const has = (which: string): string => `EXISTS (SELECT 1 FROM step WHERE step.subject = subject.n AND ${which})`;
  const sql = `SELECT n, userId, snapshot, ${has("step.state IN ('done', 'failed', 'unknown')")} AS isBegun,
    ${has(`step.state = 'done' AND NOT ${isAssignmentStep}`)} AS isSwitched
    FROM subject WHERE ${isOpenUser} AND n > ?`;
  for (const rows of pagesOf(db, sql)) {
    const steps = waitingUserSteps(db, numberOf(rows[0]?.['n']), numberOf(rows.at(-1)?.['n']));
    yield rows.map((row) => ({
      n: numberOf(row['n']),
      userId: requiredText(row['userId']),
      snapshot: textsOf(row['snapshot']),
      isBegun: numberOf(row['isBegun']) === 1,
      isSwitched: numberOf(row['isSwitched']) === 1,
      steps: steps.get(numberOf(row['n'])) ?? [],
    }));
  }
}

function waitingUserSteps(db: DatabaseSync, first: number, last: number): ReadonlyMap<number, OpenUserStep[]> {
  const sql = `SELECT subject, n, kind, target, label, fieldValues FROM step
    WHERE state = 'planned' AND subject BETWEEN ? AND ? ORDER BY n`;
  const waiting = Array.from(selectRows(db, sql, first, last), (row) => ({
    subject: numberOf(row['subject']),
    n: numberOf(row['n']),
    kind: requiredText(row['kind']),
    target: requiredText(row['target']),
    label: optionalText(row['label']),
    values: textsOf(row['fieldValues']),
  }));
  return Map.groupBy(waiting, ({ subject }) => subject);
}
