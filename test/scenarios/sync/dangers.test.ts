/** What could lock people out, or let the wrong ones in, and what stands in its way: the table of docs/sync.md names these tests. */
import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { RunFault } from '../../../lib/model/faults.js';
import type { OrgClient } from '../../../lib/org/orgClient.js';
import { differences, loginOf, stateOf } from '../changeLab.ts';
import { findingsOf, mainProfile, mainSegment, type Run } from '../runLab.ts';
import { active, day, decisionsOf, SyncLab } from './syncLab.ts';

const customers = { name: 'Customers', contacts: mainSegment, profile: mainProfile };

describe('dangers of sync', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  /** Users of contacts that have left. */
  function leavers(count: number): string[] {
    return Array.from({ length: count }, () => {
      const { contactId, userId } = sync.person();
      sync.leave(contactId);
      return userId;
    });
  }

  /** Nothing is written while it runs. @returns the guards that stopped it */
  async function stoppedBy(run: () => Promise<Run>): Promise<string[]> {
    const before = stateOf(sync.lab.org);
    const { folder } = await run();
    expect(differences(before, stateOf(sync.lab.org))).to.deep.equal([]);
    return findingsOf(folder).map((finding) => ('guard' in finding ? finding.guard : ''));
  }

  it('more leavers than the limit stop the whole run', async () => {
    leavers(3);
    const definition = { ...active, limits: { takeAway: 2, takeAwayShare: 1 } };
    expect(await stoppedBy(() => sync.sync(definition))).to.include('limit.takeAway');
  });

  it('a share of one profile is enough to stop', async () => {
    const login = 'Acme Customer Login';
    for (let n = 0; n < 12; n++) sync.person();
    const [stays, goes] = [sync.person({ Title: 'Login' }, login), sync.person({ Title: 'Login' }, login)];
    sync.leave(goes.contactId);
    const groups = [{ name: 'Login', contacts: `${mainSegment} AND Title = 'Login'`, profile: login }, customers];
    const limits = { create: 500, takeAwayShare: 0.4 };
    expect(await stoppedBy(() => sync.sync({ ...active, groups, limits }))).to.include('limit.profileShare');
    await sync.sync({ ...active, groups, limits: { takeAwayShare: 0.5 } });
    expect([stays, goes].map(({ userId }) => sync.access(userId))).to.deep.equal(['active', 'frozen']);
  });

  it('a share is of whole users: 0.58 of 50 are 29, although 50 * 0.58 is less', async () => {
    for (let n = 0; n < 21; n++) sync.person();
    leavers(29);
    const limited = { ...active, limits: { create: 500, takeAwayShare: 0.58 } };
    const { folder } = await sync.sync(limited, { dryRun: true });
    expect(findingsOf(folder)).to.deep.equal([]);
    leavers(1);
    sync.person();
    const tooMany = { ...active, limits: { create: 500, takeAwayShare: 0.57 } };
    expect(await stoppedBy(() => sync.sync(tooMany))).to.have.members(['limit.share', 'limit.profileShare']);
  });

  it('a flag lowers the limit, and none raises it', async () => {
    leavers(2);
    const limited = { ...active, limits: { takeAway: 1, takeAwayShare: 1 } };
    expect(await stoppedBy(() => sync.sync(active, { maxTakeAway: 1 }))).to.include('limit.takeAway');
    expect(await stoppedBy(() => sync.sync(limited, { maxTakeAway: 100 }))).to.include('limit.takeAway');
  });

  it('an empty group stops the run while users with its profile have access', async () => {
    const login = 'Acme Customer Login';
    const { userId } = sync.person({ Title: 'Login' }, login);
    const groups = [customers, { name: 'Login', contacts: "Title = 'Lgin'", profile: login }];
    expect(await stoppedBy(() => sync.sync({ ...active, groups }))).to.include('emptyGroup');
    expect(sync.access(userId)).to.equal('active');
  });

  it('a result that stays incomplete stops the run', async () => {
    leavers(1);
    const client = await sync.lab.client();
    const before = stateOf(sync.lab.org);
    const fault = await sync.sync(active, {}, { client: withoutLastContact(client) }).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(Error);
    expect(differences(before, stateOf(sync.lab.org))).to.deep.equal([]);
  });

  it('records that sharing may hide lock nobody out', async () => {
    const [leaver = ''] = leavers(1);
    const { store } = sync.lab.org;
    const profileId = String(sync.user(sync.lab.org.runningUserId)['ProfileId']);
    store.update('Profile', profileId, { PermissionsViewAllData: false, PermissionsModifyAllData: false });
    const run = await sync.sync(active);
    expect(decisionsOf(run).get(leaver)).to.equal('LEAVER.hidden');
    expect(sync.access(leaver)).to.equal('active');
  });

  it("a contact that comes back before the call keeps its user's access", async () => {
    const { contactId, userId } = sync.person();
    const [other = ''] = leavers(1);
    sync.leave(contactId);
    const comesBack = (): Promise<boolean> => {
      sync.comeBack(contactId);
      return Promise.resolve(true);
    };
    await sync.sync(active, {}, { consent: comesBack });
    expect(sync.access(userId)).to.equal('active');
    expect(sync.access(other)).to.equal('frozen');
  });

  it("a contact that is merged into a group's before the call keeps its user's access", async () => {
    const { contactId, userId } = sync.person();
    const [other = ''] = leavers(1);
    const [member] = sync.lab.freeContacts();
    sync.leave(contactId);
    const merged = (): Promise<boolean> => {
      sync.lab.org.store.update('User', userId, { ContactId: member?.Id ?? null });
      return Promise.resolve(true);
    };
    await sync.sync(active, {}, { consent: merged });
    expect(sync.access(userId)).to.equal('active');
    expect(sync.access(other)).to.equal('frozen');
  });

  it("a user whom an administrator freezes before the call does not get sync's mark", async () => {
    const { contactId, userId } = sync.person();
    sync.leave(contactId);
    const frozen = (): Promise<boolean> => {
      sync.changeLogin(userId, { IsFrozen: true });
      return Promise.resolve(true);
    };
    await sync.sync(active, {}, { consent: frozen });
    sync.comeBack(contactId);
    await sync.sync(active);
    expect(sync.access(userId)).to.equal('frozen');
  });

  it('users who leave again, or whom an administrator freezes, before the call are not let in', async () => {
    const [leaves, frozen, returner] = [sync.person(), sync.person(), sync.person()];
    const all = [leaves, frozen, returner];
    for (const { contactId } of all) sync.leave(contactId);
    await sync.sync(active);
    for (const { contactId } of all) sync.comeBack(contactId);
    const changed = (): Promise<boolean> => {
      sync.leave(leaves.contactId);
      sync.changeLogin(frozen.userId, { IsFrozen: true });
      return Promise.resolve(true);
    };
    await sync.sync(active, {}, { consent: changed });
    expect(all.map(({ userId }) => sync.access(userId))).to.deep.equal(['frozen', 'frozen', 'active']);
  });

  it('what syncUser freezes by hand counts as frozen by sync, within the limits', async () => {
    const [member, leaver, byOthers] = [sync.person(), sync.person(), sync.person()];
    const { store, runningUserId } = sync.lab.org;
    for (const { userId } of [member, leaver]) {
      const byHand = { IsFrozen: true, LastModifiedById: runningUserId, LastModifiedDate: '2020-01-01T00:00:00.000Z' };
      store.update('UserLogin', loginOf(sync.lab, userId).Id, byHand);
    }
    sync.changeLogin(byOthers.userId, { IsFrozen: true });
    sync.leave(leaver.contactId);
    const accesses = (): string[] => [member, leaver, byOthers].map(({ userId }) => sync.access(userId));
    const limits = { activate: 0, takeAway: 0, takeAwayShare: 1 };
    const stopped = await sync.sync({ ...active, limits });
    expect(stopped.end.end).to.equal('guards');
    expect(accesses()).to.deep.equal(['frozen', 'frozen', 'frozen']);
    await sync.sync(active);
    expect(accesses()).to.deep.equal(['active', 'inactive and frozen', 'frozen']);
  });

  it('nobody but syncUser goes on with a run that has begun', async () => {
    const [leaver = ''] = leavers(1);
    const definition = { ...active, leavers: { action: 'freeze', deactivateAfterDays: 0 } };
    const { folder } = await sync.sync(
      definition,
      {},
      {
        onEvent: (_event, stop) => {
          if (sync.access(leaver) === 'frozen') stop.request('signal');
        },
      },
    );
    expect(sync.access(leaver)).to.equal('frozen');
    const other = sync.lab.org.world?.internalUsers.get('second.admin') ?? '';
    expect(await stoppedBy(() => sync.lab.resume(folder, { token: sync.lab.org.session.login(other) }))).to.include(
      'syncUser',
    );
    const { end } = await sync.lab.resume(folder);
    expect(end).to.deep.equal({ end: 'done' });
    expect(sync.access(leaver)).to.equal('inactive and frozen');
  });

  it('a plan of last week, or of another version of the file, is refused', async () => {
    leavers(1);
    const definitionFile = sync.definitionFile(active);
    const { folder } = await sync.lab.sync({ definitionFile, dryRun: true });
    const refused = async (): Promise<unknown> => sync.lab.resume(folder).catch((error: unknown) => error);
    const before = stateOf(sync.lab.org);
    sync.lab.org.clock.advance(7 * day + 60_000);
    expect(await refused())
      .to.be.instanceOf(RunFault)
      .and.include({ key: 'planTooOld' });
    sync.lab.org.clock.advance(-7 * day);
    writeFileSync(definitionFile, `orgs: [sandboxes]\ngroups: [{ name: A, contacts: X__c = 1, profile: B }]\n`);
    expect(await refused())
      .to.be.instanceOf(RunFault)
      .and.include({ key: 'definitionChanged' });
    expect(differences(before, stateOf(sync.lab.org))).to.deep.equal([]);
  });

  it('another org than those of the file is never written to', async () => {
    leavers(1);
    const orgs = ['00D000000000062EAA'];
    expect(await stoppedBy(() => sync.sync({ ...active, orgs }))).to.include('WRONG_ORG');
  });

  it('internal users, the running user, and protected users are never touched', async () => {
    const [leaver = '', spared = ''] = leavers(2);
    sync.lab.org.store.update('User', spared, { Title: 'VIP' });
    const internal = sync.lab.org.store.find('User', { UserType: 'Standard' }).map(({ Id }) => Id);
    expect(internal).to.include(sync.lab.org.runningUserId);
    const accessOf = (): string[] => internal.map((id) => sync.access(id));
    const before = accessOf();
    const run = await sync.sync({ ...active, governs: 'IsActive = true', protect: ["Title = 'VIP'"] });
    expect(sync.access(leaver)).to.equal('frozen');
    expect(sync.access(spared)).to.equal('active');
    expect(accessOf()).to.deep.equal(before);
    for (const id of internal) expect(decisionsOf(run).has(id), id).to.equal(false);
  });

  it('permission sets that the file does not name stay', async () => {
    const { userId } = sync.person();
    const { store } = sync.lab.org;
    const [orders] = store.find('PermissionSet', { Name: 'Portal_Orders' });
    store.insert('PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: orders?.Id ?? null });
    const groups = [{ ...customers, permissionSets: ['Portal_Documents'] }];
    await sync.sync({ ...active, groups });
    const held = store
      .find('PermissionSetAssignment', { AssigneeId: userId })
      .map(({ PermissionSetId }) => PermissionSetId);
    expect(held).to.include(orders?.Id);
    expect(held.map((id) => store.get('PermissionSet', String(id))?.['Name'])).to.include('Portal_Documents');
  });

  it('a user that an administrator switched off stays off', async () => {
    const [frozen, inactive] = [sync.person(), sync.person()];
    sync.changeLogin(frozen.userId, { IsFrozen: true });
    sync.lab.org.store.update('User', inactive.userId, { IsActive: false });
    const run = await sync.sync(active);
    const decisions = [frozen, inactive].map(({ userId }) => decisionsOf(run).get(userId));
    expect(decisions).to.deep.equal(['OFF_BY_OTHERS.frozen', 'OFF_BY_OTHERS.inactive']);
    expect([frozen, inactive].map(({ userId }) => sync.access(userId))).to.deep.equal(['frozen', 'inactive']);
  });

  it('a user that sync let in a few days ago is only reported', async () => {
    const contactId = sync.lab.freeContacts()[0]?.Id ?? '';
    await sync.sync(active);
    const [made] = sync.lab.usersOf(contactId);
    sync.lab.org.clock.advance(3 * day);
    sync.leave(contactId);
    const run = await sync.sync(active);
    expect(decisionsOf(run).get(made?.Id ?? '')).to.equal('FLAPPING.detail');
    expect(sync.access(made?.Id ?? '')).to.equal('active');
  });

  it('a dry run writes nothing', async () => {
    leavers(2);
    expect(sync.lab.freeContacts()).not.to.have.length(0);
    expect(await stoppedBy(() => sync.sync(active, { dryRun: true }))).to.deep.equal([]);
  });
});

function isQueryAnswer(body: unknown): body is { readonly records: unknown[] } {
  return typeof body === 'object' && body !== null && 'records' in body && Array.isArray(body.records);
}

/** An org that says how many contacts there are, and leaves one out. */
function withoutLastContact(client: OrgClient): OrgClient {
  return {
    ...client,
    now: () => client.now(),
    async call(call) {
      const answer = await client.call(call);
      if (!/\/query\?q=SELECT.+FROM\+Contact\+WHERE/.test(call.path)) return answer;
      const body: unknown = JSON.parse(answer.body);
      if (isQueryAnswer(body)) body.records.pop();
      return { ...answer, body: JSON.stringify(body) };
    },
  };
}
