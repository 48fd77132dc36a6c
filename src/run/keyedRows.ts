/** Finds the records that the rows of a file name by a key; rows keep their order. */
import type { OrgClient } from '../org/orgClient.js';
import { queryIn, type QueryRow } from '../org/query.js';
import type { KeyColumn } from '../plan/inputColumns.js';
import { isSalesforceId } from '../plan/salesforceIds.js';
import type { InputFile, InputRow } from './inputFile.js';

export type Key = Omit<KeyColumn, 'index'> & { readonly value: string };

export type KeyedRow = {
  readonly row: InputRow;
  readonly key: Key;
  /** The cell is empty, or can be no such key: nothing was looked up. */
  readonly isBad: boolean;
  readonly matches: readonly QueryRow[];
};

export type KeyedQuery = {
  readonly from: 'Contact' | 'User';
  readonly fields: readonly string[];
  /** In the order in which they are tried for a row: the first whose cell is not empty is its key. */
  readonly keys: readonly [KeyColumn, ...KeyColumn[]];
};

/** @throws OrgError, InputFileError */
export async function* findByKey(
  client: OrgClient,
  file: InputFile,
  query: KeyedQuery,
): AsyncGenerator<readonly KeyedRow[]> {
  for await (const rows of file.rows) {
    const keyed = rows.map((row) => {
      const key = keyOf(row, query);
      return { row, key, isBad: isBadKey(key, query.from) };
    });
    const found = new Map<string, Map<string, QueryRow[]>>();
    for (const key of query.keys) {
      if (found.has(key.field)) continue;
      const values = keyed.filter((each) => each.key.field === key.field && !each.isBad).map((each) => each.key.value);
      found.set(key.field, await findRecords(client, query, key, [...new Set(values)]));
    }
    yield keyed.map((each) => ({
      ...each,
      matches: each.isBad ? [] : (found.get(each.key.field)?.get(comparable(each.key, each.key.value)) ?? []),
    }));
  }
}

function keyOf(row: InputRow, { keys }: KeyedQuery): Key {
  const cell = ({ index }: KeyColumn): string => (row.cells[index] ?? '').trim();
  const key = keys.find((candidate) => cell(candidate) !== '') ?? keys[0];
  return { ...key, value: cell(key) };
}

/** No field that can be a key takes more (Object Reference: 255 for texts). */
const longestKey = 255;

const idPrefixes: Readonly<Record<KeyedQuery['from'], Readonly<Record<string, string>>>> = {
  Contact: { Id: '003' },
  User: { Id: '005', ContactId: '003' },
};

function isBadKey({ field, value, isNumeric }: Key, from: KeyedQuery['from']): boolean {
  if (value === '' || value.length > longestKey) return true;
  if (isNumeric && !Number.isFinite(Number(value))) return true;
  const prefix = idPrefixes[from][field];
  return prefix !== undefined && !(isSalesforceId(value) && value.startsWith(prefix));
}

/** By comparable key. */
async function findRecords(
  client: OrgClient,
  { from, fields }: KeyedQuery,
  key: KeyColumn,
  values: readonly string[],
): Promise<Map<string, QueryRow[]>> {
  const found = new Map<string, QueryRow[]>();
  if (values.length === 0) return found;
  const { field, isNumeric } = key;
  const queried = [...new Set([...fields, field])];
  for await (const page of queryIn(client, { fields: queried, from, field, isNumeric, values })) {
    for (const record of page) {
      const value = comparable(key, record[field] ?? '');
      const same = found.get(value) ?? [];
      if (!same.some((other) => other['Id'] === record['Id'])) found.set(value, [...same, record]);
    }
  }
  return found;
}

/** Ids are compared by their 15 case-sensitive characters, everything else as SOQL does: without regard to case. */
function comparable({ field, isNumeric }: Pick<KeyColumn, 'field' | 'isNumeric'>, value: string): string {
  if (isNumeric) return String(Number(value));
  return field === 'Id' || field === 'ContactId' ? value.slice(0, 15) : value.toLowerCase();
}
