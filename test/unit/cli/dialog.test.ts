/** What looks on while a run goes on. */
import { expect } from 'chai';
import { Dialog } from '../../../lib/cli/dialog.js';
import type { CommandScreen } from '../../../lib/cli/screen.js';
import type { Warning } from '../../../lib/report/screen.js';

describe('Dialog', () => {
  it('a screen that fails ends neither the run nor its words: it is told once, and not drawn on again', () => {
    const warnings: Warning[] = [];
    let drawn = 0;
    const screen: CommandScreen = {
      log: () => undefined,
      note: () => undefined,
      warn: (warning) => warnings.push(warning),
      draw: (line) => {
        if (line === undefined) return;
        drawn += 1;
        throw new Error('no such text');
      },
      json: false,
      verbose: false,
      targetOrg: 'lab',
      columns: 80,
      dialogColumns: 80,
      lastWords: () => undefined,
    };
    const emit = new Dialog(screen, true).open();
    emit({ type: 'stage', stage: 'check' });
    emit({ type: 'stage', stage: 'apply' });
    expect(drawn).to.equal(1);
    expect(warnings.map(({ name }) => name)).to.deep.equal(['ProgressUnseen']);
    expect(warnings[0]?.message).to.include('no such text').and.include('continues');
  });
});
