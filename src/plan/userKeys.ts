/** Which columns of a file say which user is meant (DESIGN.md §2, `disable --file`). */

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

/** The key columns of a header, the one that counts first; empty when there is none. */
export function findUserKeys(header: readonly string[]): KeyColumn[] {
  return keyFields.flatMap(([name, field]) => {
    const index = header.findIndex((column) => column.toLowerCase() === name.toLowerCase());
    const column = header[index];
    return column === undefined ? [] : [{ index, header: column, field, isNumeric: false }];
  });
}
