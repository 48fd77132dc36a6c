/** What the plan of a sync needs besides its people: licenses, reckoned over all of it, and portal roles, made on the way. */
import { expect } from 'chai';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import { faultAnswers } from '../../simulated-org/faults.ts';
import { builderOf, loginOf } from '../changeLab.ts';
import { findingsOf, mainProfile, select, type Run } from '../runLab.ts';
import { active, day, expectSynced, SyncLab } from './syncLab.ts';

describe('the licenses of a sync', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  const definition = { ...active, groups: [{ name: 'In', contacts: "Title = 'In'", profile: mainProfile }] };

  /** A leaver who is to be deactivated. */
  function leaver(): string {
    const { userId } = sync.person({ Title: 'Out', Portal_Access__c: false });
    const { store, clock, runningUserId } = sync.lab.org;
    const LastModifiedDate = new Date(clock.now() - 31 * day).toISOString();
    const mark = { IsFrozen: true, LastModifiedById: runningUserId, LastModifiedDate };
    store.update('UserLogin', loginOf(sync.lab, userId).Id, mark);
    return userId;
  }

  /** Contacts of the group who have no user. */
  function newcomers(count: number): string[] {
    const ids = sync.lab.freeContacts().flatMap(({ Id }, n) => (n < count ? [Id] : []));
    expect(ids).to.have.length(count);
    for (const id of ids) sync.lab.org.store.update('Contact', id, { Title: 'In' });
    return ids;
  }

  function license(): StoredRecord {
    const { store } = sync.lab.org;
    const [profile] = store.find('Profile', { Name: mainProfile });
    return store.get('UserLicense', String(profile?.['UserLicenseId'])) ?? expect.fail();
  }

  /** Every license is taken, and Salesforce's own count stays as it is now, also after deactivations. */
  function takeAll(): void {
    sync.lab.org.switches.users.usedLicensesLag = true;
    const ofProfile = sync.lab.org.store.db
      .prepare(
        `SELECT count(*) AS n FROM "User" WHERE "IsActive" = 1
         AND "ProfileId" IN (SELECT "Id" FROM "Profile" WHERE "UserLicenseId" = ?)`,
      )
      .get(license().Id);
    const used = Number(ofProfile?.['n']);
    expect(used).to.be.above(0);
    sync.lab.org.store.update('UserLicense', license().Id, { TotalLicenses: used, UsedLicenses: used });
  }

  const guardsOf = ({ folder }: Run): string[] =>
    findingsOf(folder).map((finding) => ('guard' in finding ? finding.guard : ''));

  it('that leavers free are those of newcomers, in the same plan and no more', async () => {
    const leavers = [leaver(), leaver()];
    const [first = '', second = '', third = ''] = newcomers(3);
    takeAll();
    const short = await sync.sync(definition);
    expect(guardsOf(short)).to.include('licenses');
    expect(leavers.map((userId) => sync.access(userId))).to.deep.equal(['frozen', 'frozen']);
    sync.lab.org.store.update('Contact', third, { Title: 'Out' });
    const run = await sync.sync(definition);
    expectSynced(run);
    expect(leavers.map((userId) => sync.access(userId))).to.deep.equal(['inactive and frozen', 'inactive and frozen']);
    expect([first, second, third].map((id) => sync.lab.usersOf(id).length)).to.deep.equal([1, 1, 0]);
  });

  it("count where a run goes on after its leavers, whatever Salesforce's own count still says", async () => {
    const gone = leaver();
    const [newcomer = ''] = newcomers(1);
    takeAll();
    // The first job deactivates.
    sync.lab.org.faults.add({ method: 'POST', path: /^\/jobs\/ingest$/, nth: 2 }, faultAnswers.dailyLimit());
    const stopped = await sync.sync(definition);
    expect(stopped.result.counts).to.include({ succeeded: 1, pending: 1 });
    expect(sync.access(gone)).to.equal('inactive and frozen');
    expect(Number(license()['UsedLicenses'])).to.equal(Number(license()['TotalLicenses']));
    expectSynced(await sync.lab.resume(stopped.folder));
    expect(sync.lab.usersOf(newcomer)).to.have.length(1);
  });

  it("of leavers of an earlier sync count before Salesforce's own count has them", async () => {
    const gone = leaver();
    const { contactId: stays } = sync.person({ Title: 'In' });
    takeAll();
    expectSynced(await sync.sync(definition));
    expect(sync.access(gone)).to.equal('inactive and frozen');
    const [newcomer = ''] = newcomers(1);
    const run = await sync.sync(definition);
    expectSynced(run);
    expect([stays, newcomer].map((id) => sync.lab.usersOf(id).length)).to.deep.equal([1, 1]);
  });
});

