/** What the files of every run hold that writes to users who exist. */
import type { DatabaseSync } from 'node:sqlite';
import type { UserValues } from '../model/reasons.js';
import { requireMeta, requireMetaList } from '../store/meta.js';
import type { StepRow } from '../store/queries/exportRows.js';
import { keyCell, type Columns, type RunFiles } from './exports.js';
import { isSameColumn } from './userColumns.js';

/** @param written the columns that are sent, besides the Id */
export function userFiles(
  db: DatabaseSync,
  written: Columns<StepRow>,
): Pick<RunFiles, 'of' | 'ofPlanned' | 'planned' | 'done' | 'failed' | 'key' | 'given' | 'hasRowPerUser'> {
  const keyColumn = requireMeta(db, 'keyColumn');
  const of = ['userId', 'username', 'name', 'contactId', 'accountId', 'accountName'] as const;
  return {
    of,
    ofPlanned: of,
    // What is sent, and columns for reading.
    planned: [
      // A user that only loses what it holds has no other step.
      ['Id', ({ target, userId }) => target ?? userId],
      ...written,
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
      ['UserId', ({ userId, cells }) => userId ?? givenUserId(cells)],
      ['ContactId', ({ contactId }) => contactId],
    ],
    given: requireMetaList(db, 'givenColumns'),
    hasRowPerUser: true,
  };
}

/** One that was filled in stays where it named nobody, or somebody else than the key. */
function givenUserId(cells: UserValues): string | undefined {
  return Object.entries(cells).find(([column]) => isSameColumn(column, 'UserId'))?.[1];
}
