/** Progress as lines, with times that the test gives. */
import { expect } from 'chai';
import type { RunEvent } from '../../../lib/model/events.js';
import { canRedraw, lineProgress } from '../../../lib/report/progress.js';

describe('canRedraw', () => {
  const table: ReadonlyArray<readonly [isTerminal: boolean, env: Record<string, string>, redraws: boolean]> = [
    [true, {}, true],
    [true, { CI: '' }, true],
    [true, { CI: 'false' }, true],
    [true, { CI: '0' }, true],
    [true, { CI: 'true' }, false],
    [true, { CI: '1' }, false],
    [true, { CI: 'woodpecker' }, false],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'xterm' }, true],
    [false, {}, false],
  ];
  for (const [isTerminal, env, redraws] of table) {
    it(`${isTerminal ? 'a terminal' : 'a pipe'} with ${JSON.stringify(env)}: ${redraws ? 'stages' : 'lines'}`, () => {
      expect(canRedraw(isTerminal, env)).to.equal(redraws);
    });
  }
});

describe('lineProgress', () => {
  /** @param events with their times in seconds */
  function linesOf(events: ReadonlyArray<readonly [seconds: number, event: RunEvent]>): string[] {
    const lines: string[] = [];
    let time = 0;
    const progress = lineProgress(
      (line) => lines.push(line),
      () => time * 1000,
    );
    for (const [seconds, event] of events) {
      time = seconds;
      progress.emit(event);
    }
    return lines;
  }

  it('one line per thing that happened, with the stage', () => {
    const lines = linesOf([
      [0, { type: 'stage', stage: 'check' }],
      [0, { type: 'stage', stage: 'read' }],
      [1, { type: 'read', contacts: 2 }],
      [1, { type: 'planned', planned: 1, unchanged: 1, refused: 0 }],
      [2, { type: 'stage', stage: 'apply' }],
      [2, { type: 'begun', kind: 'createUser', rows: 1 }],
      [2, { type: 'jobPlanned', job: 1, kind: 'createUser', rows: 1, family: 'highVolume', canary: false }],
      [3, { type: 'jobClosed', job: 1, id: '750A', rows: 1 }],
      [4, { type: 'jobCollected', job: 1, succeeded: 1, failed: 0, again: 0 }],
      [4, { type: 'waiting', rows: 1, milliseconds: 1500 }],
    ]);
    expect(lines).to.deep.equal([
      'Check the org…',
      'Read records…',
      'Plan: 1 to do, 1 unchanged, 0 refused',
      'Apply the plan…',
      'Job 1: 1 row to send',
      'Job 1: sent as 750A, with 1 row',
      'Job 1: 1 done, 0 failed, 0 to be sent again',
      '1 row waits and is sent again in 2 s',
    ]);
  });

  it('counters at most every ten seconds, with rate and time left', () => {
    const jobProgress = (processed: number): RunEvent => ({ type: 'jobProgress', job: 1, processed, rows: 10_000 });
    const lines = linesOf([
      [0, { type: 'begun', kind: 'createUser', rows: 12_000 }],
      [5, jobProgress(500)],
      [11, jobProgress(1100)],
      [15, jobProgress(1500)],
      [20, jobProgress(2000)],
      [21, jobProgress(2100)],
    ]);
    expect(lines).to.deep.equal([
      'Processed: 1,100 of 12,000 users, 100 rows/s, about 2 min left',
      'Processed: 2,100 of 12,000 users, 100 rows/s, about 2 min left',
    ]);
  });

  it('tells of long reads, and of the last permission sets', () => {
    const lines = linesOf([
      [1, { type: 'read', contacts: 2000 }],
      [12, { type: 'read', contacts: 40_000 }],
      [13, { type: 'begun', kind: 'assignPermissionSet', rows: 400 }],
      [13, { type: 'collection', kind: 'assignPermissionSet', rows: 200, pending: 200 }],
      [14, { type: 'collection', kind: 'assignPermissionSet', rows: 200, pending: 0 }],
    ]);
    expect(lines).to.deep.equal(['40,000 records read', 'Processed: 400 of 400 permission set assignments']);
  });
});
