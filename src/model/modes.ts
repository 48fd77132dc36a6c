/** What `disable` and `enable` write: one table of fields, one of modes (docs/ways-to-take-access-away.md). */

export const disableModes = ['freeze', 'deactivate', 'disable-portal'] as const;
export const enableModes = ['unfreeze', 'activate'] as const;

export type DisableMode = (typeof disableModes)[number];
export type EnableMode = (typeof enableModes)[number];
export type Mode = DisableMode | EnableMode;

/** A kind of step that writes one field of a user. */
export type UserFieldRule = {
  readonly name: 'cutOff' | 'setFrozen' | 'setActive';
  /** At which it is written (src/model/steps.ts). */
  readonly stage: number;
  /** UserLogin has one record per user, found by UserId. Collections are documented for it alone. */
  readonly object: 'User' | 'UserLogin';
  readonly field: 'IsFrozen' | 'IsActive' | 'IsPortalEnabled';
  /** Licenses that writing `true` takes. */
  readonly seats: 0 | 1;
  /** What is read back, where success has to be proven: fields of User. */
  readonly readBack?: readonly string[];
};

// Never two fields in one row: with IsActive beside it, IsPortalEnabled fails in some orgs (KB 000386423 and forum).
const cutOff: UserFieldRule = {
  name: 'cutOff',
  stage: 1,
  object: 'User',
  field: 'IsPortalEnabled',
  seats: 1,
  // What is free again, and what the old user still holds (docs/salesforce-facts.md#taking-access-away).
  readBack: ['Username', 'CommunityNickname', 'FederationIdentifier', 'IsActive', 'IsPortalEnabled', 'ContactId'],
};
const setFrozen: UserFieldRule = { name: 'setFrozen', stage: 2, object: 'UserLogin', field: 'IsFrozen', seats: 0 };
const setActive: UserFieldRule = { name: 'setActive', stage: 3, object: 'User', field: 'IsActive', seats: 1 };

export const userFields: readonly UserFieldRule[] = [cutOff, setFrozen, setActive];

export type ModeRule = {
  readonly operation: 'disable' | 'enable';
  readonly kind: UserFieldRule;
  readonly value: boolean;
  /** What the running user must be allowed to (src/preflight/changeChecks.ts). */
  readonly needs: 'freezing' | 'disabling' | 'activating';
  /** What is read of the users besides their fields: to be kept, or because sites take them in by it. */
  readonly reads?: ReadonlyArray<'permissionSets' | 'roleLevels'>;
  /** What users hold besides their license can be taken away, too (--release-licenses): they are switched off, not only frozen. */
  readonly releases?: true;
  /** Users come back into sites, which may welcome them by mail. */
  readonly mails?: true;
  /** The mode that takes it back; none for what can't be undone. */
  readonly undo?: EnableMode;
};

const both = ['permissionSets', 'roleLevels'] as const;

const rules: Readonly<Record<Mode, ModeRule>> = {
  freeze: { operation: 'disable', kind: setFrozen, value: true, needs: 'freezing', undo: 'unfreeze' },
  deactivate: {
    operation: 'disable',
    kind: setActive,
    value: false,
    needs: 'disabling',
    releases: true,
    undo: 'activate',
  },
  'disable-portal': {
    operation: 'disable',
    kind: cutOff,
    value: false,
    needs: 'disabling',
    reads: both,
    releases: true,
  },
  unfreeze: { operation: 'enable', kind: setFrozen, value: false, needs: 'freezing' },
  activate: {
    operation: 'enable',
    kind: setActive,
    value: true,
    needs: 'activating',
    reads: ['permissionSets'],
    mails: true,
  },
};

export function modeRule(mode: Mode): ModeRule {
  return rules[mode];
}

/** Why a user is left alone who is as the mode wants it. */
export const alreadyKeys = {
  freeze: 'ALREADY_DISABLED.freeze',
  deactivate: 'ALREADY_DISABLED.deactivate',
  'disable-portal': 'ALREADY_DISABLED.disable-portal',
  unfreeze: 'ALREADY_ENABLED.unfreeze',
  activate: 'ALREADY_ENABLED.activate',
} as const satisfies Record<Mode, string>;

/** The guard of a run that takes a sync back, as a key of its text and advice: what the next sync does about it. */
export const syncAgainFacts = {
  'syncAgain.enable': [],
  'syncAgain.freeze': [],
  'syncAgain.deactivate': [],
  'syncAgain.disable-portal': [],
} as const satisfies Record<`syncAgain.${DisableMode | 'enable'}`, readonly []>;

/** The mode of disable that an enable mode takes back: given again, it undoes the undoing. */
export function modeUndoneBy(mode: Mode): DisableMode | undefined {
  return disableModes.find((each) => rules[each].undo === mode);
}

/** Whether nothing takes it back. */
export function isForGood(mode: Mode): boolean {
  const { operation, undo } = rules[mode];
  return operation === 'disable' && undo === undefined;
}

/** The mode of that name; undefined where there is none of it. */
export function modeNamed(name: string): Mode | undefined {
  return [...disableModes, ...enableModes].find((each) => each === name);
}
