/** What stops a whole sync, whatever flags say: its limits, and what would lock people out by mistake. */
import type { DatabaseSync } from 'node:sqlite';
import { allowsOrg, needsSyncUser } from '../../model/definition/definition.js';
import type { GovernedFacts, SyncLimits } from '../../model/definition/syncFacts.js';
import type { GuardFailure } from '../../model/guards.js';
import type { OrgClient } from '../../org/orgClient.js';
import { requireCount, readMeta } from '../../store/meta.js';
import { hasSent } from '../../store/queries/counts.js';
import type { SyncPeople } from '../../store/queries/syncPeople.js';
import {
  countSync,
  countUpgrades,
  hiddenLeavers,
  countSyncBy,
  readSyncFacts,
  writeSyncFacts,
  type SyncCounts,
} from '../../store/queries/syncSteps.js';
import type { SyncSurvey } from './surveySync.js';

/** Keeps the numbers of those who were read: guards and summaries are made of them. */
export function keepSyncFacts(client: OrgClient, db: DatabaseSync, sync: SyncSurvey, people: SyncPeople): void {
  const { definition, settings } = sync;
  const members = people.countMembers();
  const governed = people.countGoverned().map((count): GovernedFacts => {
    return { ...count, profile: settings.profiles.get(count.profileId)?.name ?? count.profileId };
  });
  const { takeAway } = definition.limits;
  const lowered =
    readMeta(db, 'maxTakeAway') === undefined ? takeAway : Math.min(takeAway, requireCount(db, 'maxTakeAway'));
  writeSyncFacts(db, {
    groups: settings.groups.map(({ name }, place) => ({ name, contacts: members.get(place) ?? 0 })),
    governed,
    limits: { ...definition.limits, takeAway: lowered },
    obstacles: [...obstaclesOfOrg(client, sync), ...obstaclesOfGroups(sync, people, governed)],
  });
}

/** A definition is for the orgs that it names, and its mark is the name of one user. */
function obstaclesOfOrg({ orgId, username }: OrgClient, { definition, facts }: SyncSurvey): GuardFailure[] {
  const { orgs, syncUser } = definition;
  const orgKind = facts.isSandbox ? 'sandbox' : 'production';
  const isOther = syncUser?.toLowerCase() !== username.toLowerCase();
  const named = orgs.map((org) => (org === 'sandboxes' ? org : org.orgId)).join(', ');
  return [
    ...(allowsOrg(definition, { orgId, orgKind })
      ? []
      : [{ guard: 'WRONG_ORG', facts: { orgId, orgs: named } } as const]),
    ...(needsSyncUser(definition) && isOther
      ? [{ guard: 'syncUser', facts: { syncUser: syncUser ?? '', username } } as const]
      : []),
  ];
}

/** A group without contacts is a mistake more often than it is meant, also where earlier groups have them all. */
function obstaclesOfGroups(
  { settings }: SyncSurvey,
  people: SyncPeople,
  governed: readonly GovernedFacts[],
): GuardFailure[] {
  const members = people.countMembers();
  if ([...members.values()].every((contacts) => contacts === 0)) return [{ guard: 'noContacts', facts: {} }];
  return settings.groups.flatMap(({ name: group, profile, mayBeEmpty }, place): GuardFailure[] => {
    const users = governed.find(({ profileId }) => profileId === profile.id)?.withAccess ?? 0;
    if (mayBeEmpty || (members.get(place) ?? 0) > 0 || users === 0) return [];
    return [{ guard: 'emptyGroup', facts: { group, profile: profile.name, users } }];
  });
}

/** All that is in the way of a plan. @throws RunFault runDamaged */
export function guardSync(db: DatabaseSync): readonly GuardFailure[] {
  const { limits, governed, obstacles } = readSyncFacts(db);
  // Its limits were held before the first call. Those who have lost access since would make the shares smaller than they were.
  if (hasSent(db)) return obstacles;
  const counts = countSync(db);
  const upgrades = countUpgrades(db);
  return [
    ...obstacles,
    ...(upgrades > 0 ? [{ guard: 'upgrade', facts: { users: upgrades } } as const] : []),
    ...hiddenLeavers(db).map((facts) => ({ guard: 'hiddenObjects', facts }) as const),
    ...beyond('limit.create', counts.create, limits.create),
    ...beyond('limit.activate', counts.activate, limits.activate),
    // A permission set can open more than a profile does.
    ...beyond('limit.change', counts.change + counts.assign, limits.change),
    ...beyond('limit.takeAway', counts.takeAway, limits.takeAway),
    ...beyond('limit.deactivate', counts.deactivate, limits.takeAway),
    ...beyond('limit.release', counts.release, limits.takeAway),
    ...sharesBeyond(countSyncBy(db, 'profileId'), governed, limits),
  ];
}

function beyond(
  guard: `limit.${'create' | 'activate' | 'change' | 'takeAway' | 'deactivate' | 'release'}`,
  planned: number,
  limit: number,
): GuardFailure[] {
  return planned > limit ? [{ guard, facts: { planned, limit } }] : [];
}

/** Of those who can log in, over all and of each profile: users who are off already would make the share smaller than it is. */
function sharesBeyond(
  taken: ReadonlyMap<string, SyncCounts>,
  governed: readonly GovernedFacts[],
  { takeAwayShare }: SyncLimits,
): GuardFailure[] {
  const percent = Math.round(takeAwayShare * 100);
  const all = [...taken.values()].reduce((sum, { takeAway }) => sum + takeAway, 0);
  const users = governed.reduce((sum, { withAccess }) => sum + withAccess, 0);
  const limitOf = (of: number): number => wholeUsers(of, takeAwayShare);
  const ofAll =
    all > limitOf(users)
      ? [{ guard: 'limit.share', facts: { planned: all, limit: limitOf(users), users, percent } } as const]
      : [];
  const ofProfiles = governed.flatMap(({ profileId, profile, withAccess }): GuardFailure[] => {
    const [planned, limit] = [taken.get(profileId)?.takeAway ?? 0, limitOf(withAccess)];
    if (planned <= limit) return [];
    return [{ guard: 'limit.profileShare', facts: { planned, limit, users: withAccess, percent, profile } }];
  });
  return [...ofAll, ...ofProfiles];
}

/** The most of them that are not more than the share. As a binary fraction, 0.29 of 100 would be 28.999…, and 28. */
function wholeUsers(of: number, share: number): number {
  const users = Math.floor(of * share);
  return (users + 1) / of <= share ? users + 1 : users;
}
