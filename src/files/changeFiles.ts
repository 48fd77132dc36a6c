/** What the files of a `disable` or `enable` run hold. */
import type { DatabaseSync } from 'node:sqlite';
import { isForGood, modeRule, type Mode } from '../model/modes.js';
import type { RunFiles } from './exports.js';
import { userFiles } from './userFiles.js';

export function changeFiles(db: DatabaseSync, mode: Mode): RunFiles {
  const { field } = modeRule(mode).kind;
  return {
    ...userFiles(db, [[field, ({ values }) => values[field]]]),
    hasSnapshot: true,
    hasCreateAgain: isForGood(mode),
    hasUnknown: false,
  };
}
