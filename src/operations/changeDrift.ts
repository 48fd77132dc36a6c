/** Before a disable or enable run goes on: users that are no longer as the plan found them. */
import { unlessInterrupted } from '../engine/stop.js';
import { modeRule, type Mode } from '../model/modes.js';
import { refuse } from '../model/reasons.js';
import type { QueryRow } from '../org/query.js';
import { amountOf, readById } from '../selection/lookup.js';
import type { Login } from '../org/facts/userLogins.js';
import { snapshotOf, UserDetailReader, userFieldsOf } from '../selection/portalUsers.js';
import { expectedOf } from '../selection/sourceRun.js';
import { isInactiveSince, readProtected, usersById } from '../selection/userSource.js';
import { countOpenUsers, openUsers, type OpenUser } from '../store/queries/driftRows.js';
import { readMeta, requireMetaList } from '../store/meta.js';
import { transaction } from '../store/sqlite.js';
import { giveUpSubject, refreshSnapshot } from '../store/subjects.js';
import type { LookAgain } from './operation.js';
import { planUser, type UserDecision } from './userPlan.js';

/**
 * Decides anew about the users that are still planned, and keeps what they are now. What a job has sent is the engine's.
 * @throws OrgError, RunFault conditionRejected, interrupted
 */
export async function lookAtUsersAgain({ client, db, facts, emit, stop }: LookAgain, mode: Mode): Promise<void> {
  const amount = amountOf(countOpenUsers(db));
  const lookup = usersById(client, db, userFieldsOf(facts), amount);
  const reader = new UserDetailReader(client, db, mode, amount);
  const protectedBy = await unlessInterrupted(readProtected(client, requireMetaList(db, 'protect')), stop);
  const settings = { mode, protectedBy, runningUserId: client.userId };
  const isTakenBack = readMeta(db, 'fromRun') !== undefined && modeRule(mode).operation === 'enable';
  const inactiveSince = readMeta(db, 'inactiveSince');
  const decide = (
    { userId, snapshot }: OpenUser,
    user: QueryRow | undefined,
    login: Login | undefined,
  ): UserDecision => {
    if (user === undefined) return refuse('USER_NOT_FOUND.gone', { userId });
    if (inactiveSince !== undefined && !isInactiveSince(user, inactiveSince)) {
      return refuse('CHANGED_SINCE.loggedIn', { username: user['Username'] ?? '' });
    }
    return planUser({ user, login, expected: isTakenBack ? expectedOf(snapshot) : undefined }, settings);
  };
  const reasons: Record<string, number> = {};
  for (const planned of openUsers(db)) {
    const ids = planned.map(({ userId }) => userId);
    const users = await unlessInterrupted(readById(lookup, ids), stop);
    const details = await unlessInterrupted(reader.of([...users.values()]), stop);
    transaction(db, () => {
      for (const row of planned) {
        const user = users.get(row.userId);
        const decision = decide(row, user, details.logins.get(row.userId));
        if (decision.action !== 'change') {
          giveUpSubject(db, row.n, decision);
          reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1;
        } else if (user !== undefined) {
          const profileId = user['ProfileId'] ?? undefined;
          refreshSnapshot(db, row.n, { snapshot: snapshotOf(user, details), profileId });
        }
      }
    });
  }
  const rows = Object.values(reasons).reduce((sum, each) => sum + each, 0);
  if (rows > 0) emit({ type: 'drift', rows, reasons });
}
