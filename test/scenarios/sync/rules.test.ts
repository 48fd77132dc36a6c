/** Each rule that keeps sync from locking out, or letting in, the wrong people. */
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import type { Run } from '../runLab.ts';
import { active, day, decisionsOf, expectSynced, report, SyncLab } from './syncLab.ts';

/** Codes of what stood in the way. */
function obstaclesOf({ end }: Run): string[] {
  return end.end === 'guards' ? end.failures.map(({ guard }) => guard) : [];
}

describe('a sync is refused as a whole', () => {
  let sync: SyncLab;
  let leaver: { contactId: string; userId: string };
  before(async () => {
    sync = await SyncLab.start();
    sync.person();
    leaver = sync.person();
    sync.leave(leaver.contactId);
  });
  after(() => sync.stop());

  const cases: ReadonlyArray<readonly [what: string, definition: () => object, guards: readonly string[]]> = [
    ['in an org that is not named', () => ({ ...active, orgs: ['sandboxes'] }), ['WRONG_ORG']],
    ['by a user other than syncUser', () => ({ ...active, syncUser: 'sync@acme.example' }), ['syncUser']],
    [
      'with a group that is empty by mistake',
      () => {
        const nobody = { name: 'Nobody', contacts: "LastName = 'Nobody'", profile: 'Acme Customer Portal' };
        return { ...active, groups: [...active.groups, nobody] };
      },
      ['emptyGroup'],
    ],
    [
      'without any contact',
      () => ({ ...active, groups: [{ ...active.groups[0], contacts: "LastName = 'Nobody'", mayBeEmpty: true }] }),
      ['noContacts'],
    ],
    ['above a limit', () => ({ ...active, limits: { takeAway: 0, takeAwayShare: 1 } }), ['limit.takeAway']],
    [
      'above the share of all and of a profile',
      () => ({ ...active, limits: {} }),
      ['limit.share', 'limit.profileShare'],
    ],
    ['above the limit for new users', () => ({ ...report, limits: { create: 1 } }), ['limit.create']],
    [
      'above the limit for changes, which permission sets for existing users are too',
      () => ({ groups: [{ ...report.groups[0], permissionSets: ['Portal_Documents'] }], limits: { change: 0 } }),
      ['limit.change'],
    ],
  ];
  for (const [what, definition, guards] of cases) {
    it(what, async () => {
      const run = await sync.sync(definition(), { dryRun: true });
      expect(obstaclesOf(run)).to.include.members([...guards]);
      expect(sync.access(leaver.userId)).to.equal('active');
    });
  }

  it('with a --protect that is no bare condition', async () => {
    for (const condition of ['', "Email LIKE 'a%' LIMIT 1", "(Email LIKE 'a%'"]) {
      const message = await sync.sync(active, { protect: [condition] }).then(
        () => 'done',
        (error: unknown) => String(error),
      );
      expect(message, condition).to.include('protectNotBare');
    }
  });

  it('above --max-take-away, which can only lower the limit', async () => {
    expect(obstaclesOf(await sync.sync(active, { maxTakeAway: 0 }))).to.deep.equal(['limit.takeAway']);
    const tight = { ...active, limits: { takeAway: 0, takeAwayShare: 1 } };
    expect(obstaclesOf(await sync.sync(tight, { maxTakeAway: 50 }))).to.deep.equal(['limit.takeAway']);
    expect(sync.access(leaver.userId)).to.equal('active');
  });
});

describe('what a group selects', () => {
  it('comes whole, is read again where it does not, and no plan is made of less after three times', async () => {
    const sync = await SyncLab.start({ world: { customerContacts: 60 } });
    try {
      const { org } = sync.lab;
      org.switches.queryPageSize = 50;
      const lastPage = { totalSize: 0, done: true, records: [] };
      const endEarly = (times: number): void =>
        void org.faults.add({ path: /^\/query\/01g/, times }, { kind: 'answer', status: 200, body: lastPage });
      endEarly(1);
      expectSynced(await sync.sync(report));
      endEarly(Infinity);
      const lost = await sync.sync(report).then(
        () => 'made',
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
      );
      expect(lost).to.equal('ROWS_MISSING');
    } finally {
      await sync.stop();
    }
  });
});

