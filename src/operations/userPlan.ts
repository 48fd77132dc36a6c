/** The rules that decide what `disable` and `enable` do with one user: facts in, decision out. */
import { requiredValue } from '../org/queryRow.js';
import { giveBackSteps } from '../kinds/assignLicense.js';
import { removeStep } from '../kinds/removeAssignment.js';
import { userFieldStep, type UserPlace } from '../kinds/userFields.js';
import type { HeldAssignment } from '../model/access/assignments.js';
import { sameId, type UserId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import { alreadyKeys, modeRule, type Mode } from '../model/modes.js';
import { leave, refuse, type Decision, type Refusal, type Unchanged } from '../model/reasons.js';
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
  /** What is to be taken away; nothing unless that is asked for. */
  readonly held: readonly HeldAssignment[];
};

export type UserPlanSettings = {
  readonly mode: Mode;
  readonly runningUserId: UserId;
  /** User Id → the condition of --protect that it meets. */
  readonly protectedBy: ReadonlyMap<UserId, string>;
  /** The org's clock, milliseconds. */
  readonly now: number;
};

/** Whatever the selection brought: only external users are touched, never the running user, never a protected one. */
export function refuseUntouchable(
  user: QueryRow,
  { runningUserId, protectedBy }: Pick<UserPlanSettings, 'runningUserId' | 'protectedBy'>,
): Refusal | undefined {
  const id = requiredValue(user, 'Id');
  const username = user['Username'] ?? id;
  const userType = user['UserType'] ?? null;
  if (sameId(id, runningUserId)) return refuse('IS_RUNNING_USER.detail', { username });
  if (externalType(userType) === undefined) {
    return refuse('NOT_EXTERNAL.detail', { username, userType: userType ?? 'unknown' });
  }
  const condition = protectedBy.get(id);
  return condition === undefined ? undefined : refuse('PROTECTED.detail', { username, condition });
}

export function planUser(facts: UserFacts, { mode, now, ...settings }: UserPlanSettings): Decision {
  const { user, login, expected, held } = facts;
  const untouchable = refuseUntouchable(user, settings);
  if (untouchable !== undefined) return untouchable;
  const id = requiredValue(user, 'Id');
  const username = user['Username'] ?? id;
  const field = expected && findChange(facts, expected, mode);
  if (field !== undefined) return refuse('CHANGED_SINCE.detail', { username, field });
  const further = [...held.map((each) => removeStep(each, id)), ...giveBackSteps(expected?.taken ?? [], id, now)];
  const alone: Decision = { action: 'steps', steps: further };
  if (expected?.isSwitched === false) {
    return further.length > 0 ? alone : { ...leave('ALREADY_ENABLED.ended', { username }), userId: id };
  }
  const state = alreadyAsWanted(facts, username, mode);
  // Nothing is taken from a user who is active, whatever else the user is; what was taken is given back to one.
  const isFurtherDone = expected !== undefined || user['IsActive'] === 'false';
  if (state !== undefined) return further.length > 0 && isFurtherDone ? alone : { ...state, userId: id };
  const rule = modeRule(mode);
  const isActivated = rule.kind.field === 'IsActive' && rule.value;
  if (isActivated && user['IsPortalEnabled'] === 'false') return refuse('NOT_EXTERNAL.cutOff', { username });
  const record = rule.kind.object === 'UserLogin' ? login?.id : id;
  if (record === undefined) return refuse('LOGIN_HIDDEN.detail', { username });
  return { action: 'steps', steps: [userFieldStep(rule, record, placeOf(user)), ...further] };
}

/** @param user an external one @throws OrgError malformed if it has no profile, by which licenses and emails are counted: every external user has one */
export function placeOf(user: QueryRow): UserPlace {
  requiredValue(user, 'ProfileId');
  const external = externalType(user['UserType'] ?? null);
  if (external === undefined) throw new Error(`user ${requiredValue(user, 'Id')} is not external`);
  const isActive = user['IsActive'] !== 'false';
  return { accountId: user['AccountId'] ?? undefined, family: external.family, isActive };
}

/** Which field is no longer as the earlier run left it, if any. A user who was let in again, by whomever, is as before that run. */
function findChange(
  facts: UserFacts,
  { contactId, profileId, isSwitched }: ExpectedUser,
  mode: Mode,
): string | undefined {
  const { kind, value } = modeRule(mode);
  const isLetIn = valueOf(facts, kind.field) === String(value);
  // The run that is taken back wrote the opposite.
  const written = isSwitched && !isLetIn ? { [kind.field]: String(!value) } : {};
  return changedField(facts, { ...written, ContactId: contactId, ProfileId: profileId });
}

/** The first field that has another value than it should. @param expected undefined: no value */
export function changedField(
  facts: Pick<UserFacts, 'user' | 'login'>,
  expected: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return Object.keys(expected).find((field) => valueOf(facts, field) !== expected[field]);
}

function valueOf({ user, login }: Pick<UserFacts, 'user' | 'login'>, field: string): string | undefined {
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
