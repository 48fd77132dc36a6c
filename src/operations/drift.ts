/**
 * Between a plan and its being applied the org goes on. Decides anew about the rows whose facts have changed; what was
 * shown and agreed to (names, addresses, usernames) is never made anew.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { readPermissionSets } from '../org/permissionSets.js';
import type { QueryRow } from '../org/query.js';
import { checkEligible, decideAboutUser, type ExistingUser } from './contactPlan.js';
import type { Profile } from '../model/orgFacts.js';
import { refuse, type Decision, type WantedPermissionSet } from '../model/reasons.js';
import { wantedPermissionSetIds } from '../store/assignmentRecords.js';
import { ExistingUsers, refuseTakenIdentities } from '../selection/existingUsers.js';
import { Lookup, mostByLists } from '../selection/lookup.js';
import type { OrgFacts } from '../preflight/orgFacts.js';
import type { StopRequest } from '../model/runEnd.js';
import type { Clock } from '../engine/clock.js';
import { unlessInterrupted } from '../cli/gracefulStop.js';
import { changeDecision, isToBeActive, isUnsent } from '../store/planRecords.js';
import { planRoles } from './planRoles.js';
import { eligibilityFields } from './planSettings.js';
import { recordPages } from '../store/recordPages.js';
import { recordMade } from '../store/recordRows.js';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import { numberOf, selectNumber, selectRows, textOf, transaction } from '../store/sqlite.js';
import { askOrg, type Truth } from '../kinds/userReconcile.js';

type Drift = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly facts: Pick<OrgFacts, 'profiles' | 'contactFields'>;
  readonly emit: Emit;
  readonly stop: StopRequest;
  readonly clock: Clock;
};

/**
 * Looks at the rows of which nothing is under way: users to be made, and permission sets for users who were there. Rows
 * that a job has taken, and users that the run has made, are the engine's. Rows that were sent, and wait to be sent again,
 * may have been done since: such a user is this run's own. Asks a few questions for all rows together.
 * @throws OrgError, RunFault interrupted; what was decided until then is recorded, and the rest can be asked again
 */
export async function followDrift(drift: Drift): Promise<void> {
  const { client, db, facts, emit, stop } = drift;
  const profiles = new Map(facts.profiles.map((profile) => [profile.id, profile]));
  const before = countDecisions(db);
  const known = wantedPermissionSetIds(db).length > 0 ? await readPermissionSets(client) : [];
  const sets = new Map(known.map((set) => [set.id, set]));
  const users = await followUsers(drift, profiles, sets);
  await followContacts(drift, profiles, sets);
  followPermissionSets(db, sets);
  await unlessInterrupted(refuseTakenIdentities(client, db, users.table), stop);
  await planRoles(client, db, profiles);
  const changes = [...countDecisions(db)].map(([why, rows]) => [why, rows - (before.get(why) ?? 0)] as const);
  const reasons = Object.fromEntries(changes.filter(([, rows]) => rows > 0));
  const rows = Object.values(reasons).reduce((sum, each) => sum + each, 0);
  if (rows > 0) emit({ type: 'drift', rows, reasons });
}

/** SQL: permission sets are still to be given to a user who was there, and no job is about to. */
const isUnassigned = `action = 'assign' AND state = 'userReady'
  AND NOT EXISTS (SELECT 1 FROM assignment WHERE assignment.record = record.n AND assignment.state = 'sent')`;

/** Rows that no user is to be made for, by their reason, or the word `assign`. */
function countDecisions(db: DatabaseSync): ReadonlyMap<string, number> {
  const sql = `SELECT coalesce(reason, action) AS why, count(*) AS rows FROM record WHERE action <> 'create' GROUP BY why`;
  return new Map([...selectRows(db, sql)].map((row) => [textOf(row['why']), numberOf(row['rows'])]));
}

type OpenRow = {
  readonly n: number;
  readonly contactId: string;
  readonly profileId: string;
  readonly isActive: boolean;
  /** The user who was there when the plan was made. */
  readonly userId: string | undefined;
  /** Has been given a permission set by this run. */
  readonly isBegun: boolean;
  /** A job has sent it before, or may have. */
  readonly wasSent: boolean;
  /** What Salesforce has answered to that is not known. */
  readonly isAnswerLost: boolean;
  readonly permissionSets: readonly WantedPermissionSet[];
};

