/** The preflight of `disable` and `enable`, by what the mode needs (docs/salesforce-facts.md#permissions). */
import { checkBasics, checkLimits, type Preflight } from './checks.js';
import { assignmentRules, type AssignmentType } from '../model/access/assignments.js';
import { outcome, type CheckOutcome } from '../model/checkOutcome.js';
import { modeRule, type Mode } from '../model/modes.js';

export function checkChange(preflight: Preflight, mode: Mode): CheckOutcome[] {
  // Few users are frozen without Bulk: the guard knows how many.
  const limits = checkLimits(preflight).filter(({ name }) => !isFreezing(mode) || name !== 'bulkBatches');
  return [...checkBasics(preflight), checkModeRight(preflight, mode), ...limits];
}

/** What a mode needs the running user to be allowed to. */
export function checkModeRight(preflight: Preflight, mode: Mode): CheckOutcome {
  return isFreezing(mode) ? checkFreezing(preflight) : checkDisabling(preflight, mode);
}

function isFreezing(mode: Mode): boolean {
  return modeRule(mode).needs === 'freezing';
}

/** What disable, enable and freezing need besides: creating users does not need it. */
export function checkRights(preflight: Preflight): CheckOutcome[] {
  return [checkDisabling(preflight), checkFreezing(preflight)].map((check) =>
    check.status === 'fail' ? { ...check, status: 'warn' } : check,
  );
}

/**
 * For a plan that takes from users what they hold, or gives it back. Removing an assignment needs the same right as making it
 * (docs/salesforce-facts.md#permissions).
 * @param kinds of its steps
 */
export function checkAssigning({ permissions, username }: Preflight, kinds: readonly string[]): CheckOutcome[] {
  const has = (type: AssignmentType): boolean =>
    kinds.some((kind) => kind === assignmentRules[type].assigns || kind === assignmentRules[type].removes);
  const assigning = (): CheckOutcome => {
    if (permissions.has('ManageUsers')) return outcome('pass', 'assigning.pass');
    if (!permissions.has('AssignPermissionSets')) return outcome('fail', 'assigning.missing', { username });
    return has('permissionSetLicense') ? outcome('warn', 'assigning.uncertain') : outcome('pass', 'assigning.pass');
  };
  // The permission is no column of UserPermissionAccess in every org: Salesforce decides.
  const ofPackages = permissions.has('ManagePackageLicenses')
    ? outcome('pass', 'packageLicenses.pass')
    : outcome('warn', 'packageLicenses.unseen');
  return [
    ...(has('permissionSet') || has('permissionSetLicense') ? [assigning()] : []),
    ...(has('packageLicense') ? [ofPackages] : []),
  ];
}

/** Nothing is left behind unseen. @param hidden objects that hold what is to be taken away */
export function checkHeldIsSeen(
  { username }: { readonly username: string },
  hidden: readonly string[],
): CheckOutcome[] {
  return hidden.length === 0 ? [] : [outcome('fail', 'releasing.hidden', { username, objects: hidden.join(', ') })];
}

/** The object UserLogin can only be read with Manage Users (Object Reference). */
function checkFreezing({ permissions, username }: Preflight): CheckOutcome {
  if (permissions.has('ManageUsers')) return outcome('pass', 'freezing.pass');
  return outcome('fail', permissions.has('FreezeUsers') ? 'freezing.hidden' : 'freezing.missing', { username });
}

/** Reactivating needs Manage Users (KB 000387177); for the rest, reports differ: Salesforce decides on the first row. */
function checkDisabling({ permissions, username }: Preflight, mode: Mode = 'deactivate'): CheckOutcome {
  if (permissions.has('ManageUsers')) return outcome('pass', 'disabling.pass');
  if (modeRule(mode).needs === 'activating') return outcome('fail', 'disabling.activation', { username });
  const some = ['ManagePartners', 'ManageCssUsers', 'ManageMyExternalUsers'].some((each) => permissions.has(each));
  return some ? outcome('warn', 'disabling.uncertain') : outcome('fail', 'disabling.missing', { username });
}
