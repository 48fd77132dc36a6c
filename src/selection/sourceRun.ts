/** Reads what an earlier run did, from its folder: for `--from-run`. */
import type { DatabaseSync } from 'node:sqlite';
import { sameId, type ContactId, type OrganizationId, type ProfileId, type UserId } from '../model/ids.js';
import type { TakenAssignment } from '../model/access/assignments.js';
import type { UserValues } from '../model/reasons.js';
import type { Mode } from '../model/modes.js';
import type { OperationName } from '../model/result.js';
import { requireMeta } from '../store/meta.js';
import { readMode, readOperation } from '../store/runResult.js';
import { databaseFault } from '../store/diskFault.js';
import { openRunDatabase } from '../store/runDatabase.js';
import { RunFault } from '../model/faults.js';
import { findRunFolder } from '../store/runFolder.js';
import {
  countUncertain,
  countUnderWay,
  countUpgraded,
  usersChanged,
  usersGiven,
  usersMade,
  usersTaken,
  type DoneUser,
  type TakenUser,
} from '../store/queries/sourceRows.js';

/** What has to be as before for a user to be let in again, and what it gets back. */
export type ExpectedUser = {
  readonly contactId: ContactId | undefined;
  readonly profileId: ProfileId | undefined;
  /** The run has written the user; otherwise it has only taken what the user held. */
  readonly isSwitched: boolean;
  readonly taken: readonly TakenAssignment[];
};

/** A user that the run made or changed. */
export type ChangedUser = {
  readonly userId: UserId;
  /** As the run found the user; undefined for one that it made. */
  readonly expected: ExpectedUser | undefined;
};

export type SourceRun = {
  readonly folder: string;
  readonly operation: OperationName;
  readonly mode: Mode | undefined;
  readonly orgId: OrganizationId;
  /** Rows that were sent, and whose outcome is not recorded yet. */
  readonly underWay: number;
  /** Rows of which the run will never know for certain that it did them. */
  readonly uncertain: number;
  /** Users who got a license from which there is no way back. */
  readonly upgraded: number;
};

/** Throws for what is not understood of a run: nothing of such a run is ever taken for something else. */
export type CheckSource = (db: DatabaseSync, folder: string) => void;

/** @throws RunFault notARunFolder, runLocked, runDamaged, runVersion, planIncomplete */
export async function readSourceRun(given: string, check: CheckSource): Promise<SourceRun> {
  const folder = await findRunFolder(given);
  const db = await openRunDatabase(folder);
  try {
    check(db, folder);
    return {
      folder,
      operation: readOperation(db),
      mode: readMode(db),
      orgId: requireMeta(db, 'orgId'),
      underWay: countUnderWay(db),
      uncertain: countUncertain(db),
      upgraded: countUpgraded(db),
    };
  } catch (error) {
    throw databaseFault(error, folder);
  } finally {
    db.close();
  }
}

/** Salesforce still works on what would be taken back, or has done so unseen. @throws RunFault fromRunNotFinished */
export function checkSourceAtRest({ folder, underWay }: SourceRun): void {
  if (underWay > 0) throw new RunFault('fromRunNotFinished', { folder, rows: underWay });
}

/** @throws RunFault otherOrg */
export function checkSourceOrg(
  { folder, orgId }: SourceRun,
  client: { orgId: OrganizationId; username: string },
): void {
  if (sameId(orgId, client.orgId)) return;
  const { orgId: targetOrg, username } = client;
  throw new RunFault('otherOrg', { folder, orgOfRun: orgId, targetOrg, username });
}

/** The users that the run made, and those that it changed, in the order of its plan. @throws RunFault runLocked, runDamaged */
export async function* changedUsers(source: SourceRun): AsyncGenerator<ChangedUser[]> {
  yield* madeUsers(source);
  for await (const changed of usersOf(source, usersChanged))
    yield changed.map(({ userId, snapshot, isSwitched, taken }) => ({
      userId,
      expected: { ...keptLink(snapshot), isSwitched, taken },
    }));
}

/** Of a sync: the users to whom it gave access, in the order of its plan. @throws RunFault runLocked, runDamaged */
export async function* givenUsers(source: SourceRun): AsyncGenerator<ChangedUser[]> {
  for await (const given of usersOf(source, usersGiven)) yield given.map(madeUser);
}

/** The users that the run made. @throws RunFault runLocked, runDamaged */
export async function* madeUsers(source: SourceRun): AsyncGenerator<ChangedUser[]> {
  for await (const made of usersOf(source, usersMade)) yield made.map(madeUser);
}

/** Of a sync: the users from whom it took something that can be given back. @throws RunFault runLocked, runDamaged */
export function takenUsers(source: SourceRun): AsyncGenerator<TakenUser[]> {
  return usersOf(source, usersTaken);
}

async function* usersOf<Done>(
  { folder }: SourceRun,
  read: (db: DatabaseSync) => Generator<Done[]>,
): AsyncGenerator<Done[]> {
  const db = await openRunDatabase(folder);
  try {
    yield* read(db);
  } catch (error) {
    throw databaseFault(error, folder);
  } finally {
    db.close();
  }
}

function madeUser({ userId }: DoneUser): ChangedUser {
  return { userId, expected: undefined };
}

/** What a user was when it was kept, as far as it has to be the same. @param snapshot of it */
export function keptLink({
  ContactId: contactId,
  ProfileId: profileId,
}: UserValues): Pick<ExpectedUser, 'contactId' | 'profileId'> {
  return { contactId, profileId };
}
