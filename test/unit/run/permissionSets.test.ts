/** A contact has succeeded when its user exists and holds each permission set that was asked for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { faultAnswers } from '../../simulated-org/faults.ts';
import { csvOf, expectDone, expectTrue, mainProfile, recordsOf, RunLab, type Run } from './runLab.ts';

describe('permission sets of a create run', () => {
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start();
  });
  afterEach(() => lab.stop());

  const idOf = (name: string): string => lab.org.world?.permissionSets.get(name) ?? '';
  /** Names of the permission sets and groups that a contact's user holds in the org. */
  const heldBy = (contactId: string): string[] => {
    const [user] = lab.usersOf(contactId);
    const assignments = lab.org.store.find('PermissionSetAssignment', { AssigneeId: user?.Id ?? '' });
    const ids = assignments.map((row) => row['PermissionSetGroupId'] ?? row['PermissionSetId']);
    return [...(lab.org.world?.permissionSets ?? [])].filter(([, id]) => ids.includes(id)).map(([name]) => name);
  };
  const succeeded = (run: Run): string[] =>
    recordsOf(run.folder)
      .filter((record) => record['state'] === 'succeeded')
      .map((record) => String(record['contactId']));

  it('are held by every new user, and by users who were there with the profile', async () => {
    const run = await lab.create({ permissionSets: ['Portal_Documents', 'portal orders'] });
    expectDone(lab, run);
    for (const contactId of succeeded(run)) {
      expect(heldBy(contactId)).to.include.members(['Portal_Documents', 'Portal_Orders']);
    }
    const assigned = recordsOf(run.folder).filter((record) => record['action'] === 'assign');
    expect(assigned.length).to.be.above(0);
    const users = run.result.counts.succeeded;
    expect(run.result.permissionSets).to.deep.equal({
      assigned: users * 2,
      failed: 0,
      planned: [
        { name: 'Portal_Documents', users },
        { name: 'Portal_Orders', users },
      ],
    });
    expect(run.result.counts.created).to.equal(run.result.counts.succeeded - assigned.length);
  });

  it('are asked for again without anything left to do', async () => {
    await lab.create({ permissionSets: ['Portal_Bundle'] });
    const again = await lab.create({ permissionSets: ['Portal_Bundle'] });
    expectDone(lab, again);
    expect(again.result.counts.planned).to.equal(0);
    expect(again.result.permissionSets).to.deep.equal({ assigned: 0, failed: 0, planned: [] });
  });

  it('of a row of the file win over those of the run', async () => {
    const free = lab.segment().filter((each) => lab.usersOf(each.Id).length === 0 && each['Email'] !== null);
    const [first, second] = free.slice(-2);
    const file = join(lab.home, 'sets.csv');
    writeFileSync(
      file,
      `ContactId,PermissionSets\n${first?.Id ?? ''},Portal_Orders; Portal_Bundle\n${second?.Id ?? ''},\n`,
    );
    const run = await lab.create({ file, permissionSets: ['Portal_Documents'] });
    expectDone(lab, run);
    expect(run.result.counts.succeeded).to.equal(2);
    expect(heldBy(first?.Id ?? '').sort()).to.deep.equal(['Portal_Bundle', 'Portal_Orders']);
    expect(heldBy(second?.Id ?? '')).to.deep.equal(['Portal_Documents']);
  });

  it('that a cell names wrongly refuse that row only', async () => {
    const [contact] = lab.segment().filter((each) => lab.usersOf(each.Id).length === 0 && each['Email'] !== null);
    const file = join(lab.home, 'wrong.csv');
    writeFileSync(file, `ContactId,PermissionSets\n${contact?.Id ?? ''},Portal_Nothing\n`);
    const run = await lab.create({ file });
    expectTrue(lab, run);
    expect(run.result.refusedByReason).to.deep.equal({ BAD_VALUE: 1 });
    expect(csvOf(run.folder, 'refused')[0]?.['Detail']).to.contain('"Portal_Nothing"');
  });

  it('are assigned once although the answer was lost', async () => {
    lab.org.faults.add({ method: 'POST', path: '/composite/sobjects' }, { kind: 'dropAfter' });
    const run = await lab.create({ permissionSets: ['Portal_Documents'] });
    expectDone(lab, run);
    expect(run.result.permissionSets.failed).to.equal(0);
    const all = lab.org.store.find('PermissionSetAssignment', { PermissionSetId: idOf('Portal_Documents') });
    expect(new Set(all.map((row) => row['AssigneeId'])).size).to.equal(all.length);
  });

  it('that the org can’t give now are given by resume', async () => {
    const fault = lab.org.faults.add(
      { method: 'POST', path: '/composite/sobjects', times: 50 },
      faultAnswers.dailyLimit(),
    );
    const run = await lab.create({ permissionSets: ['Portal_Documents'] });
    expect(run.end.end).to.equal('call');
    expectTrue(lab, run);
    expect(run.result.counts.pending).to.equal(run.result.counts.planned);
    expect(run.result.counts.created).to.be.above(0);
    lab.org.faults.remove(fault);
    const done = await lab.resume(run.folder);
    expectDone(lab, done);
    expect(done.result.counts.succeeded).to.equal(run.result.counts.planned);
    expect(succeeded(done).every((contactId) => heldBy(contactId).includes('Portal_Documents'))).to.equal(true);
  });

  it('that Salesforce refuses fail the contact and name the step', async () => {
    const refusal = { statusCode: 'FIELD_INTEGRITY_EXCEPTION', message: 'no such luck', fields: [] };
    lab.org.faults.add(
      { method: 'POST', path: '/composite/sobjects' },
      { kind: 'answer', status: 200, body: [{ success: false, errors: [refusal] }] },
    );
    const run = await lab.create({
      where: "LastName = 'Cher'",
      permissionSets: ['Portal_Documents'],
      profile: mainProfile,
    });
    expect(run.result.counts).to.include({ planned: 1, failed: 1, created: 1 });
    const [failed] = csvOf(run.folder, 'failed');
    expect(failed).to.include({
      Step: 'Portal_Documents',
      ErrorCode: 'FIELD_INTEGRITY_EXCEPTION',
      Error: 'no such luck',
    });
  });
});
