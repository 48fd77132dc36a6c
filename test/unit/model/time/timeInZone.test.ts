/** Weekday and time where people are. */
import { expect } from 'chai';
import { timeInZone } from '../../../../lib/model/time/timeInZone.js';

describe('timeInZone', () => {
  it('is that of the time zone, over the day and over midnight', () => {
    const now = Date.parse('2026-11-27T23:30:00Z');
    expect(timeInZone('Europe/Paris', now)).to.deep.equal({ day: 'Saturday', hour: 0, time: '12:30 AM' });
    expect(timeInZone('America/Los_Angeles', now)).to.deep.equal({ day: 'Friday', hour: 15, time: '3:30 PM' });
  });

  it('is not known of a time zone that this machine does not know', () => {
    expect(timeInZone('Moon/Tranquility', 0)).to.equal(undefined);
  });
});
