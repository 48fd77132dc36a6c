/** The one table of row and job errors: what the engine does about each. Texts and advice are in messages/rowErrors.md. */

/**
 * `again`: passes by itself (locks, server busy). `repairNickname`: another nickname will do. `ask`: the org has to be
 * asked what is true. `licenses`: no license is left. `storage`: nothing can be stored in the org any more. `org`: every row would fail the same way. `final`: the row failed.
 */
type RowErrorClass = 'again' | 'repairNickname' | 'ask' | 'licenses' | 'storage' | 'org' | 'final';

type RowErrorRule = { readonly code: string; readonly text?: RegExp; readonly class: RowErrorClass };

/** Salesforce's own external profiles are closed for new users, and may be for changes, unless a setting opens them. */
const standardProfiles = /standard external profiles/i;

export function concernsStandardProfiles(message: string): boolean {
  return standardProfiles.test(message);
}

/** The second is of the pages of Salesforce. */
const ownerWithoutRole = /owner must (have|be associated with) a role/i;

/** Such a user can be frozen, nothing else (KB 000386638). What speaks of a permission is about the user's profile. */
export function concernsPortalAdministrator(message: string): boolean {
  return /portal administrator/i.test(message) && !/permission/i.test(message);
}

/** First match wins; what is not listed is final. Sources: docs/salesforce-facts.md#row-errors. */
const rowErrorRules: readonly RowErrorRule[] = [
  { code: 'UNABLE_TO_LOCK_ROW', class: 'again' },
  { code: 'UNKNOWN_EXCEPTION', text: /group membership operation|acquire lock/i, class: 'again' },
  { code: 'UNKNOWN_EXCEPTION', text: ownerWithoutRole, class: 'final' },
  { code: 'UNKNOWN_EXCEPTION', text: /portal users cannot own partner accounts/i, class: 'final' },
  { code: 'UNKNOWN_EXCEPTION', class: 'again' },
  { code: 'TOO_MANY_APEX_REQUESTS', class: 'again' },
  { code: 'REQUEST_RUNNING_TOO_LONG', class: 'again' },
  { code: 'SERVER_UNAVAILABLE', class: 'again' },
  { code: 'INVALID_SESSION_ID', class: 'again' },
  { code: 'DUPLICATE_COMM_NICKNAME', class: 'repairNickname' },
  { code: 'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT', class: 'ask' },
  { code: 'DUPLICATE_USERNAME', class: 'ask' },
  { code: 'DUPLICATE_VALUE', text: /FederationIdentifier/i, class: 'ask' },
  // The short form, without a license name, means a feature license that the row asks for: that row only.
  { code: 'LICENSE_LIMIT_EXCEEDED', text: /License Limit Exceeded\s*-/i, class: 'licenses' },
  { code: 'STORAGE_LIMIT_EXCEEDED', class: 'storage' },
  { code: 'FIELD_INTEGRITY_EXCEPTION', text: standardProfiles, class: 'org' },
  { code: 'FIELD_INTEGRITY_EXCEPTION', text: /modify all data/i, class: 'org' },
  { code: 'INSUFFICIENT_ACCESS', class: 'org' },
  { code: 'INSUFFICIENT_ACCESS_OR_READONLY', class: 'org' },
  { code: 'INVALID_FIELD_FOR_INSERT_UPDATE', class: 'org' },
  { code: 'PORTAL_NO_ACCESS', class: 'org' },
  { code: 'PORTAL_USER_CREATION_RESTRICTED_WITH_ENCRYPTION', class: 'org' },
];

/**
 * Where one code has several causes, Salesforce's text tells them apart: by the first that matches, the name of an advice in
 * messages/rowErrors.md. Labels in texts are never looked at, as they can be garbage.
 */
