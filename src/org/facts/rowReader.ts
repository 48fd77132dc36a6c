/** Typed reading of query rows whose columns must hold something. */
import { isSalesforceId, type SalesforceId } from '../../model/ids.js';
import { malformed } from '../orgErrors.js';
import type { QueryRow } from '../queryRow.js';

/** @throws OrgError malformed if the column is null */
export function requiredValue(row: QueryRow, column: string): string {
  const value = row[column] ?? undefined;
  if (value === undefined) throw malformed(`query: "${column}" is empty`);
  return value;
}

/** @throws OrgError malformed if the column is null, or no Id */
export function requiredId(row: QueryRow, column: string): SalesforceId {
  const id = requiredValue(row, column);
  if (!isSalesforceId(id)) throw malformed(`query: "${column}" is no Id`);
  return id;
}

/** Undefined for null. @throws OrgError malformed if the column holds no number */
export function optionalNumber(row: QueryRow, column: string): number | undefined {
  const value = row[column] ?? undefined;
  if (value !== undefined && !Number.isFinite(Number(value))) throw malformed(`query: "${column}" is not a number`);
  return value === undefined ? undefined : Number(value);
}
