/** The flags of a command as they were typed. */
import { expect } from 'chai';
import { typedFlags } from '../../../lib/cli/typedFlags.js';

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
});
