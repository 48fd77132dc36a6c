/** Finds the rows of an object by the values of one field: by IN lists where they are few, in a copy of the object where they are many. */
import { idKey } from '../model/ids.js';
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { queryIn, queryPages, type FindRows, type QueryIn, type QueryRow } from '../org/query.js';
import { selectRows, textOrNull, transaction } from '../store/sqlite.js';

/** From here on, reading the whole object takes fewer calls than asking for each value by an IN list. */
export const mostByLists = 10_000;

export type LookupQuery = Omit<QueryIn, 'values'>;

/**
 * A copy lies in a temporary table, on disk and for this process alone: memory does not grow with the org.
 * It goes with the connection to run.db: to drop it would take longer than to make it.
 */
export class Lookup {
  private readonly client: OrgClient;
  private readonly db: DatabaseSync;
  private readonly query: LookupQuery;
  private isCopied: boolean;
  private copying: Promise<string> | undefined;
  private copy: string | undefined;
  private static copies = 0;

  /** @param isMany more than `mostByLists` values will be asked for in all */
  public constructor(client: OrgClient, db: DatabaseSync, query: LookupQuery, isMany = false) {
    this.client = client;
    this.db = db;
    this.query = query;
    this.isCopied = isMany;
  }

  /** @throws OrgError */
  public readonly find: FindRows = (values) =>
    this.isCopied ? this.findInCopy(values) : queryIn(this.client, { ...this.query, values });

  /** From now on, values are looked for in a copy, which is made when it is first needed. */
  public useCopy(): void {
    this.isCopied = true;
  }

  /** Begins with the copy; whoever needs it learns of a failure. */
  public startCopy(): void {
    this.copied().catch(() => undefined);
  }

  /** The temporary table with the copy, where there is one by now: a column per field, named as in the query. */
  public get table(): string | undefined {
    return this.copy;
  }

  private copied(): Promise<string> {
    this.copying ??= this.makeCopy().then((table) => (this.copy = table));
    return this.copying;
  }

  private async *findInCopy(values: readonly string[]): AsyncGenerator<readonly QueryRow[]> {
    if (values.length === 0) return;
    const { fields } = this.query;
    const keys = JSON.stringify(values.map((value) => comparable(this.query, value)));
    const sql = `SELECT ${fields.map(quotedName).join(', ')} FROM ${await this.copied()}
      WHERE "#key" IN (SELECT value FROM json_each(?))`;
    const rows = [...selectRows(this.db, sql, keys)];
    if (rows.length > 0) {
      yield rows.map((row) => Object.fromEntries(fields.map((field) => [field, textOrNull(row[field])])));
    }
  }

  private async makeCopy(): Promise<string> {
    const { from, fields, field, and } = this.query;
    const copied = [...new Set([...fields, field])];
    const table = `temp.copy${String(Lookup.copies++)}`;
    this.db.exec(`CREATE TABLE ${table} ("#key" TEXT, ${copied.map((name) => `${quotedName(name)} TEXT`).join(', ')})`);
    const insert = this.db.prepare(`INSERT INTO ${table} VALUES (?${', ?'.repeat(copied.length)})`);
    const soql = `SELECT ${copied.join(',')} FROM ${from}${and === undefined ? '' : ` WHERE ${and}`}`;
    for await (const page of queryPages(this.client, soql, { fields: copied })) {
      transaction(this.db, () => {
        for (const row of page) {
          const value = row[field] ?? null;
          insert.run(value === null ? null : comparable(this.query, value), ...copied.map((name) => row[name] ?? null));
        }
      });
    }
    this.db.exec(`CREATE INDEX ${table}Key ON ${table.slice('temp.'.length)} ("#key")`);
    return table;
  }
}

/**
 * Ids are compared by their 15 case-sensitive characters, everything else as SOQL does: without regard to case, but for
 * fields that are told to be case-sensitive.
 */
export function comparable(
  { field, isNumeric, isCaseSensitive }: Pick<LookupQuery, 'field' | 'isNumeric' | 'isCaseSensitive'>,
  value: string,
): string {
  if (isNumeric === true) return String(Number(value));
  if (isCaseSensitive === true) return value;
  return /(^|[a-z])Id$/.test(field) ? idKey(value) : value.toLowerCase();
}

function quotedName(name: string): string {
  return `"${name}"`;
}
