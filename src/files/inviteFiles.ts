/** What the files of an `invite` run hold. No file ever holds a password. */
import type { DatabaseSync } from 'node:sqlite';
import type { RunFiles } from './exports.js';
import { userFiles } from './userFiles.js';

export function inviteFiles(db: DatabaseSync): RunFiles {
  return {
    ...userFiles(db, []),
    hasSnapshot: false,
    hasCreateAgain: false,
    hasUnknown: true,
  };
}
