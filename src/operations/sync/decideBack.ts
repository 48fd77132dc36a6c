/** The rules of `enable --from-run` of a sync: what it has taken from a user is given back, and nothing else. */
import { assignPermissionSet, permissionSetSteps } from '../../kinds/assignPermissionSet.js';
import { profileWay, setProfileStep } from '../../kinds/setProfile.js';
import { userFieldStep } from '../../kinds/userFields.js';
import { modeRule, type EnableMode } from '../../model/modes.js';
import type { Profile } from '../../model/orgFacts.js';
import { refuse, type Decision, type Refusal, type UserValues, type WantedPermissionSet } from '../../model/reasons.js';
import type { PlannedStep } from '../../model/steps.js';
import { requiredValue } from '../../org/queryRow.js';
import type { OpenPerson } from '../../store/queries/syncSteps.js';
import type { TakenUser } from '../../store/queries/sourceRows.js';
import { changedField, placeOf, refuseUntouchable, type UserFacts, type UserPlanSettings } from '../userPlan.js';
import { staged } from './stages.js';

/** A user as the org has it. */
export type BackFacts = Pick<UserFacts, 'user' | 'login'> & {
  /** Ids of the permission sets and groups that the user holds. */
  readonly heldSetIds: readonly string[];
};

export type BackSettings = Pick<UserPlanSettings, 'runningUserId' | 'protectedBy'> & {
  /** All of the org, by Id. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly permissionSets: readonly WantedPermissionSet[];
};

/**
 * A user that is not as the run left it is refused. Another profile is taken back with the permission sets that the user held
 * before, as some belong to its license (docs/salesforce-facts.md#profiles).
 */
export function decideBack(
  facts: BackFacts,
  { written, snapshot: before }: Pick<TakenUser, 'written' | 'snapshot'>,
  settings: BackSettings,
): Decision {
  const { ContactId, ProfileId } = before;
  const refusal = refuseChanged(facts, { ContactId, ProfileId, ...written }, settings);
  if (refusal !== undefined) return refusal;
  const profile = written['ProfileId'] === undefined ? [] : profileSteps(facts, before, settings);
  if ('reason' in profile) return profile;
  const steps = [
    ...(written['IsActive'] === undefined ? [] : [fieldStep('activate', facts)]),
    ...profile,
    ...(written['IsFrozen'] === undefined ? [] : [fieldStep('unfreeze', facts)]),
  ];
  return { action: 'steps', steps: steps.map(staged) };
}

/** The same about what is left of a plan. @returns undefined where all of it is still to be done */
export function refuseLeft(
  facts: BackFacts,
  { snapshot, steps, isBegun }: OpenPerson,
  settings: BackSettings,
): Refusal | undefined {
  const { ContactId, ProfileId } = snapshot;
  const written = steps.filter(({ kind }) => kind !== assignPermissionSet.name);
  const fields = written.flatMap(({ values }) => Object.keys(values));
  const expected = {
    ContactId,
    // The run itself may have changed it.
    ...(isBegun ? {} : { ProfileId }),
    ...Object.fromEntries(fields.map((field) => [field, snapshot[field]])),
  };
  return refuseChanged(facts, expected, settings);
}

function refuseChanged(
  facts: BackFacts,
  expected: Readonly<Record<string, string | undefined>>,
  settings: BackSettings,
): Refusal | undefined {
  const { user, login } = facts;
  const username = user['Username'] ?? requiredValue(user, 'Id');
  const untouchable = refuseUntouchable(user, settings);
  if (untouchable !== undefined) return untouchable;
  if (user['IsPortalEnabled'] === 'false') return refuse('NOT_EXTERNAL.cutOff', { username });
  if (login === undefined && 'IsFrozen' in expected) return refuse('USER_NOT_FOUND.noLogin', { username });
  const field = changedField(facts, expected);
  return field === undefined ? undefined : refuse('CHANGED_SINCE.detail', { username, field });
}

function fieldStep(mode: EnableMode, { user, login }: BackFacts): PlannedStep {
  const rule = modeRule(mode);
  const recordId = rule.kind.object === 'UserLogin' ? login?.id : requiredValue(user, 'Id');
  if (recordId === undefined) throw new Error('a user without a UserLogin is not frozen');
  return userFieldStep(rule, recordId, placeOf(user));
}

function profileSteps(
  { user, heldSetIds }: BackFacts,
  before: UserValues,
  { profiles, permissionSets }: BackSettings,
): Refusal | readonly PlannedStep[] {
  const [current, wanted] = [profiles.get(user['ProfileId'] ?? ''), profiles.get(before['ProfileId'] ?? '')];
  if (current === undefined || wanted === undefined || profileWay(current, wanted) !== 'family')
    return refuse('CHANGED_SINCE.profile', { username: user['Username'] ?? '' });
  const { accountId } = placeOf(user);
  const [id, isActive] = [requiredValue(user, 'Id'), user['IsActive'] === 'true'];
  const heldBefore = before['PermissionSetIds']?.split(';') ?? [];
  const lacking = permissionSets.filter((set) => heldBefore.includes(set.id) && !heldSetIds.includes(set.id));
  return [
    setProfileStep({ id, accountId, isActive }, current, wanted, 'family'),
    ...permissionSetSteps(lacking, before['ContactId'] ?? id),
  ];
}
