/** Before a disable or enable run goes on: users that are no longer as the plan found them. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { refuse } from '../plan/reasons.js';
import type { Mode } from '../plan/userModes.js';
import { planUser } from '../plan/userPlan.js';
import { readMetaList } from './meta.js';
import type { OrgFacts } from './orgFacts.js';
import { changeDecision } from './planRecords.js';
import { snapshotOf, UserDetailReader, userFieldsOf } from './portalUsers.js';
import { numberOf, selectRows, textOf, transaction } from './sqlite.js';
import { readProtected, readUsers } from './userSource.js';

/**
 * Decides anew about the users that are still planned, and keeps what they are now. What a job has sent is the engine's.
 * @throws OrgError, RunFault conditionRejected
 */
export async function lookAtUsersAgain(
  db: DatabaseSync,
  client: OrgClient,
  facts: OrgFacts,
  mode: Mode,
): Promise<void> {
  const sql = "SELECT n, userId, attempts FROM record WHERE action = 'change' AND state = 'planned'";
  const planned = [...selectRows(db, sql)].map((row) => ({
    n: numberOf(row['n']),
    userId: textOf(row['userId']),
    isTried: numberOf(row['attempts']) > 0,
  }));
  const protectedBy = await readProtected(client, readMetaList(db, 'protect'));
  const ids = planned.map(({ userId }) => userId);
  const users = await readUsers(client, userFieldsOf(facts), ids);
  const details = await new UserDetailReader(client, mode).of([...users.values()]);
  const settings = { mode, protectedBy, runningUserId: client.userId };
  const keep = db.prepare('UPDATE record SET snapshot = ? WHERE n = ?');
  transaction(db, () => {
    for (const { n, userId, isTried } of planned) {
      const user = users.get(userId);
      const decision =
        user === undefined
          ? refuse('USER_NOT_FOUND', [userId], 'gone')
          : planUser({ user, login: details.logins.get(userId) }, settings);
      // The answer of an earlier try may be lost: what is as wanted now may be our own doing, and is done once more.
      if (isTried && decision.action === 'unchanged') continue;
      if (decision.action !== 'change') changeDecision(db, n, decision);
      else if (user !== undefined) keep.run(JSON.stringify(snapshotOf(user, details)), n);
    }
  });
}
