/** What the files of a `disable` or `enable` run hold. */
import type { DatabaseSync } from 'node:sqlite';
import { isForGood, modeRule, type Mode } from '../model/modes.js';
import { requireMeta, requireMetaList } from '../store/meta.js';
import { keyCell, type RunFiles } from './exports.js';

export function changeFiles(db: DatabaseSync, mode: Mode): RunFiles {
  const { field } = modeRule(mode).kind;
  const keyColumn = requireMeta(db, 'keyColumn');
  return {
    of: ['userId', 'username', 'name', 'contactId', 'accountId', 'accountName'],
    // What is sent, and columns for reading.
    planned: [
      ['Id', ({ target }) => target],
      [field, ({ values }) => values[field]],
      ['UserId', ({ userId }) => userId],
      ['Username', ({ username }) => username],
      ['Name', ({ name }) => name],
      ['ContactId', ({ contactId }) => contactId],
      ['AccountId', ({ accountId }) => accountId],
      ['AccountName', ({ accountName }) => accountName],
    ],
    done: [],
    failed: [],
    // As src/selection/inputColumns.ts knows it again.
    key: [
      [keyColumn, keyCell(keyColumn)],
      ['UserId', ({ userId }) => userId],
      ['ContactId', ({ contactId }) => contactId],
    ],
    given: requireMetaList(db, 'givenColumns'),
    hasSnapshot: true,
    hasCreateAgain: isForGood(mode),
    hasUnknown: false,
  };
}
