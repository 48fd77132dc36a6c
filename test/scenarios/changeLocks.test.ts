/**
 * Locks that come and go while role-based users are changed (docs/salesforce-facts.md#locks): all is done in the end,
 * once.
 */
import { expect } from 'chai';
import type { Mode } from '../../lib/model/modes.js';
import { among, differences, expectChangeDone, expectChangeTrue, makeUsers, stateOf } from './changeLab.ts';
import { csvOf, recordsOf, RunLab, type Run } from './runLab.ts';

const profiles = ['Acme Customer Plus', 'Acme Partner'];

describe('locks while users are changed', () => {
  let lab: RunLab;
  let ids: string[];
  beforeEach(async () => {
    lab = await RunLab.start();
    ids = profiles.flatMap((profile) => makeUsers(lab, profile, 5));
  });
  afterEach(() => lab.stop());

  const change = (mode: Mode): Promise<Run> =>
    lab.change({
      operation: mode === 'activate' || mode === 'unfreeze' ? 'enable' : 'disable',
      mode,
      where: among(ids),
    });
  const attempts = (run: Run): number[] => recordsOf(run.folder).map((record) => Number(record['attempts']));
  const calm = (): void => {
    Object.assign(lab.org.switches.locks, { rowLockStorm: 0, groupLockStorm: 0 });
  };

  for (const [off, on] of [
    ['deactivate', 'activate'],
    ['freeze', 'unfreeze'],
  ] as const) {
    it(`pass: ${off} and ${on} end with all done, and nothing else is different`, async () => {
      const before = stateOf(lab.org);
      for (const mode of [off, on]) {
        Object.assign(lab.org.switches.locks, { rowLockStorm: 4, groupLockStorm: off === 'freeze' ? 0 : 3 });
        const run = await change(mode);
        expectChangeDone(lab, run);
        expect(run.result.counts).to.include({ planned: 10, succeeded: 10, failed: 0, refused: 0 });
        expect(lab.org.switches.locks).to.include({ rowLockStorm: 0, groupLockStorm: 0 });
        expect(attempts(run).some((tries) => tries > 1)).to.equal(true);
        expect(run.events.some(({ type }) => type === 'waiting')).to.equal(true);
        if (mode === off) expect(differences(before, stateOf(lab.org))).to.have.length(10);
      }
      expect(differences(before, stateOf(lab.org))).to.deep.equal([]);
    });
  }

  it('pass: users who are cut off are cut off once, with the snapshot as it was before', async () => {
    const names = new Map(ids.map((id) => [id, String(lab.org.store.get('User', id)?.['Username'])]));
    Object.assign(lab.org.switches.locks, { rowLockStorm: 4, groupLockStorm: 3 });
    const run = await change('disable-portal');
    expectChangeDone(lab, run);
    expect(run.result.counts).to.include({ succeeded: 10, failed: 0 });
    expect(attempts(run).some((tries) => tries > 1)).to.equal(true);
    for (const row of csvOf(run.folder, 'snapshot')) {
      const id = row['Id'] ?? '';
      expect(row).to.include({ Username: names.get(id), IsActive: 'true', IsPortalEnabled: 'true' });
      // Renamed once.
      const { users } = lab.org.switches;
      expect(lab.org.store.get('User', id)?.['Username']).to.equal(users.disabledUsername(names.get(id) ?? '', id, 0));
    }
  });

  it('last: a run that is stopped while rows wait goes on where it was', async () => {
    lab.org.switches.locks.groupLockStorm = 10_000;
    const stopped = await lab.change(
      { mode: 'deactivate', where: among(ids) },
      { onEvent: ({ type }, stop) => type === 'waiting' && stop.request('signal') },
    );
    expect(stopped.end).to.deep.equal({ end: 'signal' });
    expectChangeTrue(lab, stopped);
    expect(stopped.result.counts).to.include({ succeeded: 0, pending: 10 });
    calm();
    const done = await lab.resume(stopped.folder);
    expectChangeDone(lab, done);
    expect(done.result.counts).to.include({ succeeded: 10, failed: 0 });
  });
});
