/** Rates and times left, from times that the tests give. */
import { expect } from 'chai';
import type { RunEvent } from '../../../lib/model/events.js';
import { durationText, paceOf, rateText, WorkMeter, type Point } from '../../../lib/report/pace.js';

const point = (seconds: number, done: number, left: number): Point => ({ time: seconds * 1000, done, left });

describe('paceOf', () => {
  const table: ReadonlyArray<readonly [what: string, points: readonly Point[], pace: unknown]> = [
    ['no points', [], undefined],
    ['one point', [point(0, 0, 100)], undefined],
    ['less than a second', [point(0, 0, 100), point(0.9, 50, 50)], undefined],
    ['nothing done yet', [point(0, 0, 100), point(30, 0, 100)], undefined],
    ['nothing left', [point(0, 0, 100), point(10, 100, 0)], undefined],
    ['ten seconds', [point(0, 0, 300), point(10, 100, 200)], { rowsPerSecond: 10, secondsLeft: 20 }],
    [
      'polls that are far apart',
      [point(0, 0, 10_000), point(100, 1000, 9000), point(300, 5000, 5000)],
      { rowsPerSecond: 20, secondsLeft: 250 },
    ],
    ['rows that went back', [point(0, 100, 200), point(10, 50, 250)], undefined],
    [
      'more than a minute: the last one counts',
      [point(0, 0, 10_000), point(60, 6000, 4000), point(120, 6060, 3940)],
      { rowsPerSecond: 1, secondsLeft: 3940 },
    ],
  ];
  for (const [what, points, pace] of table) {
    it(what, () => {
      expect(paceOf(points)).to.deep.equal(pace);
    });
  }
});

describe('durations and rates in words', () => {
  const durations: ReadonlyArray<readonly [seconds: number, text: string]> = [
    [0.2, '1 s'],
    [44.1, '45 s'],
    [90, '90 s'],
    [91, '2 min'],
    [3540, '59 min'],
    [3541, '1 h 0 min'],
    [11_100, '3 h 5 min'],
  ];
  for (const [seconds, text] of durations) {
    it(`${String(seconds)} s is ${text}`, () => {
      expect(durationText(seconds)).to.equal(text);
    });
  }

  it('rates have a decimal where it matters, and separators where they help', () => {
    expect([0.25, 9.94, 10.4, 1234.5].map(rateText)).to.deep.equal(['0.3', '9.9', '10', '1,235']);
  });
});

describe('WorkMeter', () => {
  const begun = (kind: string, steps: number, settled = 0, kinds = 1): RunEvent => ({
    type: 'begun',
    kind,
    steps,
    settled,
    kinds,
  });

  it('knows nothing before the work begins', () => {
    const meter = new WorkMeter();
    meter.see({ type: 'read', records: 5 }, 0);
    expect(meter.status()).to.equal(undefined);
    meter.see(begun('createUser', 0), 0);
    expect(meter.status()).to.equal(undefined);
  });

  it('adds up what is collected and what runs; what is done only grows', () => {
    const meter = new WorkMeter();
    meter.see(begun('createUser', 1000), 0);
    meter.see({ type: 'jobProgress', job: 1, processed: 100, rows: 400 }, 5000);
    meter.see({ type: 'jobProgress', job: 2, processed: 50, rows: 400 }, 10_000);
    expect(meter.status()).to.deep.equal({
      unit: 'createUser',
      done: 150,
      steps: 1000,
      pace: { rowsPerSecond: 15, secondsLeft: 850 / 15 },
    });
    meter.see({ type: 'jobProgress', job: 1, processed: 400, rows: 400 }, 15_000);
    expect(meter.status()).to.include({ done: 450 });
    // 50 rows go again.
    meter.see({ type: 'jobCollected', job: 1, succeeded: 300, failed: 50, again: 50 }, 20_000);
    expect(meter.status()).to.include({ done: 450 });
    meter.see({ type: 'jobCollected', job: 2, succeeded: 400, failed: 0, again: 0 }, 30_000);
    meter.see({ type: 'jobCollected', job: 3, succeeded: 500, failed: 0, again: 0 }, 40_000);
    expect(meter.status()).to.deep.equal({ unit: 'createUser', done: 1000, steps: 1000, pace: undefined });
  });

  it('begins where an earlier process has stopped', () => {
    const meter = new WorkMeter();
    meter.see(begun('createUser', 1000, 600), 0);
    expect(meter.status()).to.include({ done: 600, steps: 1000 });
  });

  it('does not take the pace of the canary for that of the rest', () => {
    const meter = new WorkMeter();
    meter.see(begun('createUser', 301), 0);
    meter.see({ type: 'jobPlanned', job: 1, kind: 'createUser', rows: 1, family: 'highVolume', canary: true }, 0);
    meter.see({ type: 'jobCollected', job: 1, succeeded: 1, failed: 0, again: 0 }, 5000);
    meter.see({ type: 'jobPlanned', job: 2, kind: 'createUser', rows: 300, family: 'highVolume', canary: false }, 5000);
    meter.see({ type: 'jobProgress', job: 2, processed: 0, rows: 300 }, 6000);
    expect(meter.status()).to.deep.equal({ unit: 'createUser', done: 1, steps: 301, pace: undefined });
    meter.see({ type: 'jobProgress', job: 2, processed: 100, rows: 300 }, 10_000);
    expect(meter.status()?.pace).to.deep.equal({ rowsPerSecond: 20, secondsLeft: 10 });
  });

  it('goes on with permission sets: one pair of figures over the whole plan, at a pace of their own', () => {
    const meter = new WorkMeter();
    meter.see(begun('createUser', 810, 0, 2), 0);
    meter.see({ type: 'jobCollected', job: 1, succeeded: 10, failed: 0, again: 0 }, 1000);
    meter.see(begun('assignPermissionSet', 810, 10, 2), 2000);
    meter.see({ type: 'collection', kind: 'assignPermissionSet', rows: 200, pending: 600 }, 2000);
    expect(meter.status()).to.deep.equal({ unit: 'records', done: 210, steps: 810, pace: undefined });
    meter.see({ type: 'collection', kind: 'assignPermissionSet', rows: 200, pending: 400 }, 4000);
    expect(meter.status()).to.deep.equal({
      unit: 'records',
      done: 410,
      steps: 810,
      pace: { rowsPerSecond: 200, secondsLeft: 2 },
    });
  });
});
