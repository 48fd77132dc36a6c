/** How each end of a run shows to a pipeline. */
import { expect } from 'chai';
import type { DriveEnd } from '../../../lib/model/runEnd.js';
import type { RunResult } from '../../../lib/model/result.js';
import { RunFault } from '../../../lib/model/faults.js';

const { exitCodeOf } = await import('../../../lib/report/exitCodes.js');

function result(succeeded: number, failed: number, pending = 0, unknown = 0): RunResult {
  const counts = { succeeded, failed, pending, unknown };
  return { operation: 'create', refusedByReason: {}, counts } as unknown as RunResult;
}

describe('exitCodeOf', () => {
  const fault = new RunFault('orgSession', { message: 'expired' });
  const table: ReadonlyArray<readonly [what: string, end: DriveEnd, result: RunResult, code: number]> = [
    ['all done', { end: 'done' }, result(5, 0), 0],
    ['nothing to do', { end: 'done' }, result(0, 0), 0],
    ['some rows failed', { end: 'done' }, result(4, 1), 68],
    ['all rows failed', { end: 'done' }, result(0, 5), 68],
    ['rows of which nobody knows', { end: 'done' }, result(4, 0, 0, 1), 68],
    ['a dry run', { end: 'planned' }, result(0, 0, 5), 0],
    ['a guard', { end: 'guards', failures: [] }, result(0, 0, 5), 1],
    ['no consent', { end: 'declined' }, result(0, 0, 5), 1],
    ['the canary', { end: 'org', code: 'X', message: '' }, result(0, 0, 5), 1],
    ['a refusal of all rows in the middle', { end: 'org', code: 'X', message: '' }, result(2, 0, 3), 69],
    ['the end of the wait time', { end: 'wait' }, result(1, 0, 4), 69],
    ['no licenses left', { end: 'licenses', code: 'X', message: '', missing: 4 }, result(1, 0, 4), 69],
    ['a call that failed for good', { end: 'call', fault }, result(1, 1, 3), 69],
    ['a signal', { end: 'signal' }, result(1, 0, 4), 130],
  ];
  for (const [what, end, counts, code] of table) {
    it(`is ${code} for ${what}`, () => {
      expect(exitCodeOf(end, counts)).to.equal(code);
    });
  }
});
