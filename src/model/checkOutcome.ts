/** What a check of the preflight found, as a key and facts. The words are in messages/checks.md. */
import { codeOf, type CodeOf, type FactArgs, type Facts, type FactTable } from './facts.js';

/** Every outcome of every check, with its facts. */
export const checkFacts = {
  'api.pass': ['username'],
  'readOnly.pass': [],
  'readOnly.maintenance': [],
  'digitalExperiences.pass': [],
  'digitalExperiences.off': [],
  'digitalExperiences.noProfile': [],
  'permission.manageUsers': [],
  'permission.managePartners': [],
  'permission.customerOnly': [],
  'permission.delegated': [],
  'permission.missing': ['username'],
  'assignPermission.pass': [],
  'assignPermission.missing': [],
  'assigning.pass': [],
  'assigning.missing': ['username'],
  'assigning.uncertain': [],
  'releasing.hidden': ['username', 'objects'],
  'packageLicenses.pass': [],
  'packageLicenses.unseen': [],
  'profile.pass': ['profile', 'license', 'userType'],
  'profile.internal': ['profile', 'license', 'profiles'],
  'profile.unknown': ['profile', 'near'],
  'profile.ambiguous': ['profile', 'ids'],
  'permissionSet.pass': ['permissionSet'],
  'permissionSet.unknown': ['permissionSet', 'near'],
  'permissionSet.ambiguous': ['permissionSet', 'ids'],
  'permissionSet.license': ['permissionSet', 'profile', 'license'],
  'partnerAccounts.pass': [],
  'partnerAccounts.none': [],
  'profile.gone': ['profileId'],
  'standardProfile.standard': ['profile'],
  'standardProfile.open': ['profile'],
  'standardProfile.closed': ['profile'],
  'usernames.org': [],
  'usernames.everywhere': [],
  'accountRoles.optimized': [],
  'accountRoles.plain': [],
  'sharing.calculated': [],
  'sharing.deferred': [],
  'sharing.large': ['users'],
  'sharing.largeUnknown': ['users'],
  'portalRole.lowest': ['users'],
  'emailSender.verified': ['site', 'address'],
  'emailSender.unverified': ['site', 'domain'],
  'emailSender.unknown': ['site', 'domain'],
  'emailSender.unseen': ['site'],
  'emailTemplate.named': ['site', 'template'],
  'licenses.pass': ['license', 'free', 'total', 'used'],
  'licenses.unlimited': ['license', 'used'],
  'licenses.lag': ['license', 'free', 'total', 'used', 'counted'],
  'licenses.none': ['license', 'free', 'total', 'used'],
  'licenses.noneCounted': ['license', 'free', 'total', 'used', 'counted'],
  'licenses.disabled': ['license', 'status'],
  'monthlyLogins.pass': ['license', 'used', 'entitlement'],
  'monthlyLogins.usedUp': ['license', 'used', 'entitlement'],
  'sites.pass': ['profile', 'sites'],
  'sites.none': ['profile'],
  'sites.unseen': ['profile'],
  'welcomeEmails.sent': ['profile', 'sites'],
  'welcomeEmails.none': ['profile'],
  'welcomeEmails.unseen': ['profile'],
  'sandbox.realAddresses': [],
  'apiCalls.pass': ['left', 'max'],
  'apiCalls.none': ['left', 'max'],
  'apiCalls.unknown': [],
  'bulkBatches.pass': ['left', 'max'],
  'bulkBatches.none': ['left', 'max'],
  'bulkBatches.unknown': [],
  'disabling.pass': [],
  'disabling.uncertain': [],
  'disabling.missing': ['username'],
  'disabling.activation': ['username'],
  'freezing.pass': [],
  'freezing.missing': ['username'],
  'freezing.hidden': ['username'],
  // What sync needs to take access away.
  'viewAll.pass': [],
  'viewAll.missing': ['objects'],
  'passwordReset.pass': [],
  'passwordReset.uncertain': [],
  'passwordReset.missing': ['username'],
  'passwordReset.frozenUnseen': ['username'],
  'deliverability.sandbox': [],
  'welcomeLink.void': ['users', 'days'],
  'sendingTime.late': ['day', 'time', 'timeZone'],
  'sendingTime.weekend': ['day', 'time', 'timeZone'],
} as const satisfies FactTable;

export type CheckKey = keyof typeof checkFacts;
export type CheckName = CodeOf<CheckKey>;
export type CheckStatus = 'pass' | 'warn' | 'fail';

export type CheckOutcome = {
  readonly name: CheckName;
  readonly status: CheckStatus;
  /** Of the text in messages/checks.md: `permission.customerOnly`. */
  readonly key: CheckKey;
  readonly facts: Facts;
};

export function outcome<Key extends CheckKey>(
  status: CheckStatus,
  key: Key,
  ...facts: FactArgs<typeof checkFacts, Key>
): CheckOutcome;
export function outcome(status: CheckStatus, key: CheckKey, facts: Facts = {}): CheckOutcome {
  return { name: codeOf(key), status, key, facts };
}

/** Checks of the preflight that failed: the run can't begin. */
export class ChecksFailed extends Error {
  public readonly checks: readonly CheckOutcome[];

  public constructor(checks: readonly CheckOutcome[]) {
    super('checks failed');
    this.name = 'ChecksFailed';
    this.checks = checks;
  }
}
