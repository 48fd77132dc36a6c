/** Tests the pauses and the table of what is repeated. */
import { expect } from 'chai';
import fc from 'fast-check';
import { OrgError, type OrgErrorKind } from '../../../lib/model/orgError.js';
import { attemptsByKind, delayBefore, isRepeated } from '../../../lib/org/retryPolicy.js';

const random = fc.double({ min: 0, max: 1, noNaN: true });

describe('retryPolicy', () => {
  it('doubles the pause up to its cap, spread by a quarter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), random, (attempt, chance) => {
        const base = Math.min(30_000, 500 * 2 ** (attempt - 1));
        expect(delayBefore(attempt, chance)).to.be.within(Math.floor(base * 0.75), Math.ceil(base * 1.25));
      }),
    );
  });

  it('never waits less than Retry-After asks, up to two minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), random, fc.nat(10_000), (attempt, chance, seconds) => {
        const pause = delayBefore(attempt, chance, seconds);
        expect(pause).to.be.at.least(Math.min(120, seconds) * 1000);
        expect(pause).to.be.at.most(150_000);
      }),
    );
  });

  it('repeats only what later may go well, and only if it does no harm', () => {
    const error = (kind: OrgErrorKind, lost: boolean, code = 'X'): OrgError =>
      new OrgError({ kind, code, message: '', lost });
    for (const kind of ['busy', 'network'] as const) {
      expect(isRepeated(error(kind, false), 1, false, true)).to.equal(true);
      expect(isRepeated(error(kind, true), 1, false, true)).to.equal(false);
      expect(isRepeated(error(kind, true), 1, true, true)).to.equal(true);
      expect(isRepeated(error(kind, false), attemptsByKind[kind], true, true)).to.equal(false);
    }
    for (const kind of ['session', 'limit', 'refused', 'gone', 'malformed'] as const) {
      expect(isRepeated(error(kind, false), 1, true, true)).to.equal(false);
    }
    expect(isRepeated(error('network', false, 'SELF_SIGNED_CERT_IN_CHAIN'), 1, true, true)).to.equal(false);
    // A name that has been there does not go; the network does.
    expect(isRepeated(error('network', false, 'ENOTFOUND'), 3, true, false)).to.equal(false);
    expect(isRepeated(error('network', false, 'ENOTFOUND'), 3, true, true)).to.equal(true);
  });
});
