/** Every kind of step. */
import type { DatabaseSync } from 'node:sqlite';
import type { Kind } from '../engine/kind.js';
import { checkStates, kindNames } from '../store/queries/counts.js';
import { checkMeta } from '../store/meta.js';
import { oneOf } from '../store/sqlite.js';
import { assignLicenseKinds } from './assignLicense.js';
import { assignPermissionSet } from './assignPermissionSet.js';
import { createUser } from './createUser.js';
import { removeKinds } from './removeAssignment.js';
import { sendPasswordMail } from './sendPasswordMail.js';
import { setProfile } from './setProfile.js';
import { userFieldKinds } from './userFields.js';

export const kinds: readonly Kind[] = [
  ...userFieldKinds,
  setProfile,
  createUser,
  ...removeKinds,
  ...assignLicenseKinds,
  assignPermissionSet,
  sendPasswordMail,
];

/** The kinds of a plan. @throws RunFault runDamaged for one that this version does not know */
export function kindsOf(db: DatabaseSync): Kind[] {
  const known = kinds.map(({ name }) => name);
  const names = kindNames(db).map((name) => oneOf(db, known, name));
  return kinds.filter(({ name }) => names.includes(name));
}

/**
 * Before anything is done by a run that an earlier process, or another version, has left: what this one does not know is
 * never taken for something else.
 * @throws RunFault runDamaged
 */
export function checkUnderstood(db: DatabaseSync): void {
  checkStates(db);
  checkMeta(db);
  kindsOf(db);
}
