/** One journey for every value of every switch: people of all license families get users with permission sets, twice. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { StoredRecord } from '../simulated-org/contracts.ts';
import type { SwitchChanges } from '../simulated-org/switches.ts';
import type { WorldOptions } from '../simulated-org/world/worldOrg.ts';
import { csvOf, expectDone, expectTrue, mainProfile, RunLab, type Run } from './runLab.ts';

type Family = 'highVolume' | 'customers' | 'partners';

export type SwitchCase = {
  readonly switches: SwitchChanges;
  readonly world?: WorldOptions;
  /** What is asked for besides the contacts, their profiles and the permission sets. */
  readonly request?: Parameters<RunLab['create']>[0];
  /** Default: all. */
  readonly families?: readonly Family[];
  readonly standardProfiles?: true;
  /** Done before the plan is made. */
  readonly given?: (journey: Journey) => Promise<void> | void;
  /** What is true afterwards; default: everybody has a user with all that belongs to it. */
  readonly expects?: (journey: Journey, run: Run) => Promise<void> | void;
  /** How it ends where there is not even a plan. */
  readonly failsWith?: string;
};

const profiles = { highVolume: mainProfile, customers: 'Acme Customer Plus', partners: 'Acme Partner' };
const standardProfiles = {
  highVolume: 'Customer Community User',
  customers: 'Customer Community Plus User',
  partners: 'Partner Community User',
};

export class Journey {
  readonly lab: RunLab;
  readonly people: Readonly<Record<Family, readonly StoredRecord[]>>;
  readonly contacts: readonly StoredRecord[];
  private readonly given: SwitchCase;

  private constructor(lab: RunLab, given: SwitchCase) {
    this.lab = lab;
    this.given = given;
    const customers = this.free('Customer').filter((contact) => contact['Portal_Access__c'] === true);
    this.people = {
      highVolume: customers.slice(0, 4),
      customers: customers.slice(4, 10),
      partners: this.free('Partner').slice(0, 3),
    };
    const families = given.families ?? (['highVolume', 'customers', 'partners'] as const);
    this.contacts = families.flatMap((family) => this.people[family]);
    expect(customers.length, 'an account with several people').to.be.at.least(10);
    expect(new Set(this.people.customers.map((contact) => contact['AccountId'])).size).to.be.below(6);
  }

  static async start(given: SwitchCase): Promise<Journey> {
    const { switches, world } = given;
    return new Journey(await RunLab.start({ switches, world: { customerContacts: 12, ...world } }), given);
  }

  async create(): Promise<Run> {
    const file = join(this.lab.home, 'people.csv');
    const rows = this.contacts.map((contact) => `${contact.Id},${this.profileOf(contact)}`);
    writeFileSync(file, ['ContactId,Profile', ...rows].join('\n'));
    return this.lab.create({ file, profile: undefined, permissionSets: this.sets, ...this.given.request });
  }

  /** Everybody has one user, of the right kind, with the permission sets; asked again, nothing is left to be done. */
  async expectAllMade(run: Run): Promise<void> {
    expectDone(this.lab, run);
    const all = this.contacts.length;
    expect(run.result.counts).to.include({ selected: all, succeeded: all, failed: 0, refused: 0 });
    const made = this.contacts.map((contact) => this.userOf(contact).Id);
    expect(csvOf(run.folder, 'succeeded').map((row) => row['UserId'])).to.have.members(made);
    for (const contact of this.contacts) this.expectRightUser(contact);
    const again = await this.create();
    expectDone(this.lab, again);
    expect(again.result.counts).to.include({ planned: 0, unchanged: all });
  }

  /** Salesforce refuses every row: the run stops, nothing is made, and no row is called failed. */
  expectStopped(run: Run, end: 'org' | 'licenses', code: string): void {
    expect(run.end).to.include({ end, code });
    expectTrue(this.lab, run);
    expect(run.result.counts).to.include({ succeeded: 0, failed: 0, pending: this.contacts.length });
    for (const { Id } of this.contacts) expect(this.lab.usersOf(Id)).to.deep.equal([]);
  }

  /** These, and only these, are not made for good. */
  expectFailed(run: Run, code: string, failed: readonly StoredRecord[]): void {
    expectDone(this.lab, run);
    expect(run.result.failedByCode).to.deep.equal({ [code]: failed.length });
    expect(csvOf(run.folder, 'failed').map((row) => row['ContactId'])).to.deep.equal(failed.map(({ Id }) => Id));
    this.expectMadeBut(failed);
  }

  /** These, and only these, are refused in the plan. */
  expectRefused(run: Run, reason: string, refused: readonly StoredRecord[]): void {
    expectDone(this.lab, run);
    expect(run.result.refusedByReason).to.deep.equal({ [reason]: refused.length });
    expect(csvOf(run.folder, 'refused').map((row) => row['ContactId'])).to.deep.equal(refused.map(({ Id }) => Id));
    this.expectMadeBut(refused);
  }

  userOf(contact: StoredRecord | undefined): StoredRecord {
    const [user, ...others] = this.lab.usersOf(contact?.Id ?? '');
    expect(others).to.deep.equal([]);
    if (user === undefined) throw new Error(`${contact?.Id ?? ''} has no user`);
    return user;
  }

  roleOf(contact: StoredRecord): StoredRecord | undefined {
    return this.lab.org.store.get('UserRole', String(this.userOf(contact)['UserRoleId']));
  }

  private expectMadeBut(others: readonly StoredRecord[]): void {
    for (const contact of this.contacts) {
      expect(this.lab.usersOf(contact.Id), contact.Id).to.have.length(others.includes(contact) ? 0 : 1);
    }
  }

  private expectRightUser(contact: StoredRecord): void {
    const { store, world } = this.lab.org;
    const user = this.userOf(contact);
    expect(user['ProfileId']).to.equal(world?.profiles.get(this.profileOf(contact)));
    const held = store.find('PermissionSetAssignment', { AssigneeId: user.Id });
    const ids = held.map((row) => row['PermissionSetGroupId'] ?? row['PermissionSetId']);
    expect(ids).to.have.members(this.sets.map((name) => world?.permissionSets.get(name)));
    const role = this.roleOf(contact);
    if (this.people.highVolume.includes(contact)) expect(role).to.equal(undefined);
    else if (user['IsActive'] === true) {
      expect(role?.['PortalType']).to.equal(this.people.partners.includes(contact) ? 'Partner' : 'CustomerPortal');
      if (role?.['PortalRole'] !== 'PersonAccount') expect(role?.['PortalAccountId']).to.equal(contact['AccountId']);
    }
  }

  private profileOf(contact: StoredRecord): string {
    const names = this.given.standardProfiles === true ? standardProfiles : profiles;
    if (this.people.highVolume.includes(contact)) return names.highVolume;
    return this.people.customers.includes(contact) ? names.customers : names.partners;
  }

  private get sets(): readonly string[] {
    return this.given.request?.permissionSets ?? ['Portal_Documents', 'Portal_Bundle'];
  }

  /** Contacts of such accounts that may have a user and have none. */
  private free(accountType: string): StoredRecord[] {
    const { store, world } = this.lab.org;
    const awkward = new Set(world?.awkwardCases.map((each) => each.contactId));
    const withUser = new Set(store.find('User', {}, ['ContactId']).map(({ ContactId }) => ContactId));
    return store.find('Contact').filter((contact) => {
      const account = store.get('Account', String(contact['AccountId']), ['Type']);
      return account?.['Type'] === accountType && !awkward.has(contact.Id) && !withUser.has(contact.Id);
    });
  }
}
