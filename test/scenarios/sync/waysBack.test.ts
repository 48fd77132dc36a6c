/** A sync is taken back: what it took by `enable --from-run`, what it gave by `disable --from-run`, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { waysBack } from '../../../lib/model/runs/waysBack.js';
import { differences, loginOf, stateOf } from '../changeLab.ts';
import { mainProfile, type Run } from '../runLab.ts';
import { syncedRun } from '../../sweep/everyStep.ts';
import { active, day, decisionsOf, expectSynced, SyncLab } from './syncLab.ts';

const loginProfile = 'Acme Customer Login';
const governs = "Profile.Name LIKE 'Acme Customer%'";

describe('a sync that is taken back', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start({ world: { customerContacts: 2 } });
  });
  afterEach(() => sync.stop());

  const enable = (run: Run, request: object = {}): Promise<Run> =>
    sync.lab.change({ operation: 'enable', fromRun: run.folder, ...request });
  const disable = (run: Run): Promise<Run> =>
    sync.lab.change({ operation: 'disable', mode: 'deactivate', fromRun: run.folder });

  /** Somebody whom an earlier sync has froze so many days ago. */
  function marked(days: number, values: Record<string, boolean> = {}): { contactId: string; userId: string } {
    const person = sync.person();
    const { store, clock, runningUserId } = sync.lab.org;
    const LastModifiedDate = new Date(clock.now() - days * day).toISOString();
    const { Id } = loginOf(sync.lab, person.userId);
    store.update('UserLogin', Id, { IsFrozen: true, LastModifiedById: runningUserId, LastModifiedDate });
    store.update('User', person.userId, values);
    return person;
  }

  it('gives back exactly what it took, and leaves what it gave', async () => {
    const [frozen, overdue, returner] = [sync.person(), marked(40), marked(40, { IsActive: false })];
    for (const { contactId } of [frozen, overdue]) sync.leave(contactId);
    const before = stateOf(sync.lab.org);
    const run = await sync.sync(active);
    expectSynced(run);
    expect(run.result.sync).to.include({ taken: 2 });
    const created = run.result.counts.created;
    expect(run.result.sync).to.include({ given: created + 1 });
    const back = await enable(run);
    expectSynced(back);
    expect(back.result.operation).to.equal('enable');
    expect(back.result.actions).to.deep.equal({ create: 0, assign: 0, change: 2 });
    expect(back.result.guards.map(({ code }) => code)).to.include('syncAgain');
    expect([...decisionsOf(back)]).to.deep.equal([
      [frozen.userId, 'setFrozen false'],
      [overdue.userId, 'setActive true'],
    ]);
    const left = differences(before, stateOf(sync.lab.org)).filter((text) => /^User.*→/.test(text));
    const { Id } = loginOf(sync.lab, returner.userId);
    expect(left).to.deep.equal([`User ${returner.userId} IsActive: 0 → 1`, `UserLogin ${Id} IsFrozen: 1 → 0`]);
    expect((await enable(run)).result).to.deep.include({
      refusedByReason: {},
      unchangedByReason: { ALREADY_ENABLED: 2 },
    });
  });

  it('takes back what it gave by disable', async () => {
    const [frozen, returner, unfrozen] = [sync.person(), marked(40, { IsActive: false }), marked(3)];
    sync.leave(frozen.contactId);
    const run = await sync.sync({ ...active, returners: 'activate' });
    expectSynced(run);
    expect(waysBack(run.result).map(({ flags }) => flags)).to.deep.include(['--mode deactivate']);
    const made = sync.lab.plainContacts().flatMap(({ Id }) => sync.lab.usersOf(Id).map((user) => user.Id));
    const back = await disable(run);
    expectSynced(back);
    expect(back.result.guards.map(({ code }) => code)).to.include('syncAgain');
    const people = [...made, returner.userId, unfrozen.userId];
    for (const userId of new Set(people)) expect(sync.access(userId), userId).to.equal('inactive');
    expect(back.result.counts.selected).to.equal(run.result.sync?.given);
    expect(sync.access(frozen.userId)).to.equal('frozen');
    // What somebody has deactivated stays off.
    const again = await sync.sync(active);
    expect(decisionsOf(again).get(returner.userId)).to.equal('OFF_BY_OTHERS.inactive');
  });

  it('is taken back by freezing those whom it has only unfrozen: deactivating them would take more', async () => {
    expectSynced(await sync.sync(active));
    const unfrozen = marked(3);
    const run = await sync.sync({ ...active, returners: 'activate' });
    expectSynced(run);
    expect(run.result.sync).to.include({ given: 1, unfrozen: 1, taken: 0 });
    expect(sync.access(unfrozen.userId)).to.equal('active');
    expect(waysBack(run.result).map(({ flags }) => flags)).to.deep.equal([['--mode freeze']]);
    const back = await sync.lab.change({ operation: 'disable', mode: 'freeze', fromRun: run.folder });
    expectSynced(back);
    expect(back.result.counts.selected).to.equal(1);
    expect(sync.access(unfrozen.userId)).to.equal('frozen');
  });

  it('has given no access to those whom it created inactive', async () => {
    const groups = active.groups.map((group) => ({ ...group, inactive: true }));
    const run = await sync.sync({ ...active, groups });
    expectSynced(run);
    expect(run.result.counts.created).to.be.above(0);
    expect(run.result.sync).to.include({ given: 0, unfrozen: 0 });
    expect(waysBack(run.result)).to.deep.equal([]);
  });

  it('freezes and deactivates in one run, and takes both back', async () => {
    const leaver = sync.person();
    sync.leave(leaver.contactId);
    const run = await sync.sync({ ...active, leavers: { action: 'freeze', deactivateAfterDays: 0 } });
    expectSynced(run);
    expect(sync.access(leaver.userId)).to.equal('inactive and frozen');
    const back = await enable(run);
    expectSynced(back);
    expect(back.result.actions.change).to.equal(1);
    expect(sync.access(leaver.userId)).to.equal('active');
    expect(decisionsOf(await sync.sync(active)).get(leaver.userId)).to.equal('FLAPPING.detail');
  });

  it('refuses users who are not as it left them', async () => {
    const [freed, moved, gone, kept] = [sync.person(), sync.person(), sync.person(), sync.person()];
    for (const { contactId } of [freed, moved, gone, kept]) sync.leave(contactId);
    const run = await sync.sync(active);
    expectSynced(run);
    const { store } = sync.lab.org;
    sync.changeLogin(freed.userId, { IsFrozen: false });
    store.update('User', moved.userId, { ContactId: sync.lab.freeContacts()[0]?.Id ?? null });
    store.update('User', gone.userId, { IsPortalEnabled: false });
    const back = await enable(run);
    expect(back.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1, NOT_EXTERNAL: 1 });
    expect(decisionsOf(back).get(freed.userId)).to.equal('ALREADY_ENABLED.ended');
    expect(sync.access(kept.userId)).to.equal('active');
    expect(sync.access(moved.userId)).to.equal('frozen');
  });

  it('changes a profile back within its family, with the permission sets that the user held before', async () => {
    const member = sync.person({}, loginProfile);
    const { store, world } = sync.lab.org;
    const [set] = store.find('PermissionSet', { Name: 'Portal_Documents' });
    const assignmentId = store.insert('PermissionSetAssignment', {
      AssigneeId: member.userId,
      PermissionSetId: set?.Id ?? '',
    });
    const groups = [{ ...active.groups[0], permissionSets: ['Portal_Documents'] }];
    const run = await sync.sync({ ...active, groups, profile: 'change', governs });
    expectSynced(run);
    expect(sync.user(member.userId)['ProfileId']).to.equal(world?.profiles.get(mainProfile));
    // Salesforce lets go of sets with the license that they belong to.
    store.db.prepare('DELETE FROM "PermissionSetAssignment" WHERE Id = ?').run(assignmentId);
    const back = await enable(run);
    expectSynced(back);
    expect(back.result.actions).to.deep.equal({ create: 0, assign: 0, change: 1 });
    expect(sync.user(member.userId)['ProfileId']).to.equal(world?.profiles.get(loginProfile));
    expect(
      store.find('PermissionSetAssignment', { AssigneeId: member.userId, PermissionSetId: set?.Id ?? '' }),
    ).to.have.length(1);
  });

  it('gives back the rest when it is repeated, and nothing twice', async () => {
    const folder = await syncedRun(sync.lab);
    const again = (): Promise<Run> => sync.lab.change({ operation: 'enable', fromRun: folder });
    const first = await again();
    expectSynced(first);
    const after = stateOf(sync.lab.org);
    const { result } = await again();
    expect(result.actions).to.deep.equal({ create: 0, assign: 0, change: 0 });
    expect(result).to.deep.include({
      refusedByReason: {},
      unchangedByReason: { ALREADY_ENABLED: result.counts.selected },
    });
    expect(differences(after, stateOf(sync.lab.org))).to.deep.equal([]);
    // Somebody takes a license away again.
    const [given] = [...decisionsOf(first)].find(([, steps]) => steps.includes('PermissionSetLicense')) ?? [];
    const { store } = sync.lab.org;
    const [held] = store.find('PermissionSetLicenseAssign', { AssigneeId: given ?? '' });
    store.db.prepare('DELETE FROM "PermissionSetLicenseAssign" WHERE Id = ?').run(held?.Id ?? '');
    const third = await again();
    expectSynced(third);
    expect(third.result.actions).to.deep.equal({ create: 0, assign: 0, change: 0, release: 1 });
    expect(store.find('PermissionSetLicenseAssign', { AssigneeId: given ?? '' })).to.have.length(1);
  });

  it('never says that it takes an upgrade back', async () => {
    const member = sync.person();
    const groups = [{ ...active.groups[0], profile: 'Acme Customer Plus' }];
    const run = await sync.sync({ ...active, groups, profile: 'upgrade', governs });
    expectSynced(run);
    expect(run.result.sync).to.include({ taken: 0 });
    expect(run.next.map(({ purpose }) => purpose)).not.to.include('undoTaken');
    const back = await enable(run);
    expect(back.result.counts.selected).to.equal(0);
    expect(back.events).to.deep.include({ type: 'upgradesStay', users: 1 });
    expect(sync.user(member.userId)['UserType']).to.equal('PowerCustomerSuccess');
  });

  it('looks again when a plan of it is applied later', async () => {
    const [freed, kept] = [sync.person(), sync.person()];
    for (const { contactId } of [freed, kept]) sync.leave(contactId);
    const run = await sync.sync({ ...active, leavers: { action: 'freeze', deactivateAfterDays: 0 } });
    expectSynced(run);
    const plan = await enable(run, { dryRun: true });
    sync.changeLogin(freed.userId, { IsFrozen: false });
    const applied = await sync.lab.resume(plan.folder, {});
    expect(applied.end).to.deep.equal({ end: 'done' });
    expect(applied.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1 });
    expect(sync.access(freed.userId)).to.equal('inactive');
    expect(sync.access(kept.userId)).to.equal('active');
  });

  it('prints the ways back of a sync that has something to take back', async () => {
    const leaver = sync.person();
    sync.leave(leaver.contactId);
    const run = await sync.sync(active);
    expect(run.next.map(({ purpose }) => purpose).filter((purpose) => purpose.startsWith('undo'))).to.deep.equal([
      'undoTaken',
      'undoGiven',
    ]);
    for (const file of ['summary.md', 'report.html']) {
      const text = readFileSync(join(run.folder, file), 'utf8').replaceAll(/<\/?span[^>]*>/g, '');
      for (const { purpose, command } of run.next)
        if (purpose.startsWith('undo')) expect(text, file).to.include(command.replaceAll('"', ''));
    }
    expect((await sync.sync(active)).next).to.deep.equal([]);
  });
});
