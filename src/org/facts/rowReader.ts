/** Typed reading of query rows whose columns must hold something. */
import { isSalesforceId, type SalesforceId } from '../../model/ids.js';
import { malformed } from '../orgErrors.js';
import type { QueryRow } from '../queryRow.js';

/** @throws OrgError malformed if the column is null */
export function requiredText(row: QueryRow, column: string): string {
  const value = row[column];
  if (value === null || value === undefined) throw malformed(`query: "${column}" is empty`);
  return value;
}

/** @throws OrgError malformed if the column is null, or no Id */
export function requiredId(row: QueryRow, column: string): SalesforceId {
  const id = requiredText(row, column);
  if (!isSalesforceId(id)) throw malformed(`query: "${column}" is no Id`);
  return id;
}

/** null for null. @throws OrgError malformed if the column holds no number */
export function optionalNumber(row: QueryRow, column: string): number | null {
  const value = row[column];
  if (value === null || value === undefined) return null;
  const number = Number(value);
  if (!Number.isFinite(number)) throw malformed(`query: "${column}" is not a number`);
  return number;
}

/** The only row of a result. @throws OrgError malformed if there is none */
export function firstRow(rows: readonly QueryRow[], what: string): QueryRow {
  const [row] = rows;
  if (row === undefined) throw malformed(`query: no ${what} is visible`);
  return row;
}
