/** Reads who is concerned by a plan, a few of each group: each query ends with the first rows that it finds. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { syncDeeds } from '../../model/definition/syncFacts.js';
import { isJsonObject } from '../../model/facts.js';
import type { People, Person, PlanDetail, ProfileUse, RunRecord } from '../../model/result.js';
import { readMetaJson } from '../meta.js';
import { damagedRun, oneOf, optionalText, requiredText, selectRows, type Row } from '../sqlite.js';
import { isAssignmentStep } from './assignmentSteps.js';
import { isRefusedSincePlan } from './counts.js';
import { namedBySync, readSyncFacts } from './syncSteps.js';

/** More than three names in a line are not read. */
const most = 3;

/** @param result of the same run: its reasons, and which groups there are @throws RunFault runDamaged */
export function readPlanDetail(db: DatabaseSync, result: RunRecord): PlanDetail {
  const sync = result.sync === undefined ? [] : readNamedBySync(db);
  return { profiles: readProfileUses(db), people: readPeople(db, result), sync };
}

function readNamedBySync(db: DatabaseSync): PlanDetail['sync'] {
  const profiles = new Map(readSyncFacts(db).governed.map(({ profileId, profile }) => [profileId, profile]));
  return Array.from(selectRows(db, namedBySync(most)), (row) => {
    const place = requiredText(row['place']);
    return {
      does: oneOf(db, syncDeeds, requiredText(row['does'])),
      place: profiles.get(place) ?? place,
      person: namedPerson(row),
    };
  });
}

function readPeople(db: DatabaseSync, { actions, ...result }: RunRecord): People {
  const planned = (condition: string): readonly Person[] =>
    select(
      db,
      `FROM step CROSS JOIN subject ON subject.n = step.subject WHERE step.state <> 'dropped' AND ${condition}`,
    );
  const decided = (which: string, reason: string): readonly Person[] =>
    select(db, `FROM subject WHERE ${which} AND reason = ?`, reason);
  const isUser = `kind <> 'createUser' AND NOT ${isAssignmentStep}`;
  const hasNoOther = `NOT EXISTS (SELECT 1 FROM step AS other
    WHERE other.subject = subject.n AND NOT other.${isAssignmentStep} AND other.state <> 'dropped')`;
  const getsSetsAlone = `kind = 'assignPermissionSet' AND ${hasNoOther}`;
  return {
    create: actions.create === 0 ? [] : planned("kind = 'createUser'"),
    assign: actions.assign === 0 ? [] : planned(getsSetsAlone),
    change: actions.change === 0 ? [] : planned(isUser),
    release: (actions.release ?? 0) === 0 ? [] : planned(`${isAssignmentStep} AND ${hasNoOther}`),
    unchanged: byKey(result.unchangedByReason, (reason) => decided("verdict = 'unchanged' AND state IS NULL", reason)),
    refused: byKey(result.refusedByReason, (reason) => decided("verdict = 'refused' AND state IS NULL", reason)),
    refusedSincePlan: byKey(result.refusedSincePlan ?? {}, (reason) => decided(isRefusedSincePlan, reason)),
    failed: byKey(result.failedByCode, (code) =>
      select(
        db,
        `FROM (SELECT subject AS failed FROM step WHERE state = 'failed' AND errorCode = ?) JOIN subject ON subject.n = failed`,
        code,
      ),
    ),
  };
}

function byKey(
  counts: Readonly<Record<string, number>>,
  read: (key: string) => readonly Person[],
): Record<string, readonly Person[]> {
  return Object.fromEntries(Object.keys(counts).map((key) => [key, read(key)]));
}

/** A row of a file that names nobody is known by its key; one whose key is empty, too, by nothing. */
function select(db: DatabaseSync, from: string, ...values: SQLInputValue[]): Person[] {
  const sql = `SELECT DISTINCT subject.n, coalesce(name, subject.username, key) AS who, accountName ${from} LIMIT ${String(most)}`;
  return Array.from(selectRows(db, sql, ...values), namedPerson).filter(({ name }) => name !== '');
}

function namedPerson(row: Row): Person {
  return { name: requiredText(row['who']), accountName: optionalText(row['accountName']) };
}

/** Written by src/preflight/guards.ts. */
function readProfileUses(db: DatabaseSync): ProfileUse[] {
  const list = readMetaJson(db, 'profiles') ?? [];
  if (!Array.isArray(list) || !list.every(isProfileUse)) throw damagedRun(db, 'meta: profiles');
  return list;
}

function isProfileUse(value: unknown): value is ProfileUse {
  if (!isJsonObject(value)) return false;
  return (
    typeof value['name'] === 'string' && typeof value['license'] === 'string' && typeof value['users'] === 'number'
  );
}
