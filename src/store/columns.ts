/** Whether run.db holds what src/store/schema.ts declares: SQLite itself takes any value in any column. */
import type { DatabaseSync } from 'node:sqlite';
import { damagedRun, requiredText, selectNumber, selectRows } from './sqlite.js';

/** Columns with an object of texts as JSON. */
const objects: ReadonlyArray<readonly [table: string, column: string]> = [
  ['subject', 'cells'],
  ['subject', 'snapshot'],
  ['step', 'fieldValues'],
  ['step', 'after'],
];

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
  refuseWhere(db, 'subject', ['NOT json_valid(detailFacts)']);
}

/** @param conditions SQL: of which no row may meet one */
function refuseWhere(db: DatabaseSync, table: string, conditions: readonly string[]): void {
  const isDamaged = selectNumber(db, `SELECT EXISTS (SELECT 1 FROM ${table} WHERE ${conditions.join(' OR ')})`) === 1;
  if (isDamaged) throw damagedRun(db, `${table}: a value is not of its column`);
}
