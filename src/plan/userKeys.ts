/** Which columns of a file say which user is meant (DESIGN.md §2, `disable --file`). */

import type { KeyColumn } from './inputColumns.js';

/** In the order in which they count. */
export const userKeyFields = ['Id', 'Username', 'FederationIdentifier', 'ContactId', 'Email'] as const;

/** The key columns of a header, the one that counts first; empty when there is none. */
export function findUserKeys(header: readonly string[]): KeyColumn[] {
  return userKeyFields.flatMap((field) => {
    const index = header.findIndex((column) => column.toLowerCase() === field.toLowerCase());
    const column = header[index];
    return column === undefined ? [] : [{ index, header: column, field, isNumeric: false }];
  });
}
