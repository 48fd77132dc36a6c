/** The table of the modes. */
import { expect } from 'chai';
import { disableModes, enableModes, isForGood, modeNamed, modeRule, userFields } from '../../../lib/model/modes.js';

describe('the modes', () => {
  it('of disable take away, those of enable give back', () => {
    for (const mode of disableModes) expect(modeRule(mode).operation).to.equal('disable');
    for (const mode of enableModes) expect(modeRule(mode).operation).to.equal('enable');
  });

  it('that can be undone are undone by the opposite, written to the same field; cutting off can’t be', () => {
    const undone = disableModes.filter((mode) => modeRule(mode).undo !== undefined);
    expect(undone).to.deep.equal(['freeze', 'deactivate']);
    for (const mode of undone) {
      const { kind, value, undo } = modeRule(mode);
      // The same kind: the same field of the same object.
      expect(modeRule(undo ?? 'activate')).to.include({ kind, value: !value });
    }
    expect(disableModes.filter(isForGood)).to.deep.equal(['disable-portal']);
    expect(enableModes.filter(isForGood)).to.deep.equal([]);
  });

  it('are found by the name that run.db keeps; other names are none', () => {
    for (const mode of [...disableModes, ...enableModes]) expect(modeNamed(mode)).to.equal(mode);
    for (const name of ['', 'Freeze', 'delete', 'toString']) expect(modeNamed(name)).to.equal(undefined);
  });

  it('write each a field of its own, and only who gets in again takes a license', () => {
    expect(new Set(userFields.map(({ field }) => field)).size).to.equal(userFields.length);
    expect(userFields.filter(({ seats }) => seats === 0).map(({ name }) => name)).to.deep.equal(['setFrozen']);
  });
});
