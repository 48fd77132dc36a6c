/** What the files of a `sync` run hold. */
import type { DatabaseSync } from 'node:sqlite';
import { createFiles } from './createFiles.js';
import type { RunFiles } from './exports.js';

/** Those of the new users, with what is done to users who exist. */
export function syncFiles(db: DatabaseSync): RunFiles {
  const { planned, failed, ...files } = createFiles(db);
  const of = [...files.of, 'groupName'] as const;
  return {
    ...files,
    of,
    ofPlanned: of,
    planned: [
      ['Group', ({ groupName }) => groupName],
      ['Kind', ({ kind }) => kind],
      ['UserId', ({ userId }) => userId],
      ...planned,
      ['IsFrozen', ({ values }) => values['IsFrozen']],
      ['IsActive', ({ values }) => values['IsActive']],
      ['Name', ({ name }) => name],
      ['AccountName', ({ accountName }) => accountName],
    ],
    failed: failed.filter(([header]) => header === 'AccountId'),
    done: files.done.filter(([header]) => header === 'Created'),
    key: [
      ['ContactId', ({ contactId }) => contactId],
      ['UserId', ({ userId }) => userId],
    ],
    hasSnapshot: true,
  };
}
