/** Random people and definitions, and what the rules of docs/sync.md make of them: written down a second time, in other words. */
import { expect } from 'chai';
import type { Random } from '../../simulated-org/random.ts';
import { differences, loginOf, stateOf, type OrgState } from '../changeLab.ts';
import { mainProfile } from '../runLab.ts';
import { day, type SyncLab } from './syncLab.ts';

/** The first two are of one license family. */
const profiles = [mainProfile, 'Acme Customer Login', 'Acme Customer Plus'] as const;
type Profile = (typeof profiles)[number];

/** What a person is, as far as the rules ask. */
export type Person = {
  readonly userId: string;
  readonly contactId: string;
  /** Of the contact: which group it is in. */
  readonly group: 'A' | 'B' | 'none';
  readonly profile: Profile;
  readonly isActive: boolean;
  /** By whom it was frozen. */
  readonly frozen: 'no' | 'byOthers' | 'bySync';
  /** By whom the user, not the login, was changed last. */
  readonly changedBy: 'sync' | 'others';
  /** Since its login was last changed. */
  readonly days: number;
  /** Sync has made it, or let it in, within a week. */
  readonly isFresh: boolean;
  readonly isProtected: boolean;
  readonly hasContact: boolean;
  readonly hasMembersEmail: boolean;
  readonly holds: readonly Holding[];
};

/** A set of group A, two of group B, a group of sets that no definition names, and licenses. */
const holdings = [
  'Portal_Orders',
  'Portal_Documents',
  'Portal_Analytics',
  'Portal_Bundle',
  'permission set license',
  'package license',
] as const;
type Holding = (typeof holdings)[number];

const setsOfGroup = { A: ['Portal_Orders'], B: ['Portal_Documents', 'Portal_Analytics'] } as const;
const namedSets: readonly Holding[] = [...setsOfGroup.A, ...setsOfGroup.B];

/** It needs the license, which comes and goes with it. */
function withLicense(holds: readonly Holding[]): readonly Holding[] {
  return holds.includes('Portal_Analytics') ? [...holds, 'permission set license'] : holds;
}

export type Rules = {
  readonly action: 'report' | 'freeze';
  readonly graceDays: number | undefined;
  readonly returners: 'activate' | 'report';
  readonly profile: 'report' | 'change';
  readonly former: boolean;
  readonly permissionSets: 'add' | 'exact';
  readonly releases: boolean;
};

const profileOfGroup = { A: profiles[0], B: profiles[1] } as const;

/** The access, the profile, and what a person holds or not: `frozen, Acme Customer Login, with Portal_Orders, without …`. */
export type Standing = string;

type Stands = Pick<Person, 'isActive' | 'frozen' | 'profile' | 'holds'>;

function standing({ isActive, frozen, profile, holds }: Stands): Standing {
  const words = [...(isActive ? [] : ['inactive']), ...(frozen === 'no' ? [] : ['frozen'])];
  return standingOf(words.length === 0 ? 'active' : words.join(' and '), profile, withLicense(holds));
}

function standingOf(access: string, profile: string, holds: readonly Holding[]): Standing {
  const held = holdings.map((each) => `${holds.includes(each) ? 'with' : 'without'} ${each}`);
  return [access, profile, ...held].join(', ');
}

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

/**
 * After `enable --from-run`: access that was taken, a profile that was changed and what was held are back; access and permission
 * sets that were given stay.
 */
export function takenBack(before: Standing, after: Standing): Standing {
  const [was = '', profile = '', ...held] = before.split(', ');
  const [is = '', , ...holdsNow] = after.split(', ');
  const isGiven = was !== 'active' && is === 'active';
  return [isGiven ? is : was, profile, ...held.map((each, n) => (each.startsWith('with ') ? each : holdsNow[n]))].join(
    ', ',
  );
}

/** What the rules make of a person. */
export function expected(person: Person, rules: Rules): Standing {
  const now = standing(person);
  const { group, profile, frozen, isActive, hasContact, isProtected } = person;
  const isGoverned = profile !== profiles[2] || rules.former;
  if (isProtected || !isGoverned) return now;
  if (hasContact && group !== 'none') return ofMember({ ...person, group }, rules);
  const isLeaver = hasContact && !person.hasMembersEmail && rules.action === 'freeze';
  const off = { isActive: false, holds: rules.releases ? [] : person.holds };
  // Whom sync has deactivated before.
  if (isLeaver && !isActive && frozen === 'bySync' && person.changedBy === 'sync')
    return standing({ ...person, ...off });
  if (!isLeaver || !isActive || frozen === 'byOthers') return now;
  const isOver = frozen === 'bySync' && rules.graceDays !== undefined && person.days >= rules.graceDays;
  if (frozen === 'bySync') return standing(isOver ? { ...person, ...off } : person);
  if (person.isFresh) return now;
  return standing({ ...person, ...(rules.graceDays === 0 ? off : {}), frozen: 'bySync' });
}

