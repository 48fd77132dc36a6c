/** Finds the records that the rows of a file name by a key; rows keep their order. */
import type { DatabaseSync } from 'node:sqlite';
import { requiredValue } from '../org/queryRow.js';
import type { OrgClient } from '../org/orgClient.js';
import { allRows, type QueryRow } from '../org/query.js';
import { cellText } from './cellText.js';
import type { KeyColumn } from './inputColumns.js';
import { isSameColumn } from '../files/userColumns.js';
import { isSalesforceId, restoreCase, sameId } from '../model/ids.js';
import { refuse, type Refusal } from '../model/reasons.js';
import type { InputFile, InputRow } from './inputFile.js';
import { amountOf, comparable, Lookup } from './lookup.js';
import { measured } from './pages.js';

export type Key = KeyColumn & { readonly value: string };

export type KeyedRow = {
  readonly row: InputRow;
  readonly key: Key;
  readonly record: QueryRow | undefined;
  /** Why there is no record. */
  readonly refusal: Refusal | undefined;
};

type KeyedQuery = {
  readonly from: 'Contact' | 'User';
  readonly fields: readonly string[];
  /** In the order in which they are tried for a row: the first whose cell is not empty is its key. */
  readonly keys: readonly [KeyColumn, ...KeyColumn[]];
  /** What stands in these columns of a row belongs to no other record than the one that its key names. */
  readonly beside?: readonly KeyColumn[];
};

/** @param db where a copy of the object may lie, for a file of many rows @throws OrgError, InputFileError */
export async function* findByKey(
  client: OrgClient,
  db: DatabaseSync,
  file: InputFile,
  query: KeyedQuery,
): AsyncGenerator<readonly KeyedRow[]> {
  const { from, keys, beside = [] } = query;
  const amount = amountOf(0);
  const account = file.header.findIndex((column) => isSameColumn(column, 'AccountId'));
  const columns = [...keys, ...beside];
  const lookups = columns
    .filter(({ field }, index) => columns.findIndex((key) => key.field === field) === index)
    .map((key) => {
      const fields = [...new Set([...query.fields, key.field])];
      return { key, lookup: new Lookup(client, db, { ...key, fields, from }, amount) };
    });
  for await (const rows of measured(file.rows, amount)) {
    const keyed = rows.map((row) => {
      const key = keyOfRow(row, query);
      const others = beside.filter(({ index }) => index !== key.index).map((column) => keyIn(row, column, from));
      return { row, key, isBad: isBadKey(key, from), others };
    });
    const soughtBy = ({ field }: KeyColumn): Key[] =>
      keyed
        .flatMap(({ key, others }) => [key, ...others])
        .filter((each) => each.field === field && !isBadKey(each, from));
    const found = new Map<string, Map<string, QueryRow[]>>();
    for (const { key, lookup } of lookups) {
      found.set(key.field, await findRecords(lookup, key, [...new Set(soughtBy(key).map(({ value }) => value))]));
    }
    const matching = (key: Key): readonly QueryRow[] => found.get(key.field)?.get(comparable(key, key.value)) ?? [];
    yield keyed.map(({ row, key, isBad, others }) => {
      const judged = judge(row, key, isBad, isBad ? [] : matching(key), from);
      const { record } = judged;
      const contrary = contradicts(row, key, record, cellText(row.cells[account] ?? ''));
      const [two] = others.flatMap((other) => namesTwo(row, record, other, matching(other)) ?? []);
      return { row, key, ...judged, ...contrary, ...two };
    });
  }
}

const reasons = {
  Contact: {
    empty: 'CONTACT_NOT_FOUND.emptyKey',
    rounded: 'CONTACT_NOT_FOUND.rounded',
    none: 'CONTACT_NOT_FOUND.detail',
    many: 'AMBIGUOUS_KEY.detail',
  },
  User: {
    empty: 'USER_NOT_FOUND.emptyKey',
    rounded: 'USER_NOT_FOUND.rounded',
    none: 'USER_NOT_FOUND.detail',
    many: 'AMBIGUOUS_KEY.users',
  },
} as const;

