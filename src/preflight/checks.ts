/** The preflight as pure rules: facts of the org in, one outcome per check out. Texts are in messages/checks.md. */
import type { PermissionSetId, ProfileId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import type { FieldRules, License, Limit, OrgSettings, Profile, SiteMember } from '../model/orgFacts.js';
import type { OrgLimits } from '../org/facts/records.js';
import { externalNames, isExternal, isForPartners, nearestNames } from './names.js';
import { outcome, type CheckOutcome } from '../model/checkOutcome.js';
import { checkSettings, checkStandardProfile } from './settingChecks.js';
import { canSeeAllSites, liveSitesOf, welcomingSitesOf } from './welcomeEmails.js';

/** What the checks look at. */
export type Preflight = OrgLimits & {
  readonly username: string;
  readonly permissions: ReadonlySet<string>;
  readonly isReadOnly: boolean;
  readonly isSandbox: boolean;
  /** Members of the sites that the running user can see. */
  readonly siteMembers: readonly SiteMember[];
  readonly settings: OrgSettings;
  readonly userFields: FieldRules;
  readonly profiles: readonly Profile[];
  readonly licenses: readonly License[];
};

/** The permissions that the checks ask for, without the prefix `Permissions` of UserPermissionAccess. */
export const askedPermissions = [
  'ManageUsers',
  'ManagePartners',
  'ManageCssUsers',
  'ManageMyExternalUsers',
  'AssignPermissionSets',
  'ManagePackageLicenses',
  'FreezeUsers',
  'ModifyAllData',
  'ModifyMetadata',
  'ViewAllData',
  'ManageNetworks',
  'ResetPasswords',
] as const;

/**
 * All checks that concern the creation of users.
 * @param profiles that they are to have; none: external profiles in general
 * @param permissionSetIds that they are to have on top; each may make them members of a site
 */
export function checkCreate(
  preflight: Preflight,
  profiles: readonly Profile[],
  permissionSetIds: readonly PermissionSetId[],
): CheckOutcome[] {
  return [
    ...checkBasics(preflight),
    checkPermission(preflight, profiles),
    ...(permissionSetIds.length > 0 ? [checkAssignPermission(preflight)] : []),
    ...profiles.map((profile) => checkProfile(preflight, profile)),
    ...profiles.flatMap((profile) => checkStandardProfile(preflight.settings, profile)),
    ...checkSettings(preflight.settings, profiles),
    ...licensesOf(preflight, profiles).map((license) => checkLicense(license, profiles.length > 0)),
    ...licensesOf(preflight, profiles).flatMap(checkMonthlyLogins),
    ...profiles.flatMap((profile) => checkSites(preflight, profile, permissionSetIds)),
    ...checkSandbox(preflight),
    ...checkLimits(preflight),
  ];
}

/** For users who exist and get permission sets. */
export function checkAssign(preflight: Preflight): CheckOutcome[] {
  return [...checkBasics(preflight), checkAssignPermission(preflight), ...checkLimits(preflight)];
}

/** What every run asks for. That the API answered is the proof that it may be used. */
export function checkBasics(preflight: Preflight): CheckOutcome[] {
  return [
    outcome('pass', 'api.pass', { username: preflight.username }),
    preflight.isReadOnly ? outcome('fail', 'readOnly.maintenance') : outcome('pass', 'readOnly.pass'),
    checkDigitalExperiences(preflight),
  ];
}

export function checkLimits({ dailyApiRequests, dailyBulkApiBatches }: OrgLimits): CheckOutcome[] {
  return [checkLimit('apiCalls', dailyApiRequests), checkLimit('bulkBatches', dailyBulkApiBatches)];
}

/** The licenses of the profiles, or of all external profiles when none is given. */
export function licensesOf(preflight: Preflight, profiles: readonly Profile[]): License[] {
  const relevant = (profiles.length > 0 ? profiles : preflight.profiles).filter(isExternal);
  const ids = new Set(relevant.map((profile) => profile.userLicenseId));
  return preflight.licenses.filter((license) => ids.has(license.id));
}

/** The smaller figure decides where both are known. */
export function seatsTaken({ used, counted }: License): number {
  return Math.min(used, counted ?? used);
}

/** Licenses left; undefined where there is no limit. */
export function licensesLeft(license: License): number | undefined {
  return license.total < 0 ? undefined : Math.max(0, license.total - seatsTaken(license));
}

/** Without digital experiences (or portal licenses) the field IsPortalEnabled does not exist (Object Reference, User). */
function checkDigitalExperiences({ userFields, profiles }: Preflight): CheckOutcome {
  if (!userFields.has('isportalenabled')) return outcome('fail', 'digitalExperiences.off');
  if (!profiles.some(isExternal)) return outcome('fail', 'digitalExperiences.noProfile');
  return outcome('pass', 'digitalExperiences.pass');
}

/** "Edit Self-Service Users" alone does only for customers (docs/salesforce-facts.md#permissions). */
function checkPermission(preflight: Preflight, profiles: readonly Profile[]): CheckOutcome {
  const has = (name: (typeof askedPermissions)[number]): boolean => preflight.permissions.has(name);
  if (has('ManageUsers')) return outcome('pass', 'permission.manageUsers');
  if (has('ManagePartners')) return outcome('pass', 'permission.managePartners');
  if (has('ManageCssUsers') && !profiles.some(isForPartners)) return outcome('warn', 'permission.customerOnly');
  if (has('ManageMyExternalUsers')) return outcome('warn', 'permission.delegated');
  return outcome('fail', 'permission.missing', { username: preflight.username });
}

/** Assign Permission Sets, or Manage Users (docs/salesforce-facts.md#permissions). */
function checkAssignPermission({ permissions }: Preflight): CheckOutcome {
  return permissions.has('AssignPermissionSets') || permissions.has('ManageUsers')
    ? outcome('pass', 'assignPermission.pass')
    : outcome('warn', 'assignPermission.missing');
}

function checkProfile({ profiles }: Preflight, { name, userLicenseName: license, userType }: Profile): CheckOutcome {
  if (userType !== null && externalType(userType) !== undefined) {
    return outcome('pass', 'profile.pass', { profile: name, license, userType });
  }
  const external = externalNames(profiles);
  const near = nearestNames(name, external);
  const offered = (near.length > 0 ? near : external).join('", "');
  return outcome('fail', 'profile.internal', { profile: name, license, profiles: offered });
}

/** @param id of a profile that a plan wants and that the org does not have any more */
export function checkProfileGone(id: ProfileId): CheckOutcome {
  return outcome('fail', 'profile.gone', { profileId: id });
}

/** @param isAskedFor whether the profile of the new users has it; otherwise it is only one that they might have */
function checkLicense(license: License, isAskedFor: boolean): CheckOutcome {
  const { name, status, total, used, counted } = license;
  if (status !== 'Active') return outcome(isAskedFor ? 'fail' : 'warn', 'licenses.disabled', { license: name, status });
  const left = licensesLeft(license);
  if (left === undefined) return outcome('pass', 'licenses.unlimited', { license: name, used });
  const facts = { license: name, free: left, total, used };
  const result = left === 0 ? 'warn' : 'pass';
  if (counted === undefined) return outcome(result, left === 0 ? 'licenses.none' : 'licenses.pass', facts);
  return outcome(result, left === 0 ? 'licenses.noneCounted' : 'licenses.lag', { ...facts, counted });
}

/** Nobody is locked out by logins beyond those that were bought: they cost extra (object reference, UserLicense). */
function checkMonthlyLogins({ name, monthlyLogins }: License): CheckOutcome[] {
  if (monthlyLogins === undefined) return [];
  const { used, entitlement } = monthlyLogins;
  const facts = { license: name, used, entitlement };
  return [
    used < entitlement ? outcome('pass', 'monthlyLogins.pass', facts) : outcome('warn', 'monthlyLogins.usedUp', facts),
  ];
}

/** Where its users can log in, and how they get their first password (docs/salesforce-facts.md#sites-emails-and-passwords). */
function checkSites(
  { siteMembers, permissions }: Preflight,
  found: Profile,
  permissionSetIds: readonly PermissionSetId[],
): CheckOutcome[] {
  if (!isExternal(found)) return [];
  const { id, name: profile } = found;
  const sites = liveSitesOf(siteMembers, [id, ...permissionSetIds]);
  const seesAll = canSeeAllSites(permissions);
  const sending = welcomingSitesOf(siteMembers, [id, ...permissionSetIds]);
  return [
    sites.length > 0
      ? outcome('pass', 'sites.pass', { profile, sites: sites.join(', ') })
      : outcome('warn', seesAll ? 'sites.none' : 'sites.unseen', { profile }),
    sending.length > 0
      ? outcome('warn', 'welcomeEmails.sent', { profile, sites: sending.join(', ') })
      : outcome(seesAll ? 'pass' : 'warn', seesAll ? 'welcomeEmails.none' : 'welcomeEmails.unseen', { profile }),
  ];
}

/** Refreshing a sandbox changes the addresses of users, not those of contacts (docs/salesforce-facts.md#sandboxes). */
function checkSandbox({ isSandbox }: Preflight): CheckOutcome[] {
  return isSandbox ? [outcome('warn', 'sandbox.realAddresses')] : [];
}

function checkLimit(name: 'apiCalls' | 'bulkBatches', limit: Limit | undefined): CheckOutcome {
  if (limit === undefined) return outcome('warn', `${name}.unknown`);
  const facts = { left: limit.remaining, max: limit.max };
  return limit.remaining > 0 ? outcome('pass', `${name}.pass`, facts) : outcome('fail', `${name}.none`, facts);
}
