/** The one table of what `disable` and `enable` write (portal-users §9, §10). */

type ModeRule = {
  readonly operation: 'disable' | 'enable';
  /** UserLogin has one record per user, found by UserId. */
  readonly object: 'User' | 'UserLogin';
  readonly field: 'IsFrozen' | 'IsActive' | 'IsPortalEnabled';
  readonly value: boolean;
  /** The mode that takes it back; none for what can't be undone. */
  readonly undo?: 'unfreeze' | 'activate';
};

/** Never two fields in one row: with IsActive beside it, IsPortalEnabled fails in some orgs (KB 000386423 and forum). */
const rules = {
  freeze: { operation: 'disable', object: 'UserLogin', field: 'IsFrozen', value: true, undo: 'unfreeze' },
  deactivate: { operation: 'disable', object: 'User', field: 'IsActive', value: false, undo: 'activate' },
  'disable-portal': { operation: 'disable', object: 'User', field: 'IsPortalEnabled', value: false },
  unfreeze: { operation: 'enable', object: 'UserLogin', field: 'IsFrozen', value: false },
  activate: { operation: 'enable', object: 'User', field: 'IsActive', value: true },
} as const satisfies Record<string, ModeRule>;

export const disableModes = ['freeze', 'deactivate', 'disable-portal'] as const;
export const enableModes = ['unfreeze', 'activate'] as const;

export type DisableMode = (typeof disableModes)[number];
export type EnableMode = (typeof enableModes)[number];
export type Mode = DisableMode | EnableMode;

export function modeRule(mode: Mode): ModeRule {
  return rules[mode];
}

/** The mode of that name, as it is kept in run.db; undefined for a run that has none. */
export function findMode(name: string | undefined): Mode | undefined {
  return [...disableModes, ...enableModes].find((mode) => mode === name);
}
