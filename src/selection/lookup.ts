/** Finds the rows of an object by the values of one field: by IN lists where they are few, in a copy of the object where they are many. */
import type { DatabaseSync } from 'node:sqlite';
import { idKey } from '../model/ids.js';
import { requiredValue } from '../org/queryRow.js';
import type { OrgClient } from '../org/orgClient.js';
import {
  allRows,
  countRows,
  mostByLists,
  queriesIn,
  queryIn,
  queryPages,
  type FindRows,
  type QueryIn,
  type QueryRow,
} from '../org/query.js';
import { CopyTable } from '../store/copyTable.js';

export type LookupQuery = Omit<QueryIn, 'values'>;

/** Whether more values will be asked for in all than IN lists are good for; it is known before the first is asked for. */
export type Amount = { isMany: boolean };

export function amountOf(values: number): Amount {
  return { isMany: values > mostByLists };
}

/** More lists than that are worth a call that counts the rows of the object. */
const fewLists = 10;

/** Of a copy, in lists that take about as long: the job of its query with the looks at it, and each 50,000 rows. */
function costOfCopy(rows: number): number {
  return 5 + 5 * Math.ceil(rows / 50_000);
}

export class Lookup {
  private readonly client: OrgClient;
  private readonly db: DatabaseSync;
  private readonly query: LookupQuery;
  private readonly amount: Readonly<Amount>;
  private copying: Promise<CopyTable> | undefined;
  private copy: CopyTable | undefined;

  public constructor(client: OrgClient, db: DatabaseSync, query: LookupQuery, amount: Readonly<Amount>) {
    this.client = client;
    this.db = db;
    this.query = query;
    this.amount = amount;
  }

  /** @throws OrgError */
  public readonly find: FindRows = (values) => (this.amount.isMany ? this.findInCopy(values) : this.findFew(values));

  /** Begins with the copy; the code that needs it learns of a failure. */
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

  /** By lists, or in a copy of an object that is so small that it is read sooner. */
  private async *findFew(values: readonly string[]): AsyncGenerator<readonly QueryRow[]> {
    const { from, where } = this.query;
    const lists = queriesIn(this.client, { ...this.query, values }).length;
    const condition = where === undefined ? '' : ` WHERE ${where}`;
    const isSmall = lists > fewLists && costOfCopy(await countRows(this.client, from + condition)) < lists;
    yield* isSmall ? this.findInCopy(values) : queryIn(this.client, { ...this.query, values });
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

/** The records of some Ids. @param lookup by Id @throws OrgError */
export async function readById(lookup: Lookup, ids: readonly string[]): Promise<ReadonlyMap<string, QueryRow>> {
  return new Map((await allRows(lookup.find(ids))).map((record) => [requiredValue(record, 'Id'), record]));
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
