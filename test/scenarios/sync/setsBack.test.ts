/** enable --from-run of a sync gives back the permission sets and licenses that it took: exactly these, in Salesforce's order. */
import { expect } from 'chai';
import { assignmentsOf, differences, giveAssignments, loginOf, stateOf } from '../changeLab.ts';
import { csvOf, mainProfile, type Run } from '../runLab.ts';
import { active, day, decisionsOf, expectSynced, SyncLab } from './syncLab.ts';

const groupOf = (title: string, permissionSets: readonly string[], profile = mainProfile): object => ({
  ...{ name: title, contacts: `Title = '${title}'`, profile, permissionSets, mayBeEmpty: true },
});

/** A has a set, and B the two that everybody here holds; one that needs a license is with them. */
const exact = {
  ...active,
  groups: [groupOf('A', ['Portal_Orders']), groupOf('B', ['Portal_Documents', 'Portal_Analytics', 'Portal_Bundle'])],
  permissionSets: 'exact',
};

const releasing = { ...active, leavers: { action: 'freeze', deactivateAfterDays: 30, releaseLicenses: true } };

describe('permission sets and licenses that a sync took', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start({ world: { customerContacts: 2 } });
  });
  afterEach(() => sync.stop());

  const heldBy = ({ userId }: Someone): string[] => assignmentsOf(sync.lab, userId);
  const back = (run: Run, request: object = {}): Promise<Run> =>
    sync.lab.change({ operation: 'enable', fromRun: run.folder, ...request });
  const kindsOf = ({ events }: Run): string[] =>
    events.flatMap((event) => (event.type === 'begun' ? [event.kind] : []));

  type Someone = { readonly contactId: string; readonly userId: string };

  /** Of group A, with all that giveAssignments gives. */
  function member(profile = mainProfile): Someone {
    const person = sync.person({ Title: 'A' }, profile);
    giveAssignments(sync.lab, person.userId);
    return person;
  }

  /** Frozen by sync so many days ago, as its contact has left. */
  function leaver(days: number, values: Record<string, boolean> = {}): Someone {
    const person = sync.person();
    giveAssignments(sync.lab, person.userId);
    sync.leave(person.contactId);
    const { store, clock, runningUserId } = sync.lab.org;
    const LastModifiedDate = new Date(clock.now() - days * day).toISOString();
    const login = { IsFrozen: true, LastModifiedById: runningUserId, LastModifiedDate };
    store.update('UserLogin', loginOf(sync.lab, person.userId).Id, login);
    store.update('User', person.userId, values);
    return person;
  }

  it('come back as they were, from a user of a group', async () => {
    const person = member();
    const before = heldBy(person);
    const run = await sync.sync(exact);
    expectSynced(run);
    expect(heldBy(person)).to.not.deep.equal(before);
    expect(run.result.sync).to.include({ taken: 1 });
    const [kept] = csvOf(run.folder, 'snapshot');
    expect(kept?.['PermissionSets']?.split(';')).to.have.members(['Portal_Documents', 'Portal_Analytics']);
    expect(kept?.['PermissionSetEnds']).to.equal('Portal_Documents=2099-12-31T00:00:00.000Z');

    const state = stateOf(sync.lab.org);
    const planned = await back(run, { dryRun: true });
    expect(differences(state, stateOf(sync.lab.org))).to.deep.equal([]);
    const given = await back(run);
    expectSynced(given);
    expect(decisionsOf(given)).to.deep.equal(decisionsOf(planned));
    expect(given.result.actions).to.deep.equal({ create: 0, assign: 0, change: 0, release: 1 });
    expect(heldBy(person)).to.include.members(before);
    // What the sync gave stays.
    expect(heldBy(person)).to.have.length(before.length + 1);
    expect((await back(run)).result.unchangedByReason).to.deep.equal({ ALREADY_ENABLED: 1 });
  });

  it('come back after the access, licenses before the sets that need them', async () => {
    const [due, before] = [leaver(40), leaver(50, { IsActive: false })];
    const held = [due, before].map(heldBy);
    const run = await sync.sync(releasing);
    expectSynced(run);
    expect([due, before].flatMap(heldBy)).to.deep.equal([]);
    const kept = csvOf(run.folder, 'snapshot').find(({ Id }) => Id === due.userId);
    expect(kept).to.include({ PackageLicenses: 'acmedocs' });
    expect(kept?.['PermissionSetLicenses']).to.not.equal('');
    const given = await back(run);
    expectSynced(given);
    expect(given.result.actions).to.deep.equal({ create: 0, assign: 0, change: 1, release: 1 });
    expect([...new Set(kindsOf(given))]).to.deep.equal([
      'setActive',
      ...['assignPermissionSetLicense', 'assignPackageLicense', 'assignPermissionSet'],
    ]);
    expect([due, before].map(heldBy)).to.deep.equal(held);
    // Both were frozen by an earlier sync, and one of them was off.
    expect([due, before].map(({ userId }) => sync.access(userId))).to.deep.equal(['frozen', 'inactive and frozen']);
    const { result } = await back(run);
    expect(result).to.deep.include({ refusedByReason: {}, unchangedByReason: { ALREADY_ENABLED: 2 } });
  });

  it('come back with the access that the same run took', async () => {
    const person = leaver(0);
    sync.changeLogin(person.userId, { IsFrozen: false });
    const held = heldBy(person);
    const run = await sync.sync({ ...releasing, leavers: { ...releasing.leavers, deactivateAfterDays: 0 } });
    expect([sync.access(person.userId), heldBy(person)]).to.deep.equal(['inactive and frozen', []]);
    expectSynced(await back(run));
    expect([sync.access(person.userId), heldBy(person)]).to.deep.equal(['active', held]);
  });

  it('come back with the profile within its family', async () => {
    const person = member('Acme Customer Login');
    const before = [heldBy(person), sync.user(person.userId)['ProfileId']];
    const governs = "Profile.Name IN ('Acme Customer Portal', 'Acme Customer Login')";
    const groups = [groupOf('A', []), groupOf('B', ['Portal_Documents', 'Portal_Analytics'])];
    const run = await sync.sync({ ...exact, groups, profile: 'change', governs });
    expectSynced(run);
    expect(heldBy(person)).to.not.deep.equal(before[0]);
    expectSynced(await back(run));
    expect([heldBy(person), sync.user(person.userId)['ProfileId']]).to.deep.equal(before);
  });

  it('come back where the license of another family stays', async () => {
    const person = member();
    const before = heldBy(person);
    const governs = "Profile.Name IN ('Acme Customer Portal', 'Acme Customer Plus')";
    const groups = [groupOf('A', [], 'Acme Customer Plus'), groupOf('B', ['Portal_Documents'])];
    const run = await sync.sync({ ...exact, groups, profile: 'upgrade', governs });
    expectSynced(run);
    expect(heldBy(person)).to.not.deep.equal(before);
    expectSynced(await back(run));
    expect([heldBy(person), sync.user(person.userId)['UserType']]).to.deep.equal([before, 'PowerCustomerSuccess']);
  });

  it('that are short or gone by then end as failed rows, and everything else comes back', async () => {
    const person = leaver(40);
    const run = await sync.sync(releasing);
    const { store, world } = sync.lab.org;
    store.update('PackageLicense', store.find('PackageLicense')[0]?.Id ?? '', { AllowedLicenses: 0 });
    store.remove('PermissionSet', world?.permissionSets.get('Portal_Analytics') ?? '');
    const given = await back(run);
    expect(given.end).to.deep.equal({ end: 'done' });
    expect(given.result.counts).to.include({ planned: 1, failed: 1 });
    expect(sync.access(person.userId)).to.equal('frozen');
    expect(heldBy(person).map((text) => text.split(' ')[0])).to.deep.equal([
      'PermissionSetAssignment',
      'PermissionSetLicenseAssign',
    ]);
    const [failed] = csvOf(given.folder, 'failed');
    expect(failed).to.include({ UserId: person.userId, Step: 'Portal_Analytics' });
    expect(failed?.['Advice']).to.contain('no longer exists in the org');
  });

  it('that would have ended by now do not come back', async () => {
    const person = member();
    const { store } = sync.lab.org;
    const [assignment] = store.find('PermissionSetAssignment', { AssigneeId: person.userId });
    store.update('PermissionSetAssignment', assignment?.Id ?? '', { ExpirationDate: '2020-01-01T00:00:00.000Z' });
    const run = await sync.sync(exact);
    const given = await back(run);
    expectSynced(given);
    expect(decisionsOf(given).get(person.userId)).to.equal('assignPermissionSet Portal_Analytics');
  });

  it('come back to nobody who was switched off since then, before the plan or after it', async () => {
    const [off, later, kept] = [member(), member(), member()];
    const run = await sync.sync(exact);
    expectSynced(run);
    const after = heldBy(off);
    sync.lab.org.store.update('User', off.userId, { IsActive: false });
    const plan = await back(run, { dryRun: true });
    expect(plan.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1 });
    sync.lab.org.store.update('User', later.userId, { IsActive: false });
    const applied = await sync.lab.resume(plan.folder);
    expect(applied.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 2 });
    expect([off, later].map(heldBy)).to.deep.equal([after, after]);
    expect(heldBy(kept)).to.have.length(after.length + 3);
  });

  it('go on to come back after an interruption, but not to a user who was switched off in it', async () => {
    const [off, kept] = [leaver(40), leaver(40)];
    const held = heldBy(kept);
    const run = await sync.sync(releasing);
    const begun = await sync.lab.change(
      { operation: 'enable', fromRun: run.folder },
      {
        onEvent: (event, stop) => {
          if (event.type === 'begun' && event.kind === 'assignPermissionSet') stop.request('signal');
        },
      },
    );
    expect(begun.end.end).to.equal('signal');
    expect([off, kept].map(({ userId }) => sync.access(userId))).to.deep.equal(['frozen', 'frozen']);
    sync.lab.org.store.update('User', off.userId, { IsActive: false });
    const resumed = await sync.lab.resume(begun.folder);
    expect(resumed.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1 });
    expect(heldBy(kept)).to.deep.equal(held);
    expect(heldBy(off).filter((text) => text.startsWith('PermissionSetAssignment'))).to.deep.equal([]);
  });
});
