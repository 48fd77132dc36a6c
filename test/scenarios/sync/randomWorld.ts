/** Random people in an org, and what becomes of them there; what should become of them is in randomRules.ts. */
import { expect } from 'chai';
import { validationRule, type AutomationRule } from '../../simulated-org/dml/automation.ts';
import type { Random } from '../../simulated-org/random.ts';
import { builderOf, differences, loginOf, stateOf, type OrgState } from '../changeLab.ts';
import {
  holdings,
  noLimits,
  profileOfGroup,
  profiles,
  setsOfGroup,
  stages,
  standingOf,
  withLicense,
  type GroupName,
  type Holding,
  type Later,
  type Limits,
  type Newcomer,
  type Person,
  type Rules,
  type Standing,
} from './randomRules.ts';
import { day, type SyncLab } from './syncLab.ts';

export function standingNow(sync: SyncLab, userId: string): Standing {
  const names = [...(sync.lab.org.world?.profiles ?? [])];
  const profile = names.find(([, id]) => id === sync.user(userId)['ProfileId'])?.[0] ?? 'unknown';
  return standingOf(sync.access(userId), profile, heldNow(sync, userId));
}

function heldNow({ lab: { org } }: SyncLab, userId: string): Holding[] {
  const sets = org.store.find('PermissionSetAssignment', { AssigneeId: userId });
  const setIds = sets.map((row) => row['PermissionSetGroupId'] ?? row['PermissionSetId']);
  const licenses: readonly Holding[] = [
    ...org.store
      .find('PermissionSetLicenseAssign', { AssigneeId: userId })
      .map(() => 'permission set license' as const),
    ...org.store.find('UserPackageLicense', { UserId: userId }).map(() => 'package license' as const),
  ];
  return [...holdings.filter((each) => setIds.includes(org.world?.permissionSets.get(each) ?? each)), ...licenses];
}

const groupNames = ['A', 'B', 'C'] as const;

const membersEmail = 'member@people.example';

export class World {
  private readonly sync: SyncLab;
  private readonly random: Random;

  public constructor(sync: SyncLab, random: Random) {
    this.sync = sync;
    this.random = random;
    // Enough for everybody.
    const { store } = sync.lab.org;
    for (const object of ['PermissionSetLicense', 'UserLicense'])
      for (const { Id } of store.find(object)) store.update(object, Id, { TotalLicenses: 1000 });
    for (const { Id } of store.find('PackageLicense')) store.update('PackageLicense', Id, { AllowedLicenses: 1000 });
  }

  private pick<T>(values: readonly T[]): T {
    return this.random.pick(values);
  }

  public person(): Person {
    const facts = {
      group: this.pick(['A', 'A', 'B', 'B', 'C', 'none', 'none', 'none', 'none', 'none'] as const),
      profile: this.pick([profiles[0], profiles[0], profiles[1], profiles[2]]),
      isActive: this.pick([true, true, true, false]),
      frozen: this.pick(['no', 'no', 'byOthers', 'bySync', 'bySync'] as const),
      changedBy: this.pick(['sync', 'sync', 'others'] as const),
      days: this.pick([0, 5, 12, 29, 31, 50]),
      isFresh: this.pick([false, false, false, true]),
      isProtected: this.pick([false, false, false, false, true]),
      hasContact: this.pick([true, true, true, true, true, true, true, false]),
      isSeen: this.pick([true, true, true, true, true, true, false]),
      hasMembersEmail: this.pick([false, false, false, false, true]),
      holds: holdings.filter(() => this.pick([true, false, false])),
      fails: undefined,
    };
    const ids = this.sync.person({ Title: facts.group, Portal_Access__c: false }, facts.profile);
    const person = { ...ids, ...facts };
    this.give(person.userId, withLicense(person.holds));
    this.write(person);
    return person;
  }

  /** A contact without a user. */
  public newcomer(): Newcomer {
    const build = builderOf(this.sync.lab);
    const group = this.pick(['A', 'B', 'C', 'none'] as const);
    const n = this.sync.lab.org.store.find('Contact', {}, []).length;
    const contactId = build.contact(build.account(), {
      LastName: `Newcomer ${String(n)}`,
      Email: `newcomer.${String(n)}@people.example`,
      Title: group,
    });
    const newcomer: Newcomer = { contactId, group, isSeen: this.pick([true, true, true, false]), fails: undefined };
    if (!newcomer.isSeen) this.hide(contactId);
    return newcomer;
  }

