/** What `check --json` says in numbers: licenses, who has them, and what is left of the day. */

export type OrgFigures = {
  /** User licenses for external users: that of the requested profile, or all. */
  licenses: LicenseFigures[];
  /** Profiles for external users: the requested one, or all. */
  profiles: ProfileFigures[];
  /** API calls and internal batches of Bulk API. Absent if the running user can't see them. */
  apiCalls?: LimitFigures;
  bulkBatches?: LimitFigures;
};

export type LicenseFigures = {
  name: string;
  /** Absent: no limit. */
  total?: number;
  /** Salesforce's own count, which lags by minutes. */
  used: number;
  /** Active users, counted if `used` says that no license is left. */
  counted?: number;
  /** Absent: no limit. */
  left?: number;
  /** This month's. Only for login-based licenses. */
  monthlyLogins?: { used: number; entitlement: number };
};

export type ProfileFigures = {
  name: string;
  /** Name of its license. */
  license: string;
  /** Active users that the running user can see, including frozen ones. */
  activeUsers: number;
  /** Those of them that have never logged in; absent if the running user can't see the field LastLoginDate. */
  neverLoggedIn?: number;
};

export type LimitFigures = { left: number; max: number };
