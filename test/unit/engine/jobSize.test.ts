/** How many rows a job has, and what a plan costs. */
import { expect } from 'chai';
import fc from 'fast-check';
import { apiBudgetOf, firstJobSize, lanesOf, nextJobSize, restBudgetOf, shareOf } from '../../../lib/engine/jobSize.js';
import { families } from '../../../lib/model/steps.js';

const family = fc.constantFrom(...families);

describe('the size of jobs', () => {
  it('is large at once for licenses without roles, and grows for those with', () => {
    expect(families.map((each) => [firstJobSize(each), lanesOf(each, 0)])).to.deep.equal([
      [50_000, 5],
      [2_000, 1],
    ]);
    const quick = { most: 2_000, rows: 2_000, milliseconds: 1_000, troubled: false };
    expect(nextJobSize('roleBased', quick)).to.equal(4_000);
    expect(nextJobSize('roleBased', { ...quick, most: 9_000 })).to.equal(10_000);
    expect(nextJobSize('roleBased', { ...quick, milliseconds: 74_999 })).to.equal(4_000);
    expect(nextJobSize('roleBased', { ...quick, milliseconds: 75_000 })).to.equal(2_000);
    expect(nextJobSize('roleBased', { ...quick, milliseconds: 150_000 })).to.equal(2_000);
    expect(nextJobSize('roleBased', { ...quick, milliseconds: 150_001 })).to.equal(1_000);
    expect(nextJobSize('roleBased', { ...quick, troubled: true })).to.equal(1_000);
    expect(nextJobSize('roleBased', { ...quick, rows: 210, troubled: true })).to.equal(200);
  });

  it('lets as many jobs run as the org is seen to work on, and some wait, but for those that make roles', () => {
    expect([lanesOf('highVolume', 1), lanesOf('highVolume', 10)]).to.deep.equal([6, 15]);
    expect(lanesOf('roleBased', 1)).to.equal(1);
  });

  it('never leaves its limits', () => {
    const last = fc.record({
      most: fc.integer({ min: 1, max: 50_000 }),
      rows: fc.integer({ min: 1, max: 50_000 }),
      milliseconds: fc.nat(900_000),
      troubled: fc.boolean(),
    });
    fc.assert(
      fc.property(family, last, (each, seen) => {
        const next = nextJobSize(each, seen);
        expect(next).to.be.at.least(1);
        expect(Number.isInteger(next)).to.equal(true);
        if (seen.troubled) expect(next).to.be.at.most(Math.max(200, seen.rows / 2));
        else expect(next).to.be.at.most(Math.max(50_000, seen.most));
      }),
    );
  });

  it('takes whole batches, and keeps the last rows for all lanes', () => {
    expect(shareOf('highVolume', 50_000, 100_000)).to.equal(50_000);
    expect(shareOf('highVolume', 50_000, 52_000)).to.equal(20_000);
    expect(shareOf('highVolume', 50_000, 22_000)).to.equal(5_000);
    expect(shareOf('highVolume', 50_000, 5_000)).to.equal(50_000);
    expect(shareOf('roleBased', 2_000, 100_000)).to.equal(2_000);
  });

  it('sends every row, by jobs that are never empty', () => {
    fc.assert(
      fc.property(fc.nat(400_000), (rows) => {
        let [left, jobs] = [rows, 0];
        while (left > 0) {
          const share = shareOf('highVolume', 50_000, left);
          expect(share).to.be.within(1, 50_000);
          left -= Math.min(share, left);
          jobs += 1;
        }
        expect(jobs).to.be.at.most(Math.ceil(rows / 50_000) + 8);
      }),
    );
  });
});

describe('what a plan costs', () => {
  const rows = fc.record({
    highVolume: fc.nat(500_000),
    roleBased: fc.nat(500_000),
    collections: fc.nat(5_000),
    byCalls: fc.nat(5_000),
  });

  it('is nothing for nothing, and one call for two hundred rows of a collection', () => {
    const none = { highVolume: 0, roleBased: 0, collections: 0, byCalls: 0 };
    expect(apiBudgetOf(none)).to.deep.equal({ calls: 0, batches: 0 });
    expect(apiBudgetOf({ ...none, collections: 2 })).to.deep.equal({ calls: 2, batches: 0 });
    expect(restBudgetOf(none, 3)).to.deep.equal({ calls: 12, batches: 0 });
  });

  it('is never less for more rows', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('highVolume', 'roleBased', 'collections', 'byCalls'),
        fc.nat(100_000),
        (some, way, more) => {
          const [less, greater] = [apiBudgetOf(some), apiBudgetOf({ ...some, [way]: some[way] + more })];
          expect(greater.calls).to.be.at.least(less.calls);
          expect(greater.batches).to.be.at.least(less.batches);
        },
      ),
    );
  });

  it('is enough for the batches of the rows', () => {
    fc.assert(
      fc.property(rows, (some) => {
        expect(apiBudgetOf(some).batches).to.be.at.least(Math.ceil((some.highVolume + some.roleBased) / 10_000));
      }),
    );
  });
});
