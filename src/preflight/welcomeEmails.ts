/**
 * How many welcome mails Salesforce may send for a plan, as far as the running user can see
 * (docs/salesforce-facts.md#sites-emails-and-passwords).
 */
import type { SiteMember, SiteSender } from '../model/orgFacts.js';
import type { WelcomeEmails } from '../model/result.js';
import { countJoining, type Joiners } from '../store/queries/permissionSetSteps.js';

/** Permissions of which one shows the membership of all sites (Object Reference, NetworkMemberGroup). */
const seesAllSites = ['ModifyAllData', 'ViewAllData', 'ManageNetworks'] as const;

export function canSeeAllSites(permissions: ReadonlySet<string>): boolean {
  return seesAllSites.some((permission) => permissions.has(permission));
}

/** What an org tells of its sites, and of what the running user sees of them. */
type SiteFacts = {
  readonly siteMembers: readonly SiteMember[];
  readonly senders: readonly SiteSender[];
  readonly permissions: ReadonlySet<string>;
};

export function expectedWelcomeEmails(
  { siteMembers, senders, permissions }: SiteFacts,
  joiners: readonly Joiners[],
): WelcomeEmails {
  const bySite = [...membersOfSendingSites(siteMembers)]
    .map(([site, parents]) => ({ site, users: countJoining(parents, joiners) }))
    .filter(({ users }) => users > 0);
  const sites = bySite.map(({ site }) => site).sort();
  return {
    possible: bySite.reduce((sum, { users }) => sum + users, 0),
    atLeast: joiners.length > 0 && !canSeeAllSites(permissions),
    sites,
    senders: sites.flatMap((site) => {
      const { address, template } = senders.find(({ siteName }) => siteName === site) ?? {};
      return address === undefined ? [] : { site, address, ...(template === undefined ? {} : { template }) };
    }),
  };
}

/** The profiles and permission sets that are members of live sites that send welcome emails, by site. */
export function membersOfSendingSites(
  siteMembers: readonly SiteMember[],
): ReadonlyMap<string, ReadonlySet<SiteMember['parentId']>> {
  const sending = siteMembers.filter((member) => isLive(member) && member.sendsWelcomeEmail);
  const bySite = Map.groupBy(sending, ({ siteName }) => siteName);
  return new Map([...bySite].map(([site, members]) => [site, new Set(members.map(({ parentId }) => parentId))]));
}

/** Sites that people with one of the profiles or permission sets can enter. */
export function liveSitesOf(
  members: readonly SiteMember[],
  parentIds: ReadonlyArray<SiteMember['parentId']>,
): string[] {
  const live = members.filter((member) => isLive(member) && parentIds.includes(member.parentId));
  return [...new Set(live.map((member) => member.siteName))];
}

/** Those of them that send a welcome email to new members. */
export function welcomingSitesOf(
  members: readonly SiteMember[],
  parentIds: ReadonlyArray<SiteMember['parentId']>,
): string[] {
  const live = liveSitesOf(members, parentIds);
  return live.filter((site) =>
    members.some(({ siteName, sendsWelcomeEmail }) => sendsWelcomeEmail && siteName === site),
  );
}

/** A membership that is on its way out, or failed, lets nobody in. */
function isLive({ siteStatus, assignmentStatus }: SiteMember): boolean {
  const isGoing = assignmentStatus !== undefined && /remove|fail/i.test(assignmentStatus);
  return siteStatus === 'Live' && !isGoing;
}
