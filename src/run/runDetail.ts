/** What a screen shows of a run besides its result. */
import type { DatabaseSync } from 'node:sqlite';
import type { OnlyOne, RunDetail } from '../model/pageData.js';
import type { RunResult } from '../model/result.js';
import { readMeta } from '../store/meta.js';
import { peopleIn } from '../store/queries/pageRows.js';
import { readPlanDetail } from '../store/queries/people.js';

/** @throws RunFault runDamaged */
export function readRunDetail(db: DatabaseSync, result: RunResult): RunDetail {
  const orgTime = Date.parse(readMeta(db, 'orgTime') ?? '');
  return {
    ...readPlanDetail(db, result),
    onlyOnes: readOnlyOnes(db, result),
    // A plan of an earlier version has none.
    ...(Number.isNaN(orgTime) ? {} : { orgTime }),
  };
}

/** Among more than these, the files say who it is. */
const mostRead = 2000;

function readOnlyOnes(db: DatabaseSync, result: RunResult): Map<string, OnlyOne> {
  const all = new Map<string, OnlyOne>();
  for (const [state, counts] of [
    ['refused', result.refusedByReason],
    ['unchanged', result.unchangedByReason],
  ] as const) {
    if (!Object.values(counts).includes(1)) continue;
    for (const { codes, contactId, userId } of peopleIn(db, state, mostRead)) {
      const ids = { ...(contactId === undefined ? {} : { contactId }), ...(userId === undefined ? {} : { userId }) };
      for (const code of codes) if (counts[code] === 1) all.set(code, ids);
    }
  }
  return all;
}
