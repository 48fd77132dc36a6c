/** What `runs` says about each run: its commands work as they are printed, where somebody can be asked, and where nobody can. */
import { expect } from 'chai';
import type { RunOverview } from '../../../lib/model/runs/runOverview.js';
import { runRows } from '../../../lib/report/runRows.js';

function frozen(succeeded: number): RunOverview {
  const none = { unchanged: 0, refused: 0, failed: 0, unknown: 0, pending: 0, created: 0 };
  return {
    operation: 'disable',
    mode: 'freeze',
    state: 'complete',
    plannedAt: '2026-11-30T12:00:00.000Z',
    orgId: '00D000000000062EAA',
    orgKind: 'production',
    username: 'admin@acme.example',
    isAgreed: true,
    openFlags: [],
    needsNewPlan: false,
    counts: { ...none, selected: succeeded, planned: succeeded, succeeded },
    changedInPart: 0,
    newUsers: undefined,
    fromRun: undefined,
    sync: undefined,
    undoFile: '/runs/1/succeeded.csv',
  };
}

const nextOf = (run: RunOverview, asks: boolean): string | undefined =>
  runRows([{ folder: '/runs/1', run }], asks)[0]?.next.join('\n');

describe('runRows', () => {
  const undo = 'sf portal users enable --from-run /runs/1';
  const org = '--target-org admin@acme.example';

  it('prints an undo that asks in a terminal, and elsewhere says yes to what it would ask', () => {
    expect(nextOf(frozen(3), true)).to.equal(`${undo} ${org}`);
    expect(nextOf(frozen(3), false)).to.equal(`${undo} --no-prompt ${org}`);
  });

  it('prints the number of users that an undo needs a yes to', () => {
    expect(nextOf(frozen(501), false)).to.equal(`${undo} --max-users 501 --no-prompt ${org}`);
  });

  it('prints how to undo an enable run, as its result does, unless it gave more back than access', () => {
    const enabled: RunOverview = { ...frozen(501), operation: 'enable', mode: 'unfreeze' };
    const disable = 'sf portal users disable --mode freeze --file /runs/1/succeeded.csv --max-users 501';
    expect(nextOf(enabled, true)).to.equal(`${disable} ${org}`);
    expect(nextOf(enabled, false)).to.equal(`${disable} --no-prompt ${org}`);
    expect(runRows([{ folder: '/runs/1', run: enabled }], true)[0]?.canTakeBack).to.equal(true);
    const [more] = runRows([{ folder: '/runs/1', run: { ...enabled, undoFile: undefined } }], true);
    expect([more?.next, more?.canTakeBack]).to.deep.equal([[], false]);
  });

  it('prints an undo of a create run only if it gave access', () => {
    const { counts, mode: _, ...run } = frozen(3);
    const created = { ...run, mode: undefined, operation: 'create', counts: { ...counts, created: 3 } } as const;
    const newUsers = { active: 1, inactive: 2 };
    expect(nextOf({ ...created, newUsers }, true)).to.equal(
      `sf portal users disable --from-run /runs/1 --mode deactivate ${org}`,
    );
    expect(nextOf({ ...created, newUsers: { active: 0, inactive: 3 } }, true)).to.equal('');
  });

  it('agrees to welcome emails in an undo that may send some, where nobody can be asked', () => {
    const off = { ...frozen(3), mode: 'deactivate' } as const;
    expect(nextOf(off, false)).to.match(/ --allow-welcome-emails --no-prompt /);
    expect(nextOf(off, true)).not.to.match(/--allow/);
    expect(nextOf(frozen(3), false)).not.to.match(/--allow/);
  });

  it('prints a resume with --no-prompt only where nobody has said yes, and nobody can be asked', () => {
    const { counts, ...run } = frozen(3);
    const planned: RunOverview = { ...run, state: 'planned', counts: { ...counts, succeeded: 0, pending: 3 } };
    const resume = 'sf portal users resume --run-dir /runs/1';
    expect(nextOf({ ...planned, isAgreed: false }, false)).to.equal(`${resume} --no-prompt ${org}`);
    expect(nextOf({ ...planned, isAgreed: false }, true)).to.equal(`${resume} ${org}`);
    expect(nextOf(planned, false)).to.equal(`${resume} ${org}`);
    const open = { ...planned, openFlags: ['--allow-welcome-emails'] };
    expect(nextOf(open, false)).to.equal(`${resume} --allow-welcome-emails ${org}`);
    expect(nextOf(open, true)).to.equal(`${resume} ${org}`);
    expect(nextOf({ ...open, needsNewPlan: true }, true)).to.equal('');
  });
});
