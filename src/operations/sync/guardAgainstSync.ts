/** What somebody has to know who takes a sync back: it decides about the same people again. */
import type { DatabaseSync } from 'node:sqlite';
import type { GuardFailure } from '../../model/guards.js';
import { disableModes } from '../../model/modes.js';
import { readMeta } from '../../store/meta.js';
import { countOpen } from '../../store/queries/counts.js';
import { readMode } from '../../store/runResult.js';

/** Of a run that takes a sync back; none for others. */
export function guardAgainstSync(db: DatabaseSync): readonly GuardFailure[] {
  if (readMeta(db, 'fromOperation') !== 'sync' || countOpen(db) === 0) return [];
  const mode = disableModes.find((each) => each === readMode(db));
  return [{ guard: `syncAgain.${mode ?? 'enable'}`, facts: {} }];
}
