/** The one table of reasons why a contact gets no new user, and a user is not changed. Their texts and advice are in messages/reasons.md. */
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

/**
 * Why, in data: `text` names the sentence in messages/reasons.md below the reason (`BAD_VALUE.picklist`), the tokens
 * fill it.
 */
export type Detail = { readonly text: string; readonly tokens: readonly string[] };

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
export type Unchanged = Extract<Decision, { action: 'unchanged' }>;

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

/** Builds a refusal; `text` is the part behind the dot in messages/reasons.md, `detail` unless the reason has several. */
export function refuse(reason: RefusalReason, tokens: readonly string[] = [], text = 'detail'): Refusal {
  return { action: 'refused', reason, detail: { text, tokens } };
}
