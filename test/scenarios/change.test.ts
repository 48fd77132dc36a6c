/** disable and enable from end to end, in this process: what is true in the org afterwards, and what the files say. */
import { expect } from 'chai';
import { csvOf, expectDone, recordsOf, RunLab, type Run } from './runLab.ts';

describe('disable and enable', () => {
  let lab: RunLab;
  let made: Run;
  beforeEach(async () => {
    lab = await RunLab.start();
    made = await lab.create({ permissionSets: ['Portal_Documents'] });
  });
  afterEach(() => lab.stop());

  const user = (id: unknown): Readonly<Record<string, unknown>> => lab.org.store.get('User', String(id)) ?? {};
  const frozen = (id: unknown): unknown => lab.org.store.find('UserLogin', { UserId: String(id) })[0]?.['IsFrozen'];
  const idsOf = (run: Run): string[] =>
    recordsOf(run.folder)
      .filter((record) => record['state'] === 'succeeded' && record['created'] !== 'no')
      .map((record) => String(record['userId']));
  const createdIds = (): string[] =>
    recordsOf(made.folder)
      .filter((record) => record['created'] === 'yes')
      .map((record) => String(record['userId']));

  it('deactivate, find nothing to do the second time, and take it back', async () => {
    const ids = createdIds();
    expect(ids.length).to.be.above(5);
    const off = await lab.change({ mode: 'deactivate', fromRun: made.folder });
    expectDone(lab, off);
    expect(off.result).to.deep.include({ operation: 'disable', mode: 'deactivate', state: 'complete' });
    expect(idsOf(off).sort()).to.deep.equal([...ids].sort());
    for (const id of ids) expect(user(id)).to.include({ IsActive: false, IsPortalEnabled: true });

    const again = await lab.change({ mode: 'deactivate', fromRun: made.folder });
    expect(again.result.counts).to.include({ planned: 0, unchanged: ids.length });
    expect(again.result.unchangedByReason).to.deep.equal({ ALREADY_DISABLED: ids.length });

    const back = await lab.change({ operation: 'enable', fromRun: off.folder });
    expectDone(lab, back);
    expect(back.result).to.deep.include({ operation: 'enable', mode: 'activate' });
    for (const id of ids) expect(user(id)['IsActive']).to.equal(true);
  });

  it('freeze by collections or by a job, and unfreeze', async () => {
    for (const byBulk of [false, true]) {
      lab.org.switches.bulk.userLogin = byBulk;
      const off = await lab.change({ mode: 'freeze', fromRun: made.folder });
      expectDone(lab, off);
      for (const id of createdIds()) {
        expect(frozen(id)).to.equal(true);
        expect(user(id)['IsActive']).to.equal(true);
      }
      expectDone(lab, await lab.change({ operation: 'enable', fromRun: off.folder }));
      for (const id of createdIds()) expect(frozen(id)).to.equal(false);
    }
  });

  it('cut users off, and give the same people new users with the same permission sets', async () => {
    const before = createdIds().map((id) => user(id));
    const off = await lab.change({ mode: 'disable-portal', fromRun: made.folder });
    expect(off.end.end).to.equal('done');
    expect(off.result.counts.succeeded).to.equal(before.length);
    for (const { Id } of before)
      expect(user(Id)).to.include({ IsActive: false, IsPortalEnabled: false, ContactId: null });
    const again = csvOf(off.folder, 'create-again');
    expect(again.map((row) => row['ContactId'])).to.deep.equal(
      csvOf(off.folder, 'snapshot').map((row) => row['ContactId']),
    );

    const anew = await lab.create({ file: `${off.folder}/create-again.csv`, profile: undefined });
    expectDone(lab, anew);
    expect(anew.result.refusedByReason).to.deep.equal({});
    expect(anew.result.counts.created).to.equal(before.length);
    for (const old of before) {
      const [fresh] = lab.usersOf(String(old['ContactId']));
      expect(fresh).to.include({ Username: old['Username'], ProfileId: old['ProfileId'], Email: old['Email'] });
      const held = lab.org.store.find('PermissionSetAssignment', { AssigneeId: fresh?.Id ?? '' });
      expect(held.map((row) => row['PermissionSetId'])).to.include(
        lab.org.world?.permissionSets.get('Portal_Documents'),
      );
    }
  });

  it('take a freeze whose answer was lost for their own, so that it can be taken back', async () => {
    const [first] = createdIds();
    const fault = lab.org.faults.add(
      { method: 'PATCH', path: '/composite/sobjects', times: 99 },
      { kind: 'dropAfter' },
    );
    const stopped = await lab.change({ mode: 'freeze', fromRun: made.folder });
    expect(stopped.end.end).to.equal('call');
    expect(frozen(first)).to.equal(true);
    expect(stopped.result.counts.succeeded).to.equal(0);
    lab.org.faults.remove(fault);
    const off = await lab.resume(stopped.folder);
    expectDone(lab, off);
    expect(off.result.counts).to.include({ succeeded: createdIds().length, unchanged: 0 });
    expectDone(lab, await lab.change({ operation: 'enable', fromRun: off.folder }));
    for (const id of createdIds()) expect(frozen(id)).to.equal(false);
  });
});
