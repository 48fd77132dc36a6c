/** Switches of licenses that are given one by one (docs/unproven.md#licenses-of-permission-sets-and-packages). */

export type LicenseSwitches = {
  /** A permission set whose license its assignee lacks: Salesforce gives the license too, or refuses the set. */
  missingPermissionSetLicense: 'assigned' | 'refused';
  /** From so many assignments of permission sets deleted at once on, the licenses behind them stay. */
  assignmentsAtOnceThatKeepLicenses: number;
  /** Permission set licenses that deactivation frees, by 18-character Id: those of Salesforce CPQ are, others are not. */
  freedByDeactivation: Set<string>;
  /** Inactive users can be given permission sets and licenses. */
  inactiveUsersAreAssigned: boolean;
  /** An assignment with an expiration date that is past is refused. */
  refusesPastExpirationDate: boolean;
  /** The code for an assignment that is gone when it is to be deleted. */
  goneAssignment: 'ENTITY_IS_DELETED' | 'INVALID_CROSS_REFERENCE_KEY';
  /** Assigning permission set licenses needs Manage Users; else Assign Permission Sets is enough. */
  manageUsersForPermissionSetLicenses: boolean;
};

export function defaultLicenseSwitches(): LicenseSwitches {
  return {
    missingPermissionSetLicense: 'assigned',
    assignmentsAtOnceThatKeepLicenses: 50,
    freedByDeactivation: new Set(),
    inactiveUsersAreAssigned: true,
    refusesPastExpirationDate: true,
    goneAssignment: 'ENTITY_IS_DELETED',
    manageUsersForPermissionSetLicenses: true,
  };
}
