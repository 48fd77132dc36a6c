/** Progress as lines, with times that the test gives. */
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import type { RunEvent } from '../../../lib/model/events.js';
import { drawnProgress, lineProgress } from '../../../lib/report/progress.js';

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
      [1, { type: 'read', records: 2 }],
      [1, { type: 'planned', planned: 1, unchanged: 1, refused: 0 }],
      [2, { type: 'stage', stage: 'apply' }],
      [2, { type: 'begun', kind: 'createUser', steps: 1, settled: 0, kinds: 1 }],
      [2, { type: 'jobPlanned', job: 1, kind: 'createUser', rows: 1, family: 'highVolume', canary: false }],
      [3, { type: 'jobClosed', job: 1, id: '750A', rows: 1 }],
      [4, { type: 'jobCollected', job: 1, succeeded: 1, failed: 0, again: 0 }],
      [4, { type: 'progress', planned: 1, succeeded: 1, failed: 0, pending: 0 }],
      [4, { type: 'jobCollected', job: 2, succeeded: 5, failed: 0, again: 1 }],
      [4, { type: 'waiting', rows: 1, milliseconds: 1500 }],
    ]);
    expect(lines).to.deep.equal([
      'Checking the org…',
      'Reading records…',
      'Plan: 1 to do, 1 unchanged, 0 refused',
      'Applying the plan…',
      'Job 1: 1 row to send',
      'Job 1: sent as 750A, with 1 row',
      '1 of 1 done, 0 failed',
      'Job 2: 1 row to be sent again',
      '1 row waits and is sent again in 2 s',
    ]);
  });

  it('counters at most every ten seconds, with rate and time left', () => {
    const jobProgress = (processed: number): RunEvent => ({ type: 'jobProgress', job: 1, processed, rows: 10_000 });
    const lines = linesOf([
      [0, { type: 'begun', kind: 'createUser', steps: 12_000, settled: 0, kinds: 1 }],
      [5, jobProgress(500)],
      [11, jobProgress(1100)],
      [15, jobProgress(1500)],
      [20, jobProgress(2000)],
      [21, jobProgress(2100)],
    ]);
    expect(lines).to.deep.equal([
      'Processed: 1,100 of 12,000 users, 100/s, about 2 min left',
      'Processed: 2,100 of 12,000 users, 100/s, about 2 min left',
    ]);
  });

  it('tells of long reads, and of the last permission sets', () => {
    const lines = linesOf([
      [1, { type: 'read', records: 2000 }],
      [12, { type: 'read', records: 40_000 }],
      [13, { type: 'begun', kind: 'assignPermissionSet', steps: 400, settled: 0, kinds: 1 }],
      [13, { type: 'collection', kind: 'assignPermissionSet', rows: 200, pending: 200 }],
      [14, { type: 'collection', kind: 'assignPermissionSet', rows: 200, pending: 0 }],
    ]);
    expect(lines).to.deep.equal(['40,000 records read', 'Processed: 400 of 400 permission set assignments']);
  });
});

describe('drawnProgress', () => {
  const users = 1200;
  const events: RunEvent[] = [
    { type: 'stage', stage: 'apply' },
    { type: 'begun', kind: 'createUser', steps: users, settled: 200, kinds: 1 },
    { type: 'jobProgress', job: 1, processed: 100, rows: 1000 },
    { type: 'jobProgress', job: 1, processed: 400, rows: 1000 },
    // Rows that are sent again: the figure does not go back.
    { type: 'jobCollected', job: 1, succeeded: 300, failed: 2, again: 698 },
    { type: 'progress', planned: users, succeeded: 500, failed: 2, pending: 698 },
    { type: 'jobProgress', job: 2, processed: 698, rows: 698 },
  ];

  function drawn(columns: number): string[] {
    const lines: string[] = [];
    let time = 0;
    const progress = drawnProgress(
      (line) => lines.push(stripVTControlCharacters(line ?? '(gone)')),
      columns,
      () => (time += 10_000),
    );
    for (const event of events) progress.emit(event);
    progress.end();
    return lines;
  }

  it('is one line with a bar, percent, figures that only grow, rate, time left and failures', () => {
    expect(drawn(100)).to.deep.equal([
      'Applying the plan',
      'Applying the plan  █████░░░░░░░░░░░░░░░░░░░░░░░░░   16%  200 of 1,200 users  0 failed',
      'Applying the plan  █████░░░░░░░░░░░░░░░░   25%  300 of 1,200 users  10/s, about 90 s left  0 failed',
      'Applying the plan  ███████████░░░░░░░░░░   50%  600 of 1,200 users  20/s, about 30 s left  0 failed',
      'Applying the plan  ███████████░░░░░░░░░░   50%  600 of 1,200 users  13/s, about 45 s left  0 failed',
      'Applying the plan  ███████████░░░░░░░░░░   50%  600 of 1,200 users  13/s, about 45 s left  2 failed',
      'Applying the plan  ██████████████████████████████  100%  1,200 of 1,200 users  2 failed',
      '(gone)',
    ]);
  });

  for (const columns of [40, 60, 80, 120]) {
    it(`never fills ${String(columns)} columns, where a terminal begins a new line`, () => {
      for (const line of drawn(columns)) expect(line.length, line).to.be.below(columns);
    });
  }
});