const openColumns = `contactId, profileId, ${isToBeActive} AS isActive, iif(action = 'assign', userId, NULL) AS userId,
  EXISTS (SELECT 1 FROM assignment WHERE assignment.record = record.n AND assignment.state = 'done') AS isBegun,
  action = 'create' AND (job IS NOT NULL OR attempts > 0) AS wasSent,
  EXISTS (SELECT 1 FROM job WHERE job.n = record.job AND orgState = 'gone') AS isAnswerLost`;

/** The open rows that meet a condition, page by page: each may be decided about before the next page is taken. */
function* openPages(db: DatabaseSync, condition: string, sets: PermissionSets): Generator<OpenRow[]> {
  for (const rows of recordPages(db, openColumns, condition)) {
    const wanted = wantedPermissionSets(db, sets, numberOf(rows[0]?.['n']), numberOf(rows.at(-1)?.['n']));
    yield rows.map((row) => ({
      n: numberOf(row['n']),
      contactId: textOf(row['contactId']),
      profileId: textOf(row['profileId']),
      isActive: numberOf(row['isActive']) === 1,
      userId: row['userId'] === null ? undefined : textOf(row['userId']),
      isBegun: numberOf(row['isBegun']) === 1,
      wasSent: numberOf(row['wasSent']) === 1,
      isAnswerLost: numberOf(row['isAnswerLost']) === 1,
      permissionSets: wanted.get(numberOf(row['n'])) ?? [],
    }));
  }
}

/** Whether more rows meet a condition than IN lists are good for. */
function areMany(db: DatabaseSync, condition: string): boolean {
  return selectNumber(db, `SELECT count(*) FROM record WHERE ${condition}`) > mostByLists;
}

/** Somebody may have given a contact a user, or taken or changed the one that it had; or this run itself, by an earlier job. */
async function followUsers(
  drift: Drift,
  profiles: ReadonlyMap<string, Profile>,
  sets: PermissionSets,
): Promise<ExistingUsers> {
  const { client, db, stop } = drift;
  const condition = `(${isUnsent}) OR (${isUnassigned})`;
  const users = new ExistingUsers(client, db, sets.size > 0);
  if (areMany(db, condition)) users.copyAll();
  for (const rows of openPages(db, condition, sets)) {
    const existing = await unlessInterrupted(users.of(rows.map(({ contactId }) => contactId)), stop);
    const made = await findMade(
      drift,
      rows.filter((row) => row.wasSent && existing.has(row.contactId)),
    );
    transaction(db, () => {
      for (const row of rows) {
        const madeId = made.get(row.n);
        if (madeId !== undefined) recordMade(db, row.n, madeId);
        const decision = madeId === undefined ? decideAgain(row, existing.get(row.contactId), profiles) : undefined;
        if (decision !== undefined) changeDecision(db, row.n, decision);
      }
    });
  }
  return users;
}

/**
 * @param rows that were sent before, whose contacts have a user
 * @returns the Ids of the users that this run has made, or may have, by row number
 * @throws OrgError, RunFault interrupted
 */
async function findMade({ client, db, stop, clock }: Drift, rows: readonly OpenRow[]): Promise<Map<number, string>> {
  const context = {
    client,
    sleep: (milliseconds: number) => clock.sleep(milliseconds, stop.signal),
    isStopping: () => stop.signal.aborted,
  };
  const truths = await unlessInterrupted(askOrg(context, db, rows, undefined), stop);
  if (truths === undefined) throw new RunFault('interrupted');
  return new Map(
    rows.flatMap((row) => {
      const madeId = madeIdOf(row, truths.get(row.n));
      return madeId === undefined ? [] : [[row.n, madeId]];
    }),
  );
}

/** A contested user is another run's, which was refused, while this one was only told to wait or not got to. */
function madeIdOf({ isAnswerLost }: OpenRow, truth: Truth | undefined): string | undefined {
  if (truth?.truth === 'ours') return truth.userId;
  return truth?.truth === 'contested' && isAnswerLost ? truth.user.id : undefined;
}

