/** The numbers of a run, always taken from run.db. */
import type { DatabaseSync } from 'node:sqlite';
import type { ProfileId } from '../../model/ids.js';
import type { PlanWork } from '../../model/events.js';
import { adviceName, adviceNameOfCode } from '../../model/rowErrors.js';
import type { RunCounts, RunState, StepCounts } from '../../model/result.js';
import {
  families,
  sendStates,
  sendWays,
  stepStates,
  subjectStates,
  verdicts,
  type LicenseFamily,
  type SubjectState,
} from '../../model/steps.js';
import { checkColumns, checkRelations } from '../integrity.js';
import { readMeta } from '../meta.js';
import { numberOf, oneOf, optionalText, requiredText, selectNumber, selectRows } from '../sqlite.js';

/** All numbers of a plan. */
export function countSubjects(db: DatabaseSync): RunCounts {
  const counts = countProgress(db);
  // Each is answered by an index alone.
  const decided = 'SELECT verdict, count(*) AS rows FROM subject WHERE state IS NULL GROUP BY 1';
  const groups = groupsOf(db, decided);
  const [unchanged, refused] = [groups.get('unchanged') ?? 0, groups.get('refused') ?? 0];
  return {
    selected: counts.planned + unchanged + refused,
    ...counts,
    unchanged,
    refused,
    created: selectNumber(db, "SELECT count(*) FROM step WHERE state = 'done' AND created = 'yes'"),
  };
}

/** How far the planned subjects are: what an index knows, as it is asked for again and again. */
export function countProgress(
  db: DatabaseSync,
): Pick<RunCounts, 'planned' | 'succeeded' | 'failed' | 'unknown' | 'pending'> {
  const groups = groupsOf(db, 'SELECT state, count(*) AS rows FROM subject WHERE state IS NOT NULL GROUP BY 1');
  const count = (state: SubjectState): number => groups.get(state) ?? 0;
  return {
    planned: [...groups.values()].reduce((sum, rows) => sum + rows, 0),
    succeeded: count('succeeded'),
    failed: count('failed'),
    unknown: count('unknown'),
    pending: count('open'),
  };
}

/** @param sql a word, and how many `rows` have it */
function groupsOf(db: DatabaseSync, sql: string, ...values: string[]): Map<string, number> {
  const groups = Array.from(selectRows(db, sql, ...values), (row): [string, number] => {
    const { rows, ...words } = row;
    return [requiredText(Object.values(words)[0]), numberOf(rows)];
  });
  return new Map(groups);
}

/** SQL: groups of steps that lie together in an index, in the order of its columns: any other takes all rows apart and sorts them. */
const indexed = 'state, stage, kind';

/** What the steps of each kind have come to; a step that is under way, or waits, is planned. */
export function countStepsByKind(db: DatabaseSync): Record<string, StepCounts> {
  const counts: Record<string, StepCounts> = {};
  const sql = `SELECT kind, state, sum(rows) AS rows, min(stage) AS stage
    FROM (SELECT state, stage, kind, count(*) AS rows FROM step GROUP BY ${indexed})
    WHERE state <> 'dropped' GROUP BY 1, 2 ORDER BY stage, 1`;
  for (const row of selectRows(db, sql)) {
    const of = (counts[requiredText(row['kind'])] ??= { planned: 0, done: 0, failed: 0, unknown: 0 });
    const state = requiredText(row['state']);
    const key = state === 'done' || state === 'failed' || state === 'unknown' ? state : 'planned';
    of[key] += numberOf(row['rows']);
  }
  return counts;
}

/** How far the steps of a plan are. */
export function countWork(db: DatabaseSync): PlanWork {
  const counts = Object.values(countStepsByKind(db));
  const settled = counts.reduce((sum, { done, failed, unknown }) => sum + done + failed + unknown, 0);
  return { steps: counts.reduce((sum, { planned }) => sum + planned, settled), settled, kinds: counts.length };
}

export function countByReason(db: DatabaseSync, verdict: 'unchanged' | 'refused'): Record<string, number> {
  return reasonsOf(db, 'verdict = ? AND state IS NULL', verdict);
}

