/** What a sync has read, in numbers: what guards judge, and what summaries show by group and by profile. No personal data. */
import { isGuardFinding, type GuardFailure } from '../guards.js';
import type { ProfileId } from '../ids.js';

export type SyncFacts = {
  /** In the order of the definition. */
  readonly groups: readonly GroupFacts[];
  /** By profile: users that the definition governs. */
  readonly governed: readonly GovernedFacts[];
  /** Those of the definition; `takeAway` is lowered by the command. */
  readonly limits: SyncLimits;
  /** What stands in the way of any plan. */
  readonly obstacles: readonly GuardFailure[];
};

type GroupFacts = {
  readonly name: string;
  /** Contacts that belong to it. */
  readonly contacts: number;
};

export type GovernedFacts = {
  readonly profileId: ProfileId;
  readonly profile: string;
  readonly users: number;
  /** Those of them who can log in. */
  readonly withAccess: number;
  /** Those of them who can log in, and whose contact is in no group. */
  readonly unexplained: number;
};

/** What a sync does to people who have a group, and to users who have none. */
export const memberDeeds = ['create', 'activate', 'change', 'assign'] as const;
export const leaverDeeds = ['takeAway', 'deactivate', 'release'] as const;
export const syncDeeds = [...memberDeeds, ...leaverDeeds] as const;
export type SyncDeed = (typeof syncDeeds)[number];

/** What a sync's plan does, for its result: by group and by profile, with counts and no names. */
export type SyncSummary = {
  /** In the order of the definition. */
  groups: GroupChange[];
  /** Profiles whose users the definition governs. */
  profiles: ProfileChange[];
  /** What the run has done so far, each with the number of people. */
  done: Record<SyncDeed, number>;
  /** Users to whom the run has given access so far: `disable --from-run` takes it back. */
  given: number;
  /** Those of them who were only frozen: freezing them takes it back, and deactivating them would take more. */
  unfrozen: number;
  /** Users from whom it has taken something that `enable --from-run` gives back. */
  taken: number;
};

export type GroupChange = {
  name: string;
  /** Contacts that belong to it. */
  contacts: number;
  create: number;
  /** Users who get access again. */
  activate: number;
  /** Users who get another profile, or lose permission sets. */
  change: number;
  /** Users who get permission sets, and nothing else. */
  assign: number;
};

export type ProfileChange = {
  profile: string;
  /** Governed users. */
  users: number;
  /** Those of them who could log in before. */
  withAccess: number;
  /** Those of them who could log in, and whose contact is in no group. */
  unexplained: number;
  /** Users who have access, and lose it. */
  takeAway: number;
  /** Users that an earlier sync froze, and this one deactivates. */
  deactivate: number;
  /** Users whom an earlier sync has deactivated, and who lose the permission sets and licenses that they still hold. */
  release: number;
};

export type SyncLimits = Readonly<Record<'create' | 'activate' | 'change' | 'takeAway' | 'takeAwayShare', number>>;

/** Whether a value from outside is what this version writes. */
export function isSyncFacts(value: unknown): value is SyncFacts {
  if (!isObject(value)) return false;
  const { groups, governed, limits, obstacles } = value;
  return (
    isListOf(groups, { name: 'string', contacts: 'number' }) &&
    isListOf(governed, {
      profileId: 'string',
      profile: 'string',
      users: 'number',
      withAccess: 'number',
      unexplained: 'number',
    }) &&
    isOf(limits, {
      create: 'number',
      activate: 'number',
      change: 'number',
      takeAway: 'number',
      takeAwayShare: 'number',
    }) &&
    Array.isArray(obstacles) &&
    obstacles.every((each) => isGuardFinding(each) && 'guard' in each)
  );
}

type Shape = Readonly<Record<string, 'string' | 'number'>>;

function isListOf(value: unknown, shape: Shape): boolean {
  return Array.isArray(value) && value.every((each) => isOf(each, shape));
}

function isOf(value: unknown, shape: Shape): boolean {
  return isObject(value) && Object.entries(shape).every(([name, type]) => typeof value[name] === type);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