describe('the portal roles of a sync', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  const plus = 'Acme Customer Plus';
  const definition = {
    ...active,
    groups: [{ name: 'Plus', contacts: "Title = 'Plus'", profile: plus }],
    governs: `Profile.Name IN ('${mainProfile}', '${plus}')`,
    profile: 'upgrade',
  };
  const ofGroup = { Title: 'Plus', Portal_Access__c: false };

  const accountOf = (contactId: string): string => String(sync.lab.org.store.get('Contact', contactId)?.['AccountId']);

  /** Two people of one account, who are to be upgraded, and a contact of it who is to get a user. */
  function company(): { readonly account: string; readonly upgraded: readonly string[]; readonly newcomer: string } {
    const { store } = sync.lab.org;
    const [first, second] = [sync.person(ofGroup), sync.person(ofGroup)];
    const account = accountOf(first.contactId);
    store.update('Contact', second.contactId, { AccountId: account });
    store.update('User', second.userId, { AccountId: account });
    const Email = `newcomer.${second.contactId.toLowerCase()}@people.example`;
    const newcomer = builderOf(sync.lab).contact(account, { ...ofGroup, LastName: 'Newcomer', Email });
    return { account, upgraded: [first.userId, second.userId], newcomer };
  }

  const rolesOf = (account: string): StoredRecord[] =>
    sync.lab.org.store.find('UserRole', { PortalAccountId: account, PortalType: 'CustomerPortal' });

  it('are made by an upgrade, once for each account, while others hold the lock, and its newcomers get them', async () => {
    const companies = [company(), company()];
    for (const { account } of companies) expect(rolesOf(account)).to.deep.equal([]);
    const { locks, users } = sync.lab.org.switches;
    locks.groupLockStorm = 3;
    const run = await sync.sync(definition, {}, { clock: sync.lab.patientClock() });
    expectSynced(run);
    const again = select(run.folder, "SELECT sum(refusals) AS n FROM step WHERE kind = 'setProfile'");
    expect(again).to.deep.equal([{ n: 3 }]);
    for (const { account, upgraded, newcomer } of companies) {
      expect(rolesOf(account)).to.have.length(users.customerRoles);
      const lowest = rolesOf(account).find((role) => role['PortalRole'] === 'Worker');
      const made = sync.lab.usersOf(newcomer).map(({ Id }) => Id);
      expect(made).to.have.length(1);
      for (const userId of [...upgraded, ...made])
        expect(sync.user(userId)).to.include({ UserType: 'PowerCustomerSuccess', UserRoleId: lowest?.Id });
    }
    expect((await sync.sync(definition)).result.counts.planned).to.equal(0);
  });

  it('are asked of an owner who has a role: otherwise nobody is upgraded, and the reason names the account', async () => {
    const { account, upgraded, newcomer } = company();
    const { store } = sync.lab.org;
    const owner = String(store.get('Account', account)?.['OwnerId']);
    store.update('User', owner, { UserRoleId: null });
    const run = await sync.sync(definition);
    expect(run.result.refusedByReason).to.deep.equal({ OWNER_WITHOUT_ROLE: 3 });
    expect(rolesOf(account)).to.deep.equal([]);
    for (const userId of upgraded) expect(sync.user(userId)['UserType']).to.equal('CspLitePortal');
    expect(sync.lab.usersOf(newcomer)).to.deep.equal([]);
  });
});
