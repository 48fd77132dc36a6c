/** Finds the records that the rows of a file name by a key; rows keep their order. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import type { QueryRow } from '../org/query.js';
import type { KeyColumn } from './inputColumns.js';
import { isSalesforceId } from '../model/ids.js';
import type { InputFile, InputRow } from './inputFile.js';
import { comparable, Lookup } from './lookup.js';
import { withSize } from './pages.js';

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

/** @param db where a copy of the object may lie, for a file of many rows @throws OrgError, InputFileError */
export async function* findByKey(
  client: OrgClient,
  db: DatabaseSync,
  file: InputFile,
  query: KeyedQuery,
): AsyncGenerator<readonly KeyedRow[]> {
  const { from, keys } = query;
  const lookups = new Map<string, Lookup>();
  for await (const { rows, isMany } of withSize(file.rows)) {
    const keyed = rows.map((row) => {
      const key = keyOfRow(row, query);
      return { row, key, isBad: isBadKey(key, from) };
    });
    const found = new Map<string, Map<string, QueryRow[]>>();
    for (const { field, isNumeric, isCaseSensitive } of keys) {
      if (found.has(field)) continue;
      const fields = [...new Set([...query.fields, field])];
      const lookup =
        lookups.get(field) ?? new Lookup(client, db, { fields, from, field, isNumeric, isCaseSensitive }, isMany);
      lookups.set(field, lookup);
      const values = keyed.filter((each) => each.key.field === field && !each.isBad).map((each) => each.key.value);
      found.set(field, await findRecords(lookup, { field, isNumeric, isCaseSensitive }, [...new Set(values)]));
    }
    yield keyed.map((each) => ({
      ...each,
      matches: each.isBad ? [] : (found.get(each.key.field)?.get(comparable(each.key, each.key.value)) ?? []),
    }));
  }
}

function keyOfRow(row: InputRow, { keys }: KeyedQuery): Key {
  const cell = ({ index }: KeyColumn): string => (row.cells[index] ?? '').trim();
  const key = keys.find((candidate) => cell(candidate) !== '') ?? keys[0];
  return { ...key, value: cell(key) };
}

/** No field that can be a key takes more (Object Reference: 255 for texts, but for one). */
const longestKey = (field: string): number => (field === 'FederationIdentifier' ? 512 : 255);

const idPrefixes: Readonly<Record<KeyedQuery['from'], Readonly<Record<string, string>>>> = {
  Contact: { Id: '003' },
  User: { Id: '005', ContactId: '003' },
};

function isBadKey({ field, value, isNumeric }: Key, from: KeyedQuery['from']): boolean {
  if (value === '' || value.length > longestKey(field)) return true;
  if (isNumeric && !isExactNumber(value)) return true;
  const prefix = idPrefixes[from][field];
  return prefix !== undefined && !(isSalesforceId(value) && value.startsWith(prefix));
}

/** As Salesforce writes numbers, with no more digits than a double holds: what is rounded would find somebody else. */
function isExactNumber(value: string): boolean {
  return (
    /^[-+]?\d*\.?\d+$/.test(value) &&
    value.replace(/^[-+0.]+|\./g, '').length <= 15 &&
    !String(Number(value)).includes('e')
  );
}

/** By comparable key. */
async function findRecords(
  { find }: Lookup,
  key: Pick<KeyColumn, 'field' | 'isNumeric' | 'isCaseSensitive'>,
  values: readonly string[],
): Promise<Map<string, QueryRow[]>> {
  const found = new Map<string, QueryRow[]>();
  if (values.length === 0) return found;
  for await (const page of find(values)) {
    for (const record of page) {
      const held = record[key.field] ?? null;
      if (held === null) continue;
      const value = comparable(key, held);
      const same = found.get(value) ?? [];
      if (!same.some((other) => other['Id'] === record['Id'])) found.set(value, [...same, record]);
    }
  }
  return found;
}
