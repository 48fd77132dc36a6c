/** Cases of docs/cases.md: permission set groups whose members the running user can't read. */
import { expect } from 'chai';
import { expectDone, recordsOf, RunLab } from '../runLab.ts';

describe('permission set groups with hidden members', () => {
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start({ switches: { hiddenObjects: ['PermissionSetGroupComponent'] } });
  });
  afterEach(() => lab.stop());

  it('22: are found by their names, and assigned', async () => {
    const group = lab.org.world?.permissionSets.get('Portal_Bundle');
    const run = await lab.create({ permissionSets: ['Portal_Bundle'] });
    expectDone(lab, run);
    const users = recordsOf(run.folder).filter(({ state }) => state === 'succeeded');
    expect(users.length).to.be.above(0);
    for (const { userId } of users) {
      const held = lab.org.store.find('PermissionSetAssignment', { AssigneeId: String(userId) });
      expect(held.map((row) => row['PermissionSetGroupId'])).to.include(group);
    }
    expect(run.result.permissionSets).to.deep.include({ assigned: users.length, failed: 0 });
  });
});
