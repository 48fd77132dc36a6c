/** The flags of a command, kept with its run. */
import { expect } from 'chai';
import fc from 'fast-check';
import { readTypedFlags, typedFlags, writeTypedFlags } from '../../../lib/cli/typedFlags.js';
import { RunDb } from '../store/runDb.ts';

describe('typed flags', () => {
  it('are those that were typed: a boolean one has no value, an argument is none', () => {
    const raw = [{ flag: 'where', input: "Name = 'A'" }, { flag: 'strict', input: 'true' }, { input: 'x' }];
    expect(typedFlags({ raw, flags: { where: "Name = 'A'", strict: true, verbose: false } })).to.deep.equal([
      { name: 'where', value: "Name = 'A'" },
      { name: 'strict' },
    ]);
  });

  it('have the folder of the run, but not what is said of one command alone', () => {
    const raw = [
      { flag: 'output-dir', input: 'mine' },
      ...['dry-run', 'json'].map((flag) => ({ flag, input: 'true' })),
      { flag: 'target-org', input: 'acme' },
    ];
    expect(typedFlags({ raw, flags: { 'dry-run': true, json: true } })).to.deep.equal([
      { name: 'output-dir', value: 'mine' },
    ]);
  });

  it('come back from run.db as they were, whatever their values are; an earlier run has none', async () => {
    const run = await RunDb.with();
    const { db } = run;
    expect(readTypedFlags(db)).to.deep.equal([]);
    const flag = fc.record({ name: fc.stringMatching(/^[a-z-]+$/), value: fc.string() }, { requiredKeys: ['name'] });
    fc.assert(
      fc.property(fc.array(flag), (typed) => {
        writeTypedFlags(db, typed);
        expect(readTypedFlags(db)).to.deep.equal(typed);
      }),
    );
    run.close();
  });
});
