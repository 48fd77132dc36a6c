/** A copy of an object of the org in a temporary table: on disk and for this process alone, so memory does not grow with the org. */
import type { DatabaseSync } from 'node:sqlite';
import { optionalText, selectRows, transaction } from './sqlite.js';

type CopiedRow = Readonly<Record<string, string | null>>;

/** It goes with the connection to run.db: to drop it would take longer than to make it. */
export class CopyTable {
  /** A column per field, named as in the query. */
  public readonly name: string;
  private readonly db: DatabaseSync;
  private readonly fields: readonly string[];
  private static copies = 0;

  public constructor(db: DatabaseSync, fields: readonly string[]) {
    this.db = db;
    this.fields = fields;
    this.name = `temp.copy${String(CopyTable.copies++)}`;
    db.exec(`CREATE TABLE ${this.name} ("#key" TEXT, ${fields.map((name) => `${quotedName(name)} TEXT`).join(', ')})`);
  }

  /** @param keyOf what a row is found by; null: by nothing */
  public add(rows: readonly CopiedRow[], keyOf: (row: CopiedRow) => string | null): void {
    const insert = this.db.prepare(`INSERT INTO ${this.name} VALUES (?${', ?'.repeat(this.fields.length)})`);
    transaction(this.db, () => {
      for (const row of rows) insert.run(keyOf(row), ...this.fields.map((name) => row[name] ?? null));
    });
  }

  /** Once all rows are in it. */
  public index(): void {
    this.db.exec(`CREATE INDEX ${this.name}Key ON ${this.name.slice('temp.'.length)} ("#key")`);
  }

  public find(keys: readonly string[]): CopiedRow[] {
    const sql = `SELECT ${this.fields.map(quotedName).join(', ')} FROM ${this.name}
      WHERE "#key" IN (SELECT value FROM json_each(?))`;
    return Array.from(selectRows(this.db, sql, JSON.stringify(keys)), (row) =>
      Object.fromEntries(this.fields.map((field) => [field, optionalText(row[field]) ?? null])),
    );
  }
}

function quotedName(name: string): string {
  return `"${name}"`;
}
