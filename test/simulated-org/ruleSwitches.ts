/** Switches of the rules for rows, of mails, of locks and of Bulk 2.0: what only a real org can prove, and Setup. */
import { defaultLicenseSwitches } from './licenseSwitches.ts';
import type { LicenseSwitches } from './licenseSwitches.ts';

/**
 * What only a real org can prove about users (docs/unproven.md), or what an administrator sets in Setup
 * (docs/salesforce-facts.md).
 */
export type UserSwitches = {
  /** "Allow using standard external profiles for self-registration, user creation, and login": closed by default. */
  allowStandardExternalProfiles: boolean;
  /** High-volume users need an account owner with a role too (unproven). */
  ownerRoleForHighVolume: boolean;
  /** "Require unique usernames for partners in this org": on means partners no longer collide with other orgs. */
  uniquePartnerUsernamesInOrg: boolean;
  /** Contactless External Identity users. */
  contactlessExternalIdentity: boolean;
  /** "Number of customer/partner roles". */
  customerRoles: 1 | 2 | 3;
  partnerRoles: 1 | 2 | 3;
  /** A PortalRole level that the account does not have: refused, or the lowest role instead (unproven). */
  missingPortalRole: 'fails' | 'fallsBack';
  /** Account Role Optimization. */
  accountRoleOptimization: boolean;
  /** A user inserted inactive makes the portal roles of its account (unproven). ARO ignores inactive users anyway. */
  inactiveInsertMakesRoles: boolean;
  /** Creating a first user by API turns on Account.IsCustomerPortal / IsPartner (unproven). */
  apiTurnsOnAccountPortal: boolean;
  /** Which duplicate Salesforce finds before it sees that the contact has a user; null: that comes first (unproven). */
  duplicatesFirst: 'Username' | 'CommunityNickname' | 'FederationIdentifier' | null;
  /** A row with IsActive=false and IsPortalEnabled=false: works, or fails (contradictory sources). */
  combinedDisable: 'works' | 'fails';
  /** Partner users can be disabled by API (contradictory sources). */
  partnerDisableByApi: boolean;
  /** How a disabled user's username is renamed (undocumented). */
  disabledUsername: (username: string, userId: string, nowMs: number) => string;
  /** A disabled user keeps its nickname and federation id, so that they stay taken (unproven). */
  disabledKeepsIdentities: boolean;
  /** Disabling a portal user makes it inactive (from forums). */
  disablingDeactivates: boolean;
  /** Changing IsActive or IsPortalEnabled of an external user needs Manage Users (a field report). */
  manageUsersForActivation: boolean;
  /** Manage Customer Users alone suffices for customer users; with digital experiences it does not. */
  manageCustomerUsersSuffices: boolean;
  /** Users may deactivate themselves (`enableUserSelfDeactivate`). */
  selfDeactivation: boolean;
  /** Reactivation checks the account owner's role again (unproven). */
  ownerRoleOnReactivation: boolean;
  /** Only these domains are allowed in User.Email; empty means all. */
  allowedEmailDomains: string[];
  /** Profiles that users without Manage Users may give, by name: those of their group in Delegated Administration; undefined: all. */
  assignableProfiles: ReadonlySet<string> | undefined;
  /** FederationIdentifier compared with case (unproven). */
  federationIdCaseSensitive: boolean;
  /** CommunityNickname compared with case (unproven). */
  nicknameCaseSensitive: boolean;
  /** Portals or digital experiences are not available at all (PORTAL_NO_ACCESS). */
  portalsAvailable: boolean;
  /** Platform Encryption forbids portal users. */
  encryptionForbidsPortalUsers: boolean;
  /** Users who may not be deactivated because they are portal administrators, by 18-character Id. */
  portalAdministrators: Set<string>;
  /** Users who may not be deactivated because something in Setup names them, by 18-character Id. */
  deactivationBlockers: Map<string, DeactivationBlocker>;
  /** Usernames taken in other Salesforce orgs, lower case. */
  usernamesElsewhere: Set<string>;
  /** Permission sets that hold a permission which no portal license allows, by 18-character Id. */
  permissionSetsBeyondLicense: Set<string>;
  /** Number of feature licenses by User column (`UserPermissionsKnowledgeUser`); a column not listed has none. */
  featureLicenseSeats: Map<string, number>;
  /** UserLicense.UsedLicenses is not kept up to date (it can take minutes). The rules count users themselves. */
  usedLicensesLag: boolean;
};

