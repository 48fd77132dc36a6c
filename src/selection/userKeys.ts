/** Which columns of a file say which user is meant (docs/someone-left.md). */

import type { KeyColumn } from './inputColumns.js';

/** In the order in which they count: column → field of User. The files that we write ourselves have a UserId. */
const keyFields = [
  ['UserId', 'Id'],
  ['Id', 'Id'],
  ['Username', 'Username'],
  ['FederationIdentifier', 'FederationIdentifier'],
  ['ContactId', 'ContactId'],
  ['Email', 'Email'],
] as const;

export const userKeyColumns: readonly string[] = keyFields.map(([column]) => column);

/**
 * The key column of a header; undefined when there is none. No other column stands in where its cell is empty: an address
 * may belong to somebody else.
 */
export function findUserKey(header: readonly string[]): KeyColumn | undefined {
  for (const [name, field] of keyFields) {
    const index = header.findIndex((column) => column.toLowerCase() === name.toLowerCase());
    const column = header[index];
    if (column !== undefined) return { index, header: column, field, isNumeric: false, isCaseSensitive: false };
  }
  return undefined;
}
