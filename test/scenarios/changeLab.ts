/** What disable and enable leave behind: the whole org compared before and after, and the files of a run. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'csv-stringify/sync';
import type { StoredRecord } from '../simulated-org/contracts.ts';
import { standardObjects } from '../simulated-org/schema/standardObjects.ts';
import type { SimulatedOrg } from '../simulated-org/world/simulatedOrg.ts';
import { createBuilder, type Builder } from '../simulated-org/world/people.ts';
import { createRandom } from '../simulated-org/random.ts';
import { csvOf, recordsOf, type Run, type RunLab } from './runLab.ts';

/** Makes portal users as the world has them. */
export function builderOf({ org }: RunLab): Builder {
  const { world } = org;
  if (world === undefined) throw new Error('this org has no world');
  return createBuilder(org, createRandom(11), world.internalUsers, world.profiles);
}

/** New users with a profile, each with an account of its own. @returns their Ids */
export function makeUsers(lab: RunLab, profile: string, count: number, values: Record<string, string> = {}): string[] {
  const build = builderOf(lab);
  lab.org.store.db.exec('SAVEPOINT "users"');
  const first = lab.org.store.find('User', {}, []).length;
  const ids = Array.from({ length: count }, (_, n) => {
    const Email = `made.${String(first + n)}@made.example`;
    const contact = build.contact(build.account({ Type: 'Made' }), { LastName: 'Made', Email });
    return build.portalUser(contact, profile, values);
  });
  lab.org.store.db.exec('RELEASE "users"');
  return ids;
}

/** Every record of the org, by table and Id. */
export type OrgState = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** What follows from any write. */
const stamps = new Set(['LastModifiedDate', 'LastModifiedById', 'SystemModstamp']);

export function stateOf({ store }: SimulatedOrg): OrgState {
  const state = new Map<string, Readonly<Record<string, unknown>>>();
  for (const { name } of standardObjects)
    for (const row of store.db.prepare(`SELECT * FROM "${name}"`).all()) state.set(`${name} ${String(row['Id'])}`, row);
  return state;
}

/** What is different, as `User 005… IsActive: 1 → 0`, but for what follows by itself: licenses, site memberships. */
export function differences(before: OrgState, after: OrgState): string[] {
  const found: string[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (/^(UserLicense|NetworkMember|UserPermissionAccess) /.test(key)) continue;
    const [old, now] = [before.get(key), after.get(key)];
    if (old === undefined || now === undefined) {
      found.push(`${key} ${old === undefined ? 'made' : 'gone'}`);
      continue;
    }
    for (const field of Object.keys(now))
      if (!stamps.has(field) && old[field] !== now[field])
        found.push(`${key} ${field}: ${String(old[field])} → ${String(now[field])}`);
  }
  return found.sort();
}

export function loginOf(lab: RunLab, userId: string): StoredRecord {
  const [login] = lab.org.store.find('UserLogin', { UserId: userId });
  if (login === undefined) throw new Error(`${userId} has no login`);
  return login;
}

/** `Id IN ('…', '…')` */
export function among(ids: readonly string[]): string {
  return `Id IN (${ids.map((id) => `'${id}'`).join(',')})`;
}

/** A CSV file beside the runs. */
export function csvFile(lab: RunLab, rows: ReadonlyArray<ReadonlyArray<string | null>>): string {
  const path = `${lab.newFolder()}.csv`;
  writeFileSync(path, stringify(rows.map((cells) => [...cells])));
  return path;
}

const wanted = {
  freeze: ['IsFrozen', true],
  unfreeze: ['IsFrozen', false],
  deactivate: ['IsActive', false],
  activate: ['IsActive', true],
  'disable-portal': ['IsPortalEnabled', false],
} as const;