  private give(userId: string, holds: readonly Holding[]): void {
    const { store, world } = this.sync.lab.org;
    const first = (object: string): string => store.find(object)[0]?.Id ?? '';
    for (const name of new Set(holds)) {
      const id = world?.permissionSets.get(name) ?? '';
      const field = id.startsWith('0PG') ? 'PermissionSetGroupId' : 'PermissionSetId';
      if (name === 'package license')
        store.insert('UserPackageLicense', { UserId: userId, PackageLicenseId: first('PackageLicense') });
      else if (name === 'permission set license')
        store.insert('PermissionSetLicenseAssign', {
          AssigneeId: userId,
          PermissionSetLicenseId: first('PermissionSetLicense'),
        });
      else store.insert('PermissionSetAssignment', { AssigneeId: userId, [field]: id });
    }
  }

  /** Makes a person in the org what it is to be. What sync froze is known by its mark alone; a fresh one was made by it. */
  private write(person: Person): void {
    const { lab, somebodyElse } = this.sync;
    const { store, clock, runningUserId } = lab.org;
    const ago = (days: number): string => new Date(clock.now() - days * day - 60_000).toISOString();
    const { userId, contactId } = person;
    if (store.get('Contact', contactId) !== undefined) store.update('Contact', contactId, { Title: person.group });
    if (!person.isSeen) this.hide(contactId);
    store.update('User', userId, {
      IsActive: person.isActive,
      CreatedDate: ago(person.isFresh ? 3 : 300),
      CreatedById: person.isFresh ? runningUserId : somebodyElse,
      LastModifiedById: person.changedBy === 'sync' ? runningUserId : somebodyElse,
      Title: person.isProtected ? 'VIP' : null,
      ...(person.hasMembersEmail ? { Email: membersEmail } : {}),
      ...(person.hasContact ? {} : { ContactId: null }),
    });
    store.update('UserLogin', loginOf(lab, userId).Id, {
      IsFrozen: person.frozen !== 'no',
      LastModifiedById: person.frozen === 'bySync' ? runningUserId : somebodyElse,
      LastModifiedDate: ago(person.days),
    });
  }

  /** Sharing hides it from those who may not see all records; from others it is gone. */
  private hide(contactId: string): void {
    const { switches, store } = this.sync.lab.org;
    if (this.seesAll()) store.db.prepare('DELETE FROM "Contact" WHERE "Id" = ?').run(contactId);
    else switches.hiddenContacts.add(contactId);
  }

  private profileId(): string {
    return String(this.sync.user(this.sync.lab.org.runningUserId)['ProfileId']);
  }

  private seesAll(): boolean {
    return this.sync.lab.org.store.get('Profile', this.profileId())?.['PermissionsViewAllData'] === true;
  }

  /** Something happens to a person: it moves, is switched off, becomes protected, or can't be seen any more. */
  public change(person: Person): Person {
    const changed: Person = {
      ...person,
      ...this.random.pick<Partial<Person>>([
        { group: 'A' },
        { group: 'B' },
        { group: 'C' },
        { group: 'none' },
        { frozen: 'byOthers', days: 0 },
        { isProtected: true },
        { isActive: false, changedBy: 'others' },
        { isSeen: false },
      ]),
    };
    this.write(changed);
    return changed;
  }

  /** A contact without a user moves, leaves all groups, can't be seen any more, or gets a user from somebody else. */
  public changeNewcomer(planned: Newcomer, userless: ReadonlyArray<Newcomer['group']> = []): Later {
    const { contactId, isSeen } = planned;
    const { store } = this.sync.lab.org;
    const same = { planned, now: planned, user: undefined };
    if (store.get('Contact', contactId) === undefined) return same;
    const change = this.pick(['A', 'B', 'C', 'none', 'hidden', 'user', 'user'] as const);
    if (change === 'user' && userless.includes(planned.group)) return same;
    if (change === 'user') return { ...same, user: this.userOf(planned) };
    if (change !== 'hidden') {
      store.update('Contact', contactId, { Title: change });
      return { ...same, now: { ...planned, group: change } };
    }
    if (isSeen) this.hide(contactId);
    return { ...same, now: { ...planned, isSeen: false } };
  }

