/** Turns what REST and Bulk API 2.0 return for a query into the same flat rows of text; and reads their columns. */
import type {
  AccountId,
  ContactId,
  PermissionSetId,
  ProfileId,
  UserId,
  UserLicenseId,
  UserRoleId,
} from '../model/ids.js';
import { isJsonObject, type JsonObject } from '../model/facts.js';
import { checkedId, JsonReader, NumberText } from './jsonReader.js';
import { malformed } from './orgErrors.js';
import type { CsvSlice } from './bulk/csvSlices.js';

/**
 * One row of a query: values by the path as it is written in the select list (`Account.Owner.UserRoleId`), as text
 * (`true`, `42`); null for null and for the empty text. Date-times end in `Z` as in Bulk results.
 */
export type QueryRow = Readonly<Record<string, string | null>> & IdColumns;

/** Columns whose names say whose Ids they hold, also at the end of a path. */
type IdColumns = {
  readonly [column: `${string}AccountId`]: AccountId | null;
  readonly [column: `${string}AssigneeId` | `${string}LastModifiedById` | `${string}UserId`]: UserId | null;
  readonly [column: `${string}ContactId`]: ContactId | null;
  readonly [column: `${string}PermissionSetGroupId` | `${string}PermissionSetId`]: PermissionSetId | null;
  readonly [column: `${string}ProfileId`]: ProfileId | null;
  readonly [column: `${string}UserLicenseId`]: UserLicenseId | null;
  readonly [column: `${string}UserRoleId`]: UserRoleId | null;
};

/** A record of a REST answer. A parent that is null gives null for each path below it. @throws OrgError malformed */
export function rowOfRecord(record: unknown, fields: readonly string[]): QueryRow {
  const { object } = new JsonReader(record, 'query');
  const row: Record<string, string | null> = {};
  for (const field of fields) row[field] = cellOf(valueAt(object, field), field);
  return row;
}

function valueAt(record: JsonObject, field: string): unknown {
  let value: unknown = record;
  for (const name of field.split('.')) {
    if (value === null) return null;
    value = isJsonObject(value) ? anyCase(value, name) : undefined;
    if (value === undefined) throw malformed(`query: the answer has no "${field}"`);
  }
  return value;
}

/** Answers use the spelling of the describe call, SOQL may use any. */
function anyCase(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const lowerCase = name.toLowerCase();
  const key = Object.keys(object).find((each) => each.toLowerCase() === lowerCase);
  return key === undefined ? undefined : object[key];
}

function cellOf(value: unknown, field: string): string | null {
  if (holdsId(field)) return idOrNull(value, field);
  if (value === null || value === '') return null;
  if (typeof value === 'string') return value.replace(restDateTime, '$1Z');
  if (typeof value === 'boolean') return String(value);
  if (value instanceof NumberText) return value.text;
  throw malformed(`query: "${field}" is not a plain value`);
}

/** Standard fields that end so hold Ids of records, but for the two of Data.com on Contact and Account (Object Reference). */
function holdsId(field: string): boolean {
  return field.endsWith('Id') && !/JigsawC\w+Id$/u.test(field);
}

/** Rows are told apart by their Ids, and who is protected, or has a user, is known by them. @throws OrgError malformed */
function idOrNull(value: unknown, field: string): string | null {
  if (field !== 'Id' && (value === null || value === '')) return null;
  if (typeof value !== 'string') throw malformed(`query: "${field}" is no Id`);
  return checkedId(value, `query: "${field}"`);
}

/** JSON has `2021-08-31T01:31:13.000+0000` where CSV has `2021-08-31T01:31:13.000Z`. */
const restDateTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+0000$/u;

/** The rows of a slice of Bulk results; columns are found by name, never by place. @throws OrgError malformed */
export function rowsOfSlice({ header, rows }: CsvSlice, fields: readonly string[]): QueryRow[] {
  const places = new Map(header.map((name, place) => [name.toLowerCase(), place]));
  const columns = fields.map((field) => {
    const place = places.get(field.toLowerCase());
    if (place === undefined) throw malformed(`query: the results have no column "${field}"`);
    return { field, place };
  });
  return rows.map((cells) => {
    const row: Record<string, string | null> = {};
    for (const { field, place } of columns) {
      const cell = cells[place];
      row[field] = cell === undefined || cell === '' ? null : holdsId(field) ? idOrNull(cell, field) : cell;
    }
    return row;
  });
}

/** @throws OrgError malformed if the column is null */
export function requiredValue<Column extends string>(row: QueryRow, column: Column): NonNullable<QueryRow[Column]> {
  const value = row[column] ?? undefined;
  if (value === undefined) throw malformed(`query: "${column}" is empty`);
  return value;
}

/** Undefined for null. @throws OrgError malformed if the column holds no number */
export function optionalNumber(row: QueryRow, column: string): number | undefined {
  const value = row[column] ?? undefined;
  if (value !== undefined && !Number.isFinite(Number(value))) throw malformed(`query: "${column}" is not a number`);
  return value === undefined ? undefined : Number(value);
}
