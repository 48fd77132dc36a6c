/** The one table of reasons why a contact gets no new user, and a user is not changed. Their texts and advice are in messages/reasons.md. */
import { codeOf, type FactArgs, type Facts } from './facts.js';
import type { LicenseFamily } from './steps.js';

/** Nothing is to be done: the contact is already as wanted. */
export const unchangedReasons = ['ALREADY_HAS_USER', 'ALREADY_DISABLED', 'ALREADY_ENABLED'] as const;

/** A contact: something has to be mended first, in the org, in the file or in the flags. */
export const contactRefusals = [
  'CONTACT_NOT_FOUND',
  'AMBIGUOUS_KEY',
  'DUPLICATE_CONTACT',
  'HAS_INACTIVE_USER',
  'NO_ACCOUNT',
  'OWNER_WITHOUT_ROLE',
  'PERSON_ACCOUNT_PARTNER',
  'NO_EMAIL',
  'INVALID_EMAIL',
  'EMPTY_TEMPLATE_FIELD',
  'INVALID_USERNAME',
  'VALUE_TOO_LONG',
  'BAD_VALUE',
  'ROLE_NOT_ALLOWED',
  'DUPLICATE_USERNAME_IN_PLAN',
  'USERNAME_TAKEN',
  'NICKNAME_TAKEN',
  'FEDERATION_ID_TAKEN',
] as const;

/** A user that is not changed. */
export const userRefusals = [
  'USER_NOT_FOUND',
  'AMBIGUOUS_KEY',
  'DUPLICATE_USER',
  'NOT_EXTERNAL',
  'IS_RUNNING_USER',
  'PROTECTED',
  'PORTAL_ADMINISTRATOR',
  'CHANGED_SINCE',
] as const;

export type UnchangedReason = (typeof unchangedReasons)[number];
export type RefusalReason = (typeof contactRefusals)[number] | (typeof userRefusals)[number];

/** Every text of a reason in messages/reasons.md, with its facts; a reason may have several. */
export const reasonFacts = {
  'ALREADY_HAS_USER.detail': ['username'],
  'ALREADY_HAS_USER.frozen': ['username'],
  'ALREADY_HAS_USER.frozenOtherProfile': ['username', 'profile', 'wanted'],
  'ALREADY_HAS_USER.inactive': ['username'],
  'ALREADY_HAS_USER.otherProfile': ['username', 'profile', 'wanted'],
  'ALREADY_HAS_USER.lacking': ['username', 'profile', 'permissionSets'],
  'ALREADY_HAS_USER.frozenLacking': ['username', 'profile', 'permissionSets'],
  'CONTACT_NOT_FOUND.detail': ['column', 'value', 'line'],
  'CONTACT_NOT_FOUND.emptyKey': ['column', 'line'],
  'CONTACT_NOT_FOUND.noContactId': ['value', 'line'],
  'CONTACT_NOT_FOUND.gone': ['contactId'],
  'AMBIGUOUS_KEY.detail': ['column', 'value', 'line', 'count', 'ids'],
  'AMBIGUOUS_KEY.users': ['column', 'value', 'line', 'count', 'ids'],
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
  'BAD_VALUE.picklist': ['field', 'value'],
  'BAD_VALUE.picklistNear': ['field', 'value', 'near'],
  'BAD_VALUE.boolean': ['field', 'value'],
  'BAD_VALUE.id': ['field', 'value'],
  'BAD_VALUE.number': ['field', 'value'],
  'BAD_VALUE.control': ['field'],
  'BAD_VALUE.notAvailable': ['field'],
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
  'DUPLICATE_USERNAME_IN_PLAN.detail': ['value', 'contactId'],
  'USERNAME_TAKEN.detail': ['value', 'userId'],
  'NICKNAME_TAKEN.detail': ['value', 'userId'],
  'NICKNAME_TAKEN.inPlan': ['value', 'contactId'],
  'FEDERATION_ID_TAKEN.detail': ['value', 'userId'],
  'FEDERATION_ID_TAKEN.inPlan': ['value', 'contactId'],
  'ALREADY_DISABLED.freeze': ['username'],
  'ALREADY_DISABLED.deactivate': ['username'],
  'ALREADY_DISABLED.disable-portal': ['username'],
  'ALREADY_DISABLED.inactive': ['username'],
  'ALREADY_ENABLED.unfreeze': ['username'],
  'ALREADY_ENABLED.activate': ['username'],
  'USER_NOT_FOUND.detail': ['column', 'value', 'line'],
  'USER_NOT_FOUND.emptyKey': ['column', 'line'],
  'USER_NOT_FOUND.badId': ['value', 'line', 'column'],
  'USER_NOT_FOUND.gone': ['userId'],
  'USER_NOT_FOUND.noLogin': ['username'],
  'DUPLICATE_USER.detail': ['line'],
  'NOT_EXTERNAL.detail': ['username', 'userType'],
  'NOT_EXTERNAL.cutOff': ['username'],
  'IS_RUNNING_USER.detail': ['username'],
  'PROTECTED.detail': ['username', 'condition'],
  'PORTAL_ADMINISTRATOR.detail': [],
  'CHANGED_SINCE.detail': ['username', 'field'],
  'CHANGED_SINCE.noUser': ['userId'],
  'CHANGED_SINCE.loggedIn': ['username'],
} as const satisfies Record<`${UnchangedReason | RefusalReason}.${string}`, readonly string[]>;

