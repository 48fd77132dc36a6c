/** A new user for a contact. */
import { readBoolean } from '../model/booleanWords.js';
import { idKey, type AccountId, type ContactId } from '../model/ids.js';
import { decideExisting, type UserValues } from '../model/reasons.js';
import type { Answer, StepOutcome, RowRefusal } from '../model/outcomes.js';
import { classifyRowError } from '../model/rowErrors.js';
import type { LicenseFamily, PlannedStep, Step, StepIdentity } from '../model/steps.js';
import { judgingBy, type RowKind } from '../engine/kind.js';
import { isTriedEnough, judgeRefusal, sendAgain } from '../engine/rowOutcome.js';
import { requireMetaList } from '../store/meta.js';
import { nextNickname } from './nicknames.js';
import { isOfUserThere } from './rivalJobs.js';
import { askForUsers, type OthersUser, type UserTruth } from './userReconcile.js';

const name = 'createUser';
const stage = 4;

/** @param accountId its users are never in two jobs at a time, as they lock it */
export function createUserStep(
  values: UserValues,
  { contactId, accountId, family }: { contactId: ContactId; accountId: AccountId | undefined; family: LicenseFamily },
  identity: StepIdentity,
): PlannedStep {
  const seats = makesActive(values['IsActive']) ? 1 : 0;
  return { kind: name, stage, target: contactId, values, seats, family, lock: accountId, identity };
}

/** @param isActive the value of IsActive; users are active unless it says otherwise */
export function makesActive(isActive: string | undefined): boolean {
  return isActive === undefined || readBoolean(isActive) !== false;
}

export const createUser: RowKind = {
  name,
  request: { object: 'User', operation: 'insert' },
  takesCollections: false,
  hasCanary: true,
  columns: (db) => requireMetaList(db, 'columns'),
  row: ({ values }) => values,
  record: ({ values }) => values,
  keyOfStep: ({ target }) => idKey(target),
  keyOfResult: (result) => idKey(result['ContactId']),
  judging: judgingBy<UserTruth>({
    mustAsk: isUserQuestion,
    look: (context, steps, { orgId }) => askForUsers(context, steps, orgId),
    judge: judgeUser,
    // Users are made by jobs alone.
    isDoneBy: () => false,
  }),
};

/**
 * Whether the org has to be asked before the row of a new user can be judged. A nickname that was made up of the ContactId
 * and is taken may be that of the contact's own user: nobody has documented which of its checks Salesforce does first.
 */
export function isUserQuestion(answer: Answer | undefined): boolean {
  if (answer === undefined) return true;
  if (answer === 'unprocessed' || 'id' in answer) return false;
  return isOfUserThere(answer.error);
}

/** @param random 0 to 1, spreads the rows that are sent again */
export function judgeUser(
  step: Step,
  answer: Answer | undefined,
  truth: UserTruth | undefined,
  random: number,
): StepOutcome {
  if (truth?.truth === 'ours') return { outcome: 'done', userId: truth.userId, created: 'unknown' };
  if (truth?.truth === 'someoneElses') return leaveToOthers(truth.user);
  if (truth?.truth === 'contested') {
    // Refused because the user was there: the other run made it. Not answered: one of the two did.
    if (answer !== undefined) return leaveToOthers(truth.user);
    return { outcome: 'done', userId: truth.user.id, created: 'unknown' };
  }
  if (answer === undefined || answer === 'unprocessed') return sendAgain(step, random);
  if ('error' in answer) {
    const isNickname = classifyRowError(answer.error.code, answer.error.message) === 'repairNickname';
    return isNickname ? repairNickname(step, answer.error) : judgeRefusal(step, answer.error, random);
  }
  return answer.id === undefined ? sendAgain(step, random) : { outcome: 'done', userId: answer.id, created: 'yes' };
}

/** Somebody else gave the contact a user: it gets the permission sets that were asked for, if it has the profile that was. */
function leaveToOthers(user: OthersUser): StepOutcome {
  return { outcome: 'dropped', verdict: decideExisting(user), continues: user.isActive && user.hasWantedProfile };
}

/** Only a nickname that we made up may become another one. */
function repairNickname(step: Step, error: RowRefusal): StepOutcome {
  if (step.nicknameIsGiven || step.nickname === undefined || isTriedEnough(step))
    return { outcome: 'failed', ...error };
  return { outcome: 'again', delay: 0, nickname: nextNickname(step.nickname), error };
}
