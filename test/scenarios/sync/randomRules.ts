/** What the rules of docs/sync.md make of random people: written down a second time, in other words. */
import { mainProfile } from '../runLab.ts';

/** The first two are of one license family; from these to the third there is no way back. */
export const profiles = [mainProfile, 'Acme Customer Login', 'Acme Customer Plus'] as const;
type Profile = (typeof profiles)[number];

/** What is done to a person, one after the other. */
export const stages = ['freeze', 'deactivate', 'activate', 'unfreeze', 'profile', 'give', 'remove'] as const;
type Stage = (typeof stages)[number];

export type GroupName = 'A' | 'B' | 'C';

/** What a person is, as far as the rules ask. */
export type Person = {
  readonly userId: string;
  readonly contactId: string;
  /** Of the contact: which group it is in. */
  readonly group: GroupName | 'none';
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
  /** The contact can be seen: it is hidden otherwise, or gone. */
  readonly isSeen: boolean;
  readonly hasMembersEmail: boolean;
  readonly holds: readonly Holding[];
  /** What the org refuses to do to it. */
  readonly fails: Stage | undefined;
};

/** A contact without a user. */
export type Newcomer = Pick<Person, 'contactId' | 'group' | 'isSeen'> & {
  readonly fails: 'create' | 'give' | undefined;
};

/** Sets of the groups, a group of sets that no definition names, and licenses. */
export const holdings = [
  'Portal_Orders',
  'Portal_Documents',
  'Portal_Analytics',
  'Portal_Bundle',
  'permission set license',
  'package license',
] as const;
export type Holding = (typeof holdings)[number];

export const setsOfGroup: Readonly<Record<GroupName, readonly Holding[]>> = {
  A: ['Portal_Orders'],
  B: ['Portal_Documents', 'Portal_Analytics'],
  C: ['Portal_Orders', 'Portal_Documents'],
};
const namedSets = new Set(Object.values(setsOfGroup).flat());

export const profileOfGroup = { A: profiles[0], B: profiles[1], C: profiles[2] } as const;

/** It needs the license, which comes and goes with it. */
export function withLicense(holds: readonly Holding[]): readonly Holding[] {
  return holds.includes('Portal_Analytics') ? [...holds, 'permission set license'] : holds;
}

export type Limits = Readonly<Record<'create' | 'activate' | 'change' | 'takeAway' | 'takeAwayShare', number>>;

export const noLimits: Limits = { create: 1000, activate: 1000, change: 1000, takeAway: 1000, takeAwayShare: 1 };

export type Rules = {
  readonly action: 'report' | 'freeze';
  readonly graceDays: number | undefined;
  readonly returners: 'activate' | 'report';
  readonly profile: 'report' | 'change' | 'upgrade';
  /** The third profile is one of no group. */
  readonly former: boolean;
  /** It is that of group C. */
  readonly plus: boolean;
  readonly permissionSets: 'add' | 'exact';
  readonly releases: boolean;
  /** Groups whose users only have to exist. */
  readonly inactive: readonly GroupName[];
  /** The running user may not see all records. */
  readonly isHidden: boolean;
  readonly limits: Limits;
};

/** The access, the profile, and what a person holds or not: `frozen, Acme Customer Login, with Portal_Orders, without …`. */
export type Standing = string;

type Stands = Pick<Person, 'isActive' | 'frozen' | 'profile' | 'holds'>;

function standing({ isActive, frozen, profile, holds }: Stands): Standing {
  return standingOf(accessOf(!isActive, frozen !== 'no'), profile, withLicense(holds));
}

function accessOf(isInactive: boolean, isFrozen: boolean): string {
  const words = [...(isInactive ? ['inactive'] : []), ...(isFrozen ? ['frozen'] : [])];
  return words.length === 0 ? 'active' : words.join(' and ');
}

export function standingOf(access: string, profile: string, holds: readonly Holding[]): Standing {
  const held = holdings.map((each) => `${holds.includes(each) ? 'with' : 'without'} ${each}`);
  return [access, profile, ...held].join(', ');
}

/**
 * After `enable --from-run`: access that was taken, a profile that was changed within its family and what was held are back; access
 * and permission sets that were given stay.
 */