export type ReasonKey = keyof typeof reasonFacts;
type UnchangedKey = Extract<ReasonKey, `${UnchangedReason}.${string}`>;
type RefusalKey = Exclude<ReasonKey, UnchangedKey>;

/** Why, in data: what stands behind the dot of the key (`BAD_VALUE.picklist`), and the facts of the text. */
export type Detail = { readonly text: string; readonly facts: Facts };

/** What the plan does with one contact. */
export type Decision =
  | {
      readonly action: 'create';
      readonly values: UserValues;
      readonly family: LicenseFamily;
      /** What the new user gets on top. */
      readonly permissionSets: readonly WantedPermissionSet[];
    }
  /** The contact has the user it should have, but not all of the permission sets. */
  | {
      readonly action: 'assign';
      readonly userId: string;
      readonly values: UserValues;
      readonly permissionSets: readonly WantedPermissionSet[];
    }
  | { readonly action: 'unchanged'; readonly reason: UnchangedReason; readonly detail: Detail; readonly userId: string }
  | { readonly action: 'refused'; readonly reason: RefusalReason; readonly detail: Detail; readonly userId?: string };

export type Refusal = Extract<Decision, { action: 'refused' }>;

/** Nothing is done, for a reason. */
export type NothingDone = Extract<Decision, { action: 'unchanged' | 'refused' }>;

/** A permission set or a group of them. */
export type WantedPermissionSet = {
  readonly id: string;
  readonly name: string;
  readonly isGroup: boolean;
  /** The licenses that it is tied to; none: users of any license may have it. */
  readonly userLicenseIds: readonly string[];
};

/** User field → value as it will be uploaded; fields without a value are absent. */
export type UserValues = Readonly<Record<string, string>>;

export function refuse<Key extends RefusalKey>(key: Key, ...facts: FactArgs<typeof reasonFacts, Key>): Refusal;
export function refuse(key: RefusalKey, facts: Facts = {}): Refusal {
  return { action: 'refused', reason: codeOf(key), detail: { text: key.slice(codeOf(key).length + 1), facts } };
}

export type Unchanged = Omit<Extract<Decision, { action: 'unchanged' }>, 'userId'>;

/** Nothing is to be done. */
export function leave<Key extends UnchangedKey>(key: Key, ...facts: FactArgs<typeof reasonFacts, Key>): Unchanged;
export function leave(key: UnchangedKey, facts: Facts = {}): Unchanged {
  return { action: 'unchanged', reason: codeOf(key), detail: { text: key.slice(codeOf(key).length + 1), facts } };
}

export function isReasonKey(key: string): key is ReasonKey {
  return Object.hasOwn(reasonFacts, key);
}
