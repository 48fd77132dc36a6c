/** The runs of this machine are remembered for `runs` and `resume --use-most-recent`. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { mostRecentRun, rememberRun, startedRuns } from '../../../lib/run/startedRuns.js';

describe('started runs', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'most-recent-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });
  const failure = async (state: string): Promise<unknown> => mostRecentRun(state).catch((error: unknown) => error);

  it('is remembered as the most recent one of this machine', async () => {
    const state = join(home, 'state', 'sf');
    expect(await failure(state)).to.have.property('code', 'noRecentRun');
    await rememberRun(state, '/runs/a b');
    await rememberRun(state, '/runs/ü');
    expect(await mostRecentRun(state)).to.equal('/runs/ü');
    await rememberRun(state, '/runs/a b');
    expect(await startedRuns(state)).to.deep.equal(['/runs/a b', '/runs/ü']);
  });

  it('is none where the note is empty, and nobody else reads it', async function () {
    await rememberRun(home, '/runs/a');
    const note = join(home, 'sf-portal-users-runs');
    if (process.platform !== 'win32') expect(statSync(note).mode & 0o777).to.equal(0o600);
    writeFileSync(note, ' \n');
    expect(await failure(home)).to.have.property('code', 'noRecentRun');
  });
});
