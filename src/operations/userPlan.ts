/** The rules that decide what `disable` and `enable` do with one user: facts in, decision out. */
import { requiredValue } from '../org/queryRow.js';
import { userFieldStep } from '../kinds/userFields.js';
import { sameId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import { modeRule, type Mode } from '../model/modes.js';
import { leave, refuse, type Decision, type Unchanged } from '../model/reasons.js';
import type { ExpectedUser } from '../selection/sourceRun.js';

/** A user as the org has it. */
export type UserFacts = {
  /** User field path → value, as queried. */
  readonly user: Readonly<Record<string, string | null>>;
  /** The user's UserLogin; undefined where it is not needed, or can't be seen. */
  readonly login: { readonly id: string; readonly isFrozen: boolean } | undefined;
  /** What a run left behind that this one takes back. */
  readonly expected: ExpectedUser | undefined;
};

export type UserPlanSettings = {
  readonly mode: Mode;
  readonly runningUserId: string;
  /** User Id → the condition of --protect that it meets. */
  readonly protectedBy: ReadonlyMap<string, string>;
};

/** Whatever the selection brought: only external users are touched, never the running user, never a protected one. */
export function planUser(facts: UserFacts, settings: UserPlanSettings): Decision {
  const { user, login } = facts;
  const { mode } = settings;
  const id = requiredValue(user, 'Id');
  const username = user['Username'] ?? id;
  const external = externalType(user['UserType'] ?? null);
  if (sameId(id, settings.runningUserId)) return refuse('IS_RUNNING_USER.detail', { username });
  if (external === undefined)
    return refuse('NOT_EXTERNAL.detail', { username, userType: user['UserType'] ?? 'unknown' });
  const protection = settings.protectedBy.get(id);
  if (protection !== undefined) return refuse('PROTECTED.detail', { username, condition: protection });
  if (facts.expected !== undefined) {
    const change = findChange(facts, facts.expected, mode);
    if (change !== undefined) return refuse('CHANGED_SINCE.detail', { username, field: change });
  }
  const state = alreadyAsWanted(facts, username, mode);
  if (state !== undefined) return { ...state, userId: id };
  if (mode === 'activate' && user['IsPortalEnabled'] === 'false') return refuse('NOT_EXTERNAL.cutOff', { username });
  const rule = modeRule(mode);
  const record = rule.kind.object === 'UserLogin' ? login?.id : id;
  if (record === undefined) return refuse('USER_NOT_FOUND.noLogin', { username });
  const accountId = user['AccountId'] ?? undefined;
  return { action: 'steps', steps: [userFieldStep(rule, record, { accountId, family: external.family })] };
}

/** Which field is no longer as the earlier run left it, if any. */
function findChange(facts: UserFacts, expected: NonNullable<UserFacts['expected']>, mode: Mode): string | undefined {
  const { kind, value } = modeRule(mode);
  // The run that is taken back wrote the opposite.
  if (valueOf(facts, kind.field) !== String(!value)) return kind.field;
  if (valueOf(facts, 'ContactId') !== expected.contactId) return 'ContactId';
  return valueOf(facts, 'ProfileId') === expected.profileId ? undefined : 'ProfileId';
}

function valueOf({ user, login }: UserFacts, field: string): string | undefined {
  if (field === 'IsFrozen') return login === undefined ? undefined : String(login.isFrozen);
  return user[field] ?? undefined;
}

function alreadyAsWanted(facts: UserFacts, username: string, mode: Mode): Unchanged | undefined {
  const { kind, value } = modeRule(mode);
  if (valueOf(facts, kind.field) === String(value)) return leave(alreadyKeys[mode], { username });
  // Nobody logs in as an inactive user: there is nothing to freeze.
  const isInactive = mode === 'freeze' && facts.user['IsActive'] === 'false';
  return isInactive ? leave('ALREADY_DISABLED.inactive', { username }) : undefined;
}

const alreadyKeys = {
  freeze: 'ALREADY_DISABLED.freeze',
  deactivate: 'ALREADY_DISABLED.deactivate',
  'disable-portal': 'ALREADY_DISABLED.disable-portal',
  unfreeze: 'ALREADY_ENABLED.unfreeze',
  activate: 'ALREADY_ENABLED.activate',
} as const satisfies Record<Mode, string>;
