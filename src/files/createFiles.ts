/** What the files of a `create` run hold. */
import type { DatabaseSync } from 'node:sqlite';
import { requireMeta, requireMetaList } from '../store/meta.js';
import type { DecidedRow, StepRow } from '../store/queries/exportRows.js';
import { keyCell, type RunFiles } from './exports.js';
import { isSameColumn } from './userColumns.js';

export function createFiles(db: DatabaseSync): RunFiles {
  const columns = requireMetaList(db, 'columns');
  const firstToCount = requireMeta(db, 'keyColumn');
  const given = requireMetaList(db, 'givenColumns');
  // People look for the key that they used, also where another one would count before it.
  const [keyColumn = firstToCount] = given;
  const contactColumn = given.find((column) => isSameColumn(column, 'ContactId'));
  // The values of a new user; of one who was there, what tells it.
  const known: Readonly<Record<string, (row: StepRow) => string | undefined>> = {
    ContactId: ({ contactId }) => contactId,
    ProfileId: ({ profileId }) => profileId,
    Username: ({ username }) => username,
  };
  return {
    of: ['contactId', 'profileId', 'userId', 'username', 'name', 'accountId', 'accountName'],
    ofPlanned: [],
    planned: columns.map((column) => [column, (row) => row.values[column] ?? known[column]?.(row)]),
    done: [
      ['UserId', ({ userId }) => userId],
      ['Created', ({ created }) => created],
    ],
    failed: [
      ['UserId', ({ userId }) => userId],
      ['Name', ({ name }) => name],
      ['AccountId', ({ accountId }) => accountId],
      ['AccountName', ({ accountName }) => accountName],
    ],
    key: [
      [keyColumn, isSameColumn(keyColumn, 'ContactId') ? contactCell(keyColumn) : keyCell(keyColumn)],
      ['ContactId', ({ contactId, cells }) => contactId ?? (contactColumn && cells[contactColumn])],
    ],
    given,
    hasRowPerUser: false,
    hasSnapshot: false,
    hasCreateAgain: false,
    hasUnknown: false,
  };
}

/** The ContactId that was found; where none was, as it was given. */
function contactCell(keyColumn: string): (row: DecidedRow) => string | undefined {
  return ({ cells, contactId, key }) => contactId ?? cells[keyColumn] ?? key;
}
