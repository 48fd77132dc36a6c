/** The table of the modes. */
import { expect } from 'chai';
import { disableModes, enableModes, findMode, modeRule } from '../../../lib/model/modes.js';

describe('the modes', () => {
  it('of disable take away, those of enable give back', () => {
    for (const mode of disableModes) expect(modeRule(mode).operation).to.equal('disable');
    for (const mode of enableModes) expect(modeRule(mode).operation).to.equal('enable');
  });

  it('that can be undone are undone by the opposite, written to the same field; cutting off can’t be', () => {
    const undone = disableModes.filter((mode) => modeRule(mode).undo !== undefined);
    expect(undone).to.deep.equal(['freeze', 'deactivate']);
    for (const mode of undone) {
      const { object, field, value, undo } = modeRule(mode);
      expect(modeRule(undo ?? 'activate')).to.include({ object, field, value: !value });
    }
  });

  it('are found by the name that run.db keeps; other names are none', () => {
    for (const mode of [...disableModes, ...enableModes]) expect(findMode(mode)).to.equal(mode);
    for (const name of [undefined, '', 'Freeze', 'delete', 'toString']) expect(findMode(name)).to.equal(undefined);
  });
});