export function takenBack(before: Standing, after: Standing): Standing {
  const [was = '', profile = '', ...held] = before.split(', ');
  const [is = '', profileNow, ...holdsNow] = after.split(', ');
  const still = (word: string): boolean => was.includes(word) && is.includes(word);
  const access = accessOf(still('inactive'), still('frozen'));
  const back = held.map((each, n) => (each.startsWith('with ') ? each : holdsNow[n]));
  return [access, profileNow === profiles[2] ? profileNow : profile, ...back].join(', ');
}

/** The group that a contact is in, by what the definition and the running user know of it. */
function groupFor(
  { group, isSeen }: Pick<Person, 'group' | 'isSeen'>,
  { plus }: Pick<Rules, 'plus'>,
): GroupName | undefined {
  return !isSeen || group === 'none' || (group === 'C' && !plus) ? undefined : group;
}

/** What the rules make of a person. */
export function expected(person: Person, rules: Rules): Standing {
  return standing(goalOf(person, rules));
}

function goalOf(person: Person, rules: Rules): Stands {
  const isGoverned = person.profile !== profiles[2] || rules.former || rules.plus;
  if (person.isProtected || !isGoverned) return person;
  const group = person.hasContact ? groupFor(person, rules) : undefined;
  return group === undefined ? goalOfStranger(person, rules) : goalOfMember(person, group, rules);
}

function goalOfStranger(person: Person, rules: Rules): Stands {
  const { frozen, isActive, hasContact, isSeen, hasMembersEmail } = person;
  if (!hasContact || !isSeen || hasMembersEmail || rules.action === 'report' || rules.isHidden) return person;
  const off = { isActive: false, holds: rules.releases ? [] : person.holds };
  // Whom sync has deactivated before.
  if (!isActive) return frozen === 'bySync' && person.changedBy === 'sync' ? { ...person, ...off } : person;
  if (frozen === 'byOthers') return person;
  const isOver = rules.graceDays !== undefined && person.days >= rules.graceDays;
  if (frozen === 'bySync') return isOver ? { ...person, ...off } : person;
  if (person.isFresh) return person;
  return { ...person, ...(rules.graceDays === 0 ? off : {}), frozen: 'bySync' };
}

function goalOfMember(person: Person, group: GroupName, rules: Rules): Stands {
  if (rules.inactive.includes(group)) return person;
  const { profile, frozen, isActive, changedBy } = person;
  const isOff = !isActive || frozen !== 'no';
  const isSyncs = frozen === 'bySync' && (isActive || changedBy === 'sync');
  const wanted = profileOfGroup[group];
  if (profile !== wanted && !mayGet(profile, wanted, rules)) return person;
  if (isOff && (!isSyncs || rules.returners === 'report')) return person;
  const kept = rules.permissionSets === 'exact' && !rules.isHidden ? withoutNamed(person.holds) : person.holds;
  return { profile: wanted, isActive: true, frozen: 'no', holds: [...kept, ...setsOfGroup[group]] };
}

/** No way leads back from the third profile, and none there while records may be hidden. */
function mayGet(profile: Profile, wanted: Profile, rules: Rules): boolean {
  if (profile === profiles[2]) return false;
  return wanted === profiles[2] ? rules.profile === 'upgrade' && !rules.isHidden : rules.profile !== 'report';
}

/** The license goes with the set, and stays where there is none. */
function withoutNamed(holds: readonly Holding[]): readonly Holding[] {
  const rest = holds.filter((each) => !namedSets.has(each));
  return holds.includes('Portal_Analytics') ? rest.filter((each) => each !== 'permission set license') : rest;
}

/** One thing after the other, as far as the goal is another than what is. */
const ways: Readonly<Record<Stage, (now: Stands, goal: Stands) => Stands>> = {
  freeze: (now, { frozen }) => (frozen === 'no' ? now : { ...now, frozen }),
  deactivate: (now, { isActive }) => (isActive ? now : { ...now, isActive }),
  activate: (now, { isActive }) => (isActive ? { ...now, isActive } : now),
  unfreeze: (now, { frozen }) => (frozen === 'no' ? { ...now, frozen } : now),
  profile: (now, { profile }) => ({ ...now, profile }),
  give: (now, { holds }) => ({ ...now, holds: [...now.holds, ...holds] }),
  remove: (now, { holds }) => ({ ...now, holds }),
};

type Reached = { readonly standing: Standing; readonly hasFailed: boolean };