  /** As somebody else makes it. */
  private userOf({ contactId, group, isSeen }: Newcomer): Person {
    const profile = this.pick(profiles);
    const person: Person = {
      userId: builderOf(this.sync.lab).portalUser(contactId, profile),
      contactId,
      group,
      profile,
      isActive: this.pick([true, true, false]),
      frozen: 'no',
      changedBy: 'others',
      days: 0,
      isFresh: false,
      isProtected: false,
      hasContact: true,
      isSeen,
      hasMembersEmail: false,
      holds: holdings.filter(() => this.pick([true, false, false])),
      fails: undefined,
    };
    this.give(person.userId, withLicense(person.holds));
    this.write(person);
    return person;
  }

  /** Somebody in a group, whose address others have, too. */
  public member(): Pick<Person, 'userId'> {
    const { userId } = this.sync.person({ Title: 'A', Portal_Access__c: false, Email: membersEmail });
    this.give(userId, setsOfGroup.A);
    return { userId };
  }

  /** Before there are people: whether the running user sees all of them stands in the org. */
  public rules(): Rules {
    const graceDays = this.pick([undefined, 0, 30, 30]);
    const plus = this.pick([false, true]);
    const isHidden = this.pick([false, false, false, true]);
    if (isHidden) {
      const values = { PermissionsViewAllData: false, PermissionsModifyAllData: false };
      this.sync.lab.org.store.update('Profile', this.profileId(), values);
    }
    return {
      action: this.pick(['freeze', 'freeze', 'report'] as const),
      graceDays,
      returners: this.pick(['activate', 'report'] as const),
      profile: this.pick(['report', 'change', 'upgrade', 'upgrade'] as const),
      former: !plus && this.pick([false, true]),
      plus,
      permissionSets: this.pick(['exact', 'exact', 'add'] as const),
      releases: graceDays !== undefined && this.pick([true, true, true, false]),
      inactive: groupNames.filter(() => this.pick([true, false, false, false])),
      isHidden,
      limits: noLimits,
    };
  }

  /** Some of which stop a plan. */
  public limits(): Limits {
    const count = (): number => this.pick([0, 1, 3, 1000, 1000, 1000]);
    return {
      create: count(),
      activate: count(),
      change: count(),
      takeAway: count(),
      takeAwayShare: this.pick([0, 0.05, 0.2, 1, 1, 1]),
    };
  }

  /** The org refuses a step of some of them. @returns them, and what ends it */
  public failSome(
    people: readonly Person[],
    newcomers: readonly Newcomer[],
  ): { people: Person[]; newcomers: Newcomer[]; end: () => void } {
    const failing = people.map((person): Person => ({ ...person, fails: this.pick([undefined, ...stages]) }));
    const failingNew = newcomers.map((newcomer): Newcomer => ({
      ...newcomer,
      fails: this.pick([undefined, 'create', 'give'] as const),
    }));
    const { automation } = this.sync.lab.org.rules;
    const ends = this.refusals(failing, failingNew).map((rule) => automation.add(rule));
    return { people: failing, newcomers: failingNew, end: () => void ends.map((end) => end()) };
  }

  private refusals(people: readonly Person[], newcomers: readonly Newcomer[]): AutomationRule[] {
    const ofUser = new Map(people.map(({ userId, fails }) => [userId, fails]));
    const ofContact = new Map(newcomers.map(({ contactId, fails }) => [contactId, fails]));
    const fails = (userId: unknown, stage: string): boolean => {
      const contactId = this.sync.lab.org.store.get('User', String(userId))?.['ContactId'];
      return [ofUser.get(String(userId)), ofContact.get(String(contactId))].includes(stage as Person['fails']);
    };
    return [
      validationRule(
        'UserLogin',
        ({ record }) => fails(record['UserId'], record['IsFrozen'] === true ? 'freeze' : 'unfreeze'),
        'No change of logins.',
      ),
      validationRule(
        'User',
        ({ record, before, changed }) => {
          if (before === undefined) return ofContact.get(String(record['ContactId'])) === 'create';
          if (changed.includes('ProfileId')) return fails(before['Id'], 'profile');
          return (
            changed.includes('IsActive') && fails(before['Id'], record['IsActive'] === true ? 'activate' : 'deactivate')
          );
        },
        'No change of users.',
      ),
      validationRule(
        'PermissionSetAssignment',
        ({ record, operation }) => fails(record['AssigneeId'], operation === 'insert' ? 'give' : 'remove'),
        'No change of permission sets.',
      ),
    ];
  }
}

