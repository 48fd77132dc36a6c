/** What the steps of a sync do to people, in numbers: for its limits, and by group. */
import type { DatabaseSync } from 'node:sqlite';
import {
  isSyncFacts,
  memberDeeds,
  syncDeeds,
  type SyncDeed,
  type SyncFacts,
  type SyncSummary,
} from '../../model/definition/syncFacts.js';
import type { ContactId, UserId } from '../../model/ids.js';
import type { Step } from '../../model/steps.js';
import type { UserValues } from '../../model/reasons.js';
import { readMetaJson, writeMeta } from '../meta.js';
import {
  damagedRun,
  numberOf,
  optionalText,
  requiredText,
  selectNumber,
  selectRows,
  textsOf,
  type Row,
} from '../sqlite.js';
import { pagesOf } from '../subjects.js';
import { isAssignmentStep, isRemoval } from './assignmentSteps.js';
import { countSyncUndo } from './sourceRows.js';

/** People by the first thing that is done to them; each counts once in a line. */
export type SyncCounts = Readonly<Record<SyncDeed, number>>;

/** SQL: the steps of each subject that were not dropped, as what they do to it. */
const bySubject = `SELECT subject,
  max(kind = 'createUser') AS creates,
  max(kind = 'setFrozen' AND fieldValues ->> '$.IsFrozen' = 'true') AS freezes,
  max(kind = 'setActive' AND fieldValues ->> '$.IsActive' = 'false') AS deactivates,
  max(kind = 'setFrozen' AND fieldValues ->> '$.IsFrozen' = 'false' OR kind = 'setActive' AND fieldValues ->> '$.IsActive' = 'true') AS activates,
  max(kind IN ('setProfile', 'removePermissionSet') AND groupName IS NOT NULL) AS changes,
  max(${isRemoval} AND groupName IS NULL) AS releases,
  min(kind = 'assignPermissionSet') AS assigns
  FROM step JOIN subject ON subject.n = step.subject WHERE step.state <> 'dropped' GROUP BY 1`;

/** SQL on that: whether it is done to the subject. */
const isDone: Readonly<Record<SyncDeed, string>> = {
  create: 'creates',
  activate: 'activates',
  change: 'changes',
  assign: 'assigns',
  // From users who have access.
  takeAway: 'freezes',
  // Of users whom an earlier sync has frozen.
  deactivate: 'deactivates AND NOT freezes',
  // Of users whom an earlier sync has deactivated.
  release: 'releases AND NOT deactivates',
};

const counted = syncDeeds.map((does) => `coalesce(sum(${isDone[does]}), 0) AS "${does}"`).join(', ');

/** All of the plan, or what has succeeded. */
export function countSync(db: DatabaseSync, part: 'planned' | 'succeeded' = 'planned'): SyncCounts {
  const only = part === 'planned' ? '' : "JOIN subject ON n = subject WHERE subject.state = 'succeeded'";
  for (const row of selectRows(db, `SELECT ${counted} FROM (${bySubject}) AS done ${only}`)) return syncCountsOf(row);
  throw damagedRun(db, 'step');
}

/** Users who get a license from which there is no way back (src/kinds/setProfile.ts). */
export function countUpgrades(db: DatabaseSync): number {
  return selectNumber(
    db,
    "SELECT count(*) FROM step WHERE kind = 'setProfile' AND label = 'upgrade' AND state <> 'dropped'",
  );
}

/** Leavers who are only reported, as sharing may hide their contacts: how many, and because of which objects. */
export function hiddenLeavers(db: DatabaseSync): Array<{ readonly users: number; readonly objects: string }> {
  const sql = `SELECT detailFacts ->> '$.objects' AS objects, count(*) AS users FROM subject
    WHERE reason = 'LEAVER' AND detailText = 'hidden' AND verdict = 'unchanged' AND state IS NULL GROUP BY 1`;
  return Array.from(selectRows(db, sql), (row) => ({
    users: numberOf(row['users']),
    objects: requiredText(row['objects']),
  }));
}

