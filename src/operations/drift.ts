/**
 * Between a plan and its being applied the org goes on. Decides anew about the contacts whose facts have changed; what was
 * shown and agreed to (names, addresses, usernames) is never made anew.
 */
import type { DatabaseSync } from 'node:sqlite';
import { unlessInterrupted } from '../engine/stop.js';
import { askForUsers, type UserTruth } from '../kinds/userReconcile.js';
import type { ExistingUser } from '../model/existingUser.js';
import { RunFault } from '../model/faults.js';
import type { Profile } from '../model/orgFacts.js';
import { refuse, type Decision, type WantedPermissionSet } from '../model/reasons.js';
import { readPermissionSets } from '../org/facts/permissionSets.js';
import { ExistingUsers } from '../selection/existingUsers.js';
import { amountOf, Lookup, readById, type Amount } from '../selection/lookup.js';
import {
  countDecisions,
  countOpenContacts,
  openContacts,
  type OpenContact,
  type Openness,
} from '../store/queries/driftRows.js';
import { wantedPermissionSetIds } from '../store/queries/permissionSetSteps.js';
import { transaction } from '../store/sqlite.js';
import { recordMade } from '../store/steps.js';
import { continueWithUser, giveUpSubject, moveSubject } from '../store/subjects.js';
import { checkEligible, decideAboutUser } from './contactPlan.js';
import type { LookAgain } from './operation.js';
import { planRoles } from './planRoles.js';
import { eligibilityFields } from './planSettings.js';
import { refuseTakenIdentities } from './takenIdentities.js';

/**
 * Looks at the contacts of which nothing is under way: users to be made, and permission sets for users who were there. What
 * a job has taken, and users that the run has made, are the engine's. What was sent, and waits to be sent again, may have
 * been done since: such a user is this run's own. Asks a few questions for all together.
 * @throws OrgError, RunFault interrupted; what was decided until then is recorded, and the rest can be asked again
 */
export async function followDrift(again: LookAgain): Promise<void> {
  const { client, db, facts, emit, stop } = again;
  const profiles = new Map(facts.profiles.map((profile) => [profile.id, profile]));
  const before = countDecisions(db);
  const known = wantedPermissionSetIds(db).length > 0 ? await readPermissionSets(client) : [];
  const sets = new Map(known.map((set) => [set.id, set]));
  const users = await followUsers(again, profiles, sets);
  await followContacts(again, profiles, sets);
  followPermissionSets(db, sets);
  await unlessInterrupted(refuseTakenIdentities(client, db, users.table), stop);
  await planRoles(client, db, profiles);
  const changes = [...countDecisions(db)].map(([why, rows]) => [why, rows - (before.get(why) ?? 0)] as const);
  const reasons = Object.fromEntries(changes.filter(([, rows]) => rows > 0));
  const rows = Object.values(reasons).reduce((sum, each) => sum + each, 0);
  if (rows > 0) emit({ type: 'drift', rows, reasons });
}

function amountOpen(db: DatabaseSync, which: Openness): Amount {
  return amountOf(countOpenContacts(db, which));
}

/** Permission sets of the org, by Id, where the plan gives any. */
type PermissionSets = ReadonlyMap<string, WantedPermissionSet>;

/** What is still to be given; one that is gone has no license to be judged by. */
function wantedSets({ permissionSets }: OpenContact, sets: PermissionSets): WantedPermissionSet[] {
  return permissionSets.map((set) => ({ ...set, userLicenseIds: sets.get(set.id)?.userLicenseIds ?? [] }));
}

/** Somebody may have given a contact a user, or taken or changed the one that it had; or this run itself, by an earlier job. */
async function followUsers(
  again: LookAgain,
  profiles: ReadonlyMap<string, Profile>,
  sets: PermissionSets,
): Promise<ExistingUsers> {
  const { client, db, stop } = again;
  const users = new ExistingUsers(client, db, sets.size > 0, amountOpen(db, 'toMakeOrAssign'));
  for (const rows of openContacts(db, 'toMakeOrAssign')) {
    const existing = await unlessInterrupted(users.of(rows.map(({ contactId }) => contactId)), stop);
    const sent = rows.filter((row) => row.wasSent && existing.has(row.contactId));
    const made = await findMade(again, sent);
    transaction(db, () => {
      for (const row of rows) {
        const madeId = row.step === undefined ? undefined : made.get(row.step);
        if (row.step !== undefined && madeId !== undefined) {
          recordMade(db, { n: row.step, subject: row.n }, madeId);
          continue;
        }
        const decision = decideAgain(row, existing.get(row.contactId), profiles, sets);
        if (decision === undefined) continue;
        if (decision.action !== 'assign') giveUpSubject(db, row.n, decision);
        else {
          const { userId, values, permissionSets } = decision;
          const targets = permissionSets.map(({ id }) => id);
          continueWithUser(db, row.n, { userId, username: values['Username'] }, targets);
        }
      }
    });
  }
  return users;
}

