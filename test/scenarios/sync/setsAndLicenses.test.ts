/** `permissionSets: exact` and `releaseLicenses`: what is taken from whom, in which order, and what stays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loginOf } from '../changeLab.ts';
import { findingsOf, mainProfile, type DriveChanges, type Run } from '../runLab.ts';
import { active, day, decisionsOf, expectSynced, SyncLab } from './syncLab.ts';

const groupOf = (title: string, permissionSets: readonly string[]): object => ({
  name: title,
  contacts: `Title = '${title}'`,
  profile: mainProfile,
  permissionSets,
  mayBeEmpty: true,
});

/** A and B have a set each, and one that the file does not name stays with the users who have it. */
const exact = {
  ...active,
  groups: [groupOf('A', ['Portal_Orders']), groupOf('B', ['Portal_Documents'])],
  permissionSets: 'exact',
};

const releasing = { ...active, leavers: { action: 'freeze', deactivateAfterDays: 30, releaseLicenses: true } };

describe('sync takes permission sets and licenses away', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  const setId = (name: string): string => sync.lab.org.world?.permissionSets.get(name) ?? expect.fail(name);
  const nameOf = (id: unknown): string =>
    [...(sync.lab.org.world?.permissionSets ?? [])].find(([, each]) => each === id)?.[0] ?? 'hidden';

  function give(userId: string, ...names: string[]): void {
    for (const name of names) {
      const field = setId(name).startsWith('0PG') ? 'PermissionSetGroupId' : 'PermissionSetId';
      sync.lab.org.executeDml({
        ...{ sobject: 'PermissionSetAssignment', operation: 'insert', lockOwner: 'test' },
        rows: [{ AssigneeId: userId, [field]: setId(name) }],
        runningUserId: sync.lab.org.runningUserId,
      });
    }
  }

  /** Names of permission sets and groups. */
  function setsOf(userId: string): string[] {
    const held = sync.lab.org.store.find('PermissionSetAssignment', { AssigneeId: userId });
    return held.map((row) => nameOf(row['PermissionSetGroupId'] ?? row['PermissionSetId'])).sort();
  }

  function licensesOf(userId: string): number[] {
    const { store } = sync.lab.org;
    return [
      store.find('PermissionSetLicenseAssign', { AssigneeId: userId }).length,
      store.find('UserPackageLicense', { UserId: userId }).length,
    ];
  }

  function givePackage(userId: string): void {
    const { store } = sync.lab.org;
    store.insert('UserPackageLicense', { UserId: userId, PackageLicenseId: store.find('PackageLicense')[0]?.Id ?? '' });
  }

  /** Frozen by sync so many days ago. */
  function mark(userId: string, days: number): void {
    const { store, clock, runningUserId } = sync.lab.org;
    const LastModifiedDate = new Date(clock.now() - days * day).toISOString();
    const values = { IsFrozen: true, LastModifiedById: runningUserId, LastModifiedDate };
    store.update('UserLogin', loginOf(sync.lab, userId).Id, values);
  }

  /** A user whose contact has left, with a permission set, its license, a group, and the license of a package. */
  function leaver(days: number): { contactId: string; userId: string } {
    const person = sync.person();
    give(person.userId, 'Portal_Analytics', 'Portal_Bundle');
    givePackage(person.userId);
    sync.leave(person.contactId);
    mark(person.userId, days);
    return person;
  }

  const beforeApply = (change: () => void): DriveChanges => ({
    onEvent: (event) => {
      if (event.type === 'stage' && event.stage === 'apply') change();
    },
  });

  const guardsOf = ({ folder }: Run): string[] =>
    findingsOf(folder).map((finding) => ('guard' in finding ? finding.guard : ''));

  describe('exact', () => {
    it('takes the sets of other groups from users of a group, and no others', async () => {
      const [person, other] = [sync.person({ Title: 'A' }), sync.person({ Title: 'B' })];
      give(person.userId, 'Portal_Documents', 'Portal_Partner_Site', 'Portal_Bundle');
      give(other.userId, 'Portal_Documents', 'Portal_Orders');
      const planned = await sync.sync(exact, { dryRun: true });
      const run = await sync.sync(exact);
      expectSynced(run);
      expect(decisionsOf(run)).to.deep.equal(decisionsOf(planned));
      expect(setsOf(person.userId)).to.deep.equal(['Portal_Bundle', 'Portal_Orders', 'Portal_Partner_Site']);
      expect(setsOf(other.userId)).to.deep.equal(['Portal_Documents']);
      // First to, then away.
      expect(decisionsOf(run).get(person.userId)).to.equal(
        'assignPermissionSet Portal_Orders, removePermissionSet Portal_Documents',
      );
      expect(run.result.sync?.groups.map(({ change }) => change)).to.deep.equal([1, 1]);
      const snapshot = readFileSync(join(run.folder, 'snapshot.csv'), 'utf8');
      expect(snapshot).to.include('Portal_Documents;Portal_Orders');
      expect((await sync.sync(exact)).result.counts.planned).to.equal(0);
    });

    it('takes nothing from users whom it does not govern, who are off, or of whom records may be hidden', async () => {
      const people = ['protected', 'frozen', 'hidden'].map(() => sync.person({ Title: 'A' }));
      const [guarded, frozen, hidden] = people;
      for (const { userId } of people) give(userId, 'Portal_Documents', 'Portal_Orders');
      sync.lab.org.store.update('User', guarded?.userId ?? '', { Title: 'VIP' });
      sync.changeLogin(frozen?.userId ?? '', { IsFrozen: true });
      const { store } = sync.lab.org;
      const profileId = String(sync.user(sync.lab.org.runningUserId)['ProfileId']);
      store.update('Profile', profileId, { PermissionsViewAllData: false, PermissionsModifyAllData: false });
      const run = await sync.sync({ ...exact, protect: ["Title = 'VIP'"] });
      for (const { userId } of people) expect(setsOf(userId)).to.deep.equal(['Portal_Documents', 'Portal_Orders']);
      expect(decisionsOf(run).get(hidden?.userId ?? '')).to.equal('ALREADY_HAS_USER.surplus');
      store.update('Profile', profileId, { PermissionsViewAllData: true });
      await sync.sync({ ...exact, protect: ["Title = 'VIP'"] });
      expect(people.map(({ userId }) => setsOf(userId).length)).to.deep.equal([2, 2, 1]);
    });

    it('a user whose contact changes groups right before the call keeps its sets', async () => {
      const [moves, stays] = [sync.person({ Title: 'A' }), sync.person({ Title: 'A' })];
      for (const { userId } of [moves, stays]) give(userId, 'Portal_Documents', 'Portal_Orders');
      const change = beforeApply(() => sync.lab.org.store.update('Contact', moves.contactId, { Title: 'B' }));
      const run = await sync.sync(exact, {}, change);
      expect(setsOf(moves.userId)).to.deep.equal(['Portal_Documents', 'Portal_Orders']);
      expect(setsOf(stays.userId)).to.deep.equal(['Portal_Orders']);
      expect(decisionsOf(run).get(moves.userId)).to.equal('LEFT_GROUP.user');
      await sync.sync(exact);
      expect(setsOf(moves.userId)).to.deep.equal(['Portal_Documents']);
    });

    it('a license of which too few are left is freed before others get it', async () => {
      const groups = [groupOf('A', []), groupOf('B', ['Portal_Analytics'])];
      const [holds, needs] = [sync.person({ Title: 'A' }), sync.person({ Title: 'B' })];
      give(holds.userId, 'Portal_Analytics');
      const [license] = sync.lab.org.store.find('PermissionSetLicense');
      sync.lab.org.store.update('PermissionSetLicense', license?.Id ?? '', { TotalLicenses: 1 });
      const run = await sync.sync({ ...exact, groups });
      expectSynced(run);
      expect([holds, needs].map(({ userId }) => [setsOf(userId), licensesOf(userId)])).to.deep.equal([
        [[], [0, 0]],
        [['Portal_Analytics'], [1, 0]],
      ]);
    });

    it('more users than the limit stop the whole run', async () => {
      for (let n = 0; n < 2; n++) give(sync.person({ Title: 'A' }).userId, 'Portal_Documents', 'Portal_Orders');
      const limits = { change: 1, takeAwayShare: 1 };
      expect(guardsOf(await sync.sync({ ...exact, limits }))).to.include('limit.change');
      expect(guardsOf(await sync.sync({ ...exact, limits: { ...limits, change: 2 } }))).to.not.include('limit.change');
    });

    it('asks for a syncUser', async () => {
      const report = { groups: exact.groups, permissionSets: 'exact', syncUser: 'sync@acme.example' };
      expect(guardsOf(await sync.sync(report))).to.include('syncUser');
    });
  });

  describe('releaseLicenses', () => {
    it('takes from a leaver who is deactivated what the user would keep, and nothing before', async () => {
      const [due, waiting, stays] = [leaver(31), leaver(10), sync.person()];
      give(stays.userId, 'Portal_Documents');
      const profileSet = sync.lab.org.store.find('PermissionSet', {
        ProfileId: String(sync.user(due.userId)['ProfileId']),
      });
      sync.lab.org.store.insert('PermissionSetAssignment', {
        AssigneeId: due.userId,
        PermissionSetId: profileSet[0]?.Id ?? '',
      });
      const planned = await sync.sync(releasing, { dryRun: true });
      const run = await sync.sync(releasing);
      expectSynced(run);
      expect(decisionsOf(run).get(due.userId)).to.equal(decisionsOf(planned).get(due.userId));
      expect(run.result.steps).to.deep.include({
        removePermissionSet: { planned: 0, done: 2, failed: 0, unknown: 0 },
        removePermissionSetLicense: { planned: 0, done: 1, failed: 0, unknown: 0 },
        removePackageLicense: { planned: 0, done: 1, failed: 0, unknown: 0 },
      });
      expect([sync.access(due.userId), sync.access(waiting.userId)]).to.deep.equal(['inactive and frozen', 'frozen']);
      expect([setsOf(due.userId), licensesOf(due.userId)]).to.deep.equal([['hidden'], [0, 0]]);
      expect([setsOf(waiting.userId), licensesOf(waiting.userId)]).to.deep.equal([
        ['Portal_Analytics', 'Portal_Bundle'],
        [1, 1],
      ]);
      expect(setsOf(stays.userId)).to.deep.equal(['Portal_Documents']);
      expect(readFileSync(join(run.folder, 'snapshot.csv'), 'utf8')).to.include('Portal_Analytics;Portal_Bundle');
      expect((await sync.sync(releasing)).result.counts.planned).to.equal(0);
    });

    it('in the run that freezes, where there are no days in between', async () => {
      const { userId } = leaver(0);
      sync.changeLogin(userId, { IsFrozen: false });
      expectSynced(await sync.sync({ ...releasing, leavers: { ...releasing.leavers, deactivateAfterDays: 0 } }));
      expect([sync.access(userId), setsOf(userId), licensesOf(userId)]).to.deep.equal([
        'inactive and frozen',
        [],
        [0, 0],
      ]);
    });

    it('takes it from those whom sync has deactivated before, and from nobody else who is off', async () => {
      const [before, byOthers, unfrozen, back] = [leaver(50), leaver(50), leaver(50), leaver(50)];
      for (const { userId } of [before, byOthers, unfrozen, back])
        sync.lab.org.store.update('User', userId, { IsActive: false });
      sync.changeLogin(byOthers.userId, { IsFrozen: true });
      sync.changeLogin(unfrozen.userId, { IsFrozen: false });
      sync.comeBack(back.contactId);
      const run = await sync.sync({ ...releasing, returners: 'report' });
      expectSynced(run);
      expect(run.result.sync?.profiles.map(({ release }) => release)).to.include(1);
      expect([before, byOthers, unfrozen, back].map(({ userId }) => licensesOf(userId))).to.deep.equal([
        [0, 0],
        [1, 1],
        [1, 1],
        [1, 1],
      ]);
      expect(guardsOf(await sync.sync({ ...releasing, limits: { takeAway: 0, takeAwayShare: 1 } }))).to.deep.equal([]);
    });

    it('stops at its limit for those who are off already', async () => {
      const { userId } = leaver(50);
      sync.lab.org.store.update('User', userId, { IsActive: false });
      const run = await sync.sync({ ...releasing, limits: { takeAway: 0, takeAwayShare: 1 } });
      expect(guardsOf(run)).to.include('limit.release');
      expect(licensesOf(userId)).to.deep.equal([1, 1]);
    });

    it('takes nothing from a user who was let in again right before the call', async () => {
      const { userId } = leaver(50);
      const { store } = sync.lab.org;
      store.update('User', userId, { IsActive: false });
      const run = await sync.sync(
        releasing,
        {},
        beforeApply(() => store.update('User', userId, { IsActive: true })),
      );
      expect(licensesOf(userId)).to.deep.equal([1, 1]);
      expect(decisionsOf(run).get(userId)).to.equal('LEFT_GROUP.user');
    });

    it('takes nothing where the deactivation is not done', async () => {
      const { userId } = leaver(31);
      sync.lab.org.switches.users.portalAdministrators.add(userId);
      await sync.sync(releasing);
      expect([sync.access(userId), licensesOf(userId)]).to.deep.equal(['frozen', [1, 1]]);
    });

    it('goes on where an earlier process has stopped', async () => {
      const { userId } = leaver(31);
      const { org } = sync.lab;
      org.faults.add(
        { method: 'DELETE', path: /composite\/sobjects/, times: Infinity },
        {
          ...{ kind: 'answer', status: 403 },
          body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
        },
      );
      const stopped = await sync.sync(releasing);
      expect([stopped.result.state, sync.access(userId)]).to.deep.equal(['running', 'inactive and frozen']);
      org.faults.clear();
      // What somebody else has taken meanwhile is as good as taken.
      const [assign] = org.store.find('UserPackageLicense', { UserId: userId });
      org.store.remove('UserPackageLicense', assign?.Id ?? '');
      const resumed = await sync.lab.resume(stopped.folder);
      expectSynced(resumed);
      expect([setsOf(userId), licensesOf(userId)]).to.deep.equal([[], [0, 0]]);
    });
  });
});
