/** What the files of a run hold that gives back what a sync has taken. */
import type { DatabaseSync } from 'node:sqlite';
import type { RunFiles } from './exports.js';
import { userFiles } from './userFiles.js';

/** A row for each user, with what is written of it first. */
export function takeBackFiles(db: DatabaseSync): RunFiles {
  return {
    ...userFiles(db, [
      ['Kind', ({ kind }) => kind],
      ['IsFrozen', ({ values }) => values['IsFrozen']],
      ['IsActive', ({ values }) => values['IsActive']],
      ['ProfileId', ({ values }) => values['ProfileId']],
    ]),
    hasSnapshot: true,
    hasCreateAgain: false,
    hasUnknown: false,
  };
}
