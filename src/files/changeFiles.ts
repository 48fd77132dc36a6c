/** What the files of a `disable` or `enable` run hold. */
import type { DatabaseSync } from 'node:sqlite';
import { isForGood, modeRule, type Mode } from '../model/modes.js';
import { requireMeta } from '../store/meta.js';
import type { RunFiles } from './exports.js';

export function changeFiles(db: DatabaseSync, mode: Mode): RunFiles {
  const { field } = modeRule(mode).kind;
  const keyColumn = requireMeta(db, 'keyColumn');
  const none = { header: [], cells: () => [] };
  return {
    of: ['userId', 'username', 'name', 'contactId', 'accountId', 'accountName'],
    // What is sent, and columns for reading.
    planned: {
      header: ['Id', field, 'UserId', 'Username', 'Name', 'ContactId', 'AccountId', 'AccountName'],
      cells: ({ target, values, userId, username, name, contactId, accountId, accountName }) => [
        target,
        values[field],
        userId,
        username,
        name,
        contactId,
        accountId,
        accountName,
      ],
    },
    done: none,
    failed: none,
    key:
      keyColumn === 'ContactId'
        ? { header: ['ContactId'], cells: ({ key }) => [key] }
        : { header: [keyColumn, 'ContactId'], cells: ({ key, contactId }) => [key, contactId] },
    given: [],
    hasSnapshot: true,
    hasCreateAgain: isForGood(mode),
  };
}
