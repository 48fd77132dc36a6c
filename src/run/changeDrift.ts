/** Before a disable or enable run goes on: users that are no longer as the plan found them. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import type { QueryRow } from '../org/query.js';
import { refuse, type UserValues } from '../plan/reasons.js';
import { modeRule, type Mode } from '../plan/userModes.js';
import { planUser, type UserDecision } from '../plan/userPlan.js';
import { readMeta, readMetaList } from './meta.js';
import type { OrgFacts } from './orgFacts.js';
import type { Emit } from './runEvents.js';
import { changeDecision } from './planRecords.js';
import { snapshotOf, UserDetailReader, userFieldsOf } from './portalUsers.js';
import { expectedOf } from './sourceRun.js';
import { numberOf, selectRows, textOf, textsOf, transaction } from './sqlite.js';
import { isInactiveSince, readProtected, readUsers } from './userSource.js';

type Drift = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly facts: OrgFacts;
  readonly emit: Emit;
};

/**
 * Decides anew about the users that are still planned, and keeps what they are now. What a job has sent is the engine's.
 * @throws OrgError, RunFault conditionRejected
 */
export async function lookAtUsersAgain({ client, db, facts, emit }: Drift, mode: Mode): Promise<void> {
  const sql = "SELECT n, userId, snapshot FROM record WHERE action = 'change' AND state = 'planned'";
  const planned = [...selectRows(db, sql)].map((row) => ({
    n: numberOf(row['n']),
    userId: textOf(row['userId']),
    snapshot: textsOf(row['snapshot']),
  }));
  const protectedBy = await readProtected(client, readMetaList(db, 'protect'));
  const ids = planned.map(({ userId }) => userId);
  const users = await readUsers(client, userFieldsOf(facts), ids);
  const details = await new UserDetailReader(client, mode).of([...users.values()]);
  const settings = { mode, protectedBy, runningUserId: client.userId };
  const isTakenBack = readMeta(db, 'fromRun') !== undefined && modeRule(mode).operation === 'enable';
  const inactiveSince = readMeta(db, 'inactiveSince');
  const decide = (user: QueryRow | undefined, userId: string, before: UserValues): UserDecision => {
    if (user === undefined) return refuse('USER_NOT_FOUND', [userId], 'gone');
    if (inactiveSince !== undefined && !isInactiveSince(user, inactiveSince)) {
      return refuse('CHANGED_SINCE', [user['Username'] ?? ''], 'loggedIn');
    }
    const login = details.logins.get(userId);
    return planUser({ user, login, ...(isTakenBack ? { expected: expectedOf(before) } : {}) }, settings);
  };
  const reasons: Record<string, number> = {};
  const keep = db.prepare('UPDATE record SET snapshot = ?, profileId = ? WHERE n = ?');
  transaction(db, () => {
    for (const { n, userId, snapshot } of planned) {
      const user = users.get(userId);
      const decision = decide(user, userId, snapshot);
      if (decision.action !== 'change') {
        changeDecision(db, n, decision);
        reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1;
      } else if (user !== undefined) {
        keep.run(JSON.stringify(snapshotOf(user, details)), user['ProfileId'] ?? null, n);
      }
    }
  });
  const rows = Object.values(reasons).reduce((sum, each) => sum + each, 0);
  if (rows > 0) emit({ type: 'drift', rows, reasons });
}
