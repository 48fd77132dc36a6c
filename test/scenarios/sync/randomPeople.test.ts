/**
 * Random people and definitions: after a sync, each user has the access that the rules of docs/sync.md give it, and nothing else
 * has changed. The rules are written down here a second time, in other words.
 */
import { expect } from 'chai';
import { createRandom, type Random } from '../../simulated-org/random.ts';
import { differences, loginOf, stateOf } from '../changeLab.ts';
import { mainProfile } from '../runLab.ts';
import { day, decisionsOf, SyncLab } from './syncLab.ts';

const profiles = [mainProfile, 'Acme Customer Login', 'Acme Customer Plus'] as const;
type Profile = (typeof profiles)[number];

/** What a person is, as far as the rules ask. */
type Person = {
  readonly userId: string;
  /** Of the contact: which group it is in. */
  readonly group: 'A' | 'B' | 'none';
  readonly profile: Profile;
  readonly isActive: boolean;
  /** By whom it was frozen. */
  readonly frozen: 'no' | 'byOthers' | 'bySync';
  /** Since its login was last changed. */
  readonly days: number;
  /** Sync has made it, or let it in, within a week. */
  readonly isFresh: boolean;
  readonly isProtected: boolean;
  readonly hasContact: boolean;
  readonly hasMembersEmail: boolean;
};

type Rules = {
  readonly action: 'report' | 'freeze';
  readonly graceDays: number | undefined;
  readonly returners: 'report' | 'activate';
  readonly former: boolean;
};

const profileOfGroup = { A: profiles[0], B: profiles[1] } as const;

/** `active`, `frozen`, `inactive` or `inactive and frozen`. */
function accessOf({ isActive, frozen }: Pick<Person, 'isActive' | 'frozen'>): string {
  const words = [...(isActive ? [] : ['inactive']), ...(frozen === 'no' ? [] : ['frozen'])];
  return words.length === 0 ? 'active' : words.join(' and ');
}

/** The access that the rules give a person. */
function expectedAccess(person: Person, rules: Rules): string {
  const now = accessOf(person);
  const { group, profile, frozen, isActive, hasContact, isProtected } = person;
  const isGoverned = profile !== profiles[2] || rules.former;
  if (isProtected || !isGoverned) return now;
  if (hasContact && group !== 'none') {
    const comesBack = frozen === 'bySync' && profile === profileOfGroup[group] && rules.returners === 'activate';
    return comesBack ? 'active' : now;
  }
  const isLeaver = hasContact && !person.hasMembersEmail && rules.action === 'freeze' && isActive;
  if (!isLeaver || frozen === 'byOthers') return now;
  if (frozen === 'bySync')
    return rules.graceDays !== undefined && person.days >= rules.graceDays ? 'inactive and frozen' : now;
  if (person.isFresh) return now;
  return rules.graceDays === 0 ? 'inactive and frozen' : 'frozen';
}

class World {
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
      days: pick([0, 5, 12, 29, 31, 50]),
      isFresh: pick([false, false, false, true]),
      isProtected: pick([false, false, false, false, true]),
      hasContact: pick([true, true, true, true, true, false]),
      hasMembersEmail: pick([false, false, false, false, true]),
    };
    const userId = this.make(facts);
    // What sync froze is known by its mark alone; a fresh one was made by it.
    return { userId, ...facts };
  }

  private make(facts: Omit<Person, 'userId'>): string {
    const { lab } = this.sync;
    const { contactId, userId } = this.sync.person({ Title: facts.group, Portal_Access__c: false }, facts.profile);
    const { store, clock, runningUserId } = lab.org;
    const ago = (days: number): string => new Date(clock.now() - days * day - 60_000).toISOString();
    if (facts.hasMembersEmail) store.update('User', userId, { Email: this.membersEmail });
    store.update('User', userId, {
      IsActive: facts.isActive,
      CreatedDate: ago(facts.isFresh ? 3 : 300),
      CreatedById: facts.isFresh ? runningUserId : this.sync.somebodyElse,
      Title: facts.isProtected ? 'VIP' : null,
      ...(facts.hasContact ? {} : { ContactId: null }),
    });
    store.update('UserLogin', loginOf(lab, userId).Id, {
      IsFrozen: facts.frozen !== 'no',
      LastModifiedById: facts.frozen === 'bySync' ? runningUserId : this.sync.somebodyElse,
      LastModifiedDate: ago(facts.days),
    });
    expect(store.get('Contact', contactId)?.['Title']).to.equal(facts.group);
    return userId;
  }

  public readonly membersEmail = 'member@people.example';

  /** Somebody in a group, whose address others have, too. */
  public member(): void {
    this.sync.person({ Title: 'A', Portal_Access__c: false, Email: this.membersEmail });
  }

  public rules(): Rules {
    return {
      action: this.random.pick(['freeze', 'freeze', 'report'] as const),
      graceDays: this.random.pick([undefined, 0, 30]),
      returners: this.random.pick(['activate', 'report'] as const),
      former: this.random.pick([false, true]),
    };
  }
}

function definitionOf({ action, graceDays, returners, former }: Rules): object {
  const group = (title: 'A' | 'B'): object => ({
    name: title,
    contacts: `Title = '${title}'`,
    profile: profileOfGroup[title],
  });
  return {
    groups: [group('A'), group('B')],
    ...(former ? { formerProfiles: [profiles[2]], governs: `Profile.Name IN ('${profiles.join("', '")}')` } : {}),
    leavers: { action, ...(graceDays === undefined ? {} : { deactivateAfterDays: graceDays }) },
    returners,
    protect: ["Title = 'VIP'"],
    limits: { takeAway: 1000, activate: 1000, takeAwayShare: 1 },
  };
}

describe('sync of random people', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  for (const seed of [13, 22, 34]) {
    it(`gives each the access that the rules give (seed ${String(seed)})`, async () => {
      const world = new World(sync, createRandom(seed));
      world.member();
      const people = Array.from({ length: 60 }, () => world.person());
      const rules = world.rules();
      const definition = definitionOf(rules);
      const before = stateOf(sync.lab.org);
      const planned = await sync.sync(definition, { dryRun: true });
      expect(differences(before, stateOf(sync.lab.org))).to.deep.equal([]);
      const run = await sync.sync(definition);
      expect(decisionsOf(run)).to.deep.equal(decisionsOf(planned));
      const wrong = people
        .filter((person) => sync.access(person.userId) !== expectedAccess(person, rules))
        .map((person) => ({
          ...person,
          is: sync.access(person.userId),
          expected: expectedAccess(person, rules),
          rules,
        }));
      expect(wrong).to.deep.equal([]);
      const touched = differences(before, stateOf(sync.lab.org)).flatMap(
        (text) => /^User(?:Login)? (\w+)/.exec(text)?.[1] ?? [],
      );
      const known = new Set(people.flatMap(({ userId }) => [userId, loginOf(sync.lab, userId).Id]));
      expect(touched.filter((id) => !known.has(id))).to.deep.equal([]);
      expect((await sync.sync(definition)).result.counts.planned).to.equal(0);
    });
  }
});