/** SQL: a subject that was planned, and refused after its plan was complete: when the run went on, or in the middle of it. */
export const isRefusedSincePlan = `state IS NULL AND verdict = 'refused'
  AND EXISTS (SELECT 1 FROM step WHERE step.subject = subject.n)`;

/** Undefined where there are none. */
export function countRefusedSincePlan(db: DatabaseSync): Record<string, number> | undefined {
  const counts = reasonsOf(db, isRefusedSincePlan);
  return Object.keys(counts).length === 0 ? undefined : counts;
}

function reasonsOf(db: DatabaseSync, which: string, ...values: string[]): Record<string, number> {
  const sql = `SELECT reason AS code, count(*) AS rows FROM subject WHERE ${which} GROUP BY code ORDER BY rows DESC, code`;
  return Object.fromEntries(groupsOf(db, sql, ...values));
}

/** Contacts that are refused because the user that they had before was cut off from them, and still holds their federation id. */
export function countFederationIdsHeld(db: DatabaseSync): number {
  const isHeld = "reason = 'FEDERATION_ID_TAKEN' AND detailText = 'formerUser'";
  return selectNumber(db, `SELECT count(*) FROM subject WHERE state IS NULL AND verdict = 'refused' AND ${isHeld}`);
}

/** Users that were cut off from their contacts, and read back with the federation ids that they had. */
export function countFederationIdsKept(db: DatabaseSync): number {
  const idIn = (column: string): string => `lowerCase(json_extract(${column}, '$.FederationIdentifier'))`;
  const sql = `SELECT count(*) FROM step JOIN subject ON subject.n = step.subject
    WHERE after IS NOT NULL AND ${idIn('snapshot')} = ${idIn('after')}`;
  return selectNumber(db, sql);
}

/** SQL: of the failed steps of a subject the first, whose refusal is the subject's. */
export const isFirstFailure = `state = 'failed' AND n = (SELECT min(n) FROM step AS other
  WHERE other.subject = step.subject AND other.state = 'failed')`;

/** Subjects with a failed step, by each code that theirs have. */
export function countByCode(db: DatabaseSync): Record<string, number> {
  const sql = `SELECT errorCode AS code, count(DISTINCT subject) AS rows FROM step WHERE state = 'failed'
    GROUP BY code ORDER BY rows DESC, code`;
  return Object.fromEntries(groupsOf(db, sql));
}

/** By code: the advice that all rows that failed with it share (src/model/rowErrors.ts), or that of the code. */
export function adviceByCode(db: DatabaseSync, usernamesUniquePerOrg: boolean | undefined): Record<string, string> {
  const names: Record<string, string> = {};
  const sql = `SELECT DISTINCT errorCode AS code, errorMessage AS message FROM step WHERE state = 'failed'`;
  for (const row of selectRows(db, sql)) {
    const code = requiredText(row['code']);
    const name = adviceName(code, optionalText(row['message']), usernamesUniquePerOrg);
    names[code] = (names[code] ?? name) === name ? name : adviceNameOfCode(code);
  }
  return names;
}

/** Follows from what is recorded: it is never stored, so it can't be wrong. */
export function runStateOf(db: DatabaseSync, counts: RunCounts): RunState {
  if (counts.planned === 0) return 'complete';
  if (readMeta(db, 'startedAt') === undefined) return 'planned';
  if (counts.pending > 0) return 'running';
  if (counts.failed + counts.unknown === 0) return 'complete';
  return counts.succeeded > 0 ? 'partial' : 'failed';
}

/** Subjects that are not finished. */
export function countOpen(db: DatabaseSync): number {
  return selectNumber(db, "SELECT count(*) FROM subject WHERE state = 'open'");
}

/** Steps of each kind and family that Salesforce does not have yet. */
type StepsToSend = { readonly kind: string; readonly family: LicenseFamily; readonly rows: number };

