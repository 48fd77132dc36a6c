/** Random people and definitions, and what the rules of docs/sync.md make of them: written down a second time, in other words. */
import { expect } from 'chai';
import type { Random } from '../../simulated-org/random.ts';
import { loginOf } from '../changeLab.ts';
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
};

export type Rules = {
  readonly action: 'report' | 'freeze';
  readonly graceDays: number | undefined;
  readonly returners: 'activate' | 'report';
  readonly profile: 'report' | 'change';
  readonly former: boolean;
};

const profileOfGroup = { A: profiles[0], B: profiles[1] } as const;

/** The access and the profile of a person: `frozen, Acme Customer Login`. */
export type Standing = string;

function standing({ isActive, frozen, profile }: Pick<Person, 'isActive' | 'frozen' | 'profile'>): Standing {
  const words = [...(isActive ? [] : ['inactive']), ...(frozen === 'no' ? [] : ['frozen'])];
  return `${words.length === 0 ? 'active' : words.join(' and ')}, ${profile}`;
}

export function standingNow(sync: SyncLab, userId: string): Standing {
  const names = [...(sync.lab.org.world?.profiles ?? [])];
  const profile = names.find(([, id]) => id === sync.user(userId)['ProfileId'])?.[0] ?? 'unknown';
  return `${sync.access(userId)}, ${profile}`;
}

/** What the rules make of a person. */
export function expected(person: Person, rules: Rules): Standing {
  const now = standing(person);
  const { group, profile, frozen, isActive, hasContact, isProtected } = person;
  const isGoverned = profile !== profiles[2] || rules.former;
  if (isProtected || !isGoverned) return now;
  if (hasContact && group !== 'none') return ofMember({ ...person, group }, rules);
  const isLeaver = hasContact && !person.hasMembersEmail && rules.action === 'freeze' && isActive;
  if (!isLeaver || frozen === 'byOthers') return now;
  const isOver = frozen === 'bySync' && rules.graceDays !== undefined && person.days >= rules.graceDays;
  if (frozen === 'bySync') return standing({ ...person, isActive: !isOver });
  if (person.isFresh) return now;
  return standing({ ...person, frozen: 'bySync', isActive: rules.graceDays !== 0 });
}

function ofMember(person: Person & { readonly group: 'A' | 'B' }, rules: Rules): Standing {
  const { group, profile, frozen, isActive, changedBy } = person;
  const isOff = !isActive || frozen !== 'no';
  const isSyncs = frozen === 'bySync' && (isActive || changedBy === 'sync');
  const wanted = profileOfGroup[group];
  const mayHaveIt = profile === wanted || (rules.profile === 'change' && profile !== profiles[2]);
  if (!mayHaveIt || (isOff && (!isSyncs || rules.returners === 'report'))) return standing(person);
  return standing({ profile: wanted, isActive: true, frozen: 'no' });
}

export const membersEmail = 'member@people.example';

export class World {
  private readonly sync: SyncLab;
  private readonly random: Random;

  public constructor(sync: SyncLab, random: Random) {
    this.sync = sync;
    this.random = random;
  }

  public person(): Person {
    const pick = <T>(values: readonly T[]): T => this.random.pick(values);
    const facts = {
      group: pick(['A', 'B', 'none', 'none', 'none'] as const),
      profile: pick([profiles[0], profiles[0], profiles[1], profiles[2]]),
      isActive: pick([true, true, true, false]),
      frozen: pick(['no', 'no', 'byOthers', 'bySync'] as const),
      changedBy: pick(['sync', 'others'] as const),
      days: pick([0, 5, 12, 29, 31, 50]),
      isFresh: pick([false, false, false, true]),
      isProtected: pick([false, false, false, false, true]),
      hasContact: pick([true, true, true, true, true, false]),
      hasMembersEmail: pick([false, false, false, false, true]),
    };
    const ids = this.sync.person({ Title: facts.group, Portal_Access__c: false }, facts.profile);
    const person = { ...ids, ...facts };
    this.write(person);
    return person;
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
  public member(): void {
    this.sync.person({ Title: 'A', Portal_Access__c: false, Email: membersEmail });
  }

  public rules(): Rules {
    return {
      action: this.random.pick(['freeze', 'freeze', 'report'] as const),
      graceDays: this.random.pick([undefined, 0, 30]),
      returners: this.random.pick(['activate', 'report'] as const),
      profile: this.random.pick(['report', 'change'] as const),
      former: this.random.pick([false, true]),
    };
  }
}

export function definitionOf({ action, graceDays, returners, profile, former }: Rules): object {
  return {
    groups: [groupOf('A'), groupOf('B')],
    ...(former ? { formerProfiles: [profiles[2]], governs: `Profile.Name IN ('${profiles.join("', '")}')` } : {}),
    leavers: { action, ...(graceDays === undefined ? {} : { deactivateAfterDays: graceDays }) },
    returners,
    profile,
    protect: ["Title = 'VIP'"],
    limits: { takeAway: 1000, activate: 1000, change: 1000, takeAwayShare: 1 },
  };
}

export function groupOf(title: 'A' | 'B'): object {
  return { name: title, contacts: `Title = '${title}'`, profile: profileOfGroup[title], mayBeEmpty: true };
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

/** Nobody but these people was touched: internal users and others least of all. */
export function expectOnlyTouched(sync: SyncLab, people: readonly Person[], changes: readonly string[]): void {
  const touched = changes.flatMap((text) => /^User(?:Login)? (\w+) \w+:/.exec(text)?.[1] ?? []);
  const known = new Set(people.flatMap(({ userId }) => [userId, loginOf(sync.lab, userId).Id]));
  expect(touched.filter((id) => !known.has(id))).to.deep.equal([]);
}
