/** What the files of an `invite` run hold. No file ever holds a password. */
import type { DatabaseSync } from 'node:sqlite';
import { requireMeta, requireMetaList } from '../store/meta.js';
import { keyCell, type RunFiles } from './exports.js';

export function inviteFiles(db: DatabaseSync): RunFiles {
  const keyColumn = requireMeta(db, 'keyColumn');
  return {
    of: ['userId', 'username', 'name', 'contactId', 'accountId', 'accountName'],
    planned: [
      ['Id', ({ target }) => target],
      ['UserId', ({ userId }) => userId],
      ['Username', ({ username }) => username],
      ['Name', ({ name }) => name],
      ['ContactId', ({ contactId }) => contactId],
      ['AccountId', ({ accountId }) => accountId],
      ['AccountName', ({ accountName }) => accountName],
    ],
    done: [],
    failed: [],
    key: [
      [keyColumn, keyCell(keyColumn)],
      ['UserId', ({ userId }) => userId],
      ['ContactId', ({ contactId }) => contactId],
    ],
    given: requireMetaList(db, 'givenColumns'),
    hasSnapshot: false,
    hasCreateAgain: false,
    hasUnknown: true,
  };
}
