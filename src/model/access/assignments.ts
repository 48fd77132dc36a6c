/**
 * What users hold by records of their own, and keep when they are deactivated (docs/salesforce-facts.md#licenses-of-permission-sets-and-packages): permission
 * sets and groups, permission set licenses, licenses of managed packages.
 */
import type { UserId } from '../ids.js';
import type { UserValues } from '../reasons.js';

export const assignmentRules = {
  permissionSet: {
    object: 'PermissionSetAssignment',
    user: 'AssigneeId',
    // A record names one of them.
    holds: ['PermissionSetId', 'PermissionSetGroupId'],
    assigns: 'assignPermissionSet',
    removes: 'removePermissionSet',
  },
  permissionSetLicense: {
    object: 'PermissionSetLicenseAssign',
    user: 'AssigneeId',
    holds: ['PermissionSetLicenseId'],
    assigns: 'assignPermissionSetLicense',
    removes: 'removePermissionSetLicense',
  },
  packageLicense: {
    object: 'UserPackageLicense',
    user: 'UserId',
    holds: ['PackageLicenseId'],
    assigns: 'assignPackageLicense',
    removes: 'removePackageLicense',
  },
} as const satisfies Record<string, AssignmentShape>;

type AssignmentShape = {
  readonly object: string;
  /** The field with the user. */
  readonly user: string;
  /** The fields of which one has what the user holds. */
  readonly holds: readonly string[];
  /** The kinds of steps that write it. */
  readonly assigns: string;
  readonly removes: string;
};

export type AssignmentType = keyof typeof assignmentRules;
export type AssignmentRule = (typeof assignmentRules)[AssignmentType];

export const assignmentTypes: readonly AssignmentType[] = ['permissionSet', 'permissionSetLicense', 'packageLicense'];

/** The kinds of steps that take such records away, and that make them. */
export const removeKindNames: readonly string[] = assignmentTypes.map((type) => assignmentRules[type].removes);
export const assignKindNames: readonly string[] = assignmentTypes.map((type) => assignmentRules[type].assigns);

/** What a kind of step takes from users; undefined for one that takes nothing. */
export function typeRemovedBy(kind: string): AssignmentType | undefined {
  return assignmentTypes.find((type) => assignmentRules[type].removes === kind);
}

/** What a kind of step gives to users; undefined for one that gives nothing. */
export function typeAssignedBy(kind: string): AssignmentType | undefined {
  return assignmentTypes.find((type) => assignmentRules[type].assigns === kind);
}

/** A record by which a user holds something. */
export type HeldAssignment = {
  readonly type: AssignmentType;
  /** Of the record. */
  readonly id: string;
  readonly userId: UserId;
  /** What is held: the Id of a permission set or group, of a permission set license, of a package license. */
  readonly target: string;
  /** Its name. */
  readonly label: string;
  /** Field → value with which it can be given back, but for the user: what is held, and when that ends. */
  readonly values: UserValues;
};

/** What was taken from a user, as the step that took it has kept it. */
export type TakenAssignment = Pick<HeldAssignment, 'type' | 'label' | 'values'>;

/** When an assignment ends by itself. */
export const endField = 'ExpirationDate';
