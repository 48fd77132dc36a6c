/** What the files of a `disable` or `enable` run hold. */
import type { DatabaseSync } from 'node:sqlite';
import { isForGood, modeRule, type Mode } from '../model/modes.js';
import { requireMeta } from '../store/meta.js';
import { keyColumns, type RunFiles } from './exports.js';

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
    key: keyColumns(keyColumn, ({ key }) => key),
    given: [],
    hasSnapshot: true,
    hasCreateAgain: isForGood(mode),
  };
}
