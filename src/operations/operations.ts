/** Every operation. */
import type { DatabaseSync } from 'node:sqlite';
import type { OperationName } from '../model/result.js';
import { countDecisions } from '../store/queries/driftRows.js';
import { readMode, readOperation } from '../store/runResult.js';
import { change } from './change.js';
import { create } from './create.js';
import { invite } from './invite/invite.js';
import type { LookAgain, Operation } from './operation.js';
import { takeBack } from './sync/takeBack.js';
import { sync } from './sync/sync.js';

const operations: Readonly<Record<OperationName, Operation>> = {
  create,
  disable: change,
  enable: change,
  sync,
  invite,
};

/** The operation of a run. @throws RunFault runDamaged for one that this version does not know */
export function operationOf(db: DatabaseSync): Operation {
  const name = readOperation(db);
  // What takes a sync back has no mode: it writes several fields.
  return name === 'enable' && readMode(db) === undefined ? takeBack : operations[name];
}

/**
 * Decides anew about what is still planned, as the org goes on between a plan and its being applied, and tells how many rows
 * that concerns.
 * @throws OrgError, RunFault interrupted
 */
export async function lookAgain(again: LookAgain): Promise<void> {
  const { db, emit } = again;
  const before = countDecisions(db);
  await operationOf(db).lookAgain(again);
  const changes = [...countDecisions(db)].map(([why, rows]) => [why, rows - (before.get(why) ?? 0)] as const);
  const reasons = Object.fromEntries(changes.filter(([, rows]) => rows > 0));
  const rows = Object.values(reasons).reduce((sum, each) => sum + each, 0);
  if (rows > 0) emit({ type: 'drift', rows, reasons });
}
