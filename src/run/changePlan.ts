/** Makes the plan of a `disable` or `enable` run in its folder: reads the users, decides about each, keeps what they are. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import type { Mode } from '../plan/userModes.js';
import { planUser, type UserPlanSettings } from '../plan/userPlan.js';
import type { StopRequest } from './applyPlan.js';
import { writeMeta } from './meta.js';
import { insertRecords, refuseRepeatedUsers, type PlannedRecord } from './planRecords.js';
import { snapshotOf, UserDetailReader, type UserDetails } from './portalUsers.js';
import { countRecords } from './runCounts.js';
import { indexRecords } from './runDatabase.js';
import type { Emit } from './runEvents.js';
import { RunFault } from './runFault.js';
import { transaction } from './sqlite.js';
import type { SelectedUser } from './userSource.js';

export type ChangePlanSource = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly mode: Mode;
  readonly protectedBy: ReadonlyMap<string, string>;
  readonly users: AsyncGenerator<SelectedUser[]>;
  readonly emit: Emit;
  readonly stop: StopRequest;
};

/**
 * Fills run.db with a decision for every selected user, and with its snapshot. Nothing is written to the org.
 * @throws OrgError, RunFault conditionRejected, interrupted, InputFileError
 */
export async function makeChangePlan(source: ChangePlanSource): Promise<void> {
  const { client, db, mode, protectedBy, users, emit, stop } = source;
  const settings = { mode, protectedBy, runningUserId: client.userId };
  const details = new UserDetailReader(client, mode);
  let n = 0;
  emit({ type: 'stage', stage: 'read' });
  for await (const page of users) {
    if (stop.cause() === 'signal') throw new RunFault('interrupted');
    const known = await details.of(page.flatMap(({ user }) => (user === undefined ? [] : [user])));
    insertRecords(
      db,
      page.map((selected) => decide(selected, ++n, known, settings)),
    );
    emit({ type: 'read', contacts: n });
  }
  emit({ type: 'stage', stage: 'plan' });
  transaction(db, () => {
    indexRecords(db);
  });
  refuseRepeatedUsers(db);
  writeMeta(db, { plannedAt: new Date().toISOString() });
  const { planned, unchanged, refused } = countRecords(db);
  emit({ type: 'planned', planned, unchanged, refused });
}

function decide(selected: SelectedUser, n: number, known: UserDetails, settings: UserPlanSettings): PlannedRecord {
  const { key, line, user = {}, expected, refusal } = selected;
  const id = user['Id'] ?? null;
  const facts = { user, login: known.logins.get(id ?? ''), ...(expected === undefined ? {} : { expected }) };
  return {
    n,
    key,
    line: line ?? null,
    cells: {},
    contactId: user['ContactId'] ?? null,
    accountId: user['AccountId'] ?? null,
    contactName: user['Name'] ?? '',
    accountName: user['Account.Name'] ?? null,
    decision: refusal ?? planUser(facts, settings),
    givenNickname: null,
    givenFederationId: null,
    user: { id, username: user['Username'] ?? null, snapshot: snapshotOf(user, known) },
  };
}
