/** The runs of this machine are remembered for `runs`, `sf doctor`, and `resume --use-most-recent`. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { rememberRun, startedRuns } from '../../../lib/run/startedRuns.js';

describe('started runs', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'most-recent-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it('is remembered as the newest one of this machine', async () => {
    const state = join(home, 'state', 'sf');
    expect(await startedRuns(state)).to.deep.equal([]);
    await rememberRun(state, '/runs/a b');
    await rememberRun(state, '/runs/ü');
    expect((await startedRuns(state))[0]).to.equal('/runs/ü');
    await rememberRun(state, '/runs/a b');
    expect(await startedRuns(state)).to.deep.equal(['/runs/a b', '/runs/ü']);
  });

  it('is none where the note is empty, and nobody else reads it', async function () {
    await rememberRun(home, '/runs/a');
    const note = join(home, 'sf-portal-users-runs');
    if (process.platform !== 'win32') expect(statSync(note).mode & 0o777).to.equal(0o600);
    writeFileSync(note, ' \n');
    expect(await startedRuns(home)).to.deep.equal([]);
  });
});