function ofMember(person: Person & { readonly group: 'A' | 'B' }, rules: Rules): Standing {
  const { group, profile, frozen, isActive, changedBy } = person;
  const isOff = !isActive || frozen !== 'no';
  const isSyncs = frozen === 'bySync' && (isActive || changedBy === 'sync');
  const wanted = profileOfGroup[group];
  const mayHaveIt = profile === wanted || (rules.profile === 'change' && profile !== profiles[2]);
  if (!mayHaveIt || (isOff && (!isSyncs || rules.returners === 'report'))) return standing(person);
  const kept = rules.permissionSets === 'exact' ? withoutNamed(person.holds) : person.holds;
  return standing({ profile: wanted, isActive: true, frozen: 'no', holds: [...kept, ...setsOfGroup[group]] });
}

/** The license goes with the set, and stays where there is none. */
function withoutNamed(holds: readonly Holding[]): readonly Holding[] {
  const rest = holds.filter((each) => !namedSets.includes(each));
  return holds.includes('Portal_Analytics') ? rest.filter((each) => each !== 'permission set license') : rest;
}

export const membersEmail = 'member@people.example';

export class World {
  private readonly sync: SyncLab;
  private readonly random: Random;

  public constructor(sync: SyncLab, random: Random) {
    this.sync = sync;
    this.random = random;
    // Enough for everybody.
    const { store } = sync.lab.org;
    for (const { Id } of store.find('PermissionSetLicense'))
      store.update('PermissionSetLicense', Id, { TotalLicenses: 1000 });
    for (const { Id } of store.find('PackageLicense')) store.update('PackageLicense', Id, { AllowedLicenses: 1000 });
  }

  public person(): Person {
    const pick = <T>(values: readonly T[]): T => this.random.pick(values);
    const facts = {
      group: pick(['A', 'B', 'none', 'none', 'none'] as const),
      profile: pick([profiles[0], profiles[0], profiles[1], profiles[2]]),
      isActive: pick([true, true, true, false]),
      frozen: pick(['no', 'no', 'byOthers', 'bySync', 'bySync'] as const),
      changedBy: pick(['sync', 'sync', 'others'] as const),
      days: pick([0, 5, 12, 29, 31, 50]),
      isFresh: pick([false, false, false, true]),
      isProtected: pick([false, false, false, false, true]),
      hasContact: pick([true, true, true, true, true, false]),
      hasMembersEmail: pick([false, false, false, false, true]),
      holds: holdings.filter(() => pick([true, false, false])),
    };
    const ids = this.sync.person({ Title: facts.group, Portal_Access__c: false }, facts.profile);
    const person = { ...ids, ...facts };
    this.give(person.userId, withLicense(person.holds));
    this.write(person);
    return person;
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
    store.update('Contact', contactId, { Title: person.group });
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

  /** Something happens to a person: it moves, is switched off, or becomes protected. */
  public change(person: Person): Person {
    const changed: Person = {
      ...person,
      ...this.random.pick<Partial<Person>>([
        { group: 'A' },
        { group: 'B' },
        { group: 'none' },
        { frozen: 'byOthers', days: 0 },
        { isProtected: true },
        { isActive: false, changedBy: 'others' },
      ]),
    };
    this.write(changed);
    return changed;
  }

  /** Somebody in a group, whose address others have, too. */
  public member(): Pick<Person, 'userId'> {
    const { userId } = this.sync.person({ Title: 'A', Portal_Access__c: false, Email: membersEmail });
    this.give(userId, setsOfGroup.A);
    return { userId };
  }

  public rules(): Rules {
    const graceDays = this.random.pick([undefined, 0, 30, 30]);
    return {
      action: this.random.pick(['freeze', 'freeze', 'report'] as const),
      graceDays,
      returners: this.random.pick(['activate', 'report'] as const),
      profile: this.random.pick(['report', 'change'] as const),
      former: this.random.pick([false, true]),
      permissionSets: this.random.pick(['exact', 'exact', 'add'] as const),
      releases: graceDays !== undefined && this.random.pick([true, true, true, false]),
    };
  }
}

export function definitionOf(rules: Rules): object {
  const { action, graceDays, returners, profile, former, permissionSets, releases } = rules;
  return {
    groups: [groupOf('A'), groupOf('B')],
    ...(former ? { formerProfiles: [profiles[2]], governs: `Profile.Name IN ('${profiles.join("', '")}')` } : {}),
    leavers: {
      action,
      ...(graceDays === undefined ? {} : { deactivateAfterDays: graceDays, releaseLicenses: releases }),
    },
    returners,
    profile,
    permissionSets,
    protect: ["Title = 'VIP'"],
    limits: { takeAway: 1000, activate: 1000, change: 1000, takeAwayShare: 1 },
  };
}

export function groupOf(title: 'A' | 'B'): object {
  const ofGroup = { profile: profileOfGroup[title], permissionSets: setsOfGroup[title] };
  return { name: title, contacts: `Title = '${title}'`, ...ofGroup, mayBeEmpty: true };
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
