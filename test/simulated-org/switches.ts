/** Everything that differs from org to org, or that nobody has proven yet: one typed object, changeable at any time. */
import type { RuleSwitches } from './ruleSwitches.ts';
import { defaultRuleSwitches } from './ruleSwitches.ts';

/** Switches of the core: schema, queries, session, limits. */
export type CoreSwitches = {
  /** Digital Experiences is on. Off: no Network objects, no portal columns on User, Account and UserRole. */
  digitalExperiences: boolean;
  /** Person accounts are on: `IsPersonAccount` on Account and Contact, `PersonContactId` on Account. */
  personAccounts: boolean;
  /** Many currencies: `CurrencyIsoCode` and `DefaultCurrencyIsoCode` (docs/salesforce-facts.md#field-values). */
  multiCurrency: boolean;
  /** State and country picklists: `CountryCode`, `StateCode`, and texts that must be on the list (docs/salesforce-facts.md#field-values). */
  stateAndCountryPicklists: boolean;
  /** Columns of UserPermissionAccess, Profile and PermissionSet the org does not have, for example `PermissionsFreezeUsers`. */
  missingPermissions: string[];
  /** Fields the running user cannot see, as `Contact.Email`: absent from describes, INVALID_FIELD in queries (docs/salesforce-facts.md#objects). */
  hiddenFields: string[];
  /** Objects the running user cannot see: INVALID_TYPE in queries, 404 elsewhere (docs/salesforce-facts.md#objects). */
  hiddenObjects: string[];
  /** What a user without Manage Users gets from UserLogin: unproven, so all three can be had. */
  userLoginWithoutManageUsers: 'INVALID_TYPE' | 'noRows' | 'visible';
  /**
   * Profile Filtering: users who do not manage profiles see only their own (docs/salesforce-facts.md#profiles; which
   * right lifts it is unproven).
   */
  profileFiltering: boolean;
  /** Users are private: without View All Users a user sees only itself (Sharing Settings, User). */
  privateUsers: boolean;
  /** Contacts that sharing hides from users who don't see all contacts, by 18-character Id (Sharing Settings, Contact). */
  hiddenContacts: Set<string>;
  /**
   * Sharing calculation is deferred (Setup, "Defer Sharing Calculations"; SharingSettings of the Metadata API since
   * version 49): of group membership, of sharing rules.
   */
  deferGroupMembership: boolean;
  deferSharingRules: boolean;
  /** Languages the org has switched on; the others are in the picklist of LanguageLocaleKey as inactive. */
  activeLanguages: string[];
  /** Rows on a page of a query when the client wishes nothing: at most 2,000. */
  queryPageSize: number;
  /** A wish for a page size (`Sforce-Query-Options`) is followed. */
  honorsBatchSizeWish: boolean;
  /** API calls a day, and how many are used up already. */
  dailyApiRequests: number;
  dailyApiRequestsUsed: number;
  dailyBulkApiBatches: number;
  dailyBulkQueryJobs: number;
  /** How many records can be inserted before the org's storage is full (which records take any is unproven). */
  recordsUntilStorageIsFull: number;
  /** Single e-mails a day (`SingleEmail` in the limits). */
  singleEmailsADay: number;
  /** Names left out of `GET /limits`: a missing key is normal. */
  missingLimits: string[];
  /** Answers are compressed when the client accepts gzip. */
  compressesAnswers: boolean;
};

export type Switches = CoreSwitches & RuleSwitches;

/** Differences from the defaults; a group such as `bulk` needs only the switches that differ. */
export type SwitchChanges = {
  readonly [Name in keyof Switches]?: Name extends keyof RuleSwitches ? Partial<Switches[Name]> : Switches[Name];
};

export function switchesWith(changes: SwitchChanges = {}): Switches {
  const switches = defaultSwitches();
  changeSwitches(switches, changes);
  return switches;
}

/** Turns switches of a running org. */
export function changeSwitches(switches: Switches, changes: SwitchChanges): void {
  const all: Record<string, unknown> = switches;
  for (const [name, change] of Object.entries(changes)) {
    const isGroup = typeof change === 'object' && !Array.isArray(change);
    if (isGroup) Object.assign(all[name] as object, change);
    else all[name] = change;
  }
}

export function defaultSwitches(): Switches {
  return { ...defaultCoreSwitches(), ...defaultRuleSwitches() };
}

function defaultCoreSwitches(): CoreSwitches {
  return {
    digitalExperiences: true,
    personAccounts: false,
    multiCurrency: false,
    stateAndCountryPicklists: false,
    missingPermissions: [],
    hiddenFields: [],
    hiddenObjects: [],
    userLoginWithoutManageUsers: 'INVALID_TYPE',
    profileFiltering: false,
    privateUsers: false,
    hiddenContacts: new Set(),
    deferGroupMembership: false,
    deferSharingRules: false,
    activeLanguages: ['en_US', 'de', 'fr', 'es', 'nl_NL', 'ja'],
    queryPageSize: 2000,
    honorsBatchSizeWish: true,
    dailyApiRequests: 100_000,
    dailyApiRequestsUsed: 0,
    dailyBulkApiBatches: 15_000,
    dailyBulkQueryJobs: 10_000,
    recordsUntilStorageIsFull: Infinity,
    singleEmailsADay: 5_000,
    missingLimits: [],
    compressesAnswers: true,
  };
}
