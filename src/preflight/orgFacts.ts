/** Reads, in one go, what plan and checks need to know of the org: some fifteen calls, whatever the number of contacts. */
import { AssignableLicenses } from '../org/facts/assignments.js';
import { describeFields, type FieldDescribe } from '../org/facts/describe.js';
import type { OrgClient } from '../org/orgClient.js';
import { unlessHidden } from '../org/orgErrors.js';
import { sideBySide } from '../org/sideBySide.js';
import {
  readLicenses,
  readLimits,
  readOrganization,
  readOwnDefaults,
  readPermissions,
  readProfiles,
} from '../org/facts/records.js';
import { readOrgSettings } from '../org/facts/orgSettings.js';
import { withServedVersion } from '../org/facts/servedVersions.js';
import { readSiteMemberships } from '../org/facts/sites.js';
import { readSiteSenders, type SiteEmails } from '../org/facts/siteSenders.js';
import type { License, SiteSender } from '../model/orgFacts.js';
import type { UserValues } from '../model/reasons.js';
import { askedPermissions, type Preflight } from './checks.js';

export type OrgFacts = Preflight & {
  /** Salesforce requires these on every insert of a user, and fills in none of them (docs/salesforce-facts.md#field-values). */
  readonly userDefaults: UserValues;
  /** When this was read: milliseconds by the org's clock. */
  readonly readAt: number;
  /** Key: field name in lower case. */
  readonly contactFields: ReadonlyMap<string, FieldDescribe>;
  /** Of the live sites that the running user can see: of welcome emails, or of all. */
  readonly senders: readonly SiteSender[];
  /** Licenses besides the users' own; they are read when they are asked for. */
  readonly assignable: AssignableLicenses;
};

/** What is read of the sites, besides what their profiles are. */
export type SiteReads = {
  /** Whether it matters which sites take people in by their permission sets. */
  readonly permissionSets: boolean;
  /** Whose senders and templates matter. */
  readonly emails?: SiteEmails;
};

/** @throws OrgError, RunFault versionNotServed */
export async function readOrgFacts(
  client: OrgClient,
  { permissionSets, emails = 'welcome' }: SiteReads,
): Promise<OrgFacts> {
  // One after the other until the first answer: a dead session must cost one call, not nine.
  const permissions = await withServedVersion(client, () => readPermissions(client, askedPermissions));
  const userFields = await describeFields(client, 'User');
  const [organization, ownDefaults, profiles, licenses, contactFields, limits, siteMembers, settings] =
    await sideBySide([
      readOrganization(client),
      readOwnDefaults(client, userFields.has('currencyisocode')),
      readProfiles(client),
      readLicenses(client),
      // A user without any right on contacts sees no such object: no contact can be selected then.
      unlessHidden(describeFields(client, 'Contact'), new Map<string, FieldDescribe>()),
      readLimits(client),
      readSiteMemberships(client, permissionSets),
      readOrgSettings(client, permissions),
    ]);
  const isMailed = emails !== 'welcome' || siteMembers.some(({ sendsWelcomeEmail }) => sendsWelcomeEmail);
  return {
    username: client.username,
    permissions,
    siteMembers,
    senders: isMailed ? await readSiteSenders(client, emails) : [],
    readAt: client.now(),
    settings,
    userFields,
    profiles,
    licenses: licenses.map((license) => distinctlyNamed(license, licenses)),
    ...limits,
    ...organization,
    userDefaults: { ...organization.userDefaults, ...ownDefaults },
    contactFields,
    assignable: new AssignableLicenses(client),
  };
}

/** Two licenses can share a name, as an active one and its overage do: their Ids tell them apart. */
function distinctlyNamed(license: License, all: readonly License[]): License {
  const isOnly = all.filter((other) => other.name === license.name).length === 1;
  return isOnly ? license : { ...license, name: `${license.name} (${license.id})` };
}