/** What names a user in Setup (docs/salesforce-facts.md#taking-access-away). */
export type DeactivationBlocker = 'defaultCaseOwner' | 'defaultWorkflowUser' | 'webToLeadCreator' | 'hierarchyField';

/** Deliverability and welcome mails (docs/salesforce-facts.md#sites-emails-and-passwords). */
export type MailSwitches = {
  deliverability: 'all' | 'system' | 'none';
  /** A plain reactivation sends welcome mails again (unproven). */
  onReactivation: boolean;
  /** One welcome mail per site joined, or one per user (unproven). */
  perSite: boolean;
  /** A reset of a password moves User.LastPasswordChangeDate (unproven: "Last Password Change or Reset" is its label). */
  resetMovesDate: boolean;
  /** `composite` takes resets of passwords as its parts (unproven: no public code does it). */
  compositeResets: boolean;
};

/** Contention on demand (docs/salesforce-facts.md#locks). */
export type LockSwitches = {
  /** Chunks that make portal roles and run at the same time lose rows to each other. */
  groupMembership: boolean;
  /** How long a chunk waits for a lock before its rows fail. */
  waitMs: number;
  /** The next so many rows of any write fail with UNABLE_TO_LOCK_ROW. */
  rowLockStorm: number;
  /** Chance of a row to be hit by a storm, 0 to 1; the same rows every time. */
  stormShare: number;
  /** The next so many User rows fail with "group membership operation already in progress". */
  groupLockStorm: number;
};

/** How the Bulk API behaves and what it costs (docs/salesforce-facts.md#bulk-ingest-jobs, #bulk-csv, #bulk-query-jobs). */
export type BulkSwitches = {
  /** Objects that Bulk refuses with INVALIDENTITY. Unproven for UserLogin, and for assignments of permission sets and licenses. */
  userLogin: boolean;
  permissionSetAssignment: boolean;
  permissionSetLicenseAssign: boolean;
  userPackageLicense: boolean;
  /** Result headers in alphabetical order, as a v49 recording shows. */
  alphabeticalResultHeaders: boolean;
  shuffledResultRows: boolean;
  emptyBodyForEmptyResult: boolean;
  /** An upload without data rows: JobComplete with nothing, or Failed (unproven). */
  emptyJobFails: boolean;
  /** `sf__Id` of a failed update row is filled (documented from v53). */
  failedUpdateKeepsId: boolean;
  /** How many batches the org works on at a time, over all jobs. */
  parallelBatches: number;
  rowsPerBatch: number;
  rowsPerChunk: number;
  /** What the work takes on the org's clock. */
  msPerRow: number;
  msPerBatch: number;
  /** How long a job waits in UploadComplete before its first batch starts. */
  msInQueue: number;
  /** From now on no job moves. */
  stuck: boolean;
  /** A batch that takes longer goes back to the queue and is tried again from where it was; `null` = no limit. */
  batchTimeoutMs: number | null;
  /** Tries of a batch before the job is Failed and the rest of it unprocessed. */
  batchTries: number;
  /** The next so many batches are worked on twice: the rows are committed, then the repeat meets them. */
  repeatBatches: number;
  /** The next job fails after so many rows, then it may hold successful, failed and unprocessed rows; one shot. */
  failNextJobAfterRows: number | null;
  failNextJobMessage: string;
  /**
   * Rows of that job from this one on are in none of its three results, whether they were done or not: results are not recorded
   * for batches beyond the daily allocation (docs/salesforce-facts.md#bulk-ingest-jobs).
   */
  failNextJobUnrecordedAfter: number | null;
  /** The next job is aborted by an administrator after so many rows; one shot. */
  abortNextJobAfterRows: number | null;
  /** Whose jobs `GET /jobs/ingest` lists: everybody's, the caller's own, or it refuses. Unproven which rights it needs. */
  jobList: 'all' | 'own' | 'refused';
  /** Jobs on a page of that list. */
  jobListPage: number;
  /** How long results of a finished job can be had (then 404). */
  resultsKeptMs: number;
  /** How long a query job takes. */
  queryMs: number;
  /** Rows that a page of query results holds at most, whatever `maxRecords` asks. */
  queryPageRows: number;
};

