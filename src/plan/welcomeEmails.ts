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

/** @param activeUsers new active users by the Id of their profile, or of a permission set that they get */
export function expectedWelcomeEmails(
  members: readonly SiteMember[],
  activeUsers: ReadonlyMap<string, number>,
  permissions: ReadonlySet<string>,
): WelcomeEmails {
  const bySite = new Map<string, number>();
  for (const member of members.filter((each) => isLive(each) && each.sendsWelcomeEmail)) {
    const users = activeUsers.get(member.parentId) ?? 0;
    // A user who is a member twice, by profile and by permission set, joins once; the larger group holds the smaller.
    if (users > 0) bySite.set(member.siteName, Math.max(users, bySite.get(member.siteName) ?? 0));
  }
  const anyActive = [...activeUsers.values()].some((users) => users > 0);
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
