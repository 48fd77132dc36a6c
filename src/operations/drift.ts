/**
 * Between a plan and its being applied the org goes on. Decides anew about the contacts whose facts have changed; what was
 * shown and agreed to (names, addresses, usernames) is never made anew.
 */
import { unlessInterrupted } from '../engine/stop.js';
import { askForUsers, type UserTruth } from '../kinds/userReconcile.js';
import type { PermissionSetId, ProfileId } from '../model/ids.js';
import type { ExistingUser, Profile } from '../model/orgFacts.js';
import { RunFault } from '../model/faults.js';
import { refuse, type WantedPermissionSet } from '../model/reasons.js';
import { readPermissionSets } from '../org/facts/permissionSets.js';
import { ExistingUsers } from '../selection/existingUsers.js';
import { amountOf, Lookup, readById } from '../selection/lookup.js';
import { countOpenContacts, openContacts, type OpenContact } from '../store/queries/driftRows.js';
import { wantedPermissionSetIds } from '../store/queries/permissionSetSteps.js';
import { transaction } from '../store/sqlite.js';
import { recordMade } from '../store/steps.js';
import { continueWithUser, giveUpSubject, moveSubject } from '../store/subjects.js';
import { checkEligible, planForUser } from './contactPlan.js';
import type { LookAgain } from './operation.js';
import { planRoles } from './planRoles.js';
import { eligibilityFields } from './planSettings.js';
import { refuseTakenIdentities } from './takenIdentities.js';

/** What contacts are decided about by, as the org has it now. */
type Look = LookAgain & {
  readonly profiles: ReadonlyMap<ProfileId, Profile>;
  /** Permission sets, by Id; empty where the plan gives none. */
  readonly sets: ReadonlyMap<PermissionSetId, WantedPermissionSet>;
};

/**
 * Looks at the contacts of which nothing is under way: users to be made, and permission sets for users who were there. What
 * a job has taken, and users that the run has made, are the engine's. What was sent, and waits to be sent again, may have
 * been done since: such a user is this run's own. Asks a few questions for all together.
 * @throws OrgError, RunFault interrupted; what was decided until then is recorded, and the rest can be asked again
 */
export async function followDrift(again: LookAgain): Promise<void> {
  const { client, db, facts, stop } = again;
  const profiles = new Map(facts.profiles.map((profile) => [profile.id, profile]));
  const known = wantedPermissionSetIds(db).length > 0 ? await readPermissionSets(client) : [];
  const look = { ...again, profiles, sets: new Map(known.map((set) => [set.id, set])) };
  const users = await followUsers(look);
  await followContacts(look);
  followPermissionSets(look);
  await unlessInterrupted(refuseTakenIdentities(client, db, { table: users.table }), stop);
  await planRoles(client, db, profiles, facts.settings);
}

/** What is still to be given; one that is gone has no license to be judged by. */
function stillWanted({ permissionSets }: OpenContact, { sets }: Look): WantedPermissionSet[] {
  return permissionSets.map((set) => ({ ...set, userLicenseIds: sets.get(set.id)?.userLicenseIds ?? [] }));
}

/** Somebody may have given a contact a user, or taken or changed the one that it had; or this run itself, by an earlier job. */
async function followUsers(look: Look): Promise<ExistingUsers> {
  const { client, db, sets, stop } = look;
  const users = new ExistingUsers(client, db, sets.size > 0, amountOf(countOpenContacts(db, 'toMakeOrAssign')));
  for (const rows of openContacts(db, 'toMakeOrAssign')) {
    const existing = await unlessInterrupted(users.of(rows.map(({ contactId }) => contactId)), stop);
    const sent = rows.filter((row) => row.wasSent && existing.has(row.contactId));
    const made = await findMade(look, sent);
    transaction(db, () => {
      for (const row of rows) {
        const madeId = made.get(row.n);
        if (row.step !== undefined && madeId !== undefined) recordMade(db, { n: row.step, subject: row.n }, madeId);
        else followUser(look, row, existing.get(row.contactId));
      }
    });
  }
  return users;
}