describe('sync leaves alone', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  it('protected, ungoverned and twin users, and those whom others have switched off', async () => {
    const people = Object.fromEntries(
      ['protected', 'ungoverned', 'twin', 'frozen', 'inactive', 'frozenMember', 'member'].map((name) => [
        name,
        sync.person(),
      ]),
    ) as Record<string, { contactId: string; userId: string }>;
    const { store } = sync.lab.org;
    const of = (name: string): { contactId: string; userId: string } => people[name] ?? expect.fail(name);
    for (const name of ['protected', 'ungoverned', 'twin', 'frozen', 'inactive']) sync.leave(of(name).contactId);
    store.update('User', of('protected').userId, { LastName: 'Protected' });
    store.update('User', of('ungoverned').userId, { LastName: 'Ungoverned' });
    store.update('User', of('twin').userId, {
      Email: String(store.get('Contact', of('member').contactId)?.['Email']).toUpperCase(),
    });
    for (const name of ['frozen', 'frozenMember']) sync.changeLogin(of(name).userId, { IsFrozen: true });
    store.update('User', of('inactive').userId, { IsActive: false });
    const governs = "Profile.Name = 'Acme Customer Portal' AND LastName != 'Ungoverned'";
    const run = await sync.sync({ ...active, governs, protect: ["LastName = 'Protected'"] });
    expectSynced(run);
    const decided = decisionsOf(run);
    expect(decided.get(of('twin').userId)).to.equal('SAME_EMAIL.detail');
    expect(decided.get(of('frozenMember').userId)).to.equal('OFF_BY_OTHERS.frozen');
    for (const name of ['protected', 'ungoverned', 'twin', 'member'])
      expect(sync.access(of(name).userId), name).to.equal('active');
    for (const name of ['frozen', 'frozenMember']) expect(sync.access(of(name).userId), name).to.equal('frozen');
    expect(sync.access(of('inactive').userId)).to.equal('inactive');
  });

  /** What the running user may see all records of. */
  function viewAllOf(...objects: readonly string[]): void {
    const { store, runningUserId } = sync.lab.org;
    const set = { Name: 'View_All', Label: 'View All', IsCustom: true, Type: 'Regular' };
    const ParentId = store.insert('PermissionSet', set);
    for (const SobjectType of objects)
      store.insert('ObjectPermissions', {
        ...{ ParentId, SobjectType, PermissionsRead: true, PermissionsViewAllRecords: true },
      });
    store.insert('PermissionSetAssignment', { AssigneeId: runningUserId, PermissionSetId: ParentId });
  }

  it('leavers whom it may govern only because records are hidden, and members who would be upgraded then', async () => {
    const { org } = sync.lab;
    const [leaver, member] = [sync.person(), sync.person({ Title: 'Plus' })];
    sync.leave(leaver.contactId);
    const profileId = String(sync.user(org.runningUserId)['ProfileId']);
    org.store.update('Profile', profileId, { PermissionsViewAllData: false, PermissionsModifyAllData: false });
    viewAllOf('Contact', 'Account');
    const groups = [
      { ...active.groups[0], contacts: "Title != 'Plus' AND Portal_Access__c = true" },
      { name: 'Plus', contacts: "Title = 'Plus'", profile: 'Acme Customer Plus' },
    ];
    const portalOnly = "Profile.Name = 'Acme Customer Portal'";
    const decisions = async (governs: string): Promise<unknown[]> => {
      const plan = await sync.sync({ ...active, groups, governs, profile: 'upgrade' }, { dryRun: true });
      return [leaver, member].map(({ userId }) => decisionsOf(plan).get(userId));
    };
    expect(await decisions(portalOnly)).to.deep.equal(['setFrozen true', 'setProfile upgrade']);
    const unlessHeld = `${portalOnly} AND Id NOT IN (SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Portal_Orders')`;
    expect(await decisions(unlessHeld)).to.deep.equal(['LEAVER.hidden', 'OTHER_PROFILE.hidden']);
  });

  it('leavers while records are hidden from it, and takes View All on the objects for enough', async () => {
    const { org } = sync.lab;
    const [leaver, hidden] = [sync.person(), sync.person()];
    sync.leave(leaver.contactId);
    org.switches.hiddenContacts.add(hidden.contactId);
    const profileId = String(sync.user(org.runningUserId)['ProfileId']);
    org.store.update('Profile', profileId, { PermissionsViewAllData: false, PermissionsModifyAllData: false });
    const blind = await sync.sync(active);
    expectSynced(blind);
    expect(decisionsOf(blind).get(leaver.userId)).to.equal('LEAVER.hidden');
    expect(decisionsOf(blind).get(hidden.userId)).to.equal('CONTACT_NOT_VISIBLE.detail');
    const told = blind.result.guards.find(({ code }) => code === 'hiddenObjects');
    expect(told?.message).to.match(/1 leaver keeps access.*Contact, Account/);
    viewAllOf('Contact', 'Account');
    const seeing = await sync.sync(active);
    expectSynced(seeing);
    expect(sync.access(leaver.userId)).to.equal('frozen');
    expect(sync.access(hidden.userId)).to.equal('active');
  });

  it('a leaver who has come back right before the call', async () => {
    const [back, leaver] = [sync.person(), sync.person()];
    for (const { contactId } of [back, leaver]) sync.leave(contactId);
    const run = await sync.sync(
      active,
      {},
      {
        onEvent: ({ type, ...event }) => {
          if (type === 'stage' && 'stage' in event && event.stage === 'apply') sync.comeBack(back.contactId);
        },
      },
    );
    expectSynced(run);
    expect(sync.access(back.userId)).to.equal('active');
    expect(sync.access(leaver.userId)).to.equal('frozen');
    expect(decisionsOf(run).get(back.userId)).to.equal('LEFT_GROUP.user');
  });

  it('a contact that leaves right before it would get a user, and a user right before it would get a permission set', async () => {
    const holder = sync.person();
    const [free = expect.fail()] = sync.lab.freeContacts().map(({ Id }) => Id);
    const groups = [{ ...report.groups[0], permissionSets: ['Portal_Documents'] }];
    const run = await sync.sync(
      { ...report, groups },
      {},
      {
        onEvent: (event) => {
          if (event.type === 'stage' && event.stage === 'apply')
            for (const contactId of [free, holder.contactId]) sync.leave(contactId);
        },
      },
    );
    expectSynced(run);
    expect(sync.lab.usersOf(free)).to.deep.equal([]);
    expect(decisionsOf(run).get(free)).to.equal('LEFT_GROUP.detail');
    expect(decisionsOf(run).get(holder.userId)).to.equal('LEFT_GROUP.user');
    expect(sync.lab.org.store.find('PermissionSetAssignment', { AssigneeId: holder.userId })).to.deep.equal([]);
  });

  it('a user whom somebody has deactivated after sync froze it, also right before the call', async () => {
    const [before, meanwhile, returner] = [sync.person(), sync.person(), sync.person()];
    const { store } = sync.lab.org;
    for (const { contactId } of [before, meanwhile, returner]) sync.leave(contactId);
    expectSynced(await sync.sync(active));
    const deactivate = (userId: string): void =>
      store.update('User', userId, { IsActive: false, LastModifiedById: sync.somebodyElse });
    deactivate(before.userId);
    for (const { contactId } of [before, meanwhile, returner]) sync.comeBack(contactId);
    const run = await sync.sync(
      active,
      {},
      {
        onEvent: (event) => {
          if (event.type === 'stage' && event.stage === 'apply') deactivate(meanwhile.userId);
        },
      },
    );
    expectSynced(run);
    expect(decisionsOf(run).get(before.userId)).to.equal('OFF_BY_OTHERS.changed');
    for (const { userId } of [before, meanwhile]) expect(sync.access(userId)).to.equal('inactive and frozen');
    expect(sync.access(returner.userId)).to.equal('active');
  });

  it('people who have changed since a plan was made', async () => {
    const [back, leaver, free] = [sync.person(), sync.person(), sync.lab.freeContacts()[0]?.Id ?? ''];
    for (const { contactId } of [back, leaver]) sync.leave(contactId);
    const planned = await sync.sync(active, { dryRun: true });
    expect(planned.end).to.deep.equal({ end: 'planned' });
    sync.comeBack(back.contactId);
    sync.leave(free);
    const run = await sync.lab.resume(planned.folder, { allowWelcomeEmails: true });
    expectSynced(run);
    expect(sync.access(back.userId)).to.equal('active');
    expect(sync.access(leaver.userId)).to.equal('frozen');
    expect(sync.lab.usersOf(free)).to.deep.equal([]);
  });
});

