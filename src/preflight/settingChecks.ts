/** Checks of what an org tells by the Metadata API and by its sites: with it, a warning becomes an answer. */
import { outcome, type CheckOutcome } from '../model/checkOutcome.js';
import { externalType } from '../model/licenseFamilies.js';
import type { OrgSettings, Profile, SiteSender } from '../model/orgFacts.js';
import { domainOf } from '../org/facts/siteSenders.js';
import { isForPartners } from './names.js';

/** Names of Salesforce's own external profiles: closed for new users unless a setting opens them (Spring '20). */
const standardProfileNames = new Set(
  [
    'Authenticated Website',
    'Customer Community Login User',
    'Customer Community Plus Login User',
    'Customer Community Plus User',
    'Customer Community User',
    'Customer Portal Manager Custom',
    'Customer Portal Manager Standard',
    'External Apps Login User',
    'External Apps Plus Login User',
    'External Apps Plus User',
    'External Apps User',
    'External Identity User',
    'Gold Partner User',
    'High Volume Customer Portal User',
    'Partner Community Login User',
    'Partner Community User',
  ].map((name) => name.toLowerCase()),
);

export function checkStandardProfile({ standardProfilesOpen }: OrgSettings, { name }: Profile): CheckOutcome[] {
  if (!standardProfileNames.has(name.toLowerCase())) return [];
  const facts = { profile: name };
  if (standardProfilesOpen === undefined) return [outcome('warn', 'standardProfile.standard', facts)];
  return [
    standardProfilesOpen
      ? outcome('pass', 'standardProfile.open', facts)
      : outcome('fail', 'standardProfile.closed', facts),
  ];
}

/** @param profiles of the new users; where none of them has roles, roles and sharing do not matter. None: not known yet */
export function checkSettings(settings: OrgSettings, profiles: readonly Profile[]): CheckOutcome[] {
  const { accountRoleOptimization, groupMembershipDeferred } = settings;
  const usernames = checkUsernames(settings, profiles);
  if (profiles.length > 0 && !profiles.some(hasRoles)) return usernames;
  const accountRoles =
    accountRoleOptimization === undefined
      ? []
      : [outcome('pass', accountRoleOptimization ? 'accountRoles.optimized' : 'accountRoles.plain')];
  const sharing =
    groupMembershipDeferred === undefined
      ? []
      : [isSharingDeferred(settings) ? outcome('warn', 'sharing.deferred') : outcome('pass', 'sharing.calculated')];
  return [...usernames, ...accountRoles, ...sharing];
}

function checkUsernames(settings: OrgSettings, profiles: readonly Profile[]): CheckOutcome[] {
  const inOrg = settings.partnerUsernamesUniquePerOrg;
  if (profiles.length > 0 && !profiles.some(isForPartners)) return [outcome('pass', 'usernames.org')];
  return inOrg === undefined ? [] : [outcome('pass', inOrg ? 'usernames.org' : 'usernames.everywhere')];
}

/**
 * Customers' usernames are unique in the org, those of partners in all orgs unless a setting says otherwise
 * (docs/salesforce-facts.md#identities).
 * @param profiles of new users
 * @returns undefined where it is not the same for all of them, or where the org doesn't tell
 */
export function areUsernamesUniquePerOrg(
  { partnerUsernamesUniquePerOrg }: OrgSettings,
  profiles: readonly Profile[],
): boolean | undefined {
  if (partnerUsernamesUniquePerOrg === true || !profiles.some(isForPartners)) return true;
  return profiles.every(isForPartners) ? partnerUsernamesUniquePerOrg : undefined;
}

/** Of group membership, of sharing rules, or of both; not where the org doesn't tell. */
export function isSharingDeferred({ groupMembershipDeferred, sharingRulesDeferred }: OrgSettings): boolean {
  return groupMembershipDeferred === true || sharingRulesDeferred === true;
}

function hasRoles({ userType }: Profile): boolean {
  return externalType(userType)?.family === 'roleBased';
}

/** Large enough that Salesforce calculates for long who sees what (docs/salesforce-facts.md#locks). */
export const manyRoles = 5000;

/** What a plan makes of users whose licenses have roles. */
type RoleBasedUsers = {
  readonly users: number;
  /** Without PortalRole and UserRoleId. */
  readonly withoutRole: number;
};

/** @param users that the plan creates, with licenses that have roles */
export function checkRoleBasedLoad(settings: OrgSettings, { users, withoutRole }: RoleBasedUsers): CheckOutcome[] {
  const isDeferred = settings.groupMembershipDeferred;
  const large = isDeferred === undefined ? 'sharing.largeUnknown' : 'sharing.large';
  return [
    ...(withoutRole > 0 ? [outcome('warn', 'portalRole.lowest', { users: withoutRole })] : []),
    ...(users >= manyRoles && isDeferred !== true ? [outcome('warn', large, { users })] : []),
  ];
}

/** The senders of the welcome emails of these sites, and whether these will arrive (docs/salesforce-facts.md#sites-emails-and-passwords). */
export function checkSenders(senders: readonly SiteSender[], sites: readonly string[]): CheckOutcome[] {
  return senders
    .filter(({ siteName }) => sites.includes(siteName))
    .flatMap(({ siteName: site, address, template, hasDomainKey }) => [
      checkSender(site, address, hasDomainKey),
      ...(template === undefined ? [] : [outcome('pass', 'emailTemplate.named', { site, template })]),
    ]);
}

function checkSender(site: string, address: string | undefined, hasDomainKey: boolean | undefined): CheckOutcome {
  if (address === undefined) return outcome('warn', 'emailSender.unseen', { site });
  if (hasDomainKey === true) return outcome('pass', 'emailSender.verified', { site, address });
  // Warnings become guards, which are in logs: the sender may be a person.
  const facts = { site, domain: domainOf(address) };
  return outcome('warn', hasDomainKey === false ? 'emailSender.unverified' : 'emailSender.unknown', facts);
}