/** By profile, or by group. */
export function countSyncBy(db: DatabaseSync, column: 'profileId' | 'groupName'): ReadonlyMap<string, SyncCounts> {
  const sql = `SELECT ${column} AS name, ${counted} FROM (${bySubject}) AS done JOIN subject ON subject.n = done.subject
    WHERE ${column} IS NOT NULL GROUP BY 1`;
  return new Map(Array.from(selectRows(db, sql), (row) => [requiredText(row['name']), syncCountsOf(row)]));
}

/** What the plan does, by group and by profile. @throws RunFault runDamaged */
export function readSyncSummary(db: DatabaseSync): SyncSummary {
  const { groups, governed } = readSyncFacts(db);
  const [byGroup, byProfile] = [countSyncBy(db, 'groupName'), countSyncBy(db, 'profileId')];
  return {
    groups: groups.map(({ name, contacts }) => {
      const { create = 0, activate = 0, change = 0, assign = 0 } = byGroup.get(name) ?? {};
      return { name, contacts, create, activate, change, assign };
    }),
    profiles: governed.map(({ profileId, profile, users, withAccess, unexplained }) => {
      const { takeAway = 0, deactivate = 0, release = 0 } = byProfile.get(profileId) ?? {};
      return { profile, users, withAccess, unexplained, takeAway, deactivate, release };
    }),
    done: countSync(db, 'succeeded'),
    ...countSyncUndo(db),
  };
}

function syncCountsOf(row: Row): SyncCounts {
  const count = (does: SyncDeed): number => numberOf(row[does]);
  return {
    create: count('create'),
    activate: count('activate'),
    change: count('change'),
    assign: count('assign'),
    takeAway: count('takeAway'),
    deactivate: count('deactivate'),
    release: count('release'),
  };
}

/** SQL: the first `most` of those whom a sync does something to: `does`, `who`, `accountName`, and `place`, the group or the profile. */
export function namedBySync(most: number): string {
  const named = syncDeeds.map((does) => {
    const place = memberDeeds.some((each) => each === does) ? 'groupName' : 'profileId';
    return `SELECT '${does}' AS does, ${place} AS place, n, coalesce(name, username, key) AS who, accountName
      FROM done JOIN subject ON n = done.subject WHERE ${isDone[does]}`;
  });
  const ranked = `SELECT *, row_number() OVER (PARTITION BY does, place ORDER BY n) AS rank FROM (${named.join(' UNION ALL ')})`;
  return `WITH done AS MATERIALIZED (${bySubject}) SELECT * FROM (${ranked}) WHERE rank <= ${String(most)}`;
}

/** Somebody for whom something is still planned, and of whom nothing is under way. */
export type OpenPerson = {
  /** Number of the subject. */
  readonly n: number;
  readonly contactId: ContactId | undefined;
  readonly userId: UserId | undefined;
  readonly username: string | undefined;
  /** Of the plan; undefined of a leaver. */
  readonly groupName: string | undefined;
  /** As it was kept before anything was changed; empty of a contact without a user. */
  readonly snapshot: UserValues;
  /** Something of the plan was done already. */
  readonly isBegun: boolean;
  /** A field of the user was written. */
  readonly isSwitched: boolean;
  readonly steps: readonly OpenStep[];
};

export type OpenStep = {
  readonly n: number;
  readonly kind: string;
  readonly target: string;
  readonly values: UserValues;
  /** A job has sent it before, or may have. */
  readonly wasSent: boolean;
  /** What Salesforce has answered to that is not known. */
  readonly isAnswerLost: boolean;
};

/** Page by page: each may be decided about before the next page is taken. */
export function* openPeople(db: DatabaseSync): Generator<OpenPerson[]> {
  const done = `SELECT 1 FROM step WHERE subject = subject.n AND +step.state = 'done'`;
  const sql = `SELECT n, contactId, userId, username, groupName, snapshot, EXISTS (${done}) AS isBegun, EXISTS (${done} AND NOT ${isAssignmentStep}) AS isSwitched
    FROM subject WHERE state = 'open' AND NOT EXISTS (SELECT 1 FROM step WHERE subject = subject.n AND +step.state = 'sending') AND n > ?`;
  for (const rows of pagesOf(db, sql)) {
    const steps = openSteps(db, numberOf(rows[0]?.['n']), numberOf(rows.at(-1)?.['n']));
    yield rows.map((row) => ({
      n: numberOf(row['n']),
      contactId: optionalText(row['contactId']),
      userId: optionalText(row['userId']),
      username: optionalText(row['username']),
      groupName: optionalText(row['groupName']),
      snapshot: textsOf(row['snapshot']),
      isBegun: numberOf(row['isBegun']) === 1,
      isSwitched: numberOf(row['isSwitched']) === 1,
      steps: steps.get(numberOf(row['n'])) ?? [],
    }));
  }
}