describe('a plan of sync is not applied', () => {
  let sync: SyncLab;
  let leaver: { contactId: string; userId: string };
  beforeEach(async () => {
    sync = await SyncLab.start();
    leaver = sync.person();
    sync.leave(leaver.contactId);
  });
  afterEach(() => sync.stop());

  const refusalOf = async (folder: string): Promise<string> => {
    try {
      await sync.lab.resume(folder);
    } catch (error) {
      return error instanceof Error && 'key' in error ? String(error.key) : String(error);
    }
    return 'none';
  };

  it('once its definition has changed', async () => {
    const definitionFile = sync.definitionFile(active);
    const { folder } = await sync.lab.sync({ definitionFile, dryRun: true });
    // Also into something that is no definition any more.
    for (const more of ['# changed\n', 'no: definition\n']) {
      writeFileSync(definitionFile, more, { flag: 'a' });
      expect(await refusalOf(folder)).to.equal('definitionChanged');
    }
    expect(sync.access(leaver.userId)).to.equal('active');
  });

  it('after 7 days', async () => {
    const { folder } = await sync.sync(active, { dryRun: true });
    sync.lab.org.clock.advance(7 * day + 60_000);
    expect(await refusalOf(folder)).to.equal('planTooOld');
    expect(sync.access(leaver.userId)).to.equal('active');
  });
});
