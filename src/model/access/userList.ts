/** What `list` finds: the portal users, and counts of them by license and profile. */
import type { OrgKind } from '../result.js';

/** What a user can do now; `activeOrFrozen` where the running user can't see who is frozen. Nobody logs in as an inactive user, frozen or not. */
export const userStates = ['active', 'frozen', 'inactive', 'activeOrFrozen'] as const;
export type UserState = (typeof userStates)[number];

/** Which users are listed: those who can log in, those who are inactive, or all. */
export const listStatuses = ['active', 'inactive', 'all'] as const;
export type ListStatus = (typeof listStatuses)[number];

/** What the running user can't see, or, about sites, can't see completely. */
export type UnseenFact = 'frozen' | 'lastLogin' | 'contact' | 'account' | 'portalRole' | 'profiles' | 'sites';

/** Without a login for so many days, a user counts as idle. */
export const idleDays = 90;

/** For so many days, a user who has never logged in may still be about to. */
export const newDays = 2;

/** A portal user. Values that it doesn't have, or that the running user can't see, are absent. */
export type ListedUser = {
  readonly id: string;
  readonly username: string;
  readonly contactId?: string | undefined;
  readonly name: string;
  readonly accountName?: string | undefined;
  /** Its name, or the ID of a profile that the running user can't see. */
  readonly profile: string;
  readonly license?: string | undefined;
  /** Executive, Manager, Worker, or PersonAccount. Absent for users without a role. */
  readonly portalRole?: string | undefined;
  readonly state: UserState;
  readonly createdDate: string;
  readonly lastLoginDate?: string | undefined;
  /** Live sites that have the user's profile, or a permission set that was read, as a member. */
  readonly sites: readonly string[];
  /** Names of permission sets and groups, if they were requested. */
  readonly permissionSets?: readonly string[] | undefined;
};

/** As far as the running user can see. */
export function canLogIn({ state }: Pick<ListedUser, 'state'>): boolean {
  return state === 'active' || state === 'activeOrFrozen';
}

/** Counts of users; one that the running user can't see is absent. */
export type AccessCounts = {
  readonly users: number;
  readonly active?: number;
  readonly frozen?: number;
  readonly inactive: number;
  /** If the running user can't see which users are frozen: instead of `active` and `frozen`. */
  readonly activeOrFrozen?: number;
  /** Of the users who can log in, those who never have. */
  readonly neverLoggedIn?: number;
  /** Of the users who can log in, those who haven't for 90 days. For users who never have, the days count from their creation. */
  readonly idle?: number;
};

export type ProfileAccess = AccessCounts & { readonly name: string };

/** A license, and the listed users who have it. `total`, `used`, and `left` are those of the whole org. Unlimited licenses have no `total` and `left`. */
export type LicenseAccess = AccessCounts & {
  /** Absent if the running user can't see the profile of the users. */
  readonly name?: string;
  readonly total?: number;
  readonly used?: number;
  readonly left?: number;
  readonly profiles: readonly ProfileAccess[];
};

export type AccessSummary = AccessCounts & {
  readonly orgId: string;
  readonly username: string;
  readonly isSandbox: boolean;
  /** By the org's clock. */
  readonly asOf: string;
  /**
   * Only in a list of all users: users who can log in, were created at least two days ago, and have never logged in. `invite` is for them.
   */
  readonly invitable?: number;
  readonly licenses: readonly LicenseAccess[];
  /** How many users met the condition and aren't portal users. The list leaves them out. */
  readonly notPortalUsers: number;
  readonly unseen: readonly UnseenFact[];
};

export type ListResult = {
  readonly summary: AccessSummary;
  /** The first 2,000 of them. */
  readonly users: readonly ListedUser[];
  /** Whether there are more. */
  readonly truncated: boolean;
  readonly outputDir: string;
  readonly files: {
    readonly users: string;
    readonly summary: string;
    readonly report: string;
    /** The first definition file for `sync`, if it was requested. */
    readonly definition?: string;
  };
};

/** What a first definition file for `sync` is made of: the access that there is, by profile. */
export type FirstDefinition = {
  /** As it was given. */
  readonly file: string;
  readonly orgId: string;
  readonly orgKind: OrgKind;
  /** By the org's clock. */
  readonly asOf: string;
  /** Those whose users have access, in the order of the list. */
  readonly profiles: readonly ProfileInUse[];
};

export type ProfileInUse = ProfileAccess & {
  /** Name of the license; absent where the running user can't see the profile. */
  readonly license?: string | undefined;
  /** The role level that all users with access have; absent where they differ, or have none. */
  readonly portalRole?: string | undefined;
  /** Names of permission sets and groups that all users with access hold. */
  readonly heldByAll: readonly string[];
  readonly heldBySome: readonly HeldBySome[];
};

type HeldBySome = { readonly name: string; readonly users: number };

/** The words of the files; the report layer has them. */
export type ListTexts = {
  /** summary.md */
  summary(result: ListResult): string;
  /** report.html. @param users the first of them; the page says how many there are */
  page(result: ListResult, users: readonly ListedUser[]): Iterable<string>;
  /** The first definition file for `sync`. */
  definition(first: FirstDefinition): string;
};