function openSteps(db: DatabaseSync, first: number, last: number): ReadonlyMap<number, readonly OpenStep[]> {
  const sql = `SELECT subject, n, kind, target, fieldValues, send IS NOT NULL AS wasSent,
    EXISTS (SELECT 1 FROM sending WHERE sending.step = step.n AND sending.send = step.send AND answer IS NULL) AS isAnswerLost
    FROM step WHERE state = 'planned' AND subject BETWEEN ? AND ? ORDER BY n`;
  const steps = Array.from(selectRows(db, sql, first, last), (row) => ({
    subject: numberOf(row['subject']),
    n: numberOf(row['n']),
    kind: requiredText(row['kind']),
    target: requiredText(row['target']),
    values: textsOf(row['fieldValues']),
    wasSent: numberOf(row['wasSent']) === 1,
    isAnswerLost: numberOf(row['isAnswerLost']) === 1,
  }));
  return Map.groupBy(steps, ({ subject }) => subject);
}

/** A step of a sync, with whom it concerns, and what it does to them. */
export type PersonStep = {
  readonly n: number;
  readonly contactId: ContactId;
  /** Undefined of a user that is still to be made. */
  readonly userId: UserId | undefined;
  readonly username: string;
  /** Undefined of a leaver. */
  readonly groupName: string | undefined;
  /**
   * `give`: a user or permission sets; `change`: another profile, or fewer permission sets; `release`: what a leaver would keep;
   * the others are of access.
   */
  readonly does: 'freeze' | 'deactivate' | 'giveBack' | 'change' | 'give' | 'release';
};

export function stepsOfPeople(db: DatabaseSync, steps: ReadonlyArray<Pick<Step, 'n'>>): PersonStep[] {
  const sql = `SELECT step.n, kind, contactId, userId, groupName, coalesce(subject.username, '') AS username,
      fieldValues ->> '$.IsFrozen' AS isFrozen, fieldValues ->> '$.IsActive' AS isActive
    FROM step JOIN subject ON subject.n = step.subject WHERE step.n IN (SELECT value FROM json_each(?))`;
  return Array.from(selectRows(db, sql, JSON.stringify(steps.map(({ n }) => n))), (row) => ({
    n: numberOf(row['n']),
    contactId: requiredText(row['contactId']),
    userId: optionalText(row['userId']),
    username: requiredText(row['username']),
    groupName: optionalText(row['groupName']),
    does: deedOfStep(requiredText(row['kind']), row),
  }));
}

function deedOfStep(kind: string, { isFrozen, isActive, groupName }: Row): PersonStep['does'] {
  if (kind === 'createUser' || kind === 'assignPermissionSet') return 'give';
  if (kind !== 'setFrozen' && kind !== 'setActive') return groupName === null ? 'release' : 'change';
  if (isFrozen === 'true') return 'freeze';
  return isActive === 'false' ? 'deactivate' : 'giveBack';
}

export function writeSyncFacts(db: DatabaseSync, facts: SyncFacts): void {
  writeMeta(db, { syncFacts: JSON.stringify(facts) });
}

/** Only a sync has them. */
export function hasSyncFacts(db: DatabaseSync): boolean {
  return readMetaJson(db, 'syncFacts') !== undefined;
}

/** @throws RunFault runDamaged for what this version does not write */
export function readSyncFacts(db: DatabaseSync): SyncFacts {
  const facts = readMetaJson(db, 'syncFacts');
  if (!isSyncFacts(facts)) throw damagedRun(db, 'meta: syncFacts');
  return facts;
}
