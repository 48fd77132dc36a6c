/** The rules that decide what `disable` and `enable` do with one user: facts in, decision out. */
import { requiredValue } from '../org/queryRow.js';
import { userFieldStep } from '../kinds/userFields.js';
import { sameId, type UserId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import { alreadyKeys, modeRule, type Mode } from '../model/modes.js';
import { leave, refuse, type Decision, type Unchanged } from '../model/reasons.js';
import type { Login } from '../org/facts/userLogins.js';
import type { QueryRow } from '../org/query.js';
import type { ExpectedUser } from '../selection/sourceRun.js';

/** A user as the org has it. */
export type UserFacts = {
  readonly user: QueryRow;
  /** Undefined where it is not needed, or can't be seen. */
  readonly login: Login | undefined;
  /** What a run left behind that this one takes back. */
  readonly expected: ExpectedUser | undefined;
};

export type UserPlanSettings = {
  readonly mode: Mode;
  readonly runningUserId: UserId;
  /** User Id → the condition of --protect that it meets. */
  readonly protectedBy: ReadonlyMap<UserId, string>;
};

/** Whatever the selection brought: only external users are touched, never the running user, never a protected one. */
export function planUser(facts: UserFacts, { mode, runningUserId, protectedBy }: UserPlanSettings): Decision {
  const { user, login, expected } = facts;
  const id = requiredValue(user, 'Id');
  const username = user['Username'] ?? id;
  const userType = user['UserType'] ?? null;
  const external = externalType(userType);
  if (sameId(id, runningUserId)) return refuse('IS_RUNNING_USER.detail', { username });
  if (external === undefined) return refuse('NOT_EXTERNAL.detail', { username, userType: userType ?? 'unknown' });
  const condition = protectedBy.get(id);
  if (condition !== undefined) return refuse('PROTECTED.detail', { username, condition });
  const field = expected && findChange(facts, expected, mode);
  if (field !== undefined) return refuse('CHANGED_SINCE.detail', { username, field });
  const state = alreadyAsWanted(facts, username, mode);
  if (state !== undefined) return { ...state, userId: id };
  const rule = modeRule(mode);
  const isActivated = rule.kind.field === 'IsActive' && rule.value;
  if (isActivated && user['IsPortalEnabled'] === 'false') return refuse('NOT_EXTERNAL.cutOff', { username });
  const record = rule.kind.object === 'UserLogin' ? login?.id : id;
  if (record === undefined) return refuse('USER_NOT_FOUND.noLogin', { username });
  const accountId = user['AccountId'] ?? undefined;
  return { action: 'steps', steps: [userFieldStep(rule, record, { accountId, family: external.family })] };
}

/** Which field is no longer as the earlier run left it, if any. */
function findChange(facts: UserFacts, { contactId, profileId }: ExpectedUser, mode: Mode): string | undefined {
  const { kind, value } = modeRule(mode);
  // The run that is taken back wrote the opposite.
  const expected = { [kind.field]: String(!value), ContactId: contactId, ProfileId: profileId };
  return Object.keys(expected).find((field) => valueOf(facts, field) !== expected[field]);
}

function valueOf({ user, login }: UserFacts, field: string): string | undefined {
  if (field === 'IsFrozen') return login && String(login.isFrozen);
  return user[field] ?? undefined;
}

function alreadyAsWanted(facts: UserFacts, username: string, mode: Mode): Unchanged | undefined {
  const { kind, value } = modeRule(mode);
  if (valueOf(facts, kind.field) === String(value)) return leave(alreadyKeys[mode], { username });
  // Nobody logs in as an inactive user: there is nothing to freeze.
  const isFrozenInVain = kind.field === 'IsFrozen' && value && facts.user['IsActive'] === 'false';
  return isFrozenInVain ? leave('ALREADY_DISABLED.inactive', { username }) : undefined;
}