/** @param user that the contact has by now */
function followUser(look: Look, row: OpenContact, user: ExistingUser | undefined): void {
  const { db, profiles } = look;
  const { n, userId, profileId, isActive, isBegun } = row;
  if (user === undefined) {
    if (userId !== undefined) giveUpSubject(db, n, refuse('CHANGED_SINCE.noUser', { userId }));
    return;
  }
  const wanted = { profile: profiles.get(profileId), isActive, permissionSets: stillWanted(row, look) };
  const { decision } = planForUser(user, wanted, profiles);
  const isOther = user.id !== userId;
  if (decision.action === 'steps') {
    const targets = decision.steps.map(({ target }) => target);
    if (isOther) continueWithUser(db, n, { userId: user.id, username: user.username }, targets);
  } else if (isOther || decision.action === 'refused' || !isBegun) {
    // What the run has begun it also finishes.
    giveUpSubject(db, n, decision);
  }
}

/** A subject with the step that makes its user, where there is one. */
export type SentSubject = {
  readonly n: number;
  readonly step: number | undefined;
  readonly isAnswerLost: boolean;
};

/**
 * @param rows that were sent before, whose contacts have a user
 * @returns the Ids of the users that this run has made, or may have, by number of the subject
 * @throws OrgError, RunFault interrupted
 */
export async function findMade(
  { client, db, stop, clock }: LookAgain,
  rows: readonly SentSubject[],
): Promise<Map<number, string>> {
  const sleep = (milliseconds: number): Promise<void> => clock.sleep(milliseconds, stop.signal);
  const context = { client, db, sleep, isStopping: () => stop.signal.aborted };
  const sent = rows.flatMap(({ n: subject, step, isAnswerLost }) =>
    step === undefined ? [] : [{ subject, n: step, isAnswerLost }],
  );
  const truths = await unlessInterrupted(askForUsers(context, sent, undefined), stop);
  if (truths === undefined) throw new RunFault('interrupted');
  return new Map(
    sent.flatMap(({ subject, n, isAnswerLost }) => {
      const madeId = madeIdOf(isAnswerLost, truths.get(n));
      return madeId === undefined ? [] : [[subject, madeId]];
    }),
  );
}

/** A contested user is another run's, which was refused, while this one was only told to wait or not got to. */
function madeIdOf(isAnswerLost: boolean, truth: UserTruth | undefined): string | undefined {
  if (truth?.truth === 'ours') return truth.userId;
  return truth?.truth === 'contested' && isAnswerLost ? truth.user.id : undefined;
}

/** A contact may be deleted or have moved, its account's owner may have lost the role, its profile may be gone. */
async function followContacts(look: Look): Promise<void> {
  const { client, db, facts, profiles, stop } = look;
  const fields = eligibilityFields(facts);
  const lookup = new Lookup(
    client,
    db,
    { fields, from: 'Contact', field: 'Id' },
    amountOf(countOpenContacts(db, 'toMake')),
  );
  for (const rows of openContacts(db, 'toMake')) {
    const ids = rows.map(({ contactId }) => contactId);
    const contacts = await unlessInterrupted(readById(lookup, ids), stop);
    transaction(db, () => {
      for (const row of rows) {
        const { n, contactId, profileId } = row;
        const contact = contacts.get(contactId);
        if (contact === undefined) {
          giveUpSubject(db, n, refuse('CONTACT_NOT_FOUND.gone', { contactId }));
          continue;
        }
        const [accountId, accountName] = [contact['AccountId'] ?? undefined, contact['Account.Name'] ?? undefined];
        moveSubject(db, n, 'createUser', { accountId, accountName });
        const eligible = checkEligible(contact, profileId, stillWanted(row, look), profiles);
        if ('reason' in eligible) giveUpSubject(db, n, eligible);
      }
    });
  }
}

/** A user without all that was asked for is not made at all. */
function followPermissionSets({ db, sets }: Look): void {
  for (const rows of openContacts(db, 'toMakeOrAssign')) {
    transaction(db, () => {
      for (const { n, permissionSets } of rows) {
        const gone = permissionSets.find(({ id }) => !sets.has(id))?.name;
        if (gone !== undefined) giveUpSubject(db, n, refuse('BAD_VALUE.permissionSetGone', { permissionSet: gone }));
      }
    });
  }
}