/** Every number and file of the run says what is true in run.db and in the org. */
export function expectChangeTrue(lab: RunLab, { result, folder }: Run): void {
  const records = recordsOf(folder);
  const having = (key: string, ...values: string[]): typeof records =>
    records.filter((record) => values.includes(String(record[key])));
  const { counts, mode } = result;
  expect(counts).to.deep.equal({
    selected: records.length,
    planned: having('action', 'change').length,
    unchanged: having('action', 'unchanged').length,
    refused: having('action', 'refused').length,
    succeeded: having('state', 'succeeded').length,
    failed: having('state', 'failed').length,
    pending: having('state', 'planned', 'sent').length,
    unknown: 0,
    created: 0,
  });
  expect(counts.selected).to.equal(counts.planned + counts.unchanged + counts.refused);
  expect(counts.planned).to.equal(counts.succeeded + counts.failed + counts.pending);
  for (const record of having('action', 'unchanged', 'refused')) expect(record['state']).to.equal(null);
  const [field, value] = wanted[mode ?? 'freeze'];
  for (const record of having('state', 'succeeded')) {
    const userId = String(record['userId']);
    const row = field === 'IsFrozen' ? loginOf(lab, userId) : lab.org.store.get('User', userId);
    expect(row?.[field], userId).to.equal(value);
    expect(row?.Id, userId).to.equal(record['rowId']);
  }
  const files = (name: string, column = 'UserId'): string[] =>
    csvOf(folder, name).map((row) => row[column] ?? `${name}.csv has no ${column}`);
  const ids = (rows: typeof records): string[] => rows.map(({ userId }) => (typeof userId === 'string' ? userId : ''));
  expect(files('unchanged')).to.deep.equal(ids(having('action', 'unchanged')));
  expect(files('refused')).to.deep.equal(ids(having('action', 'refused')));
  const inUsers = new Set(files('users'));
  expect(ids(having('action', 'change')).filter((id) => !inUsers.has(id))).to.deep.equal([]);
  expect(files('snapshot', 'Id')).to.deep.equal(ids(having('action', 'change')));
  expect(existsSync(join(folder, 'create-again.csv'))).to.equal(mode === 'disable-portal');
  if (counts.succeeded + counts.failed === 0) return;
  expect(files('succeeded')).to.deep.equal(ids(having('state', 'succeeded')));
  expect(files('failed')).to.deep.equal(ids(having('state', 'failed')));
}

/** The end of a run of which nothing is left to be done. */
export function expectChangeDone(lab: RunLab, run: Run): void {
  expect(run.end).to.deep.equal({ end: 'done' });
  expectChangeTrue(lab, run);
  expect(run.result.counts.pending).to.equal(0);
}

/** The CSV bodies that were uploaded, and the records of collections, as columns → values. */
export function writesOf(lab: RunLab): Array<Record<string, unknown>> {
  const uploads = lab.org.ledger.find('PUT', /batches$/).flatMap(({ body = '' }) => {
    const [header = '', ...rows] = body.trim().split('\n');
    return rows.map((row) => {
      const cells = row.split(',');
      return Object.fromEntries(header.split(',').map((column, n) => [column, cells[n]]));
    });
  });
  const collections = lab.org.ledger.find('PATCH', '/composite/sobjects').flatMap(({ body = '{}' }) => {
    const { records } = JSON.parse(body) as { records: Array<Record<string, unknown>> };
    return records.map(({ attributes: _attributes, ...record }) => record);
  });
  return [...uploads, ...collections];
}

/** What a user keeps when it is deactivated: a set with an end, one that needs a license, that license, one of a package. */
export function giveAssignments({ org: { store, world } }: RunLab, userId: string): void {
  const set = (name: string): string => world?.permissionSets.get(name) ?? '';
  const first = (object: string): string => store.find(object)[0]?.Id ?? '';
  const ends = { ExpirationDate: '2099-12-31T00:00:00.000Z' };
  store.insert('PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: set('Portal_Documents'), ...ends });
  store.insert('PermissionSetAssignment', { AssigneeId: userId, PermissionSetId: set('Portal_Analytics') });
  const license = { PermissionSetLicenseId: first('PermissionSetLicense') };
  store.insert('PermissionSetLicenseAssign', { AssigneeId: userId, ...license });
  store.insert('UserPackageLicense', { UserId: userId, PackageLicenseId: first('PackageLicense') });
}

const held = [
  ['PermissionSetAssignment', 'AssigneeId', ['PermissionSetId', 'PermissionSetGroupId', 'ExpirationDate']],
  ['PermissionSetLicenseAssign', 'AssigneeId', ['PermissionSetLicenseId']],
  ['UserPackageLicense', 'UserId', ['PackageLicenseId']],
] as const;

/** What a user holds, but for what comes with its profile. */
export function assignmentsOf({ org: { store } }: RunLab, userId: string): string[] {
  return held
    .flatMap(([object, user, fields]) =>
      store
        .find(object, { [user]: userId })
        .filter(
          (row) =>
            store.get('PermissionSet', String(row['PermissionSetId']), ['IsOwnedByProfile'])?.['IsOwnedByProfile'] !==
            true,
        )
        .map((row) => `${object} ${fields.map((field) => String(row[field] ?? '')).join(' ')}`),
    )
    .sort();
}

/** Users who hold all of it; the last of them is inactive already. */
export function makeHolders(lab: RunLab, profile: string, count: number): string[] {
  const ids = makeUsers(lab, profile, count);
  for (const id of ids) giveAssignments(lab, id);
  const last = ids.at(-1);
  if (last !== undefined) lab.org.store.update('User', last, { IsActive: false });
  return ids;
}

/** What the running user is permitted, by the name of the permission. */
export function permit({ org: { store, runningUserId } }: RunLab, name: string, granted: boolean): void {
  const profile = String(store.get('User', runningUserId)?.['ProfileId']);
  const field = { [`Permissions${name}`]: granted };
  store.update('Profile', profile, field);
  for (const set of store.find('PermissionSet', { ProfileId: profile })) store.update('PermissionSet', set.Id, field);
}
