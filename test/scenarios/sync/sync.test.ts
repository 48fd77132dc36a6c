/** The way of people through a definition: they join, leave, come back. */
import { expect } from 'chai';
import { active, day, decisionsOf, expectSynced, report, SyncLab } from './syncLab.ts';

describe('sync', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  it('creates the users that are missing, gives permission sets, and finds nothing to do afterwards', async () => {
    const { lab } = sync;
    const free = lab.freeContacts().map(({ Id }) => Id);
    expect(free.length).to.be.greaterThan(0);
    const there = sync.person();
    const groups = [{ ...report.groups[0], permissionSets: ['Portal_Documents'] }];
    const run = await sync.sync({ ...report, groups });
    expectSynced(run);
    expect(run.result.operation).to.equal('sync');
    for (const id of free) expect(lab.usersOf(id).length, id).to.equal(1);
    expect(decisionsOf(run).get(there.userId)).to.equal('assignPermissionSet Portal_Documents');
    const again = await sync.sync({ ...report, groups });
    expectSynced(again);
    expect(again.result.counts.planned).to.equal(0);
  });

  it('asks a group of a sub-select and other conditions again, before it creates and before it freezes', async () => {
    const leaver = sync.person();
    const contacts = "AccountId IN (SELECT Id FROM Account WHERE Type = 'Customer') AND Portal_Access__c = true";
    sync.leave(leaver.contactId);
    const run = await sync.sync({ ...active, groups: [{ ...active.groups[0], contacts }] });
    expectSynced(run);
    expect(run.result.counts.created).to.be.above(0);
    expect(sync.access(leaver.userId)).to.equal('frozen');
  });

  it('only reports leavers where the definition says no more', async () => {
    const leaver = sync.person();
    sync.leave(leaver.contactId);
    const run = await sync.sync(report);
    expect(decisionsOf(run).get(leaver.userId)).to.equal('LEAVER.report');
    expect(sync.access(leaver.userId)).to.equal('active');
  });

  it('changes a profile within a license family, and reports every other', async () => {
    const { lab } = sync;
    const [member, plus] = [sync.person({}, 'Acme Customer Login'), sync.person({}, 'Acme Customer Plus')];
    const governs = "Profile.Name LIKE 'Acme Customer%'";
    const { store } = lab.org;
    const login = lab.org.world?.profiles.get('Acme Customer Login');
    for (const { NetworkId } of store.find('NetworkMemberGroup', { ParentId: login ?? null }))
      expect(NetworkId).to.be.a('string');
    const run = await sync.sync({ ...active, profile: 'change', governs });
    expectSynced(run);
    expect(decisionsOf(run).get(plus.userId)).to.equal('OTHER_PROFILE.ofGroup');
    expect(sync.user(member.userId)['ProfileId']).to.equal(lab.org.world?.profiles.get('Acme Customer Portal'));
    expect((await sync.sync({ ...active, profile: 'change', governs })).result.counts.planned).to.equal(0);
  });

  it('upgrades a license where the definition says so, and warns that there is no way back', async () => {
    const member = sync.person();
    const groups = [{ ...active.groups[0], profile: 'Acme Customer Plus' }];
    const governs = "Profile.Name LIKE 'Acme Customer%'";
    const run = await sync.sync({ ...active, groups, profile: 'upgrade', governs });
    expectSynced(run);
    expect(run.result.guards.map(({ code }) => code)).to.include('upgrade');
    expect(sync.user(member.userId)['UserType']).to.equal('PowerCustomerSuccess');
  });

  it('has its new users invited by invite --from-run, and no other', async () => {
    const leaver = sync.person();
    sync.leave(leaver.contactId);
    const run = await sync.sync(active);
    expectSynced(run);
    const made = sync.lab.plainContacts().flatMap(({ Id }) => sync.lab.usersOf(Id).map((user) => user.Id));
    const invited = await sync.lab.invite({ fromRun: run.folder, dryRun: true });
    expect([...decisionsOf(invited).keys()].toSorted()).to.deep.equal(made.toSorted());
  });

  it('freezes a leaver, deactivates after the days, and lets a returner in again', async () => {
    const { lab } = sync;
    const leaver = sync.person();
    sync.leave(leaver.contactId);
    const first = await sync.sync(active);
    expectSynced(first);
    expect(sync.access(leaver.userId)).to.equal('frozen');
    lab.org.clock.advance(29 * day);
    const second = await sync.sync(active);
    expect(second.result.counts.planned).to.equal(0);
    expect(decisionsOf(second).get(leaver.userId)).to.equal('LEAVER.waiting');
    lab.org.clock.advance(day + 60_000);
    await sync.sync(active);
    expect(sync.access(leaver.userId)).to.equal('inactive and frozen');
    sync.comeBack(leaver.contactId);
    const back = await sync.sync(active);
    expectSynced(back);
    expect(sync.access(leaver.userId)).to.equal('active');
    expect((await sync.sync(active)).result.counts.planned).to.equal(0);
  });
});
