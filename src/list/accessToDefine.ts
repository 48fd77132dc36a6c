/** Counts what a first definition file needs beyond the table: permission sets and role levels by profile. */
import type { AccessSummary, ListedUser, ProfileInUse } from '../model/access/userList.js';

/** Of the users with a profile who have access. */
type Held = { users: number; readonly sets: Map<string, number>; readonly levels: Set<string | undefined> };

export class AccessToDefine {
  private readonly profiles = new Map<string, Held>();

  /** Counts the users of each page on its way. */
  public async *countedOf(pages: AsyncIterable<readonly ListedUser[]>): AsyncGenerator<readonly ListedUser[]> {
    for await (const page of pages) {
      for (const user of page) if (user.state !== 'inactive') this.count(user);
      yield page;
    }
  }

  /** Once the pages are read. */
  public profilesOf({ licenses }: AccessSummary): ProfileInUse[] {
    return licenses.flatMap(({ name: license, profiles }) =>
      profiles.flatMap((profile) => {
        const held = this.profiles.get(profile.name);
        return held === undefined ? [] : [{ ...profile, license, ...heldOf(held) }];
      }),
    );
  }

  private count({ profile, portalRole, permissionSets = [] }: ListedUser): void {
    const held = this.profiles.get(profile) ?? { users: 0, sets: new Map<string, number>(), levels: new Set() };
    this.profiles.set(profile, held);
    held.users += 1;
    held.levels.add(portalRole);
    for (const name of permissionSets) held.sets.set(name, (held.sets.get(name) ?? 0) + 1);
  }
}

function heldOf({ users, sets, levels }: Held): Pick<ProfileInUse, 'portalRole' | 'heldByAll' | 'heldBySome'> {
  const held = [...sets].sort(([a], [b]) => a.localeCompare(b)).map(([name, holders]) => ({ name, users: holders }));
  const [level] = levels;
  return {
    portalRole: levels.size === 1 ? level : undefined,
    heldByAll: held.filter((each) => each.users === users).map(({ name }) => name),
    heldBySome: held.filter((each) => each.users < users),
  };
}
