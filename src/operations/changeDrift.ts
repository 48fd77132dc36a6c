/** Before a disable or enable run goes on: users that are no longer as the plan found them. */
import { unlessInterrupted } from '../engine/stop.js';
import { modeRule, type Mode } from '../model/modes.js';
import { refuse, type Decision } from '../model/reasons.js';
import type { QueryRow } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import { amountOf, readById } from '../selection/lookup.js';
import type { Login } from '../org/facts/userLogins.js';
import { detailsOfMode, snapshotOf, UserDetailReader, userFieldsOf } from '../selection/portalUsers.js';
import { expectedOf } from '../selection/sourceRun.js';
import { isOfLoginAge } from '../selection/loginAge.js';
import { readProtected, usersById } from '../selection/userSource.js';
import { countOpenUsers, openUsers, type OpenUser } from '../store/queries/driftRows.js';
import { readMeta, requireMetaList } from '../store/meta.js';
import { transaction } from '../store/sqlite.js';
import { giveUpSubject, refreshSnapshot } from '../store/subjects.js';
import type { LookAgain } from './operation.js';
import { planUser } from './userPlan.js';

/**
 * Decides anew about the users that are still planned, and keeps what they are now. What a job has sent is the engine's.
 * @throws OrgError, RunFault conditionRejected, interrupted
 */
export async function followUserDrift({ client, db, facts, stop }: LookAgain, mode: Mode): Promise<void> {
  const amount = amountOf(countOpenUsers(db));
  const lookup = usersById(client, db, userFieldsOf(facts), amount);
  const reader = new UserDetailReader(client, db, detailsOfMode(mode), amount);
  const protectedBy = await unlessInterrupted(readProtected(client, requireMetaList(db, 'protect')), stop);
  const settings = { mode, protectedBy, runningUserId: client.userId };
  const isTakenBack = readMeta(db, 'fromRun') !== undefined && modeRule(mode).operation === 'enable';
  const age = { inactiveSince: readMeta(db, 'inactiveSince'), neverLoggedInSince: readMeta(db, 'neverLoggedInSince') };
  const decide = (user: QueryRow, login: Login | undefined, { snapshot }: OpenUser): Decision => {
    if (!isOfLoginAge(user, age)) {
      return refuse('CHANGED_SINCE.loggedIn', { username: user['Username'] ?? requiredValue(user, 'Id') });
    }
    return planUser({ user, login, expected: isTakenBack ? expectedOf(snapshot) : undefined }, settings);
  };
  for (const planned of openUsers(db)) {
    const ids = planned.map(({ userId }) => userId);
    const users = await unlessInterrupted(readById(lookup, ids), stop);
    const details = await unlessInterrupted(reader.of([...users.values()]), stop);
    transaction(db, () => {
      for (const row of planned) {
        const { n, userId } = row;
        const user = users.get(userId);
        const decision = user && decide(user, details.logins.get(userId), row);
        if (user === undefined || decision === undefined)
          giveUpSubject(db, n, refuse('USER_NOT_FOUND.gone', { userId }));
        else if (decision.action !== 'steps') giveUpSubject(db, n, decision);
        else refreshSnapshot(db, n, { snapshot: snapshotOf(user, details), profileId: user['ProfileId'] ?? undefined });
      }
    });
  }
}
