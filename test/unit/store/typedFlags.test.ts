/** The flags of a command, kept with its run. */
import { expect } from 'chai';
import fc from 'fast-check';
import { writeMeta } from '../../../lib/store/meta.js';
import { readTypedFlags, typedFlagsText } from '../../../lib/store/typedFlags.js';
import { RunDb } from './runDb.ts';

describe('typed flags of a run', () => {
  it('come back from run.db as they were, whatever their values are; an earlier run has none', async () => {
    const run = await RunDb.with();
    const { db } = run;
    expect(readTypedFlags(db)).to.deep.equal([]);
    const flag = fc.record({ name: fc.stringMatching(/^[a-z-]+$/), value: fc.string() }, { requiredKeys: ['name'] });
    fc.assert(
      fc.property(fc.array(flag), (typed) => {
        writeMeta(db, { typedFlags: typedFlagsText(typed) });
        expect(readTypedFlags(db)).to.deep.equal(typed);
      }),
    );
    run.close();
  });
});
