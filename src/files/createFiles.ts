/** What the files of a `create` run hold. */
import type { DatabaseSync } from 'node:sqlite';
import { requireMeta, requireMetaList } from '../store/meta.js';
import type { RunFiles } from './exports.js';

export function createFiles(db: DatabaseSync): RunFiles {
  const columns = requireMetaList(db, 'columns');
  const keyColumn = requireMeta(db, 'keyColumn');
  return {
    of: ['contactId', 'profileId', 'userId', 'username'],
    // The values of a new user; of one who was there, what tells it.
    planned: {
      header: columns,
      cells: ({ values, contactId, profileId, username }) => {
        const known: Readonly<Record<string, string | undefined>> = {
          ContactId: contactId,
          ProfileId: profileId,
          Username: username,
        };
        return columns.map((column) => values[column] ?? known[column]);
      },
    },
    done: { header: ['UserId', 'Created'], cells: ({ userId, created }) => [userId, created] },
    failed: { header: ['UserId'], cells: ({ userId }) => [userId] },
    key:
      keyColumn === 'ContactId'
        ? { header: ['ContactId'], cells: ({ contactId, key }) => [contactId ?? key] }
        : { header: [keyColumn, 'ContactId'], cells: ({ key, contactId }) => [key, contactId] },
    given: requireMetaList(db, 'givenColumns'),
    hasSnapshot: false,
    hasCreateAgain: false,
  };
}
