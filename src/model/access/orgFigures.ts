/** What `check --json` says in numbers: licenses, who has them, and what is left of the day. */

export type OrgFigures = {
  /** User licenses for external users: of the profile that was asked for, or all. */
  licenses: LicenseFigures[];
  /** Profiles for external users: the one that was asked for, or all. */
  profiles: ProfileFigures[];
  /** API calls, and internal batches of Bulk API; absent where the running user can't see them. */
  apiCalls?: LimitFigures;
  bulkBatches?: LimitFigures;
};

export type LicenseFigures = {
  name: string;
  /** Absent: no limit. */
  total?: number;
  /** Salesforce's own count, which lags by minutes. */
  used: number;
  /** Active users, counted where `used` says that there is no license left. */
  counted?: number;
  /** Absent: no limit. */
  left?: number;
  /** Of this month; of login-based licenses only. */
  monthlyLogins?: { used: number; entitlement: number };
};

export type ProfileFigures = {
  name: string;
  /** Name of its license. */
  license: string;
  /** Active users that the running user can see, frozen ones among them. */
  activeUsers: number;
  /** Those of them that have never logged in; absent where the field LastLoginDate can't be seen. */
  neverLoggedIn?: number;
};

export type LimitFigures = { left: number; max: number };
