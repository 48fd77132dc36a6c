/**
 * Why a contact gets no new user, and a user is not changed: every text of messages/reasons.md with its facts, told apart by
 * what stands behind the dot. Nothing is said twice: the reasons are what stands before it.
 */
import { codeOf, type CodeOf, type FactArgs, type Facts, type FactTable } from './facts.js';
import type { PlannedStep } from './steps.js';
import type { PermissionSetId, UserId, UserLicenseId } from './ids.js';

/** There is nothing to do: the contact or user is already as requested. */
const unchangedTexts = {
  'ALREADY_HAS_USER.detail': ['username'],
  'ALREADY_HAS_USER.frozen': ['username'],
  'ALREADY_HAS_USER.inactive': ['username'],
  'ALREADY_HAS_USER.surplus': ['username', 'permissionSets', 'objects'],
  'ALREADY_HAS_USER.lacking': ['username', 'profile', 'permissionSets'],
  'ALREADY_HAS_USER.frozenLacking': ['username', 'profile', 'permissionSets'],
  // The contact's user has another profile than the one that was asked for.
  'OTHER_PROFILE.detail': ['username', 'profile', 'wanted'],
  'OTHER_PROFILE.frozen': ['username', 'profile', 'wanted'],
  'OTHER_PROFILE.lacking': ['username', 'profile', 'wanted', 'permissionSets'],
  'OTHER_PROFILE.frozenLacking': ['username', 'profile', 'wanted', 'permissionSets'],
  'ALREADY_DISABLED.freeze': ['username'],
  'ALREADY_DISABLED.deactivate': ['username'],
  'ALREADY_DISABLED.disable-portal': ['username'],
  'ALREADY_DISABLED.inactive': ['username'],
  'ALREADY_ENABLED.unfreeze': ['username'],
  'ALREADY_ENABLED.activate': ['username'],
  // The user has again what a run took, or it would have ended by now.
  'ALREADY_ENABLED.ended': ['username'],
  'ALREADY_INVITED.detail': ['username', 'time'],
  // Reported by sync, and not changed.
  'LEAVER.report': ['username'],
  'LEAVER.hidden': ['username', 'objects'],
  'LEAVER.waiting': ['username', 'days'],
  'RETURNER.report': ['username'],
  'OFF_BY_OTHERS.frozen': ['username'],
  'OFF_BY_OTHERS.inactive': ['username'],
  'OFF_BY_OTHERS.changed': ['username'],
  'OTHER_PROFILE.ofGroup': ['username', 'profile', 'wanted'],
  'OTHER_PROFILE.hidden': ['username', 'profile', 'wanted', 'objects'],
  'OTHER_PROFILE.ofNone': ['username', 'profile'],
  'CONTACT_NOT_VISIBLE.detail': ['username', 'contactId'],
  'NO_CONTACT.detail': ['username'],
  'SAME_EMAIL.detail': ['username'],
  'FLAPPING.detail': ['username'],
  // Since the plan was made.
  'LEFT_GROUP.detail': ['contactId'],
  'LEFT_GROUP.user': ['username'],
  'NOT_GOVERNED.detail': ['username'],
  'NOT_GOVERNED.protected': ['username', 'condition'],
} as const satisfies FactTable;