/** @returns undefined where the decision stands */
function decideAgain(
  row: OpenRow,
  user: ExistingUser | undefined,
  profiles: ReadonlyMap<string, Profile>,
): Exclude<Decision, { action: 'create' }> | undefined {
  if (user === undefined)
    return row.userId === undefined ? undefined : refuse('CHANGED_SINCE.noUser', { userId: row.userId });
  const { isActive, permissionSets } = row;
  const decision = decideAboutUser(user, { profile: profiles.get(row.profileId), isActive, permissionSets }, profiles);
  if (decision.action === 'refused' || user.id !== row.userId) return decision;
  // What the run has begun it also finishes.
  return decision.action === 'assign' || row.isBegun ? undefined : decision;
}

/** Those of the org, by Id, where the plan gives any. */
type PermissionSets = ReadonlyMap<string, WantedPermissionSet>;

/** What is still to be given, by row; one that is gone has no license to be judged by. */
function wantedPermissionSets(
  db: DatabaseSync,
  sets: PermissionSets,
  first: number,
  last: number,
): ReadonlyMap<number, WantedPermissionSet[]> {
  const sql = `SELECT record, permissionSetId, name, isGroup FROM assignment JOIN record ON record.n = assignment.record
    WHERE record BETWEEN ? AND ? AND assignment.state = 'planned'
      AND action IN ('create', 'assign') AND record.state IN ('planned', 'userReady')`;
  const wanted = [...selectRows(db, sql, first, last)].map((row) => ({
    record: numberOf(row['record']),
    id: textOf(row['permissionSetId']),
    name: textOf(row['name']),
    isGroup: numberOf(row['isGroup']) === 1,
    userLicenseIds: sets.get(textOf(row['permissionSetId']))?.userLicenseIds ?? [],
  }));
  return Map.groupBy(wanted, ({ record }) => record);
}

/** A contact may be deleted or have moved, its account's owner may have lost the role, its profile may be gone. */
async function followContacts(
  { client, db, facts, stop }: Drift,
  profiles: ReadonlyMap<string, Profile>,
  sets: PermissionSets,
): Promise<void> {
  const fields = eligibilityFields(facts);
  const lookup = new Lookup(client, db, { fields, from: 'Contact', field: 'Id' }, areMany(db, isUnsent));
  // The order of the jobs and their locks go by the account.
  const move = db.prepare(
    'UPDATE record SET accountId = ?1, accountName = ?2 WHERE n = ?3 AND (accountId IS NOT ?1 OR accountName IS NOT ?2)',
  );
  for (const rows of openPages(db, isUnsent, sets)) {
    const ids = rows.map(({ contactId }) => contactId);
    const contacts = await unlessInterrupted(readById(lookup, ids), stop);
    transaction(db, () => {
      for (const { n, contactId, profileId, permissionSets } of rows) {
        const contact = contacts.get(contactId);
        if (contact === undefined) {
          changeDecision(db, n, refuse('CONTACT_NOT_FOUND.gone', { contactId }));
          continue;
        }
        move.run(contact['AccountId'] ?? null, contact['Account.Name'] ?? null, n);
        const eligible = checkEligible(contact, profileId, permissionSets, profiles);
        if ('reason' in eligible) changeDecision(db, n, eligible);
      }
    });
  }
}

async function readById({ find }: Lookup, ids: readonly string[]): Promise<ReadonlyMap<string, QueryRow>> {
  const found = new Map<string, QueryRow>();
  for await (const page of find(ids)) for (const record of page) found.set(record['Id'] ?? '', record);
  return found;
}

/** A user without all that was asked for is not made at all. */
function followPermissionSets(db: DatabaseSync, sets: PermissionSets): void {
  for (const rows of openPages(db, `(${isUnsent}) OR (${isUnassigned})`, sets)) {
    transaction(db, () => {
      for (const { n, permissionSets } of rows) {
        const gone = permissionSets.find(({ id }) => !sets.has(id));
        if (gone !== undefined)
          changeDecision(db, n, refuse('BAD_VALUE.permissionSetGone', { permissionSet: gone.name }));
      }
    });
  }
}
