/** The rules of `enable --from-run` of a sync: what it has taken from a user is given back, and nothing else. */
import { giveBackSteps } from '../../kinds/assignLicense.js';
import { permissionSetSteps } from '../../kinds/assignPermissionSet.js';
import { profileWay, setProfileStep } from '../../kinds/setProfile.js';
import { userFieldStep } from '../../kinds/userFields.js';
import { assignKindNames } from '../../model/access/assignments.js';
import { modeRule, type EnableMode } from '../../model/modes.js';
import type { Profile } from '../../model/orgFacts.js';
import {
  leave,
  refuse,
  type Decision,
  type Refusal,
  type UserValues,
  type WantedPermissionSet,
} from '../../model/reasons.js';
import type { PlannedStep } from '../../model/steps.js';
import { requiredValue, type QueryRow } from '../../org/queryRow.js';
import type { OpenPerson } from '../../store/queries/syncSteps.js';
import type { TakenUser } from '../../store/queries/sourceRows.js';
import { changedField, placeOf, refuseUntouchable, type UserFacts, type UserPlanSettings } from '../userPlan.js';
import { staged, stagedGiveBack } from './stages.js';

/** A user as the org has it. */
export type BackFacts = Pick<UserFacts, 'user' | 'login'> & {
  /** Ids of the permission sets and groups that the user holds. */
  readonly heldSetIds: readonly string[];
};

export type BackSettings = Pick<UserPlanSettings, 'runningUserId' | 'protectedBy' | 'now'> & {
  /** All of the org, by Id. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly permissionSets: readonly WantedPermissionSet[];
};

/**
 * A user that is not as the run left it is refused; what is as it was before the run is done. Another profile is taken back with
 * the permission sets that the user held before, as some belong to its license (docs/salesforce-facts.md#profiles).
 */
export function decideBack(facts: BackFacts, changed: Omit<TakenUser, 'userId'>, settings: BackSettings): Decision {
  const { newProfileId, snapshot: before } = changed;
  const { ContactId, ProfileId } = before;
  const written = stillWritten(facts, changed);
  const isProfileBack = changed.written['ProfileId'] !== written['ProfileId'];
  const kept = { ContactId, ProfileId: isProfileBack ? ProfileId : (newProfileId ?? ProfileId) };
  const refusal = refuseChanged(facts, { ...kept, ...stillActive(before), ...written }, settings);
  if (refusal !== undefined) return refusal;
  const profile = written['ProfileId'] === undefined ? [] : profileSteps(facts, before, settings);
  if ('reason' in profile) return profile;
  const switched = [
    ...(written['IsActive'] === undefined ? [] : [fieldStep('activate', facts)]),
    ...profile,
    ...(written['IsFrozen'] === undefined ? [] : [fieldStep('unfreeze', facts)]),
  ];
  const steps = [...switched.map(staged), ...heldSteps(facts, { ...changed, written }, settings).map(stagedGiveBack)];
  if (steps.length > 0) return { action: 'steps', steps };
  const userId = requiredValue(facts.user, 'Id');
  return { ...leave('ALREADY_ENABLED.ended', { username: facts.user['Username'] ?? userId }), userId };
}

/** Without the fields that have their values from before again, by an earlier undo or by somebody else. */
function stillWritten(facts: BackFacts, { written, snapshot }: Pick<TakenUser, 'written' | 'snapshot'>): UserValues {
  const fields = Object.entries(written).filter(
    ([field]) => changedField(facts, { [field]: snapshot[field] }) !== undefined,
  );
  return Object.fromEntries(fields);
}

/** The same about what is left of a plan. @returns undefined where all of it is still to be done */
export function refuseLeft(
  facts: BackFacts,
  { snapshot, steps, isBegun, isSwitched }: OpenPerson,
  settings: BackSettings,
): Refusal | undefined {
  const { ContactId, ProfileId } = snapshot;
  const written = steps.filter(({ kind }) => !assignKindNames.includes(kind));
  const fields = written.flatMap(({ values }) => Object.keys(values));
  const expected = {
    ContactId,
    // The run itself may have changed it.
    ...(isBegun ? {} : { ProfileId }),
    ...stillActive(isSwitched ? { IsActive: 'true' } : snapshot),
    ...Object.fromEntries(fields.map((field) => [field, snapshot[field]])),
  };
  return refuseChanged(facts, expected, settings);
}

/** Nothing is given back to a user whom somebody else has switched off. */
function stillActive({ IsActive }: UserValues): UserValues {
  return IsActive === 'true' ? { IsActive } : {};
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
  if (login === undefined && 'IsFrozen' in expected) return refuse('LOGIN_HIDDEN.detail', { username });
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
  { user }: BackFacts,
  before: UserValues,
  { profiles }: BackSettings,
): Refusal | readonly PlannedStep[] {
  const profileOf = ({ ProfileId: id }: QueryRow): Profile | undefined => (id == null ? undefined : profiles.get(id));
  const [current, wanted] = [profileOf(user), profileOf(before)];
  if (current === undefined || wanted === undefined || profileWay(current, wanted) !== 'family')
    return refuse('CHANGED_SINCE.profile', { username: user['Username'] ?? '' });
  const { accountId } = placeOf(user);
  const [id, isActive] = [requiredValue(user, 'Id'), user['IsActive'] === 'true'];
  return [setProfileStep({ id, accountId, isActive }, current, wanted, 'family')];
}

/** What was taken from the user and is lacking, and after a change of the profile also what went with it. */
function heldSteps(
  { user, heldSetIds }: BackFacts,
  { written, taken, snapshot: before }: Omit<TakenUser, 'userId'>,
  { permissionSets, now }: BackSettings,
): PlannedStep[] {
  const id = requiredValue(user, 'Id');
  const isTaken = (setId: string): boolean => taken.some(({ values }) => Object.values(values).includes(setId));
  const heldBefore = written['ProfileId'] === undefined ? [] : (before['PermissionSetIds']?.split(';') ?? []);
  const lost = permissionSets.filter(
    (set) => heldBefore.includes(set.id) && !heldSetIds.includes(set.id) && !isTaken(set.id),
  );
  return [...giveBackSteps(taken, id, now), ...permissionSetSteps(lost, id)];
}