export function definitionOf(rules: Rules): object {
  const { action, graceDays, returners, profile, former, plus, permissionSets, releases, limits, inactive } = rules;
  const groups = groupNames.filter((name) => plus || name !== 'C');
  return {
    groups: groups.map((name) => ({ ...groupOf(name), ...(inactive.includes(name) ? { inactive: true } : {}) })),
    ...(former ? { formerProfiles: [profiles[2]], governs: `Profile.Name IN ('${profiles.join("', '")}')` } : {}),
    leavers: {
      action,
      ...(graceDays === undefined ? {} : { deactivateAfterDays: graceDays, releaseLicenses: releases }),
    },
    returners,
    profile,
    permissionSets,
    protect: ["Title = 'VIP'"],
    limits,
  };
}

export function groupOf(title: GroupName): object {
  const ofGroup = { profile: profileOfGroup[title], permissionSets: setsOfGroup[title] };
  return { name: title, contacts: `Title = '${title}'`, ...ofGroup, mayBeEmpty: true };
}

/** Governed users who can log in, by profile: what limits of shares are measured by. */
export function withAccess({ lab }: SyncLab, { former, plus }: Rules): Map<string, number> {
  const governed = former || plus ? profiles : profiles.slice(0, 2);
  const { store, world } = lab.org;
  return new Map(
    governed.map((name) => {
      const users = store.find('User', { ProfileId: world?.profiles.get(name) ?? '', IsActive: true });
      const free = users.filter(({ Id, Title }) => Title !== 'VIP' && loginOf(lab, Id)['IsFrozen'] !== true);
      return [name, free.length];
    }),
  );
}

/** Contacts that had no user, and have others now than the rules say. */
export function wrongNewcomers<T extends Newcomer | Later>(
  sync: SyncLab,
  newcomers: readonly T[],
  rules: Rules,
  wantedOf: (newcomer: T, rules: Rules) => Standing[],
): object[] {
  return newcomers.flatMap((newcomer) => {
    const { contactId } = 'now' in newcomer ? newcomer.now : newcomer;
    const is = sync.lab.usersOf(contactId).map(({ Id }) => standingNow(sync, Id));
    const wanted = wantedOf(newcomer, rules);
    return JSON.stringify(is) === JSON.stringify(wanted) ? [] : [{ ...newcomer, is, wanted }];
  });
}

/** Those who are not as the rules say. */
export function wrongPeople(
  sync: SyncLab,
  people: readonly Person[],
  isRight: (person: Person, is: Standing) => boolean,
): object[] {
  return people.flatMap((person) => {
    const is = standingNow(sync, person.userId);
    return isRight(person, is) ? [] : [{ ...person, is }];
  });
}

/** Nobody but these people was touched, nor what they hold: internal users and others least of all. @param before of the org */
export function expectOnlyTouched(
  { lab }: SyncLab,
  people: ReadonlyArray<Pick<Person, 'userId'>>,
  before: OrgState,
): void {
  const known = new Set<unknown>(people.flatMap(({ userId }) => [userId, loginOf(lab, userId).Id]));
  const after = stateOf(lab.org);
  const touched = differences(before, after).filter((line) => {
    const [table = '', id = ''] = line.split(' ');
    const row = before.get(`${table} ${id}`) ?? after.get(`${table} ${id}`);
    if (table === 'User' || table === 'UserLogin') return !known.has(id);
    return 'AssigneeId' in (row ?? {})
      ? !known.has(row?.['AssigneeId'])
      : table === 'UserPackageLicense' && !known.has(row?.['UserId']);
  });
  expect(touched).to.deep.equal([]);
}
