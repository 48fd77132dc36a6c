/** The diary of a run: every event is written down before it is told, but for counters. */
import { expect } from 'chai';
import { recordingEvents } from '../../../lib/store/eventRecords.js';
import { RunDb } from './runDb.ts';

describe('recordingEvents', () => {
  it('writes down what happened, then tells it; counters are told alone', async () => {
    const run = await RunDb.with();
    const told: Array<[string, number]> = [];
    const emit = recordingEvents(run.db, ({ type }) => told.push([type, run.table('event').length]));
    emit({ type: 'begun', kind: 'paintDoor', steps: 2, settled: 0, kinds: 1 });
    emit({ type: 'read', records: 5 });
    emit({ type: 'jobProgress', job: 1, processed: 1, rows: 2 });
    emit({ type: 'jobTakenUp', job: 1, id: undefined, state: 'planned' });
    expect(told).to.deep.equal([
      ['begun', 1],
      ['read', 1],
      ['jobProgress', 1],
      ['jobTakenUp', 2],
    ]);
    const events = run.table('event');
    expect(events.map(({ type, data }) => [type, data])).to.deep.equal([
      ['begun', '{"kind":"paintDoor","steps":2,"settled":0,"kinds":1}'],
      ['jobTakenUp', '{"job":1,"state":"planned"}'],
    ]);
    for (const { time } of events) expect(Date.parse(String(time))).to.be.closeTo(Date.now(), 60_000);
    run.close();
  });
});