/** How far the rules get with a person where the org refuses one of the steps: what comes later is not done to that person. */
export function reached(person: Person, rules: Rules): Reached {
  const goal = goalOf(person, rules);
  let now: Stands = person;
  for (const stage of stages) {
    const next = ways[stage](now, goal);
    if (stage === person.fails && isRefused(stage, now, next)) {
      // What else a leaver holds is released all the same.
      const left = stage === 'remove' && !goal.isActive ? { ...now, holds: now.holds.filter(isSet) } : now;
      return { standing: standing(left), hasFailed: true };
    }
    now = next;
  }
  return { standing: standing(now), hasFailed: false };
}

function isSet(holding: Holding): boolean {
  return !holding.endsWith(' license');
}

/** The org refuses to remove permission sets; licenses go without them. */
function isRefused(stage: Stage, now: Stands, next: Stands): boolean {
  if (stage === 'remove') return now.holds.some((each) => isSet(each) && !next.holds.includes(each));
  return standing(now) !== standing(next);
}

/** The users that a contact without one has then. */
export function expectedOfNewcomer({ fails, ...newcomer }: Newcomer, rules: Rules): Standing[] {
  const group = groupFor(newcomer, rules);
  if (group === undefined || fails === 'create') return [];
  const holds = fails === 'give' ? [] : setsOfGroup[group];
  const isActive = !rules.inactive.includes(group);
  return [standing({ isActive, frozen: 'no', profile: profileOfGroup[group], holds })];
}

/** A contact without a user at the time of the plan, and what has become of it since; perhaps somebody else has made its user. */
export type Later = { readonly planned: Newcomer; readonly now: Newcomer; readonly user: Person | undefined };

/** The users that such a contact has after the plan: nobody has agreed to a user of another group, nor to more for one of others. */
export function expectedOfPlan({ planned, now, user }: Later, rules: Rules): Standing[] {
  if (user !== undefined) return [standing(isOfPlan(user, rules) ? goalOf(user, rules) : user)];
  return groupFor(planned, rules) === groupFor(now, rules) ? expectedOfNewcomer(now, rules) : [];
}

/** All that its group wants of the user is permission sets. */
function isOfPlan(user: Person, rules: Rules): boolean {
  const { profile, isActive, holds } = goalOf(user, rules);
  return profile === user.profile && isActive === user.isActive && user.holds.every((each) => holds.includes(each));
}

/** And after the next one. */
export function expectedOfNextPlan({ now, user }: Later, rules: Rules): Standing[] {
  return user === undefined ? expectedOfNewcomer(now, rules) : [expected(user, rules)];
}

type Deeds = Record<'create' | 'activate' | 'change' | 'takeAway' | 'deactivate' | 'release', number>;

/** Whom it concerns how, as the limits count people. @returns also whose access is taken */
export function deedsOf(
  people: readonly Person[],
  newcomers: readonly Newcomer[],
  rules: Rules,
): Deeds & { readonly taken: readonly Person[] } {
  const having = (does: (now: Person, goal: Stands) => boolean): Person[] =>
    people.filter((person) => does(person, goalOf(person, rules)));
  const losesSets = (now: Stands, goal: Stands): boolean =>
    now.holds.some((each) => isSet(each) && !goal.holds.includes(each));
  const getsSets = (now: Stands, goal: Stands): boolean => losesSets(goal, now);
  const isLetIn = (now: Stands, goal: Stands): boolean =>
    goal.isActive && goal.frozen === 'no' && (!now.isActive || now.frozen !== 'no');
  const isChanged = (now: Stands, goal: Stands): boolean =>
    now.profile !== goal.profile || (goal.isActive && losesSets(now, goal));
  const taken = having((now, goal) => now.frozen === 'no' && goal.frozen !== 'no');
  return {
    create: newcomers.filter((newcomer) => groupFor(newcomer, rules) !== undefined).length,
    activate: having(isLetIn).length,
    // Sets that come with the access are not counted a second time.
    change: having((now, goal) => isChanged(now, goal) || (getsSets(now, goal) && !isLetIn(now, goal))).length,
    takeAway: taken.length,
    deactivate: having((now, goal) => now.frozen === 'bySync' && now.isActive && !goal.isActive).length,
    release: having((now, goal) => !now.isActive && now.holds.length > goal.holds.length).length,
    taken,
  };
}