/**
 * @param rows that were sent before, whose contacts have a user
 * @returns the Ids of the users that this run has made, or may have, by step number
 * @throws OrgError, RunFault interrupted
 */
async function findMade(
  { client, db, stop, clock }: LookAgain,
  rows: readonly OpenContact[],
): Promise<Map<number, string>> {
  const context = {
    client,
    db,
    sleep: (milliseconds: number) => clock.sleep(milliseconds, stop.signal),
    isStopping: () => stop.signal.aborted,
  };
  const steps = rows.flatMap(({ step, isAnswerLost }) => (step === undefined ? [] : [{ n: step, isAnswerLost }]));
  const truths = await unlessInterrupted(askForUsers(context, steps, undefined), stop);
  if (truths === undefined) throw new RunFault('interrupted');
  return new Map(
    steps.flatMap(({ n, isAnswerLost }) => {
      const madeId = madeIdOf(isAnswerLost, truths.get(n));
      return madeId === undefined ? [] : [[n, madeId]];
    }),
  );
}

/** A contested user is another run's, which was refused, while this one was only told to wait or not got to. */
function madeIdOf(isAnswerLost: boolean, truth: UserTruth | undefined): string | undefined {
  if (truth?.truth === 'ours') return truth.userId;
  return truth?.truth === 'contested' && isAnswerLost ? truth.user.id : undefined;
}

/** @returns undefined where the decision stands */
function decideAgain(
  row: OpenContact,
  user: ExistingUser | undefined,
  profiles: ReadonlyMap<string, Profile>,
  sets: PermissionSets,
): Exclude<Decision, { action: 'create' }> | undefined {
  if (user === undefined)
    return row.userId === undefined ? undefined : refuse('CHANGED_SINCE.noUser', { userId: row.userId });
  const wanted = {
    profile: profiles.get(row.profileId),
    isActive: row.isActive,
    permissionSets: wantedSets(row, sets),
  };
  const decision = decideAboutUser(user, wanted, profiles);
  if (decision.action === 'refused' || user.id !== row.userId) return decision;
  // What the run has begun it also finishes.
  return decision.action === 'assign' || row.isBegun ? undefined : decision;
}

/** A contact may be deleted or have moved, its account's owner may have lost the role, its profile may be gone. */
async function followContacts(
  { client, db, facts, stop }: LookAgain,
  profiles: ReadonlyMap<string, Profile>,
  sets: PermissionSets,
): Promise<void> {
  const fields = eligibilityFields(facts);
  const lookup = new Lookup(client, db, { fields, from: 'Contact', field: 'Id' }, amountOpen(db, 'toMake'));
  for (const rows of openContacts(db, 'toMake')) {
    const ids = rows.map(({ contactId }) => contactId);
    const contacts = await unlessInterrupted(readById(lookup, ids), stop);
    transaction(db, () => {
      for (const row of rows) {
        const contact = contacts.get(row.contactId);
        if (contact === undefined) {
          giveUpSubject(db, row.n, refuse('CONTACT_NOT_FOUND.gone', { contactId: row.contactId }));
          continue;
        }
        const [accountId, accountName] = [contact['AccountId'] ?? undefined, contact['Account.Name'] ?? undefined];
        moveSubject(db, row.n, 'createUser', { accountId, accountName });
        const eligible = checkEligible(contact, row.profileId, wantedSets(row, sets), profiles);
        if ('reason' in eligible) giveUpSubject(db, row.n, eligible);
      }
    });
  }
}

/** A user without all that was asked for is not made at all. */
function followPermissionSets(db: DatabaseSync, sets: PermissionSets): void {
  for (const rows of openContacts(db, 'toMakeOrAssign')) {
    transaction(db, () => {
      for (const { n, permissionSets } of rows) {
        const gone = permissionSets.find(({ id }) => !sets.has(id));
        if (gone !== undefined)
          giveUpSubject(db, n, refuse('BAD_VALUE.permissionSetGone', { permissionSet: gone.name }));
      }
    });
  }
}
