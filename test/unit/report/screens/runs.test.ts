/** The runs of a machine on one screen. */
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import type { RunRow } from '../../../../lib/report/runRows.js';
import { runsLines } from '../../../../lib/report/screens/runs.js';

const counts = { selected: 200, planned: 189, unchanged: 3, refused: 8, succeeded: 186, failed: 3, unknown: 0 };

function runOf(n: number, changes: Partial<RunRow> = {}): RunRow {
  return {
    runDir: `/data/portal-users/2026-11-${String(28 - n)}T10-00-00Z-create`,
    state: 'partial',
    operation: 'create',
    plannedAt: '2026-11-28T10:00:00Z',
    orgId: '00D000000000001AAA',
    orgKind: 'production',
    username: 'admin@acme.example',
    counts: { ...counts, pending: 0, created: 186 },
    canResume: false,
    canTakeBack: true,
    next: [`sf portal users disable --from-run run-${String(n)} --mode freeze --target-org admin@acme.example`],
    ...changes,
  };
}

const shown = (rows: readonly RunRow[]): string[] => runsLines(rows).map(stripVTControlCharacters);

describe('runsLines', () => {
  it('fit on a screen of 80 columns: seven runs, whose login once, how many are older, and how to undo the newest', () => {
    const lines = shown(Array.from({ length: 14 }, (_, n) => runOf(n)));
    expect(lines.length, lines.join('\n')).to.be.at.most(23);
    expect(lines[0]).to.equal('As admin@acme.example, org 00D000000000001AAA (production)');
    expect(lines[1]).to.match(/^ {2}2026-11-28 \d\d:00 {2}create {2}partly failed {2}186 done, 8 refused, 3 failed$/);
    expect(lines[2]).to.equal('    /data/portal-users/2026-11-28T10-00-00Z-create  can be undone');
    expect(lines.slice(-3)).to.deep.equal([
      "7 older runs aren't shown. --json lists all.",
      'To undo the newest run that can be undone:',
      '    sf portal users disable --from-run run-0 --mode freeze --target-org admin@acme.example',
    ]);
  });

  it('say how to undo the newest run, and to go on with it, also where newer runs push them off the screen', () => {
    const idle = Array.from({ length: 9 }, (_, n) => runOf(n, { canTakeBack: false, next: [] }));
    const open = runOf(10, { canResume: true, canTakeBack: false, next: ['sf portal users resume'] });
    expect(shown([...idle, runOf(9), open]).slice(-4)).to.deep.equal([
      ...[
        "To resume the newest run that isn't finished:",
        '    sf portal users resume',
        'To undo the newest run that can be undone:',
      ],
      '    sf portal users disable --from-run run-9 --mode freeze --target-org admin@acme.example',
    ]);
  });

  it('print paths from the folder in which the command runs, as the lines above them', () => {
    const runDir = `${process.cwd()}/portal-users/2026-11-28T10-00-00Z-enable`;
    const lines = shown([runOf(0, { runDir, next: [`sf portal users disable --file ${runDir}/succeeded.csv`] })]);
    expect(lines[2]).to.equal('    portal-users/2026-11-28T10-00-00Z-enable  can be undone');
    expect(lines.at(-1)).to.match(/disable --file portal-users\/2026-11-28T10-00-00Z-enable\/succeeded\.csv$/);
  });

  it('say it again where the login is another one', () => {
    const other = { username: 'ops@acme.example' };
    const lines = shown([runOf(0), runOf(1, other), runOf(2, other), runOf(3)]);
    const logins = lines.filter((line) => line.startsWith('As ')).map((line) => line.split(',')[0]);
    expect(logins).to.deep.equal(['As admin@acme.example', 'As ops@acme.example', 'As admin@acme.example']);
  });

  it('say whose email nobody knows of', () => {
    const invite = runOf(0, {
      operation: 'invite',
      counts: { ...counts, failed: 0, unknown: 3, pending: 0, created: 0 },
      canTakeBack: false,
      next: [],
    });
    expect(shown([invite])[1]).to.match(/186 done, 8 refused, 3 unknown$/);
  });

  it('say of a plan what is left', () => {
    const plan = runOf(0, {
      state: 'planned',
      canResume: true,
      counts: { ...counts, succeeded: 0, failed: 0, pending: 189, created: 0 },
    });
    const lines = shown([runOf(0, { canTakeBack: false, next: [] }), { ...plan, next: ['sf portal users resume'] }]);
    expect(lines[3]).to.match(/planned {2,}189 left, 8 refused$/);
    expect(lines.slice(-2)).to.deep.equal(['To apply the newest plan:', '    sf portal users resume']);
    const held = shown([{ ...plan, canResume: false, canTakeBack: false, next: [] }]);
    expect(held.at(-1)).to.match(/ {2}needs a new plan$/);
  });
});
