/** Rows that meet with locks: a storm that passes leaves no trace, one that lasts is told in Salesforce's words. */
import { expect } from 'chai';
import { csvOf, recordsOf, RunLab, type Run } from '../scenarios/runLab.ts';
import { changesSince, expectAllTrue, markOf } from './checker.ts';

const request = { permissionSets: ['Portal_Documents'] };
const families = { 'high-volume': request, 'role-based': { ...request, profile: 'Acme Customer Plus' } };

describe('a storm of locks', () => {
  const start = (): Promise<RunLab> => RunLab.start({ world: { customerContacts: 40 } });
  const createIn = async (lab: RunLab, family: keyof typeof families): Promise<{ run: Run; changes: string[] }> => {
    const mark = markOf(lab);
    const run = await lab.create(families[family], { clock: lab.patientClock() });
    await expectAllTrue(lab, run, mark);
    return { run, changes: changesSince(lab, mark) };
  };

  for (const family of ['high-volume', 'role-based'] as const) {
    it(`over six of ten rows ends with all created, as without it (${family})`, async () => {
      const calm = await start();
      const clean = await createIn(calm, family);
      await calm.stop();
      const lab = await start();
      Object.assign(lab.org.switches.locks, { stormShare: 0.6, rowLockStorm: 120, groupLockStorm: 20 });
      const { run, changes } = await createIn(lab, family);
      await lab.stop();
      expect(lab.org.switches.locks.rowLockStorm, 'rows that were locked').to.equal(0);
      expect(run.end).to.deep.equal({ end: 'done' });
      expect(run.result.counts).to.deep.equal(clean.run.result.counts);
      expect(run.result.counts.failed).to.equal(0);
      expect(changes).to.deep.equal(clean.changes);
      expect(run.events.some(({ type }) => type === 'waiting')).to.equal(true);
    });
  }

  it('that never ends fails the rows with Salesforce’s text and our advice', async () => {
    const lab = await start();
    Object.assign(lab.org.switches.locks, { stormShare: 0.9, rowLockStorm: Infinity });
    const { run } = await createIn(lab, 'high-volume');
    const { failed, succeeded, pending } = run.result.counts;
    expect(failed).to.be.above(5);
    expect(succeeded).to.be.above(5);
    expect(pending).to.equal(0);
    expect(run.result).to.deep.include({ state: 'partial', failedByCode: { UNABLE_TO_LOCK_ROW: failed } });
    for (const row of csvOf(run.folder, 'failed')) {
      expect(row).to.include({ ErrorCode: 'UNABLE_TO_LOCK_ROW' });
      expect(row['Error']).to.match(/unable to obtain exclusive access to this record/);
      expect(row['Advice']).to.match(/the org is less busy/);
    }
    // Each was tried eight times.
    const attempts = recordsOf(run.folder).filter(({ state, failedStep }) => state === 'failed' && failedStep === null);
    expect([...new Set(attempts.map((record) => record['attempts']))]).to.deep.equal([8]);
    await lab.stop();
  });
});
