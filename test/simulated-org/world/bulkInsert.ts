/** Rows by the hundred thousand: one INSERT … SELECT an object, its indexes made afterwards. */
import { makeId } from '../ids.ts';
import type { ObjectDefinition } from '../schema/types.ts';
import type { WorldOrg } from './worldOrg.ts';

/** Column names and the SQL that makes their values. */
export type Expressions = Readonly<Record<string, string>>;

/** `sf_id('003', n)` is the Id with this running number. */
export function offerIds(org: WorldOrg): void {
  org.store.db.function('sf_id', { deterministic: true }, (prefix, serial) => makeId(String(prefix), Number(serial)));
}

/** As the store's own insert, the audit fields stamped. */
export function insertSelect(org: WorldOrg, sobject: string, values: Expressions, from: string): void {
  const object = objectOf(org, sobject);
  const now = quoted(org.clock.timestamp());
  const by = quoted(org.runningUserId);
  const stamps: Expressions = {
    CreatedDate: now,
    CreatedById: by,
    LastModifiedDate: now,
    LastModifiedById: by,
    SystemModstamp: now,
  };
  const columns = object.fields.flatMap(({ name, generatedAs }): Array<readonly [string, string]> => {
    const expression = values[name] ?? stamps[name];
    return expression === undefined || generatedAs !== null ? [] : [[name, expression]];
  });
  const names = columns.map(([name]) => `"${name}"`).join(', ');
  org.store.db.exec(
    `INSERT INTO "${sobject}" (${names}) SELECT ${columns.map(([, expression]) => expression).join(', ')} ${from}`,
  );
}

function objectOf(org: WorldOrg, sobject: string): ObjectDefinition {
  const object = org.schema.object(sobject);
  if (object === undefined) throw new Error(`This org hides ${sobject}: seed it first, hide afterwards`);
  return object;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Building an index from a full table is many times faster than keeping it up row by row. */
export function withoutIndexes(org: WorldOrg, load: () => void): void {
  const { db } = org.store;
  const indexes = db
    .prepare(`SELECT "name", "sql" FROM "sqlite_schema" WHERE "type" = 'index' AND "sql" IS NOT NULL`)
    .all();
  for (const { name } of indexes) db.exec(`DROP INDEX "${String(name)}"`);
  load();
  for (const { sql } of indexes) db.exec(String(sql));
}