const textAdvices: ReadonlyArray<readonly [text: RegExp, advice: string]> = [
  [standardProfiles, 'gate'],
  [/with modify all data/i, 'administrator'],
  [ownerWithoutRole, 'ownerRole'],
  [/portal users cannot own partner accounts/i, 'partnerAccount'],
  [/must be in domain/i, 'emailDomain'],
  [/problem with this (country|state)|before specifying a state/i, 'addressPicklist'],
  [/value of a hierarchy field/i, 'hierarchyField'],
  [/de-?activate self/i, 'self'],
  [/portal administrator/i, 'portalAdministrator'],
  [/cannot (deactivate|disable) (a user who|this user|the )/i, 'namedInSetup'],
  [/user license doesn.t allow/i, 'licensePermission'],
  [/compatible with the user.s license|change in license types|to change user type|current license/i, 'licenseChange'],
  [/only portal users can be associated/i, 'internalProfile'],
  [/portal user without contact/i, 'noContact'],
  [/system-maintained portal role/i, 'portalRoleField'],
  [/role type must match/i, 'roleType'],
  [/form of an email address/i, 'usernameForm'],
  [/FederationIdentifier/i, 'federationId'],
];

/** Codes that share an advice. */
const codeAdvices: Readonly<Record<string, string>> = {
  INSUFFICIENT_ACCESS: 'access',
  INSUFFICIENT_ACCESS_OR_READONLY: 'access',
  INVALID_FIELD: 'access',
  INVALID_FIELD_FOR_INSERT_UPDATE: 'access',
  JOB_FAILED: 'job',
};

/** The names of the advices that are no code. */
export const namedAdvices: readonly string[] = [
  ...new Set([...textAdvices.map(([, advice]) => advice), ...Object.values(codeAdvices)]),
  'again',
  'usernameInOrg',
  'usernameEverywhere',
];

/**
 * What to do about a row: the name of an advice in messages/rowErrors.md, or Salesforce's code, which may have one there.
 * @param usernamesUniquePerOrg undefined where the org doesn't tell
 */
export function adviceName(code: string, message: string | undefined, usernamesUniquePerOrg?: boolean): string {
  if (message === undefined) return adviceNameOfCode(code);
  const byText = textAdvices.find(([text]) => text.test(message))?.[1];
  if (byText !== undefined) return byText;
  if (code === 'DUPLICATE_USERNAME' && usernamesUniquePerOrg !== undefined) {
    return usernamesUniquePerOrg ? 'usernameInOrg' : 'usernameEverywhere';
  }
  return classifyRowError(code, message) === 'again' ? 'again' : adviceNameOfCode(code);
}

/** Where the messages of a code differ, or say nothing. */
export function adviceNameOfCode(code: string): string {
  return Object.hasOwn(codeAdvices, code) ? (codeAdvices[code] ?? code) : code;
}

/** Times that Salesforce refuses a row before `again` becomes final. */
export const mostAttempts = 8;

export function classifyRowError(code: string, message: string): RowErrorClass {
  return rowErrorRules.find((rule) => rule.code === code && (rule.text?.test(message) ?? true))?.class ?? 'final';
}

/** A job that failed because the batches of the day are used up (AsyncExceptionCode, Bulk API guide). */
export function isLimitJobError(errorMessage: string): boolean {
  return /^\s*ExceededQuota\b/i.test(errorMessage);
}

/**
 * A job that failed as a whole because of what it holds, not of when it ran (docs/salesforce-facts.md#bulk-ingest-jobs):
 * the next one would fail the same way.
 */
export function isOrgLevelJobError(errorMessage: string): boolean {
  return /^\s*(InvalidBatch|ClientInputError|InvalidEntity|InvalidOperation|FeatureNotEnabled|InvalidUser)\b/i.test(
    errorMessage,
  );
}

/** The org does not know the object in Bulk API 2.0: the call's code, or a failed job's message. */
export function isUnsupported(codeOrMessage: string): boolean {
  return /^\s*Invalid_?Entity\b|is not supported by the Bulk (Query )?API/i.test(codeOrMessage);
}
