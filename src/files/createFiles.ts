/** What the files of a `create` run hold. */
import type { DatabaseSync } from 'node:sqlite';
import { requireMeta, requireMetaList } from '../store/meta.js';
import type { StepRow } from '../store/queries/exportRows.js';
import { keyColumns, type RunFiles } from './exports.js';

export function createFiles(db: DatabaseSync): RunFiles {
  const columns = requireMetaList(db, 'columns');
  const keyColumn = requireMeta(db, 'keyColumn');
  // The values of a new user; of one who was there, what tells it.
  const known: Readonly<Record<string, (row: StepRow) => string | undefined>> = {
    ContactId: ({ contactId }) => contactId,
    ProfileId: ({ profileId }) => profileId,
    Username: ({ username }) => username,
  };
  return {
    of: ['contactId', 'profileId', 'userId', 'username'],
    planned: columns.map((column) => [column, (row) => row.values[column] ?? known[column]?.(row)]),
    done: [
      ['UserId', ({ userId }) => userId],
      ['Created', ({ created }) => created],
    ],
    failed: [['UserId', ({ userId }) => userId]],
    key: keyColumns(keyColumn, ({ contactId, key }) => contactId ?? key),
    given: requireMetaList(db, 'givenColumns'),
    hasSnapshot: false,
    hasCreateAgain: false,
  };
}
