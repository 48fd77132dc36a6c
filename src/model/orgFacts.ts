/** What is read of an org, as those who read it and those who decide by it share it. */
import type { ContactId, PermissionSetId, ProfileId, UserId, UserLicenseId } from './ids.js';
import type { WantedPermissionSet } from './reasons.js';

export type Profile = {
  readonly id: ProfileId;
  readonly name: string;
  /** For example `CspLitePortal`; null for profiles of the platform itself. */
  readonly userType: string | null;
  readonly userLicenseId: UserLicenseId;
  readonly userLicenseName: string;
};

/** A user license. */
export type License = {
  readonly id: UserLicenseId;
  /** Tells licenses of an org apart, once those that share one have their Ids in it. */
  readonly name: string;
  /** `Active` or `Disabled`. */
  readonly status: string;
  /** Negative: unlimited. */
  readonly total: number;
  /** `UsedLicenses`: assigned to active users; lags by minutes (KB 000392307). */
  readonly used: number;
  /** Active users, counted where `used` says that there are too few licenses. */
  readonly counted: number | undefined;
  /** Login-based licenses only. */
  readonly monthlyLogins: { readonly used: number; readonly entitlement: number } | undefined;
};

export type Limit = { readonly max: number; readonly remaining: number };

/** A profile or permission set as a member of a site. */
export type SiteMember = {
  readonly siteName: string;
  /** `Live`, `UnderConstruction` or `DownForMaintenance`. */
  readonly siteStatus: string | undefined;
  readonly sendsWelcomeEmail: boolean;
  /** Id of a Profile (00e), a PermissionSet (0PS), or a PermissionSetGroup (0PG) that holds such a set. */
  readonly parentId: ProfileId | PermissionSetId;
  /** `Added`, `WaitingForAdd`, `WaitingForRemove` … */
  readonly assignmentStatus: string | undefined;
};

/** The sender of a site's emails, and what they look like. What the org doesn't show is undefined. */
export type SiteSender = {
  readonly siteName: string;
  readonly address: string | undefined;
  /** Name of the email template. */
  readonly template: string | undefined;
  /**
   * The domain of the address has an active DKIM key. Since 2026 Salesforce drops emails of other domains, unless the domain
   * is on the list of authorized ones, which no query shows (docs/salesforce-facts.md#sites-emails-and-passwords).
   */
  readonly hasDomainKey: boolean | undefined;
};

/** A permission set (0PS…) or a group (0PG…) that can be assigned; `name` is its API name. */
export type NamedPermissionSet = WantedPermissionSet & {
  readonly label: string;
  /** Licenses besides that of the user's profile which it needs. */
  readonly permissionSetLicenseIds: readonly string[];
};

export type PicklistValue = { readonly value: string; readonly label: string };

/** What the plan needs to know of a User field (a part of Salesforce's describe). */
export type FieldRule = {
  readonly name: string;
  /** In the running user's language. */
  readonly label: string;
  /** For example `string`, `reference`, `picklist`. */
  readonly type: string;
  /** In UTF-16 units; 0 where the type has no length. */
  readonly length: number;
  readonly createable: boolean;
  /** A new record must have a value, and Salesforce puts none in by itself. */
  readonly isRequired: boolean;
  readonly restrictedPicklist: boolean;
  readonly picklistValues: readonly PicklistValue[];
};

/** Key: field name in lower case. */
export type FieldRules = ReadonlyMap<string, FieldRule>;

/** What the header rules need to know of a Contact field. */
export type KeyField = {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
};

/** The user that a contact has. */
export type ExistingUser = {
  readonly id: UserId;
  readonly contactId: ContactId;
  readonly username: string;
  readonly isActive: boolean;
  readonly isFrozen: boolean;
  readonly profileId: ProfileId;
  /** Ids of the permission sets and groups that the user holds; only read when some are asked for. */
  readonly permissionSetIds: ReadonlySet<PermissionSetId>;
};

/** Settings of the org that only the Metadata API tells; undefined where the running user may not read them. */
export type OrgSettings = {
  /** Standard external profiles may be given to new users. */
  readonly standardProfilesOpen?: boolean | undefined;
  /** Usernames of partners have to be unique in the org only, as those of customers; otherwise in all of Salesforce. */
  readonly partnerUsernamesUniquePerOrg?: boolean | undefined;
  readonly accountRoleOptimization?: boolean | undefined;
  /** Sharing calculation is deferred: of group membership, of sharing rules. */
  readonly groupMembershipDeferred?: boolean | undefined;
  readonly sharingRulesDeferred?: boolean | undefined;
};