/** A contact: something must be fixed first, in the org, in the file or in the flags. */
const contactTexts = {
  'CONTACT_NOT_FOUND.detail': ['column', 'value', 'line'],
  'CONTACT_NOT_FOUND.emptyKey': ['column', 'line'],
  'CONTACT_NOT_FOUND.rounded': ['column', 'value', 'line'],
  'CONTACT_NOT_FOUND.noContactId': ['value', 'line'],
  'CONTACT_NOT_FOUND.accountId': ['value', 'line'],
  'CONTACT_NOT_FOUND.gone': ['contactId'],
  'CONTRADICTED.account': ['account', 'found', 'line'],
  'AMBIGUOUS_KEY.detail': ['column', 'value', 'line', 'count', 'ids'],
  'DUPLICATE_CONTACT.detail': ['line'],
  'HAS_INACTIVE_USER.detail': ['username'],
  'NO_ACCOUNT.detail': [],
  'OWNER_WITHOUT_ROLE.detail': ['owner', 'account'],
  'PERSON_ACCOUNT_PARTNER.detail': [],
  'NO_EMAIL.detail': [],
  'INVALID_EMAIL.detail': ['field'],
  'EMPTY_TEMPLATE_FIELD.detail': ['field', 'template', 'emptyField'],
  'INVALID_USERNAME.detail': ['username'],
  'VALUE_TOO_LONG.detail': ['field', 'length', 'most'],
  'VALUE_TOO_LONG.username': ['length', 'most'],
  'BAD_VALUE.picklist': ['field', 'value'],
  'BAD_VALUE.picklistNear': ['field', 'value', 'near'],
  'BAD_VALUE.boolean': ['field', 'value'],
  'BAD_VALUE.id': ['field', 'value'],
  'BAD_VALUE.number': ['field', 'value'],
  'BAD_VALUE.control': ['field'],
  'BAD_VALUE.notAvailable': ['field'],
  'BAD_VALUE.spreadsheet': ['field', 'value'],
  'BAD_VALUE.date': ['field', 'value'],
  'BAD_VALUE.datetime': ['field', 'value'],
  'BAD_VALUE.required': ['field'],
  'BAD_VALUE.profile': ['profile'],
  'BAD_VALUE.noProfile': [],
  'BAD_VALUE.profileName': ['profile'],
  'BAD_VALUE.profileNameNear': ['profile', 'near'],
  'BAD_VALUE.profileAmbiguous': ['profile', 'ids'],
  'BAD_VALUE.permissionSetName': ['permissionSet'],
  'BAD_VALUE.permissionSetNameNear': ['permissionSet', 'near'],
  'BAD_VALUE.permissionSetAmbiguous': ['permissionSet', 'ids'],
  'BAD_VALUE.permissionSetLicense': ['permissionSet', 'profile', 'license'],
  'BAD_VALUE.permissionSetGone': ['permissionSet'],
  'ROLE_NOT_ALLOWED.detail': ['level', 'account', 'levels'],
  'ROLE_NOT_ALLOWED.role': ['role', 'account'],
  'ROLE_NOT_ALLOWED.noRoles': ['field', 'profile', 'license'],
  'DUPLICATE_USERNAME_IN_PLAN.detail': ['value', 'contactId'],
  'USERNAME_TAKEN.detail': ['value', 'userId'],
  'NICKNAME_TAKEN.detail': ['value', 'userId'],
  'NICKNAME_TAKEN.inPlan': ['value', 'contactId'],
  'FEDERATION_ID_TAKEN.detail': ['value', 'userId'],
  'FEDERATION_ID_TAKEN.formerUser': ['value', 'userId'],
  'FEDERATION_ID_TAKEN.inPlan': ['value', 'contactId'],
} as const satisfies FactTable;

/** A user that is not changed. */
const userTexts = {
  'USER_NOT_FOUND.detail': ['column', 'value', 'line'],
  'USER_NOT_FOUND.emptyKey': ['column', 'line'],
  'USER_NOT_FOUND.rounded': ['column', 'value', 'line'],
  'USER_NOT_FOUND.badId': ['value', 'line', 'column'],
  'USER_NOT_FOUND.gone': ['userId'],
  'LOGIN_HIDDEN.detail': ['username'],
  'AMBIGUOUS_KEY.users': ['column', 'value', 'line', 'count', 'ids'],
  'AMBIGUOUS_KEY.twoUsers': ['line', 'userId', 'column', 'value', 'ids'],
  'DUPLICATE_USER.detail': ['line'],
  // A file in which some rows are marked (src/selection/accessColumns.ts).
  'CONTRADICTED.detail': ['column', 'value', 'line'],
  'NOT_EXTERNAL.detail': ['username', 'userType'],
  'NOT_EXTERNAL.cutOff': ['username'],
  'IS_RUNNING_USER.detail': ['username'],
  'PROTECTED.detail': ['username', 'condition'],
  'PORTAL_ADMINISTRATOR.detail': [],
  // `invite`: whom an email with a link to set a password does not help, or takes something away from.
  'IS_INACTIVE.detail': ['username'],
  'IS_FROZEN.detail': ['username'],
  'HAS_LOGGED_IN.detail': ['username', 'time'],
  'HAS_SSO.detail': ['username'],
  'NO_SITE.detail': ['username'],
  // A profile that sync would give.
  'NO_SITE.profile': ['username', 'profile', 'sites'],
  // `enable --from-run`; of a user that was made, or gone, since a create was planned; `resume` of a plan that selected by the last login.
  'CHANGED_SINCE.detail': ['username', 'field'],
  'CHANGED_SINCE.noUser': ['userId'],
  'CHANGED_SINCE.loggedIn': ['username'],
  // `enable --from-run` of a sync that has changed the profile.
  'CHANGED_SINCE.profile': ['username'],
  // A user whose licenses were to be released: nothing is taken from those who can log in.
  'CHANGED_SINCE.active': ['userId'],
  // Of a sync: what the plan says is not what the person needs now.
  'CHANGED_SINCE.plan': ['username'],
} as const satisfies FactTable;

