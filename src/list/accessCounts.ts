/** Counts the listed users by license and profile: a few numbers, whatever the number of users. */
import type { License } from '../model/orgFacts.js';
import {
  canLogIn,
  type AccessCounts,
  type LicenseAccess,
  type ListedUser,
  type UnseenFact,
} from '../model/access/userList.js';
import { licensesLeft } from '../preflight/checks.js';

const figures = ['users', 'active', 'frozen', 'inactive', 'activeOrFrozen', 'neverLoggedIn', 'idle'] as const;
type Tally = Record<(typeof figures)[number], number>;

const nothing: Tally = {
  users: 0,
  active: 0,
  frozen: 0,
  inactive: 0,
  activeOrFrozen: 0,
  neverLoggedIn: 0,
  idle: 0,
};

export class AccessCounter {
  /** By license, then by profile; of both the names. A license that can't be seen is ''. */
  private readonly groups = new Map<string, Map<string, Tally>>();

  /** @param isIdle whether it has not logged in for long */
  public add(user: ListedUser, isIdle: boolean): void {
    const { license = '', profile, state, lastLoginDate } = user;
    const profiles = this.groups.get(license) ?? new Map<string, Tally>();
    const tally = profiles.get(profile) ?? { ...nothing };
    this.groups.set(license, profiles.set(profile, tally));
    tally.users += 1;
    tally[state] += 1;
    if (!canLogIn(user)) return;
    if (lastLoginDate === undefined) tally.neverLoggedIn += 1;
    if (isIdle) tally.idle += 1;
  }

  public total(unseen: readonly UnseenFact[]): AccessCounts {
    return seen(sumOf([...this.groups.values()].flatMap((profiles) => [...profiles.values()])), unseen);
  }

  /** @param licenses those of the org that are shown even if nobody holds them, and what is known of the others */
  public licenses(
    licenses: ReadonlyArray<License & { readonly isShown: boolean }>,
    unseen: readonly UnseenFact[],
  ): LicenseAccess[] {
    const shown = licenses.filter(({ name, isShown }) => isShown || this.groups.has(name));
    const known = shown.map((license) => ({ ...figuresOf(license), ...this.group(license.name, unseen) }));
    return this.groups.has('') ? [...known, this.group('', unseen)] : known;
  }

  private group(license: string, unseen: readonly UnseenFact[]): LicenseAccess {
    const profiles = [...(this.groups.get(license) ?? [])].sort(([a], [b]) => a.localeCompare(b));
    return {
      ...seen(sumOf(profiles.map(([, tally]) => tally)), unseen),
      profiles: profiles.map(([name, tally]) => ({ name, ...seen(tally, unseen) })),
    };
  }
}

function figuresOf(license: License): Pick<LicenseAccess, 'name' | 'total' | 'used' | 'left'> {
  const { name, used, total } = license;
  const left = licensesLeft(license);
  return left === undefined ? { name, used } : { name, total, used, left };
}

function sumOf(tallies: readonly Tally[]): Tally {
  const sum = { ...nothing };
  for (const tally of tallies) for (const figure of figures) sum[figure] += tally[figure];
  return sum;
}

/** Without the figures that nobody can know. */
function seen(tally: Tally, unseen: readonly UnseenFact[]): AccessCounts {
  const { users, active, frozen, inactive, activeOrFrozen, neverLoggedIn, idle } = tally;
  return {
    users,
    ...(unseen.includes('frozen') ? { activeOrFrozen } : { active, frozen }),
    inactive,
    ...(unseen.includes('lastLogin') ? {} : { neverLoggedIn, idle }),
  };
}
