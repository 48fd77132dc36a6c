/** How many welcome mails Salesforce may send for a plan, as far as the running user can see (portal-users §11). */

export type SiteMember = {
  readonly siteName: string;
  readonly siteStatus: string;
  readonly sendsWelcomeEmail: boolean;
  readonly parentId: string;
  readonly assignmentStatus: string;
};

export type WelcomeEmails = {
  /** One per new active user and site that the user joins. */
  possible: number;
  /** The running user can't see all sites: there may be more. */
  atLeast: boolean;
  /** Names of the sites that would send them. */
  sites: string[];
};

/** Permissions of which one shows the membership of all sites (Object Reference, NetworkMemberGroup). */
const seesAllSites = ['ModifyAllData', 'ViewAllData', 'ManageNetworks'] as const;

export function canSeeAllSites(permissions: ReadonlySet<string>): boolean {
  return seesAllSites.some((permission) => permissions.has(permission));
}

/** Active users who get the same on top of what they have; either makes them a member of a site. */
export type Joiners = {
  /** Ids of their new profile and of the permission sets that they get. */
  readonly parentIds: readonly string[];
  readonly users: number;
};

export function expectedWelcomeEmails(
  members: readonly SiteMember[],
  joiners: readonly Joiners[],
  permissions: ReadonlySet<string>,
): WelcomeEmails {
  const bySite = new Map<string, number>();
  const sending = members.filter((each) => isLive(each) && each.sendsWelcomeEmail);
  for (const { parentIds, users } of joiners.filter((each) => each.users > 0)) {
    // A user who is a member twice, by profile and by permission set, joins once.
    const sites = new Set(sending.filter(({ parentId }) => parentIds.includes(parentId)).map((each) => each.siteName));
    for (const site of sites) bySite.set(site, (bySite.get(site) ?? 0) + users);
  }
  const anyActive = joiners.some(({ users }) => users > 0);
  return {
    possible: [...bySite.values()].reduce((sum, users) => sum + users, 0),
    atLeast: anyActive && !canSeeAllSites(permissions),
    sites: [...bySite.keys()].sort(),
  };
}

/** Sites that people with one of the profiles or permission sets can enter. */
export function liveSitesOf(members: readonly SiteMember[], parentIds: readonly string[]): string[] {
  const live = members.filter((member) => isLive(member) && parentIds.includes(member.parentId));
  return [...new Set(live.map((member) => member.siteName))];
}

/** A membership that is on its way out, or failed, lets nobody in. */
function isLive({ siteStatus, assignmentStatus }: SiteMember): boolean {
  return siteStatus === 'Live' && !/remove|fail/i.test(assignmentStatus);
}