const refusalTexts = { ...contactTexts, ...userTexts } as const;
export const reasonFacts = { ...unchangedTexts, ...refusalTexts } as const;

export type ReasonKey = keyof typeof reasonFacts;
type UnchangedKey = keyof typeof unchangedTexts;
type RefusalKey = keyof typeof refusalTexts;

export const unchangedReasons = codesOf(unchangedTexts);
export const contactRefusals = codesOf(contactTexts);
export const userRefusals = codesOf(userTexts);

function codesOf<Table extends FactTable>(texts: Table): ReadonlyArray<CodeOf<keyof Table & string>>;
function codesOf(texts: FactTable): string[] {
  return [...new Set(Object.keys(texts).map(codeOf))];
}

/** Why, in data: what stands behind the dot of the key (`BAD_VALUE.picklist`), and the facts of the text. */
export type Detail = { readonly text: string; readonly facts: Facts };

type Reasoned<Action, Reason> = {
  readonly action: Action;
  readonly reason: Reason;
  readonly detail: Detail;
  /** The existing user. */
  readonly userId?: UserId;
};

/** What else stands in the way, as the key and the facts of its text. */
export type FurtherDetail = { readonly key: ReasonKey; readonly facts: Facts };

export type Unchanged = Reasoned<'unchanged', CodeOf<UnchangedKey>>;
export type Refusal = Reasoned<'refused', CodeOf<RefusalKey>> & { readonly further?: readonly FurtherDetail[] };

/** Nothing is done, for a reason. */
export type NothingDone = Unchanged | Refusal;

/** What the plan does with one contact or user. */
export type Decision = { readonly action: 'steps'; readonly steps: readonly PlannedStep[] } | NothingDone;

/** A permission set or a group of them. */
export type WantedPermissionSet = {
  readonly id: PermissionSetId;
  readonly name: string;
  readonly isGroup: boolean;
  /** The licenses that it is tied to; none: users of any license may have it. */
  readonly userLicenseIds: readonly UserLicenseId[];
};

/** User field → value as it will be uploaded; fields without a value are absent. */
export type UserValues = Readonly<Record<string, string>>;

/** Something must be fixed first. */
export function refuse<Key extends RefusalKey>(key: Key, ...facts: FactArgs<typeof reasonFacts, Key>): Refusal;
export function refuse(key: RefusalKey, facts?: Facts): Refusal {
  return { action: 'refused', reason: codeOf(key), detail: detailOf(key, facts) };
}

/** One refusal of all that is wrong with a row: the first gives the reason. Undefined where nothing is. */
export function refuseForAll(refusals: readonly Refusal[]): Refusal | undefined {
  const [first, ...others] = refusals;
  if (first === undefined || others.length === 0) return first;
  return { ...first, further: [...(first.further ?? []), ...others.flatMap(furtherOf)] };
}

function furtherOf({ reason, detail, further = [] }: Refusal): FurtherDetail[] {
  const key = `${reason}.${detail.text}`;
  if (!isReasonKey(key)) throw new Error(`${key} is no reason`);
  return [{ key, facts: detail.facts }, ...further];
}

/** There is nothing to do. */
export function leave<Key extends UnchangedKey>(key: Key, ...facts: FactArgs<typeof reasonFacts, Key>): Unchanged;
export function leave(key: UnchangedKey, facts?: Facts): Unchanged {
  return { action: 'unchanged', reason: codeOf(key), detail: detailOf(key, facts) };
}

/** One contact has one user for ever: an inactive one still holds it (docs/salesforce-facts.md). */
export function decideExisting(user: {
  readonly id: UserId;
  readonly username: string;
  readonly isActive: boolean;
}): NothingDone {
  const { id: userId, username } = user;
  if (!user.isActive) return { ...refuse('HAS_INACTIVE_USER.detail', { username }), userId };
  return { ...leave('ALREADY_HAS_USER.detail', { username }), userId };
}

function detailOf(key: ReasonKey, facts: Facts = {}): Detail {
  return { text: key.slice(codeOf(key).length + 1), facts };
}

export function isReasonKey(key: string): key is ReasonKey {
  return Object.hasOwn(reasonFacts, key);
}
