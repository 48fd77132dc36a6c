/** Ends a run that the preflight does not let begin. */
import { ChecksFailed, type CheckName, type CheckOutcome } from '../model/checkOutcome.js';
import type { Emit } from '../model/events.js';

/** What the guards judge, with the numbers of the plan. */
const guarded: readonly CheckName[] = ['licenses', 'welcomeEmails', 'apiCalls', 'bulkBatches'];

/** @param emit tells what is only warned of @throws ChecksFailed */
export function judgeChecks(checks: readonly CheckOutcome[], emit?: Emit): void {
  const failed = checks.filter((check) => check.status === 'fail');
  if (failed.length > 0) throw new ChecksFailed(failed);
  for (const check of checks) {
    if (check.status === 'warn' && !guarded.includes(check.name)) emit?.({ type: 'checkWarned', check });
  }
}
