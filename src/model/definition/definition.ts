/** The users that should have access, as a definition file of `sync` declares it: what `readDefinition` has found to be sound. */
import { sameId, type OrganizationId } from '../ids.js';
import type { OrgKind } from '../result.js';

export type Definition = {
  /** Where it may be applied; at least one. */
  readonly orgs: readonly AllowedOrg[];
  /** Username of the user that applies it and does nothing else. There is one wherever an action is more than a report. */
  readonly syncUser: string | undefined;
  /** At least one. A contact belongs to the first group that selects it. */
  readonly groups: readonly Group[];
  /** Condition on User: whose access this file may take away. Undefined: users with a profile that a group names. */
  readonly governs: string | undefined;
  /** Names or Ids of profiles of no group whose governed users may be leavers too. */
  readonly formerProfiles: readonly string[];
  readonly leavers: Leavers;
  readonly returners: 'report' | 'activate';
  /** A group's user with another profile. `change`: within the license family. `upgrade`: also across, without a way back. */
  readonly profile: 'report' | 'change' | 'upgrade';
  /** `exact`: of the sets that this file names, a user holds those of its group and no others. */
  readonly permissionSets: 'add' | 'exact';
  /** Conditions on User: a user that meets one is never touched. */
  readonly protect: readonly string[];
  readonly limits: Limits;
};

/** An Id of an org of 15 or 18 characters (00D…), or every sandbox. */
export type AllowedOrg = { readonly orgId: OrganizationId } | 'sandboxes';

/** The values are those of the flags of `create` with the same name. */
export type Group = {
  /** Unlike the other groups' in any case. */
  readonly name: string;
  /** A bare condition on Contact. */
  readonly contacts: string;
  /** Name or Id. */
  readonly profile: string;
  readonly portalRole: PortalRoleLevel | undefined;
  /** A template. */
  readonly username: string;
  /** As `--set` takes them: `Field=template`, each field once in any case. */
  readonly set: readonly string[];
  /** The users are to exist, no more. */
  readonly inactive: boolean;
  /** Names of permission sets or permission set groups. */
  readonly permissionSets: readonly string[];
  /** No contact in it is no reason to stop. */
  readonly mayBeEmpty: boolean;
};

type PortalRoleLevel = 'Executive' | 'Manager' | 'Worker';

type Leavers = {
  readonly action: 'report' | 'freeze';
  /** Days of 24 hours between freezing and deactivating; 0: both in one run; undefined: frozen users are never deactivated. */
  readonly deactivateAfterDays: number | undefined;
  /** With the deactivation, as `disable --release-licenses`. */
  readonly releaseLicenses: boolean;
};

/** What one run never exceeds, as whole numbers of users; all hold together. */
export type Limits = {
  readonly create: number;
  readonly activate: number;
  readonly change: number;
  readonly takeAway: number;
  /** From 0 to 1: of all governed users, and of those of each profile. */
  readonly takeAwayShare: number;
};

export const defaultLimits: Limits = { create: 500, activate: 50, change: 50, takeAway: 50, takeAwayShare: 0.1 };

/** What `readDefinition` gives. */
export type DefinitionFile = {
  readonly definition: Definition;
  /** The whole file as it was read, without a BOM: what the run folder keeps, and what a plan is compared with. */
  readonly text: string;
  /** Its path, as it was given. */
  readonly file: string;
};

/** Whether it takes anything away, gives access back or changes profiles: only `syncUser` may, as its name is the mark. */
export function needsSyncUser({ leavers, returners, profile, permissionSets }: Definition): boolean {
  return leavers.action !== 'report' || returners !== 'report' || profile !== 'report' || permissionSets === 'exact';
}

/** Whether a definition may be applied in an org: production by its Id alone. */
export function allowsOrg(
  { orgs }: Pick<Definition, 'orgs'>,
  org: { readonly orgId: OrganizationId; readonly orgKind: OrgKind },
): boolean {
  return orgs.some((allowed) =>
    allowed === 'sandboxes' ? org.orgKind === 'sandbox' : sameId(allowed.orgId, org.orgId),
  );
}