export function countToSend(db: DatabaseSync): StepsToSend[] {
  const notThere = `SELECT n FROM send WHERE state IN ('planned', 'created', 'uploaded')`;
  // Most are planned, and counted by an index alone.
  const sql = `SELECT kind, family = 'roleBased' AS isRoleBased, sum(rows) AS rows FROM (
    SELECT kind, family, count(*) AS rows FROM step WHERE state = 'planned' GROUP BY ${indexed}, family
    UNION ALL SELECT kind, family, 1 FROM step WHERE state = 'sending' AND send IN (${notThere})) GROUP BY 1, 2`;
  return Array.from(selectRows(db, sql), (row) => ({
    kind: requiredText(row['kind']),
    family: numberOf(row['isRoleBased']) === 1 ? 'roleBased' : 'highVolume',
    rows: numberOf(row['rows']),
  }));
}

/** Steps of a kind that are not known to be done. */
export function countUndone(db: DatabaseSync, kind: string): number {
  return selectNumber(db, "SELECT count(*) FROM step WHERE kind = ? AND state IN ('planned', 'sending')", kind);
}

/** Whether anything of the run may have reached the org: a job that was made, or a call. */
export function hasSent(db: DatabaseSync): boolean {
  return selectNumber(db, "SELECT EXISTS (SELECT 1 FROM send WHERE way <> 'job' OR state <> 'planned')") === 1;
}

/** Whether steps were sent of which nobody knows yet what became of them. */
export function hasUnsureSteps(db: DatabaseSync): boolean {
  return selectNumber(db, "SELECT EXISTS (SELECT 1 FROM step WHERE state = 'sending')") === 1;
}

/** The kinds of a plan's steps and sends. */
export function kindNames(db: DatabaseSync): string[] {
  const sql = `SELECT kind FROM (SELECT kind FROM step GROUP BY ${indexed}) UNION SELECT kind FROM send`;
  return Array.from(selectRows(db, sql), (row) => requiredText(row['kind']));
}

/** SQL: most steps, in the order in which they lie. By an index each would be looked up elsewhere. */
export const allSteps = 'step NOT INDEXED';

/** SQL: the same with their subjects. */
export const stepsInOrder = `${allSteps} CROSS JOIN subject ON subject.n = step.subject`;

/** Users that steps make or change, and licenses that they take; negative: that they free. */
export type ProfileShare = { readonly users: number; readonly seats: number };

/** By profile: of the steps that are to be sent, or of those that are done. What was sent has its license, or will never take one. */
export function countByProfile(db: DatabaseSync, state: 'planned' | 'done'): ReadonlyMap<ProfileId, ProfileShare> {
  const concerned = `count(DISTINCT CASE WHEN kind <> 'assignPermissionSet' THEN subject END)`;
  const sql = `SELECT profileId, ${concerned} AS users, sum(seats) AS seats FROM ${stepsInOrder}
    WHERE step.state = ? AND profileId IS NOT NULL GROUP BY profileId HAVING users > 0`;
  return new Map(
    Array.from(selectRows(db, sql, state), (row) => [
      requiredText(row['profileId']),
      { users: numberOf(row['users']), seats: numberOf(row['seats']) },
    ]),
  );
}

/**
 * Every value of a complete plan is of its column, every word is one that this version knows, and the rows belong together.
 * @throws RunFault runDamaged
 */
export function checkStates(db: DatabaseSync): void {
  checkColumns(db);
  const known: ReadonlyArray<readonly [table: string, column: string, words: readonly string[]]> = [
    ['subject', 'verdict', verdicts],
    ['subject', 'state', subjectStates],
    ['step', 'state', stepStates],
    ['step', 'family', families],
    ['step', 'created', ['yes', 'unknown']],
    ['send', 'state', sendStates],
    ['send', 'way', sendWays],
    ['send', 'family', families],
  ];
  for (const [table, column, words] of known) {
    const sql = `SELECT DISTINCT ${column} AS word FROM ${table} WHERE ${column} IS NOT NULL`;
    for (const { word } of selectRows(db, sql)) oneOf(db, words, word);
  }
  checkRelations(db);
}
