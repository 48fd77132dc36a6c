/** Prepared statements, kept per database: rules ask the same few questions for every row. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

const kept = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

export function statement(db: DatabaseSync, sql: string): StatementSync {
  let statements = kept.get(db);
  if (statements === undefined) kept.set(db, (statements = new Map<string, StatementSync>()));
  let found = statements.get(sql);
  if (found === undefined) statements.set(sql, (found = db.prepare(sql)));
  return found;
}
