/** Before a disable or enable run goes on: users that are no longer as the plan found them. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import type { QueryRow } from '../org/query.js';
import type { Login } from '../org/userLogins.js';
import { refuse, type UserValues } from '../model/reasons.js';
import { modeRule, type Mode } from '../model/modes.js';
import { planUser, type UserDecision } from './userPlan.js';
import { mostByLists } from '../selection/lookup.js';
import { readMeta, readMetaList } from '../store/meta.js';
import type { OrgFacts } from '../preflight/orgFacts.js';
import type { StopRequest } from '../model/runEnd.js';
import { unlessInterrupted } from '../cli/gracefulStop.js';
import { recordPages } from '../store/recordPages.js';
import type { Emit } from '../model/events.js';
import { changeDecision } from '../store/planRecords.js';
import { snapshotOf, UserDetailReader, userFieldsOf } from '../selection/portalUsers.js';
import { expectedOf } from '../selection/sourceRun.js';
import { numberOf, selectNumber, textOf, textsOf, transaction } from '../store/sqlite.js';
import { isInactiveSince, readProtected, readUsers, usersById } from '../selection/userSource.js';

type Drift = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly facts: OrgFacts;
  readonly emit: Emit;
  readonly stop: StopRequest;
};

/**
 * Decides anew about the users that are still planned, and keeps what they are now. What a job has sent is the engine's.
 * @throws OrgError, RunFault conditionRejected, interrupted
 */
export async function lookAtUsersAgain({ client, db, facts, emit, stop }: Drift, mode: Mode): Promise<void> {
  const isMany = selectNumber(db, `SELECT count(*) FROM record WHERE ${isPlanned}`) > mostByLists;
  const lookup = usersById(client, db, userFieldsOf(facts), isMany);
  const reader = new UserDetailReader(client, db, mode, isMany);
  const protectedBy = await unlessInterrupted(readProtected(client, readMetaList(db, 'protect')), stop);
  const settings = { mode, protectedBy, runningUserId: client.userId };
  const isTakenBack = readMeta(db, 'fromRun') !== undefined && modeRule(mode).operation === 'enable';
  const inactiveSince = readMeta(db, 'inactiveSince');
  const decide = (
    { userId, snapshot }: PlannedUser,
    user: QueryRow | undefined,
    login: Login | undefined,
  ): UserDecision => {
    if (user === undefined) return refuse('USER_NOT_FOUND.gone', { userId });
    if (inactiveSince !== undefined && !isInactiveSince(user, inactiveSince)) {
      return refuse('CHANGED_SINCE.loggedIn', { username: user['Username'] ?? '' });
    }
    return planUser({ user, login, ...(isTakenBack ? { expected: expectedOf(snapshot) } : {}) }, settings);
  };
  const reasons: Record<string, number> = {};
  const keep = db.prepare('UPDATE record SET snapshot = ?, profileId = ? WHERE n = ?');
  for (const planned of plannedPages(db)) {
    const ids = planned.map(({ userId }) => userId);
    const users = await unlessInterrupted(readUsers(lookup, ids), stop);
    const details = await unlessInterrupted(reader.of([...users.values()]), stop);
    transaction(db, () => {
      for (const row of planned) {
        const user = users.get(row.userId);
        const decision = decide(row, user, details.logins.get(row.userId));
        if (decision.action !== 'change') {
          changeDecision(db, row.n, decision);
          reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1;
        } else if (user !== undefined) {
          keep.run(JSON.stringify(snapshotOf(user, details)), user['ProfileId'] ?? null, row.n);
        }
      }
    });
  }
  const rows = Object.values(reasons).reduce((sum, each) => sum + each, 0);
  if (rows > 0) emit({ type: 'drift', rows, reasons });
}

type PlannedUser = { readonly n: number; readonly userId: string; readonly snapshot: UserValues };

const isPlanned = "action = 'change' AND state = 'planned'";

/** What is still planned, page by page: each may be decided about before the next page is taken. */
function* plannedPages(db: DatabaseSync): Generator<PlannedUser[]> {
  for (const rows of recordPages(db, 'userId, snapshot', isPlanned)) {
    yield rows.map((row) => ({
      n: numberOf(row['n']),
      userId: textOf(row['userId']),
      snapshot: textsOf(row['snapshot']),
    }));
  }
}