/** A row is taken when its key is that of one record, and of no other. */
function judge(
  row: InputRow,
  { field, header: column, value }: Key,
  isBad: boolean,
  matches: readonly QueryRow[],
  from: KeyedQuery['from'],
): Pick<KeyedRow, 'record' | 'refusal'> {
  const no = (refusal: Refusal): Pick<KeyedRow, 'record' | 'refusal'> => ({ record: undefined, refusal });
  const line = String(row.line);
  const { empty, rounded, none, many } = reasons[from];
  if (value === '') return no(refuse(empty, { column, line }));
  if (isBad && from === 'User') return no(refuse('USER_NOT_FOUND.badId', { value, line, column }));
  if (isBad && field === 'Id' && isSalesforceId(value) && value.startsWith('001'))
    return no(refuse('CONTACT_NOT_FOUND.accountId', { value, line }));
  if (isBad && field === 'Id') return no(refuse('CONTACT_NOT_FOUND.noContactId', { value, line }));
  const [record, ...others] = matches;
  if (record === undefined) return no(refuse(isRounded(value) ? rounded : none, { column, value, line }));
  if (others.length === 0) return { record, refusal: undefined };
  const ids = matches.slice(0, 5).map((match) => requiredValue(match, 'Id'));
  const facts = { column, value, line, count: matches.length, ids: ids.join(', ') };
  return no(refuse(many, facts));
}

/**
 * An address, or another key that is no Id, can be that of somebody else: the account beside it says who is meant.
 * @param account as the file has it
 */
function contradicts(
  { line }: InputRow,
  { field }: Key,
  record: QueryRow | undefined,
  account: string,
): Pick<KeyedRow, 'record' | 'refusal'> | undefined {
  const found = record?.['AccountId'] ?? undefined;
  if (field.endsWith('Id') || record === undefined || !isSalesforceId(account) || sameId(found, account))
    return undefined;
  const refusal = refuse('CONTRADICTED.account', { line: String(line), account, found: found ?? 'none' });
  return { record: undefined, refusal };
}

/** Two keys of a row, one of which was corrected, or filled in, may be those of two people. */
function namesTwo(
  { line }: InputRow,
  record: QueryRow | undefined,
  { header: column, value }: Key,
  others: readonly QueryRow[],
): Pick<KeyedRow, 'record' | 'refusal'> | undefined {
  if (record === undefined || others.length === 0) return undefined;
  const ids = others.map((each) => requiredValue(each, 'Id'));
  const userId = requiredValue(record, 'Id');
  if (ids.some((id) => sameId(id, userId))) return undefined;
  const facts = { line: String(line), userId, column, value, ids: ids.slice(0, 5).join(', ') };
  return { record: undefined, refusal: refuse('AMBIGUOUS_KEY.twoUsers', facts) };
}

function keyOfRow(row: InputRow, { from, keys }: KeyedQuery): Key {
  const given = keys.map((column) => keyIn(row, column, from));
  const [first, ...others] = given;
  return (
    given.find(({ value }) => value !== '') ??
    others.reduce((one, other) => (other.index < one.index ? other : one), first ?? keyIn(row, keys[0], from))
  );
}

function keyIn({ cells }: InputRow, column: KeyColumn, from: KeyedQuery['from']): Key {
  const cell = cellText(cells[column.index] ?? '');
  const isId = idPrefixes[from][column.field] !== undefined;
  return { ...column, value: isId ? restoreCase(cell) : cell };
}

/** Spreadsheets show numbers of twelve digits and more as `1.23457E+11`, and write into a CSV file what they show. */
function isRounded(value: string): boolean {
  return /^\d([.,]\d+)?E\+?\d+$/i.test(value);
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
  lookup: Lookup,
  key: KeyColumn,
  values: readonly string[],
): Promise<Map<string, QueryRow[]>> {
  // Values that differ in case only bring the same record twice.
  const records = new Map((await allRows(lookup.find(values))).map((record) => [record['Id'], record]));
  return Map.groupBy(records.values(), (record) => comparable(key, requiredValue(record, key.field)));
}
