/** Every operation. */
import type { DatabaseSync } from 'node:sqlite';
import type { OperationName } from '../model/result.js';
import { readOperation } from '../store/runResult.js';
import { change } from './change.js';
import { create } from './create.js';
import type { Operation } from './operation.js';

const operations: Readonly<Record<OperationName, Operation>> = { create, disable: change, enable: change };

/** The operation of a run. @throws RunFault runDamaged for one that this version does not know */
export function operationOf(db: DatabaseSync): Operation {
  return operations[readOperation(db)];
}
