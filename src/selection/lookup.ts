/** Finds the rows of an object by the values of one field: by IN lists where they are few, in a copy of the object where they are many. */
import { idKey } from '../model/ids.js';
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { queryIn, queryPages, type FindRows, type QueryIn, type QueryRow } from '../org/query.js';
import { CopyTable } from '../store/copyTable.js';

export type LookupQuery = Omit<QueryIn, 'values'>;

export class Lookup {
  private readonly client: OrgClient;
  private readonly db: DatabaseSync;
  private readonly query: LookupQuery;
  private isCopied: boolean;
  private copying: Promise<CopyTable> | undefined;
  private copy: CopyTable | undefined;

  /** @param isMany more values than IN lists are good for will be asked for in all */
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

  /** The temporary table with the copy, where there is one by now. */
  public get table(): string | undefined {
    return this.copy?.name;
  }

  private copied(): Promise<CopyTable> {
    this.copying ??= this.makeCopy().then((copy) => (this.copy = copy));
    return this.copying;
  }

  private async *findInCopy(values: readonly string[]): AsyncGenerator<readonly QueryRow[]> {
    if (values.length === 0) return;
    const copy = await this.copied();
    const rows = copy.find(values.map((value) => comparable(this.query, value)));
    if (rows.length > 0) yield rows;
  }

  private async makeCopy(): Promise<CopyTable> {
    const { field } = this.query;
    const fields = [...new Set([...this.query.fields, field])];
    const copy = new CopyTable(this.db, fields);
    for await (const page of queryPages(this.client, { ...this.query, fields })) {
      copy.add(page, (row) => {
        const value = row[field] ?? null;
        return value === null ? null : comparable(this.query, value);
      });
    }
    copy.index();
    return copy;
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
