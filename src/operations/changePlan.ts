/** Makes the plan of a `disable` or `enable` run in its folder: reads the users, decides about each, keeps what they are. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import type { Mode } from '../model/modes.js';
import { planUser, type UserPlanSettings } from './userPlan.js';
import type { StopRequest } from '../model/runEnd.js';
import { insertRecords, refuseRepeatedUsers, type PlannedRecord } from '../store/planRecords.js';
import { unlessInterrupted } from '../cli/gracefulStop.js';
import { watched, withSize } from '../selection/pages.js';
import { endPlan } from '../run/planEnd.js';
import { snapshotOf, UserDetailReader, type UserDetails } from '../selection/portalUsers.js';
import { indexRecords } from '../store/runDatabase.js';
import type { Emit } from '../model/events.js';
import type { SelectedUser } from '../selection/userSource.js';

export type ChangePlanSource = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly mode: Mode;
  readonly protectedBy: ReadonlyMap<string, string>;
  /** @param db where copies may lie */
  readonly users: (db: DatabaseSync) => AsyncGenerator<SelectedUser[]>;
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
  let details: UserDetailReader | undefined;
  let n = 0;
  emit({ type: 'stage', stage: 'read' });
  for await (const { rows, isMany } of withSize(watched(users(db), emit, stop))) {
    details ??= new UserDetailReader(client, db, mode, isMany);
    const found = rows.flatMap(({ user }) => (user === undefined ? [] : [user]));
    const known = await unlessInterrupted(details.of(found), stop);
    insertRecords(
      db,
      rows.map((selected) => decide(selected, ++n, known, settings)),
    );
  }
  emit({ type: 'stage', stage: 'plan' });
  indexRecords(db);
  refuseRepeatedUsers(db);
  endPlan(db, emit, stop);
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
