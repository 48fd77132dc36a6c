/** Whether run.db holds what this version writes: SQLite itself takes any table, and any value in any column. */
import type { DatabaseSync } from 'node:sqlite';
import { assignmentRules, assignmentTypes } from '../model/access/assignments.js';
import type { UserValues } from '../model/reasons.js';
import { schema } from './schema.js';
import { damagedRun, requiredText, selectNumber, selectRows } from './sqlite.js';

/** Columns with an object of texts as JSON. */
const objects: ReadonlyArray<readonly [table: string, column: string]> = [
  ['subject', 'cells'],
  ['subject', 'snapshot'],
  ['step', 'fieldValues'],
  ['step', 'after'],
];

/** Conditions that no row of a table meets: what stands in different rows belongs together. */
const impossible: ReadonlyArray<readonly [table: string, condition: string, why: string]> = [
  ['subject', `verdict = 'steps' AND state IS NULL`, 'a subject is neither open nor done'],
  [
    'subject',
    `verdict <> 'steps' AND (state IS NOT NULL OR reason IS NULL OR detailText IS NULL)`,
    'a reason is missing',
  ],
  [
    'subject',
    `state IS 'open' AND NOT EXISTS (SELECT 1 FROM step WHERE subject = subject.n AND +step.state IN ('planned', 'sending'))`,
    'nothing is left to do for an open subject',
  ],
  [
    'subject',
    `state IS NOT 'open' AND EXISTS (SELECT 1 FROM step WHERE subject = subject.n AND +step.state IN ('planned', 'sending'))`,
    'a step is left for a subject that is not open',
  ],
  ['step', 'NOT EXISTS (SELECT 1 FROM subject WHERE subject.n = step.subject)', 'a step has no subject'],
  [
    'step',
    `state = 'sending' AND NOT EXISTS (SELECT 1 FROM send
      WHERE send.n = step.send AND send.kind = step.kind AND send.state <> 'collected')`,
    'a step is under way without a send',
  ],
  ['step', `droppedFor IS NOT NULL AND state <> 'dropped'`, 'a step that goes on rests on one that is not done'],
  [
    'step',
    `created IS NOT NULL AND EXISTS (SELECT 1 FROM subject WHERE subject.n = step.subject AND userId IS NULL)`,
    'a new user has no Id',
  ],
  ['send', `way = 'job' AND state <> 'planned' AND (orgId IS NULL OR createdDate IS NULL)`, 'a job has no Id'],
];

/** Every table exists, as it was made. @throws RunFault runDamaged */
export function checkTables(db: DatabaseSync): void {
  const rows = selectRows(db, "SELECT trim(sql) AS sql FROM sqlite_schema WHERE type = 'table'");
  const found = new Set(Array.from(rows, ({ sql }) => requiredText(sql)));
  for (const table of schema.split(';').map((each) => each.trim())) {
    if (table !== '' && !found.has(table)) throw damagedRun(db, `no ${table.split(' (', 1)[0] ?? ''}`);
  }
}

/**
 * The steps of a run are of its operation.
 * @param kinds names of those that it has
 * @param written what each step of a kind writes, for a kind whose steps all write the same
 * @throws RunFault runDamaged
 */
export function checkSteps(
  db: DatabaseSync,
  kinds: readonly string[],
  written?: { readonly kind: string; readonly values: UserValues },
): void {
  const isOther = `kind NOT IN (SELECT value FROM json_each(?1)) OR kind = ?2 AND fieldValues <> ?3`;
  const others = `SELECT EXISTS (SELECT 1 FROM step WHERE ${isOther})`;
  const values = written === undefined ? null : JSON.stringify(written.values);
  if (selectNumber(db, others, JSON.stringify(kinds), written?.kind ?? null, values) === 1) {
    throw damagedRun(db, 'step: not of this operation');
  }
}

/** What is taken from users, or given back to them, names what it is. @throws RunFault runDamaged */
export function checkAssignments(db: DatabaseSync): void {
  for (const type of assignmentTypes) {
    const { assigns, removes, holds } = assignmentRules[type];
    const named = holds.map((field) => `json_extract(fieldValues, '$.${field}')`);
    const none = `kind IN ('${assigns}', '${removes}') AND (label IS NULL OR coalesce(${[...named, 'NULL'].join(', ')}) IS NULL)`;
    refuseWhere(db, 'step', [none], 'what is assigned is missing');
  }
}

/** Every user that is to be changed is kept as it was found. @throws RunFault runDamaged */
export function checkSnapshots(db: DatabaseSync): void {
  refuseWhere(db, 'subject', [`verdict = 'steps' AND (snapshot IS NULL OR userId IS NULL)`], 'a snapshot is missing');
}

/** @throws RunFault runDamaged */
export function checkRelations(db: DatabaseSync): void {
  for (const [table, condition, why] of impossible) refuseWhere(db, table, [condition], why);
}

/** @throws RunFault runDamaged for what this version never writes */
export function checkColumns(db: DatabaseSync): void {
  for (const table of ['meta', 'subject', 'step', 'send', 'sending']) {
    const columns = selectRows(db, 'SELECT name, lower(type) AS type FROM pragma_table_info(?)', table);
    refuseWhere(
      db,
      table,
      Array.from(
        columns,
        ({ name, type }) => `typeof("${requiredText(name)}") NOT IN ('${requiredText(type)}', 'null')`,
      ),
    );
  }
  for (const [table, column] of objects) {
    // Invalid JSON is an error to every other function of SQLite.
    const isOther = `json_type(${column}) <> 'object' OR EXISTS (SELECT 1 FROM json_each(${column}) WHERE type <> 'text')`;
    refuseWhere(db, table, [`CASE WHEN json_valid(${column}) THEN ${isOther} ELSE ${column} IS NOT NULL END`]);
  }
  refuseWhere(db, 'subject', ['NOT json_valid(detailFacts)', 'NOT json_valid(furtherDetails)']);
}

/** @param conditions SQL: of which no row may meet one */
function refuseWhere(
  db: DatabaseSync,
  table: string,
  conditions: readonly string[],
  why = 'a value is not of its column',
): void {
  const isDamaged = selectNumber(db, `SELECT EXISTS (SELECT 1 FROM ${table} WHERE ${conditions.join(' OR ')})`) === 1;
  if (isDamaged) throw damagedRun(db, `${table}: ${why}`);
}