export type RuleSwitches = {
  users: UserSwitches;
  licenses: LicenseSwitches;
  mail: MailSwitches;
  locks: LockSwitches;
  bulk: BulkSwitches;
};

const weekMs = 7 * 86_400_000;

export function defaultRuleSwitches(): RuleSwitches {
  return {
    users: defaultUserSwitches(),
    licenses: defaultLicenseSwitches(),
    mail: defaultMailSwitches(),
    locks: defaultLockSwitches(),
    bulk: defaultBulkSwitches(),
  };
}

function defaultUserSwitches(): UserSwitches {
  return {
    allowStandardExternalProfiles: false,
    ownerRoleForHighVolume: true,
    uniquePartnerUsernamesInOrg: true,
    contactlessExternalIdentity: false,
    customerRoles: 1,
    partnerRoles: 1,
    missingPortalRole: 'fails',
    accountRoleOptimization: false,
    inactiveInsertMakesRoles: true,
    apiTurnsOnAccountPortal: true,
    duplicatesFirst: null,
    combinedDisable: 'fails',
    partnerDisableByApi: true,
    disabledUsername: (username, userId) => `${userId.slice(0, 15).toLowerCase()}${username}`.slice(0, 80),
    disabledKeepsIdentities: true,
    disablingDeactivates: true,
    manageUsersForActivation: true,
    manageCustomerUsersSuffices: false,
    selfDeactivation: false,
    ownerRoleOnReactivation: true,
    allowedEmailDomains: [],
    assignableProfiles: undefined,
    federationIdCaseSensitive: true,
    nicknameCaseSensitive: false,
    portalsAvailable: true,
    encryptionForbidsPortalUsers: false,
    portalAdministrators: new Set(),
    deactivationBlockers: new Map(),
    usernamesElsewhere: new Set(),
    permissionSetsBeyondLicense: new Set(),
    featureLicenseSeats: new Map(),
    usedLicensesLag: false,
  };
}

function defaultMailSwitches(): MailSwitches {
  return { deliverability: 'all', onReactivation: true, perSite: true, resetMovesDate: true, compositeResets: true };
}

function defaultLockSwitches(): LockSwitches {
  return { groupMembership: true, waitMs: 0, rowLockStorm: 0, stormShare: 1, groupLockStorm: 0 };
}

function defaultBulkSwitches(): BulkSwitches {
  return {
    userLogin: true,
    permissionSetAssignment: true,
    permissionSetLicenseAssign: true,
    userPackageLicense: true,
    alphabeticalResultHeaders: false,
    shuffledResultRows: false,
    emptyBodyForEmptyResult: false,
    emptyJobFails: false,
    failedUpdateKeepsId: true,
    parallelBatches: 10,
    rowsPerBatch: 10_000,
    rowsPerChunk: 200,
    msPerRow: 0,
    msPerBatch: 0,
    msInQueue: 0,
    stuck: false,
    batchTimeoutMs: null,
    batchTries: 20,
    repeatBatches: 0,
    failNextJobAfterRows: null,
    failNextJobMessage: 'InternalServerError : Batch failed. Batch will not be retried.',
    failNextJobUnrecordedAfter: null,
    abortNextJobAfterRows: null,
    jobList: 'all',
    jobListPage: 1000,
    resultsKeptMs: weekMs,
    queryMs: 0,
    queryPageRows: 100_000,
  };
}

/**
 * What the work takes in a real org, as far as anybody has published it: differences from the defaults, to be given to
 * `SimulatedOrg.start({ switches: realisticCosts })`.
 *
 * Salesforce's own tests of `sf data import bulk` took 94 seconds for 76,380 accounts, that is 8 batches at once and 800 rows
 * a second (pull request 1098 of salesforcecli/plugin-data). A chunk waits ten seconds for a lock; a batch
 * has five minutes and twenty tries (docs/salesforce-facts.md#bulk-ingest-jobs). How the 94 seconds divide into queue,
 * batch and rows is a guess.
 */
export const realisticCosts = {
  locks: { waitMs: 10_000 },
  bulk: { msPerRow: 9, msPerBatch: 1000, msInQueue: 2000, batchTimeoutMs: 300_000 },
} as const;
