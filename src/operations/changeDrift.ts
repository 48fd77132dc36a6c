/** Before a disable or enable run goes on: users that are no longer as the plan found them. */
import { unlessInterrupted } from '../engine/stop.js';
import { modeRule, type Mode } from '../model/modes.js';
import { refuse, type Decision, type NothingDone } from '../model/reasons.js';
import type { QueryRow } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import { amountOf, readById } from '../selection/lookup.js';
import {
  detailsOfMode,
  snapshotOf,
  UserDetailReader,
  userFieldsOf,
  type UserDetails,
} from '../selection/portalUsers.js';
import { keptLink } from '../selection/sourceRun.js';
import { isOfLoginAge, type LoginAge } from '../selection/loginAge.js';
import { readProtected, usersById } from '../selection/userSource.js';
import { countOpenUsers, openUsers, type OpenUser } from '../store/queries/driftRows.js';
import { readMeta, requireMetaList } from '../store/meta.js';
import { transaction } from '../store/sqlite.js';
import { giveUpSubject, keepSteps, refreshSnapshot } from '../store/subjects.js';
import { refuseRest, takenBySteps } from './release/refuseRest.js';
import { releasesLicenses } from './release/releaseRun.js';
import type { LookAgain } from './operation.js';
import { planUser, type UserPlanSettings } from './userPlan.js';

/**
 * Decides anew about the users that are still planned, and keeps what they are now. What a job has sent is the engine's.
 * Nothing is ever added to a plan that somebody has agreed to.
 * @throws OrgError, RunFault conditionRejected, interrupted
 */
export async function followUserDrift({ client, db, facts, stop }: LookAgain, mode: Mode): Promise<void> {
  const amount = amountOf(countOpenUsers(db));
  const lookup = usersById(client, db, userFieldsOf(facts), amount);
  const reader = new UserDetailReader(client, db, facts, detailsOfMode(mode, releasesLicenses(db)), amount);
  const protectedBy = await unlessInterrupted(readProtected(client, requireMetaList(db, 'protect')), stop);
  const rules: DriftRules = {
    settings: { mode, protectedBy, runningUserId: client.userId, now: client.now() },
    isTakenBack: readMeta(db, 'fromRun') !== undefined && modeRule(mode).operation === 'enable',
    age: { inactiveSince: readMeta(db, 'inactiveSince'), neverLoggedInSince: readMeta(db, 'neverLoggedInSince') },
  };
  for (const planned of openUsers(db)) {
    const ids = planned.map(({ userId }) => userId);
    const users = await unlessInterrupted(readById(lookup, ids), stop);
    const details = await unlessInterrupted(reader.of([...users.values()]), stop);
    transaction(db, () => {
      for (const row of planned) {
        const { n, userId, isBegun } = row;
        const user = users.get(userId);
        const left =
          user === undefined ? refuse('USER_NOT_FOUND.gone', { userId }) : leftToDo(user, details, row, rules);
        if ('action' in left) {
          giveUpSubject(db, n, left);
          continue;
        }
        if (left.steps.length < row.steps.length) keepSteps(db, n, left.steps);
        // What was kept before the first write stays.
        if (user === undefined || isBegun) continue;
        refreshSnapshot(db, n, { snapshot: snapshotOf(user, details), profileId: user['ProfileId'] ?? undefined });
      }
    });
  }
}

type DriftRules = {
  readonly settings: UserPlanSettings;
  readonly isTakenBack: boolean;
  readonly age: LoginAge;
};

/** @returns the numbers of the steps that are still to be done, or why none is */
function leftToDo(
  user: QueryRow,
  details: UserDetails,
  row: OpenUser,
  { settings, isTakenBack, age }: DriftRules,
): { readonly steps: readonly number[] } | NothingDone {
  const username = user['Username'] ?? row.userId;
  const isSwitching = row.steps.some(({ kind }) => kind === modeRule(settings.mode).kind.name);
  if (row.isBegun && !isSwitching) {
    return refuseRest(user, row, settings) ?? { steps: row.steps.map(({ n }) => n) };
  }
  if (!isOfLoginAge(user, age)) return refuse('CHANGED_SINCE.loggedIn', { username });
  const id = requiredValue(user, 'Id');
  const decision: Decision = planUser(
    {
      user,
      login: details.logins.get(id),
      expected: isTakenBack
        ? { ...keptLink(row.snapshot), isSwitched: isSwitching, taken: takenBySteps(row.steps) }
        : undefined,
      held: details.assignments.get(id) ?? [],
    },
    settings,
  );
  if (decision.action !== 'steps') return decision;
  const isWanted = (step: OpenUser['steps'][number]): boolean =>
    decision.steps.some(({ kind, target }) => kind === step.kind && target === step.target);
  const isSwitchWanted = decision.steps.some(({ kind }) => kind === modeRule(settings.mode).kind.name);
  // Planned for what the user held, as nobody could log in with it.
  if (isSwitchWanted && !isSwitching) return refuse('CHANGED_SINCE.active', { userId: id });
  const steps = row.steps.filter(isWanted).map(({ n }) => n);
  return steps.length > 0 ? { steps } : refuse('CHANGED_SINCE.plan', { username });
}
