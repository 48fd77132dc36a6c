/** People who were cut off from roles and permission sets get a new user with the same ones, from create-again.csv. */
import { join } from 'node:path';
import { expect } from 'chai';
import type { SwitchChanges } from '../simulated-org/switches.ts';
import { among, builderOf, csvFile, expectChangeDone } from './changeLab.ts';
import { csvOf, expectDone, recordsOf, RunLab, type Run } from './runLab.ts';

const customer = 'Acme Customer Plus';
const partner = 'Acme Partner';
const levels = ['Executive', 'Manager', 'Worker'] as const;

describe('create-again.csv of role-based users', () => {
  let lab: RunLab;
  afterEach(() => lab.stop());

  /** What a contact's user is and has access to. */
  type Standing = {
    readonly profile: unknown;
    readonly role: unknown;
    readonly level: unknown;
    readonly sets: string[];
  };

  const standingOf = (contactId: string): Standing => {
    const [user, ...others] = lab.usersOf(contactId);
    expect(others).to.deep.equal([]);
    const [role, profile] = [user?.['UserRoleId'], user?.['ProfileId']];
    const assigned = lab.org.store.find('PermissionSetAssignment', { AssigneeId: user?.Id ?? '' });
    const ids = assigned.map((row) => row['PermissionSetGroupId'] ?? row['PermissionSetId']);
    const names = [...(lab.org.world?.permissionSets ?? [])].filter(([, id]) => ids.includes(id));
    const level = lab.org.store.get('UserRole', String(role))?.['PortalRole'];
    return { profile, role, level, sets: names.map(([name]) => name).sort() };
  };

  /** Contacts of one account, or each of its own. */
  const makeContacts = (count: number, together: boolean): string[] => {
    const build = builderOf(lab);
    const shared = build.account({ Type: 'Made' });
    const first = lab.org.store.find('Contact').length;
    return Array.from({ length: count }, (_, n) => {
      const accountId = together ? shared : build.account({ Type: 'Made' });
      return build.contact(accountId, { Email: `again.${String(first + n)}@made.example` });
    });
  };

  /** Users with profile, level and permission sets for each contact. */
  async function begin(
    rows: ReadonlyArray<readonly [contactId: string, profile: string, level: string, sets: string]>,
  ) {
    const file = csvFile(lab, [
      ['ContactId', 'Profile', 'PortalRole', 'PermissionSets'],
      ...rows.map((row) => [...row]),
    ]);
    const run = await lab.create({ file, profile: undefined });
    expectDone(lab, run);
    expect(run.result.counts).to.include({ created: rows.length, refused: 0, failed: 0 });
  }

  async function cutOff(contactIds: readonly string[]): Promise<Run> {
    const users = contactIds.flatMap((contactId) => lab.usersOf(contactId)).map(({ Id }) => Id);
    const run = await lab.change({ mode: 'disable-portal', where: among(users) });
    expectChangeDone(lab, run);
    expect(run.result.counts.succeeded).to.equal(contactIds.length);
    for (const contactId of contactIds) expect(lab.usersOf(contactId)).to.deep.equal([]);
    return run;
  }

  async function createAgain(off: Run): Promise<Run> {
    const run = await lab.create({ file: join(off.folder, 'create-again.csv'), profile: undefined });
    expectDone(lab, run);
    return run;
  }

  const start = async (switches: SwitchChanges = {}): Promise<void> => {
    lab = await RunLab.start({ switches });
  };

  it('gives the same profiles, levels, permission sets and groups', async () => {
    await start({ users: { customerRoles: 3, partnerRoles: 3 } });
    const contacts = [...makeContacts(3, true), ...makeContacts(3, true)];
    const sets = ['Portal_Documents; Portal_Bundle', '', 'Portal_Orders'];
    const ofPartner = 'Portal_Partner_Deals;Portal_Documents';
    await begin(
      contacts.map((id, n) => [
        id,
        n < 3 ? customer : partner,
        levels[n % 3] ?? '',
        n < 3 ? (sets[n] ?? '') : ofPartner,
      ]),
    );
    const before = contacts.map(standingOf);
    expect(before.map(({ level }) => level)).to.deep.equal([...levels, ...levels]);
    expect(before[0]?.sets).to.deep.equal(['Portal_Bundle', 'Portal_Documents']);

    const off = await cutOff(contacts);
    const rows = new Map(csvOf(off.folder, 'create-again').map((row) => [row['ContactId'], row]));
    contacts.forEach((id, n) => {
      const { level, role, sets: held } = before[n] ?? standingOf(id);
      expect(rows.get(id)).to.include({ PortalRole: level, UserRoleId: role });
      expect(rows.get(id)?.['PermissionSets']?.split(';').filter(Boolean).sort()).to.deep.equal(held);
    });
    const again = await createAgain(off);
    expect(again.result.counts).to.include({ created: 6, refused: 0, failed: 0 });
    expect(contacts.map(standingOf)).to.deep.equal(before);
  });

  it('gives nothing forever that the old user held for a limited time', async () => {
    await start({ users: { customerRoles: 1 } });
    const contacts = makeContacts(2, false);
    await begin(contacts.map((id) => [id, customer, '', 'Portal_Bundle; Portal_Documents; Portal_Orders']));
    const ending = ['Portal_Bundle', 'Portal_Orders'].map((name) => lab.org.world?.permissionSets.get(name));
    const ExpirationDate = '2099-12-31T00:00:00.000Z';
    for (const row of lab.org.store.find('PermissionSetAssignment', {
      AssigneeId: lab.usersOf(contacts[0] ?? '')[0]?.Id ?? '',
    }))
      if (ending.some((id) => id === (row['PermissionSetGroupId'] ?? row['PermissionSetId'])))
        lab.org.store.update('PermissionSetAssignment', row.Id, { ExpirationDate });
    const off = await cutOff(contacts);
    const rows = new Map(csvOf(off.folder, 'create-again').map((row) => [row['ContactId'], row]));
    const [temporary, lasting] = contacts.map((id) => rows.get(id));
    expect(temporary?.['PermissionSets']).to.equal('Portal_Documents');
    for (const name of ['Portal_Bundle', 'Portal_Orders'])
      expect(temporary?.['Detail']).to.include(`${name} until 2099-12-31`);
    expect(lasting?.['Detail']).not.to.include('limited time');
    await createAgain(off);
    const all = ['Portal_Bundle', 'Portal_Documents', 'Portal_Orders'];
    expect(contacts.map((id) => standingOf(id).sets)).to.deep.equal([['Portal_Documents'], all]);
  });

  it('gives the same roles where the running user may not see what level they are', async () => {
    await start({ users: { customerRoles: 3 } });
    const contacts = makeContacts(3, true);
    await begin(contacts.map((id, n) => [id, customer, levels[n] ?? '', '']));
    const before = contacts.map(standingOf);
    lab.org.switches.hiddenObjects.push('UserRole');
    const off = await cutOff(contacts);
    expect(csvOf(off.folder, 'create-again').map((row) => row['PortalRole'])).to.deep.equal(['', '', '']);
    await createAgain(off);
    lab.org.switches.hiddenObjects.pop();
    expect(contacts.map(standingOf)).to.deep.equal(before);
  });

  it('asks for no role that accounts share under Account Role Optimization, and gives it all the same', async () => {
    await start({ users: { accountRoleOptimization: true } });
    const contacts = makeContacts(3, false);
    await begin(contacts.map((id) => [id, customer, '', '']));
    const before = contacts.map(standingOf);
    expect(before.map(({ level }) => level)).to.deep.equal(['PersonAccount', 'PersonAccount', 'PersonAccount']);
    const off = await cutOff(contacts);
    for (const row of csvOf(off.folder, 'snapshot')) {
      const { role } = before[contacts.indexOf(row['ContactId'] ?? '')] ?? {};
      expect(row).to.include({ PortalRole: 'PersonAccount', UserRoleId: role });
    }
    const again = await createAgain(off);
    expect(again.result.counts).to.include({ created: 3, refused: 0, failed: 0 });
    expect(contacts.map(standingOf)).to.deep.equal(before);
  });

  it('tells whose role is gone meanwhile, and gives the others theirs', async () => {
    await start({ users: { customerRoles: 2 } });
    const contacts = makeContacts(2, true);
    await begin(contacts.map((id, n) => [id, customer, n === 0 ? 'Manager' : 'Worker', '']));
    const [first, second] = contacts.map(standingOf);
    const off = await cutOff(contacts);
    lab.org.store.remove('UserRole', String(first?.role));
    const again = await createAgain(off);
    expect(again.result.refusedByReason).to.deep.equal({ ROLE_NOT_ALLOWED: 1 });
    expect(csvOf(again.folder, 'refused')[0]?.['ContactId']).to.equal(contacts[0]);
    expect(standingOf(contacts[1] ?? '')).to.deep.equal(second);
  });

  it('gives all of them once, although the answers are lost', async () => {
    await start({ users: { customerRoles: 2 } });
    const contacts = makeContacts(4, true);
    await begin(contacts.map((id, n) => [id, customer, n % 2 === 0 ? 'Manager' : 'Worker', 'Portal_Bundle']));
    const before = contacts.map(standingOf);
    const off = await cutOff(contacts);
    lab.org.switches.bulk.repeatBatches = 2;
    lab.org.faults.add({ method: 'PUT' }, { kind: 'dropAfter' });
    lab.org.faults.add({ method: 'POST', path: '/composite/sobjects' }, { kind: 'dropAfter' });
    const again = await createAgain(off);
    expect(recordsOf(again.folder).map((record) => record['state'])).to.deep.equal(contacts.map(() => 'succeeded'));
    expect(contacts.map(standingOf)).to.deep.equal(before);
  });
});
